"""GET /api/v1/kpis on a real server: what it says, to whom, and what it refuses and how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import httpx
import pytest

from dashboard.kpis.indicators import KPIS
from dashboard.text import catalogue
from tests.facts.kpi_room import ZONE, kpi_room
from tests.live_room import LiveRoom

KST = timedelta(hours=9)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRoom]:
    with kpi_room(tmp_path_factory.mktemp("kpis")) as (room, _):
        yield room


def today() -> datetime:
    """Midnight in Korea."""
    now = datetime.now(UTC) + KST
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - KST


def ask(room: LiveRoom, query: str = "", role: str = "operator") -> httpx.Response:
    return room.http(role).get(f"/api/v1/kpis{query}")


def items(room: LiveRoom, query: str = "", role: str = "operator") -> dict[str, dict]:
    answer = ask(room, query, role).raise_for_status().json()
    return {item["key"]: item for item in answer["items"]}


def around() -> str:
    """Yesterday."""
    until, since = today(), today() - timedelta(days=1)
    return f"from={quote(since.isoformat())}&to={quote(until.isoformat())}"


def test_it_tells_every_figure_with_what_makes_it_trustworthy(room: LiveRoom) -> None:
    found = items(room, "?period=week&lang=en")
    assert list(found) == [kpi.key for kpi in KPIS]
    one = items(room, f"?{around()}&lang=en")["availability"]
    assert one["name"] == "Availability" and one["definition"] and one["method"]
    assert one["unit"] == "share" and 0 < one["value"] < 1 and one["n"] == 4
    assert one["interval"]["low"] <= one["value"] <= one["interval"]["high"]
    assert 0 < one["coverage"] <= 1 and one["parts"]["up_ms"] > 0
    assert not {"exposure", "outage_ms"} & set(one["parts"])
    assert one["series"] and one["last_year"] is None  # nothing was counted then


def test_it_speaks_the_language_asked_for(room: LiveRoom) -> None:
    korean = items(room, "?key=availability")["availability"]
    english = items(room, "?key=availability&lang=en")["availability"]
    assert english["name"] == "Availability" != korean["name"]


def test_it_says_of_when_and_of_what(room: LiveRoom) -> None:
    answer = ask(room, f"?{around()}&zone={ZONE}&kind=bell").json()
    assert answer["filters"] == {"zone": ZONE, "kind": "bell"}
    assert answer["period"]["to"] == today().isoformat().replace("+00:00", "Z")
    running = ask(room, "?period=today").json()["period"]
    assert running["known_to"] < running["to"] and running["word"] == "today"
    assert running["from"] <= running["known_from"] <= running["known_to"]
    assert running["compared"] == "up_to_same_time" and answer["period"]["compared"] == "whole"
    long_ago = ask(room, "?period=365d&key=availability").json()["period"]
    assert long_ago["from"] < long_ago["known_from"] < long_ago["known_to"]


def test_a_period_may_begin_and_end_on_any_full_hour(room: LiveRoom) -> None:
    since = today() - timedelta(hours=20)
    query = f"?from={quote(since.isoformat())}&to={quote((since + timedelta(hours=3)).isoformat())}"
    parts = items(room, f"{query}&kind=cctv")["availability"]["parts"]
    counted = sum(parts[name] for name in ("up_ms", "down_ms", "unknown_ms", "out_ms"))
    assert counted == 3 * 3_600_000


def test_it_breaks_down_by_a_dimension_a_few_at_a_time(room: LiveRoom) -> None:
    seen: list[str] = []
    more: str | None = ""
    while more is not None:
        page = ask(room, f"?{around()}&by=kind&next={more}").json()
        seen += [item["key"] for item in page["items"]]
        more = page["next"]
        if "availability" in [item["key"] for item in page["items"]]:
            by = page["items"][0]["by"]
            assert by["dimension"] == "kind"
            assert {part["word"] for part in by["parts"]} >= {"bell", "light", "cctv", "counter"}
    assert seen == [kpi.key for kpi in KPIS]


def test_pages_join_without_gap_or_overlap(room: LiveRoom) -> None:
    first = ask(room, "?limit=20").json()
    second = ask(room, f"?limit=20&next={first['next']}").json()
    keys = [item["key"] for item in first["items"] + second["items"]]
    assert keys == [kpi.key for kpi in KPIS] and second["next"] is None


# -- roles ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["duty", "operator", "manager", "executive", "admin"])
def test_everyone_with_a_role_may_read_figures(room: LiveRoom, role: str) -> None:
    assert items(room, "?key=availability", role)["availability"]["n"] is not None


def test_a_stranger_may_not(room: LiveRoom) -> None:
    assert httpx.get(f"http://127.0.0.1:{room.port}/api/v1/kpis").status_code == 401


@pytest.mark.parametrize(
    "query", [f"?{around()}", f"?{around()}&zone={ZONE}", f"?{around()}&by=zone"]
)
def test_under_five_is_hidden_from_coarse_roles_however_it_is_asked_for(
    room: LiveRoom, query: str
) -> None:
    exact = items(room, f"{query}&key=false_alarms", "duty")["false_alarms"]
    coarse = items(room, f"{query}&key=false_alarms", "manager")["false_alarms"]
    assert (exact["n"], round(exact["value"], 3)) == (3, 0.667)
    assert (coarse["value"], coarse["n"], coarse["why"]) == (None, None, "hidden")
    assert coarse["parts"] == {} and all(p["value"] is None for p in coarse["series"])
    for part in (coarse["by"] or {}).get("parts", []):
        assert part["value"] is None and part["n"] in (None, 0)


# -- what makes no sense ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("?period=2999", "choice.future"), ("?period=2001", "choice.too_old"),
        ("?period=moon", "choice.unknown_period"), ("?zone=atlantis", "choice.unknown_zone"),
        ("?kind=cow", "choice.unknown_kind"), ("?vendor=acme", "choice.unknown_vendor"),
        ("?route=R-99", "choice.unknown_route"), ("?by=colour", "choice.unknown_dim"),
        ("?key=happiness", "choice.unknown_kpi"),
        ("?from=2026-11-20T00:00:00%2B09:00", "choice.half_period"),
        ("?period=week&from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z", "choice.two_periods"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_words(room: LiveRoom, query: str, key: str) -> None:
    answer = ask(room, query)
    assert answer.status_code == 422 and says(answer, key), answer.text


@pytest.mark.parametrize(
    ("query", "field"),
    [("?limit=0", "limit"), ("?lang=fr", "lang"), ("?colour=red", "colour"),
     ("?from=yesterday", "from"), ("?from=2026-11-24", "from"), ("?next=happiness", "next")],
)  # fmt: skip
def test_what_cannot_be_read_is_named(room: LiveRoom, query: str, field: str) -> None:
    answer = ask(room, query)
    assert answer.status_code == 422 and field in answer.text


def test_times_that_cannot_be_are_refused_in_words(room: LiveRoom) -> None:
    def refused(since: datetime, until: datetime, key: str) -> bool:
        query = f"from={quote(since.isoformat())}&to={quote(until.isoformat())}"
        answer = ask(room, f"?{query}")
        return answer.status_code == 422 and says(answer, key)

    hour, day = timedelta(hours=1), timedelta(days=1)
    assert refused(today(), today() - hour, "choice.reversed")
    assert refused(today() + 2 * day, today() + 3 * day, "choice.future")
    assert refused(today() - hour / 2, today(), "choice.not_full_hours")
    assert refused(today() - 1_200 * day, today(), "choice.too_old")
    assert refused(today() - 100 * day + hour, today() - 98 * day, "choice.hours_gone")


def says(answer: httpx.Response, key: str) -> bool:
    """Whether it tells just this, whatever the values."""
    words = re.split(r"\{\w+\}", catalogue("ko")[key])
    pattern = ".+".join(re.escape(word) for word in words)
    return re.fullmatch(pattern, answer.json()["detail"]) is not None


def test_it_is_described(room: LiveRoom) -> None:
    described = room.http("duty").get("/api/v1/openapi.json").json()["paths"]
    names = {one["name"] for one in described["/api/v1/kpis"]["get"]["parameters"]}
    assert names >= {"from", "to", "period", "by", "kind", "zone", "route", "vendor", "next"}
