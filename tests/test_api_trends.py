"""GET /api/v1/incidents/trends on a real server: against a recount, and what it refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import numpy as np
import pytest

from dashboard.stream.rollups import DAY_MS, HOUR_MS, KST_MS, day_of
from data_sources.connect import open_client
from data_sources.embedded import EmbeddedServer
from tests.builders import rfc3339
from tests.facts.fact_room import now_ms, take_in
from tests.field import Field
from tests.live_room import LiveRoom, wait_until

ZONES = ("4128552500", "4128552100")
TODAY_MS = day_of(now_ms()) * DAY_MS - KST_MS
FIRST_MS = TODAY_MS - 100 * DAY_MS


def made() -> list[dict[str, Any]]:
    """A hundred days of about three a day; thefts may have happened in the six hours before."""
    rng, found = np.random.default_rng(7), []
    for at_ms in np.sort(rng.integers(FIRST_MS, TODAY_MS, 300)).tolist():
        category = "theft" if rng.random() < 0.6 else "violence" if rng.random() < 0.9 else "fraud"
        one = {"incident_id": f"I-{len(found)}", "rev": 1, "reported_at": rfc3339(at_ms),
               "category": "missing" if category == "fraud" else category,
               "zone": ZONES[int(rng.random() < 0.2)], "code112": int(rng.integers(0, 5)),
               "lon": 126.78, "lat": 37.66, "at_ms": at_ms}  # fmt: skip
        if category == "theft":
            one |= {"occurred_from": rfc3339(at_ms - 6 * HOUR_MS), "occurred_to": rfc3339(at_ms)}
        found.append(one)
    return found


INCIDENTS = made()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRoom]:
    server = EmbeddedServer(tmp_path_factory.mktemp("trends"))
    server.start()
    client = open_client(server.url)
    try:
        field = Field(client)
        for one in INCIDENTS:
            field.say("incidents", **{k: v for k, v in one.items() if k != "at_ms"})
        drill = {**INCIDENTS[0], "incident_id": "DRILL", "cap_status": "Exercise"}
        field.say("incidents", **{k: v for k, v in drill.items() if k != "at_ms"})
        take_in(client, turns=6)
        started = LiveRoom(server.url).start()
        wait_until(started.sources.kpis.ready.is_set)
        yield started
        started.stop()
    finally:
        client.close()
        server.stop()


def ask(room: LiveRoom, role: str = "duty", **query: object) -> httpx.Response:
    asked = {name.removesuffix("_"): value for name, value in query.items()}
    return room.http(role).get(f"/api/v1/incidents/trends?{urlencode(asked)}")


def days(first: int, last: int) -> dict[str, str]:
    """From so many days ago to so many days ago."""
    return {"from_": rfc3339(TODAY_MS - first * DAY_MS), "to": rfc3339(TODAY_MS - last * DAY_MS)}


def within(first: int, last: int, **wanted: Any) -> list[dict[str, Any]]:
    return [
        one for one in INCIDENTS
        if TODAY_MS - first * DAY_MS <= one["at_ms"] < TODAY_MS - last * DAY_MS
        and all(one[name] == word for name, word in wanted.items())
    ]  # fmt: skip


def test_counts_agree_with_a_recount(room: LiveRoom) -> None:
    answer = ask(room, by="category", **days(14, 0)).raise_for_status().json()
    now = Counter(one["category"] for one in within(14, 0))
    before = Counter(one["category"] for one in within(70, 14))
    assert answer["weeks_before"] == 8 and answer["total"]["n"] == sum(now.values())
    assert {one["key"]: one["n"] for one in answer["items"]} == {k: now[k] for k in {*now, *before}}
    for one in answer["items"]:
        assert one["expected"] == pytest.approx(before[one["key"]] / 4, abs=1e-3)
        assert one["low"] <= one["expected"] <= one["high"]


def test_hours_of_the_week_hold_every_incident_once(room: LiveRoom) -> None:
    answer = ask(room, **days(28, 0)).raise_for_status().json()
    assert answer["by"] == "hour_of_week" and len(answer["items"]) == 168
    assert sum(one["n"] for one in answer["items"]) == pytest.approx(len(within(28, 0)), abs=0.5)
    assert answer["items"][0]["key"] == "mon-0" and answer["items"][167]["key"] == "sun-23"


def test_filters_narrow_it(room: LiveRoom) -> None:
    answer = ask(room, by="zone", category="theft", **days(28, 0)).json()
    expected = Counter(one["zone"] for one in within(28, 0, category="theft"))
    assert {one["key"]: one["n"] for one in answer["items"]} == dict(expected)
    assert answer["filters"] == {"category": "theft"}


def test_part_of_a_week_is_held_against_the_same_days(room: LiveRoom) -> None:
    answer = ask(room, by="category", **days(3, 0)).raise_for_status().json()
    before = sum(len(within(3 + 7 * week, 7 * week)) for week in range(1, 9))
    assert answer["total"]["expected"] == pytest.approx(before / 8, abs=1e-3)
    assert answer["total"]["last_year"] is answer["total"]["z_last_year"] is None  # not known


def test_without_history_nothing_is_expected(room: LiveRoom) -> None:
    answer = ask(room, by="category", **days(98, 90)).json()
    assert answer["weeks_before"] == 0
    assert all(one["expected"] is None and one["z"] is None for one in answer["items"])


def test_roles_without_exact_points_get_no_count_under_five(room: LiveRoom) -> None:
    for role in ("manager", "executive"):
        for by in ("category", "zone", "hour_of_week"):
            answer = ask(room, role, by=by, **days(21, 0)).raise_for_status().json()
            for one in answer["items"]:
                assert one["hidden"] == (one["n"] is None)
                assert one["n"] is None or one["n"] == 0 or one["n"] >= 5 - 1e-6
                assert not one["expected"] or one["expected"] * 8 / 3 >= 5 - 0.01
    whole = ask(room, by="category", **days(21, 0)).json()
    assert any(0 < one["n"] < 5 for one in whole["items"])


def test_codes_are_for_those_who_may_see_them(room: LiveRoom) -> None:
    answer = ask(room, by="code", **days(28, 0)).raise_for_status().json()
    expected = Counter(str(one["code112"]) for one in within(28, 0))
    assert {one["key"]: one["n"] for one in answer["items"]} == dict(expected)
    for role in ("operator", "manager", "executive"):
        assert ask(room, role, by="code").status_code == 403
        assert ask(room, role, code="2").status_code == 403


def test_pages_join(room: LiveRoom) -> None:
    whole = ask(room, **days(28, 0)).json()["items"]
    seen, more = [], ""
    while more is not None:
        page = ask(room, limit=50, **days(28, 0), **({"next": more} if more else {})).json()
        seen, more = seen + page["items"], page["next"]
    assert seen == whole


@pytest.mark.parametrize(
    "query",
    [
        {"by": "moon"}, {"zone": "nowhere"}, {"route": "R-99"}, {"category": "arson"},
        {"code": "9"}, {"hour": "fri-25"}, {"hour": "some"}, {"period": "soon"},
        {"from_": "2026-11-01T00:00:00Z"}, {"from_": "yesterday", "to": "today"},
        {"period": "28d", **days(2, 1)}, days(1, 2), days(-2, -4), {"next": "x"},
        {"next": "5000"}, {"limit": 0}, {"colour": "red"}, {"zone": "x" * 500},
        {"from_": "0001-01-01T00:00:00Z", "to": "9999-12-31T00:00:00Z"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_what_to_change(
    room: LiveRoom, query: dict[str, object]
) -> None:
    answer = ask(room, **query)
    assert answer.status_code == 422
    assert answer.json()["error"]


def test_strangers_are_shown_the_door(room: LiveRoom) -> None:
    path = f"http://127.0.0.1:{room.port}/api/v1/incidents/trends"
    assert httpx.get(path).status_code == 401
