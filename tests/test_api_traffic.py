"""GET /api/v1/traffic on a real server: what it says against a recount, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median
from urllib.parse import urlencode

import httpx
import numpy as np
import pytest

from dashboard.stream.rollups import DAY_MS, HOUR_MS, KST_MS, day_of
from dashboard.text import catalogue
from dashboard.traffic_json import rows_json
from dashboard.trends.levels import Levels
from data_sources.connect import open_client
from data_sources.embedded import EmbeddedServer
from tests.builders import rfc3339
from tests.facts.fact_room import now_ms, take_in
from tests.field import Field
from tests.live_room import LiveRoom, wait_until

ZONE, ROUTE = "4128552500", "R-01"
WEEKS = 5
SCALES = {"C-1": 30, "C-2": 3}  # C-2 is on the route
NOW_H = now_ms() // HOUR_MS
FIRST_H = NOW_H - WEEKS * 168 - 30


def said(sensor: str, hour: int) -> int:
    """People of an hour: few at night (in Korea), and a little chance."""
    of_day = (hour + 9) % 24
    return 0 if of_day < 5 else SCALES[sensor] * (1 + of_day % 7) + (hour * 7919) % 5


def well(field: Field, sensor: str, hour: int) -> None:
    """Until a day later, or now."""
    until_ms = min((hour + 24) * HOUR_MS, now_ms() - 5_000)
    span = {"ts": rfc3339(hour * HOUR_MS), "until": rfc3339(until_ms)}
    field.say("status", device_id=sensor, state="ok", **span)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRoom]:
    server = EmbeddedServer(tmp_path_factory.mktemp("traffic"))
    server.start()
    client = open_client(server.url)
    try:
        field = Field(client)
        for sensor, more in (("C-1", {}), ("C-2", {"route_id": ROUTE})):
            more |= {"lon": 126.78, "lat": 37.66, "zone": ZONE, "vendor": sensor}
            began = rfc3339(FIRST_H * HOUR_MS)
            field.say("registry", device_id=sensor, ts=began, kind="counter", **more)
        take_in(client)  # where they are, before what they count
        for hour in range(FIRST_H, NOW_H):
            for sensor in SCALES:
                if hour % 24 == 0:
                    well(field, sensor, hour)
                told = {"from": rfc3339(hour * HOUR_MS), "to": rfc3339((hour + 1) * HOUR_MS)}
                told |= {"in": said(sensor, hour), "out": 0}
                field.say("traffic", sensor_id=sensor, ts="", **told)
        field.tell("C-1", "ok", ago_s=5)
        take_in(client)
        started = LiveRoom(server.url).start()
        wait_until(started.sources.kpis.ready.is_set)
        yield started
        started.stop()
    finally:
        client.close()
        server.stop()


def ask(room: LiveRoom, role: str = "operator", **query: object) -> httpx.Response:
    asked = {name.removesuffix("_"): value for name, value in query.items()}
    return room.http(role).get(f"/api/v1/traffic?{urlencode(asked)}")


def hour_of(item: dict) -> int:
    return int(datetime.fromisoformat(item["start"]).timestamp()) // 3600


def moment(hour: int) -> str:
    return datetime.fromtimestamp(hour * 3600, UTC).isoformat()


def midnight() -> int:
    """Hour of the last one in Korea."""
    return (day_of(now_ms()) * DAY_MS - KST_MS) // HOUR_MS


def test_hours_agree_with_a_recount(room: LiveRoom) -> None:
    answer = ask(room).raise_for_status().json()
    assert answer["by"] == "hour" and answer["counters"] == 2 and answer["next"] is None
    assert [hour_of(one) for one in answer["items"]] == [*range(midnight() - 168, midnight())]
    told = 0
    for one in answer["items"]:
        hour = hour_of(one)
        n = said("C-1", hour) + said("C-2", hour)
        past = [said("C-1", hour - 168 * k) + said("C-2", hour - 168 * k) for k in range(1, 9)
                if hour - 168 * k >= FIRST_H]  # fmt: skip
        assert one["few"] == (one["people"] is None) and one["coverage"] == 1.0
        if not one["few"]:
            assert one["people"] == n >= 5
            assert one["usual"] == median(past) and one["low"] <= one["usual"] <= one["high"]
            assert one["level"] in ("usual", "holiday")
            told += 1
    assert told > 100 and any(one["few"] for one in answer["items"])


def test_days_agree_with_a_recount(room: LiveRoom) -> None:
    answer = ask(room, by="day", route=ROUTE).raise_for_status().json()
    assert answer["filters"] == {"route": ROUTE} and answer["counters"] == 1
    assert len(answer["items"]) == 28
    known = [one for one in answer["items"] if hour_of(one) >= FIRST_H + 24]
    for one in known:
        hours = range(hour_of(one), hour_of(one) + 24)
        assert one["people"] == sum(said("C-2", hour) for hour in hours)
        assert one["coverage"] == pytest.approx(1.0, abs=0.01)
    newest = known[-1]
    past = [sum(said("C-2", h - 168 * k) for h in range(hour_of(newest), hour_of(newest) + 24))
            for k in range(1, WEEKS + 1)]  # fmt: skip
    assert newest["usual"] == pytest.approx(median(past), rel=0.01)


def test_pages_join_without_gap_or_overlap(room: LiveRoom) -> None:
    whole = ask(room).json()["items"]
    seen: list[dict] = []
    more: str | None = ""
    while more is not None:
        page = ask(room, limit=50, **({"next": more} if more else {})).json()
        seen, more = seen + page["items"], page["next"]
    assert [one["start"] for one in seen] == [one["start"] for one in whole]
    assert [one["usual"] for one in seen] == [one["usual"] for one in whole]


def test_only_hours_that_are_over_are_told(room: LiveRoom) -> None:
    answer = ask(room, from_=moment(NOW_H - 5), to=moment(midnight() + 24)).json()
    hours = [hour_of(one) for one in answer["items"]]
    assert hours[0] == NOW_H - 5 and NOW_H - 1 <= hours[-1] < now_ms() // HOUR_MS
    assert answer["period"]["known_to"] < answer["period"]["to"]


def test_a_place_without_counters_has_no_items(room: LiveRoom) -> None:
    for by in ("hour", "day"):
        answer = ask(room, by=by, route="R-02").raise_for_status().json()
        assert (answer["counters"], answer["items"], answer["next"]) == (0, [], None)


@pytest.mark.parametrize("role", ["duty", "operator", "manager", "executive", "admin"])
def test_everyone_with_a_role_may_read_it(room: LiveRoom, role: str) -> None:
    assert ask(room, role, by="day").status_code == 200


def test_a_stranger_may_not(room: LiveRoom) -> None:
    assert httpx.get(f"http://127.0.0.1:{room.port}/api/v1/traffic").status_code == 401


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ({"zone": "atlantis"}, "unknown_zone"), ({"route": "R-99"}, "unknown_route"),
        ({"from_": moment(NOW_H - 48)}, "half_period"),
        ({"from_": moment(NOW_H), "to": moment(NOW_H - 3)}, "reversed"),
        ({"from_": moment(NOW_H + 48), "to": moment(NOW_H + 50)}, "future"),
        ({"from_": "2026-01-01T00:30:00Z", "to": moment(NOW_H)}, "not_full_hours"),
        ({"from_": moment(NOW_H - 24 * 100), "to": moment(NOW_H)}, "hours_gone"),
        ({"from_": moment(NOW_H - 24 * 1200), "to": moment(NOW_H), "by": "day"}, "too_old"),
        ({"from_": moment(midnight() - 47), "to": moment(midnight()), "by": "day"},
         "not_whole_days"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_words(
    room: LiveRoom, query: dict[str, str], key: str
) -> None:
    answer = ask(room, **query)
    words = [re.escape(part) for part in re.split(r"\{\w+\}", catalogue("ko")[f"choice.{key}"])]
    assert answer.status_code == 422
    assert re.fullmatch(".*".join(words), answer.json()["detail"]), answer.text


@pytest.mark.parametrize(
    ("query", "field"),
    [({"limit": 0}, "limit"), ({"by": "week"}, "by"), ({"colour": "red"}, "colour"),
     ({"from_": "yesterday", "to": "today"}, "from"), ({"next": "abc"}, "next"),
     ({"next": "1"}, "next"), ({"next": "９９"}, "next"), ({"next": "9" * 30}, "next")],
)  # fmt: skip
def test_what_cannot_be_read_is_named(room: LiveRoom, query: dict[str, object], field: str) -> None:
    answer = ask(room, **query)
    assert answer.status_code == 422 and field in answer.text


# -- few people -------------------------------------------------------------------------------


def levels(people: list[float], usual: list[float]) -> Levels:
    n, start = len(people), np.arange(len(people), dtype=np.int64) * HOUR_MS - KST_MS
    zero, one = np.zeros(n), np.ones(n)
    return Levels(start, np.array(people), zero, one, np.array(usual), one, np.full(n, 8),
                  zero > 0, 3.0)  # fmt: skip


def test_under_five_is_never_told_nor_to_be_worked_out_from_the_day() -> None:
    rows = rows_json(levels([4, 9, 30, 7], [4, 9, 30, 7]), by_day=False)
    assert [row["people"] for row in rows] == [None, 9, 30, None]
    assert [row["few"] for row in rows] == [True, False, False, True]
    assert [row["usual"] for row in rows] == [None, 9.0, 30.0, 7.0]
    two = rows_json(levels([4, 0, 30, 7], [4, 0, 30, 7]), by_day=False)
    assert [row["people"] for row in two] == [None, None, 30, 7]


def test_what_is_not_known_is_null_and_not_few() -> None:
    [row] = rows_json(levels([np.nan], [np.nan]), by_day=True)
    assert {name: row[name] for name in row if name != "start"} == {
        "people": None, "few": False, "coverage": 1.0, "usual": None, "low": None, "high": None,
        "level": "unknown",
    }  # fmt: skip
