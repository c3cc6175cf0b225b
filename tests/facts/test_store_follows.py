"""The fact store goes with the live stream, and stays as it was while Redis is away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
import redis

from dashboard.errors import SourceUnavailable
from dashboard.kpis.facts import NONE, VERDICTS
from dashboard.stream.rollups import DAY_MS, HOUR_MS, KST_MS, day_of
from data_sources import keys
from data_sources.connect import open_client
from data_sources.embedded import EmbeddedServer
from tests.facts.fact_room import STATES, FactRoom, hour_floor, hurry, lately, now_ms, take_in
from tests.facts.town import HOUR_S, two_days_of
from tests.field import Field
from tests.live_room import Hand, an_alert, an_incident


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


# -- what follows the live stream ---------------------------------------------------------------


def test_it_follows_alerts_incidents_and_registrations(
    redis_client: redis.Redis, redis_url: str
) -> None:
    field, hand = Field(redis_client), Hand(redis_client)
    two_days_of(field)
    take_in(redis_client)
    old = now_ms() - 40 * HOUR_S * 1000
    hand.keep(alerts=[an_alert("OLD", raised_ms=old, device_id="L-2")],
              incidents=[an_incident("I", rev=1, reported_ms=old)])  # fmt: skip

    async def look() -> None:
        async with FactRoom(redis_url) as room:
            before = await room.facts(*lately())
            assert before.alerts["verdict"].tolist() == [0] and len(before.incidents) == 1
            hand.tell(
                alerts=[an_alert("OLD", raised_ms=old, device_id="L-2", version=3,
                                 verdict="mistaken", closed_ms=old + 5),
                        an_alert("NEW", raised_ms=old + 1, device_id="L-2")],
                incidents=[an_incident("I", rev=2, reported_ms=old, zone="Z9",
                                       category="violence")],
            )  # fmt: skip
            await room.until(lambda: len(room.store.book.tables.alerts) == 2)
            after = await room.facts(*lately())
            assert [VERDICTS[v] for v in after.alerts["verdict"]] == ["mistaken", ""]
            assert after.alerts["closed"].tolist() == [old + 5, NONE]
            assert (await room.facts(*lately(), zone="Z9")).incidents["reported"].tolist() == [old]
            record = room.feed.city.devices.registrations[room.feed.city.devices.index["L-2"]]
            moved = msgspec.structs.replace(record, ts_ms=now_ms(), vendor="Byeol")
            hand.tell(registrations=[moved])
            book, version = room.store.book, room.store.book.tables.version
            await room.until(lambda: book.tables.version > version)
            assert len((await room.facts(*lately(), vendor="Byeol")).alerts) == 2

    asyncio.run(look())


def test_a_day_long_past_is_read_again_when_a_delta_names_it(
    redis_client: redis.Redis, redis_url: str
) -> None:
    two_days_of(Field(redis_client))
    take_in(redis_client)
    day = day_of(now_ms()) - 20

    async def look() -> None:
        async with FactRoom(redis_url) as room:
            cell = msgspec.msgpack.encode({0: {"fail": 3}})
            redis_client.hset(keys.daily(0, day), "Z1", cell)
            Hand(redis_client).tell(days=[day])
            await room.until(lambda: room.store.book.cube.first == day)
            facts = await room.facts(day * DAY_MS - KST_MS, (day + 1) * DAY_MS - KST_MS)
            assert facts.total("fail") == 3

    asyncio.run(look())


def test_the_day_in_progress_goes_on(redis_client: redis.Redis, redis_url: str) -> None:
    field = Field(redis_client)
    two_days_of(field)
    take_in(redis_client)

    async def look() -> None:
        async with FactRoom(redis_url) as room:
            frontier = room.store.frontier_ms
            before = (await room.facts(*lately())).total(*STATES)
            await asyncio.sleep(1.1)
            for name in ("L-1", "L-2", "L-3", "L-4"):
                field.tell(name, "ok")
            await asyncio.to_thread(take_in, redis_client)
            await room.until(lambda: (room.store.frontier_ms or 0) > (frontier or 0))
            after = await room.facts(*lately())
            assert after.total(*STATES) - before == 4 * (after.now_ms - (frontier or 0))

    asyncio.run(look())


# -- when Redis is away, or has lost everything -------------------------------------------------


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(tmp_path)
    server.start()
    yield server
    server.stop()


def test_the_last_good_facts_stay_while_redis_is_away(own_server: EmbeddedServer) -> None:
    client = open_client(own_server.url)
    two_days_of(Field(client))
    take_in(client)

    async def look() -> None:
        async with FactRoom(own_server.url) as room:
            before = await room.facts(*lately())
            await asyncio.to_thread(own_server.stop)
            await asyncio.sleep(0.5)
            away = await room.facts(*lately())
            assert np.array_equal(away.sums, before.sums)
            hour = hour_floor(now_ms()) - 20 * HOUR_MS
            with pytest.raises(SourceUnavailable):  # that was never asked for before
                await room.facts(hour, hour + HOUR_MS)
            await asyncio.to_thread(own_server.start)
            back = open_client(own_server.url)
            Hand(back).tell(alerts=[an_alert("NEW")])
            await room.until(lambda: len(room.store.book.tables.alerts) == 1)
            assert (await room.facts(hour, hour + HOUR_MS)).total(*STATES) == 4 * HOUR_MS

    asyncio.run(look())


def test_another_city_is_loaded_beside_the_one_that_answers(
    redis_client: redis.Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.city.SILENT_MS", 300)
    two_days_of(Field(redis_client))
    take_in(redis_client)

    async def look() -> None:
        async with FactRoom(redis_url) as room:
            first = room.store.book
            redis_client.flushall()
            await room.until(lambda: room.store.book is not first)
            assert room.store.book.city is room.feed.city is not first.city
            assert not (await room.facts(*lately())).sums.any() and first.cube.first
            two_days_of(Field(redis_client), "N")
            await asyncio.to_thread(take_in, redis_client)
            await room.until(lambda: room.store.frontier_ms)
            assert (await room.facts(*lately())).total("s0") > 0

    asyncio.run(look())


def test_before_it_has_loaded_it_says_so(redis_url: str) -> None:
    async def look() -> None:
        room = FactRoom(redis_url)
        with pytest.raises(SourceUnavailable) as said:
            _ = room.store.book
        assert said.value.key == "kpis.loading" and room.store.progress == 0.0
        async with room:
            assert room.store.progress == 1.0
            empty = await room.facts(*lately())
            assert not empty.sums.any() and not len(empty.alerts)

    asyncio.run(look())
