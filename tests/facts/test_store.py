"""The fact store beside a real worker on a real server: its sums are the worker's cells."""

from __future__ import annotations

import asyncio

import msgspec
import numpy as np
import pytest
import redis

from dashboard.kpis.facts import COLUMN
from dashboard.kpis.groups import DIMS
from dashboard.stream.rollups import DAY_MS, HOUR_MS, KST_MS, Group, day_of
from data_sources import keys
from tests.facts.fact_room import (
    STATES,
    FactRoom,
    as_dict,
    hour_floor,
    hurry,
    lately,
    now_ms,
    recount,
    take_in,
)
from tests.facts.town import HOUR_S, two_days_of
from tests.field import Field


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


def test_its_sums_are_the_worker_s_cells_cut_at_the_frontier(
    redis_client: redis.Redis, redis_url: str
) -> None:
    two_days_of(Field(redis_client))
    take_in(redis_client)
    cells = recount(redis_client, "d")
    frontier = int(redis_client.hget(keys.state(0, "meta"), "frontier"))

    async def look() -> None:
        async with FactRoom(redis_url) as room:
            facts = await room.facts(*lately())
            expected: dict[tuple[Group, str], float] = {}
            for (_, group, measure), value in cells.items():
                expected[group, measure] = expected.get((group, measure), 0) + value
            left_ms = hour_floor(frontier) + HOUR_MS - frontier
            lights = Group("light", "4128552500", "", "Gaon", "", "")
            found = as_dict(facts.sums, facts.groups)
            assert facts.now_ms == frontier
            # nothing is projected but time, and each device is in one state
            assert {k: v for k, v in found.items() if k[1][0] not in "sqd"} == {
                k: v for k, v in expected.items() if k[1][0] not in "sqd"
            }
            for group in facts.groups.groups:
                time = sum(found.get((group, s), 0) for s in STATES)
                projected = sum(expected.get((group, s), 0) for s in STATES)
                assert time == projected - left_ms * (1 if projected else 0)
            assert found[lights, "q0"] <= found[lights, "s0"]

    asyncio.run(look())


def test_the_sum_over_zones_is_the_whole_and_every_device_is_somewhere_all_the_time(
    redis_client: redis.Redis, redis_url: str
) -> None:
    field = Field(redis_client)
    two_days_of(field, "A", "4128552500")
    two_days_of(field, "B", "4128152100")
    take_in(redis_client)

    async def look() -> None:
        async with FactRoom(redis_url) as room:
            whole = await room.facts(*lately())
            for dim in DIMS:
                words = whole.groups.words_of(dim)
                parts = [await room.facts(*lately(), **{dim.value: word}) for word in words]
                assert np.array_equal(sum(part.sums for part in parts), whole.sums), dim
            joined = {g.kind for g in whole.groups.groups if g.kind}
            assert joined == {"light", "bell", "cctv", "counter"}
            first = min(k[0] for k in recount(redis_client, "h"))
            began = room.store.book.cube.first
            assert began is not None and began <= day_of(first * HOUR_MS)
            at_once = whole.total(*STATES) / 8  # devices
            assert at_once == pytest.approx(
                whole.now_ms - (now_ms() - 49 * HOUR_S * 1000), rel=1e-3
            )

    asyncio.run(look())


def test_hours_at_the_edges_of_a_window_come_from_the_hourly_cells(
    redis_client: redis.Redis, redis_url: str
) -> None:
    two_days_of(Field(redis_client))
    take_in(redis_client)
    hours = recount(redis_client, "h")

    async def look() -> None:
        async with FactRoom(redis_url) as room:
            until = hour_floor(now_ms()) - 2 * HOUR_MS
            window = (until - 31 * HOUR_MS, until)
            found = as_dict((facts := await room.facts(*window)).sums, facts.groups)
            expected: dict[tuple[Group, str], float] = {}
            for (hour, group, measure), value in hours.items():
                if window[0] <= hour * HOUR_MS < window[1]:
                    expected[group, measure] = expected.get((group, measure), 0) + value
            assert found == expected and found
            whole = await room.facts(window[0], now_ms() + HOUR_MS - now_ms() % HOUR_MS)
            time = whole.total(*STATES)
            assert time == 4 * (whole.now_ms - window[0])

    asyncio.run(look())


def test_partitions_are_one_city(redis_client: redis.Redis, redis_url: str) -> None:
    two_days_of(Field(redis_client, 0), "A")
    two_days_of(Field(redis_client, 1), "B")
    take_in(redis_client, partitions=2)

    async def look() -> None:
        async with FactRoom(redis_url, partitions=2) as room:
            facts = await room.facts(*lately(), kind="counter")
            assert facts.total("t_out") == 2 * sum(range(47, 0, -3))
            assert len(facts.groups) == len(set(facts.groups.groups))

    asyncio.run(look())


def test_no_measure_is_lost_on_the_way(redis_client: redis.Redis, redis_url: str) -> None:
    """A cell written with every measure there is comes back as every column there is."""
    two_days_of(Field(redis_client))
    take_in(redis_client)
    day = day_of(now_ms()) - 5
    cell = {0: {name: at + 1 for name, at in COLUMN.items()}}
    redis_client.hset(keys.daily(0, day), "Z1", msgspec.msgpack.encode(cell))

    async def look() -> None:
        async with FactRoom(redis_url) as room:
            facts = await room.facts(day * DAY_MS - KST_MS, (day + 1) * DAY_MS - KST_MS)
            assert {name: facts.total(name) for name in COLUMN} == cell[0]

    asyncio.run(look())
