"""Pilots over HTTP and in Redis: kept with every version, on record, by role, first come."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest
import redis

from dashboard.errors import SourceUnavailable
from dashboard.kpis.choice import day_of_ms, start_of
from dashboard.stream.rollups import DAY_MS
from data_sources import keys
from tests.builders import SITE
from tests.live_room import Hand, LiveRoom, a_device, an_incident, now_ms, wait_until
from tests.pilots.pilots import middle

HERE, THERE = middle(SITE.route_by_id["R-03"]), middle(SITE.route_by_id["R-08"])
BACK_DAYS = 40
TODAY = day_of_ms(now_ms())
START = (TODAY - timedelta(days=BACK_DAYS)).isoformat()


@pytest.fixture
def room(redis_client: redis.Redis, redis_url: str) -> Iterator[LiveRoom]:
    hand = Hand(redis_client)
    begin = start_of(TODAY) - BACK_DAYS * DAY_MS
    hand.keep(
        incidents=[
            an_incident(
                f"{place}-{day}-{k}", reported_ms=begin + day * DAY_MS + k, lon=lon, lat=lat
            )
            for place, (lon, lat), n in (("H", HERE, 12), ("T", THERE, 20))
            for day, share in ((-90, 1.0), (-5, 1.0), (5, 0.25 if place == "H" else 1.0))
            for k in range(round(n * share))
        ],
        registry=[a_device("B-1", pilot_id="voice", lon=HERE[0], lat=HERE[1])],
    )
    hand.tell()
    room = LiveRoom(redis_url).start()
    wait_until(room.sources.trends.ready.is_set)
    yield room
    room.stop()


def body(**more: Any) -> dict[str, Any]:
    return {
        "name": "Brighter lamps", "what": "LED lamps", "start": START,
        "treated": {"routes": ["R-03"]}, "control": {"routes": ["R-08"]}, "outcomes": ["lit"],
        **more,
    }  # fmt: skip


def post(client: httpx.Client, **asked: Any) -> httpx.Response:
    return client.post("/api/v1/pilots", json=asked)


def defined(client: httpx.Client, **more: Any) -> dict[str, Any]:
    return post(client, **body(**more)).raise_for_status().json()


def recorded(client: redis.Redis) -> list[dict[str, Any]]:
    entries = [json.loads(fields[b"d"]) for _, fields in client.xrange(keys.AUDIT)]
    return [one for one in entries if one["what"].startswith("pilot_")]


def test_one_is_defined_listed_and_evaluated(room: LiveRoom) -> None:
    manager = room.http("manager")
    assert manager.get("/api/v1/pilots").json() == {"items": [], "next": None}
    made = defined(manager)
    assert (made["pilot_id"], made["version"], made["defined_by"]) == ("P-01", 1, "manager-tool")
    assert [one["pilot_id"] for one in manager.get("/api/v1/pilots").json()["items"]] == ["P-01"]
    told = room.http("duty").get("/api/v1/pilots/P-01").json()["evaluation"]
    assert told["compared"]["after"]["first"] == START
    areas = told["incidents"]["areas"]
    assert (areas["treated"]["before"], areas["treated"]["after"]) == (12, 3)
    assert (areas["control"]["before"], areas["control"]["after"]) == (20, 20)
    assert told["incidents"]["power"]["shows_a_fall_of_20_percent"] is False
    assert [one["key"] for one in told["process"]] == ["lit", "repair", "night", "alerts"]
    assert {one["why"] for one in told["process"]} == {"no_data"}


def test_a_coarse_role_is_told_no_count_under_five_nor_what_comes_of_it(room: LiveRoom) -> None:
    defined(room.http("manager"))
    for role in ("manager", "executive"):
        answer = room.http(role).get("/api/v1/pilots/P-01")
        told = answer.json()["evaluation"]["incidents"]
        assert told["verdict"] == "hidden"
        assert {n for one in told["areas"].values() for k, n in one.items() if k != "km2"} == {None}
        assert (told["wdd"], told["ratio"], told["power"]) == (None, None, None)


def test_only_managers_define_and_everyone_who_sees_incidents_reads(room: LiveRoom) -> None:
    for role in ("duty", "operator", "executive", "admin"):
        assert post(room.http(role), **body()).status_code == 403
    defined(room.http("manager"))
    for role in ("duty", "operator", "manager", "executive", "admin"):
        assert room.http(role).get("/api/v1/pilots").status_code == 200
    stranger = httpx.Client(base_url=f"http://127.0.0.1:{room.port}")
    assert stranger.get("/api/v1/pilots").status_code == 401


def test_a_change_is_a_new_version_beside_the_old_one_and_on_record(
    room: LiveRoom, redis_client: redis.Redis
) -> None:
    manager = room.http("manager")
    defined(manager)
    asked = body(pilot_id="P-01", version=1, why="the lamps came later", end=TODAY.isoformat())
    changed = post(manager, **asked).json()
    assert changed["version"] == 2
    assert [one["changed"] for one in changed["history"]] == [[], ["end"]]
    assert changed["history"][1]["why"] == "the lamps came later"
    assert changed["history"][0]["definition"]["end"] is None
    given_up = post(manager, pilot_id="P-01", version=2, withdrawn="no money").json()
    assert given_up["withdrawn"] == "no money" and given_up["version"] == 3
    assert [one["pilot_id"] for one in manager.get("/api/v1/pilots").json()["items"]] == ["P-01"]
    refused = post(manager, **{**asked, "version": 3})
    assert refused.status_code == 422
    log = recorded(redis_client)
    assert [(one["what"], one["version"]) for one in log] == [
        ("pilot_defined", 1), ("pilot_changed", 2), ("pilot_withdrawn", 3),
    ]  # fmt: skip
    assert log[1]["why"] == "the lamps came later" and log[1]["user"] == "manager-tool"


def test_who_changes_an_old_version_is_told_who_was_first(room: LiveRoom) -> None:
    manager = room.http("manager")
    defined(manager)
    asked = body(pilot_id="P-01", version=1, why="a", name="First")
    assert post(manager, **asked).status_code == 200
    late = post(manager, **{**asked, "name": "Second"})
    assert late.status_code == 409
    told = late.json()
    assert told["by"] == "manager-tool" and told["pilot"]["version"] == 2
    assert told["pilot"]["name"] == "First"


def test_of_many_at_once_one_is_first_and_no_definition_is_lost(
    room: LiveRoom, redis_client: redis.Redis
) -> None:
    clients = [room.http("manager") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda one: defined(one)["pilot_id"], clients))
        asked = body(pilot_id="P-01", version=1, why="at once")
        answers = list(pool.map(lambda one: post(one, **asked).status_code, clients))
    assert sorted(made) == [f"P-{n:02}" for n in range(1, 9)]
    assert sorted(answers) == [200] + [409] * 7
    assert len(recorded(redis_client)) == 9


def test_what_cannot_be_is_told_field_by_field(room: LiveRoom) -> None:
    wrong = [
        ({"control": {"routes": ["R-03"]}}, "control"), ({"start": "2999-01-01"}, "start"),
        ({"treated": {"pilots": ["nobody"]}}, "treated"), ({"name": " "}, "name"),
        ({"color": "red"}, "color"), ({"treated": {"zones": "all"}}, "treated.zones"),
        ({"treated": {"routes": ["R-03"], "reach_m": 9}}, "treated"),
    ]  # fmt: skip
    manager = room.http("manager")
    for changed, field in wrong:
        answer = post(manager, **body(**changed))
        assert answer.status_code == 422, changed
        problems = {one["field"]: one["message"] for one in answer.json()["problems"]}
        assert problems[field]
    assert manager.get("/api/v1/pilots").json()["items"] == []


def test_devices_registered_under_a_pilot_id_are_ground(room: LiveRoom) -> None:
    made = defined(room.http("manager"), treated={"pilots": ["voice"], "reach_m": 100})
    assert made["treated"] == {"zones": [], "routes": [], "pilots": ["voice"], "reach_m": 100}


def test_nobody_knows_an_unknown_one(room: LiveRoom) -> None:
    assert room.http("duty").get("/api/v1/pilots/P-77").status_code == 404
    assert post(room.http("manager"), **body(pilot_id="P-77", version=1)).status_code == 404


def test_without_the_data_server_it_is_unavailable_and_not_lost(room: LiveRoom) -> None:
    """The store raises what the door turns into 503."""

    async def broken(*_: Any) -> Any:
        raise redis.ConnectionError("away")

    book = room.sources.pilots.book
    original, book._redis = book._redis, type("Away", (), {"hgetall": staticmethod(broken)})()
    try:
        with pytest.raises(SourceUnavailable):
            asyncio.run(book.all())
    finally:
        book._redis = original
