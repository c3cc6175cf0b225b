"""Hours of every counter, out of Redis: a worker in the same process counts, a reader follows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import redis

from dashboard.errors import SourceUnavailable
from dashboard.stream.rollups import HOUR_MS, day_of
from dashboard.trends.foot import Foot
from data_sources import keys
from data_sources.trends import foot_reader
from data_sources.trends.foot_reader import DAYS, FootReader, Sheets
from tests.builders import rfc3339
from tests.facts.fact_room import FactRoom, hour_floor, now_ms, take_in

QUARTER_MS = 15 * 60_000


def write(client: redis.Redis, stream: str, p: int = 0, **body: Any) -> None:
    client.xadd(keys.stream(p, stream), {"d": json.dumps({"v": 1, **body})})


def counter(client: redis.Redis, sensor: str, at_ms: int, p: int = 0, **more: Any) -> None:
    write(client, "registry", p, device_id=sensor, ts=rfc3339(at_ms), kind="counter", lon=126.78,
          lat=37.66, heartbeat_s=60, **more)  # fmt: skip


def count(
    client: redis.Redis, name: str, from_ms: int, people: int, p: int = 0, **more: Any
) -> None:
    write(client, "traffic", p, sensor_id=name, to=rfc3339(from_ms + QUARTER_MS), out=0,
          **{"in": people, "from": rfc3339(from_ms), **more})  # fmt: skip


def with_reader(
    url: str, look: Callable[[FootReader, FactRoom], Awaitable[None]], partitions: int = 1
) -> None:
    async def run() -> None:
        async with FactRoom(url, partitions) as room:
            await look(FootReader(room.feed, room.reader, now_ms), room)

    asyncio.run(run())


def of(foot: Foot, name: str) -> pd.Series:
    return foot.people[name].dropna()


def test_it_agrees_with_a_count_by_hand_from_the_messages(
    redis_client: redis.Redis, redis_url: str
) -> None:
    start, rng = hour_floor(now_ms()) - 30 * HOUR_MS, np.random.default_rng(4)
    said = []
    for name in ("F-1", "F-2"):
        counter(redis_client, name, start - HOUR_MS, zone="Z1", route_id="R-01", name=f"At {name}")
    for quarter in range(100):
        for name in ("F-1", "F-2"):
            if rng.random() < 0.9:
                people = int(rng.poisson(9))
                said.append((name, start + quarter * QUARTER_MS, people))
                count(redis_client, *said[-1])
    count(redis_client, said[0][0], said[0][1], 500, rev=2)
    said[0] = (*said[0][:2], 500)
    take_in(redis_client, turns=4)
    by_hand = pd.DataFrame(said, columns=["name", "at", "people"])
    by_hand["hour"] = by_hand["at"] // HOUR_MS * HOUR_MS
    sums = by_hand.groupby(["name", "hour"])["people"].agg(["sum", "size"])

    async def look(reader: FootReader, _room: FactRoom) -> None:
        foot = await reader.foot()
        for name in ("F-1", "F-2"):
            expected = sums.loc[name]
            assert of(foot, name).to_dict() == expected["sum"].to_dict()
            assert (
                foot.covered.loc[expected.index, name].tolist() == (expected["size"] / 4).tolist()
            )
        assert foot.covered.to_numpy().sum() == len(said) / 4  # and nothing anywhere else
        assert (np.diff(foot.people.index) == HOUR_MS).all()
        row = foot.counters.loc["F-1"]
        assert (row["zone"], row["route"], row["name"]) == ("Z1", "R-01", "At F-1")

    with_reader(redis_url, look)


def test_counters_of_all_partitions_are_there_and_retired_ones_are_not(
    redis_client: redis.Redis, redis_url: str
) -> None:
    start = hour_floor(now_ms()) - 5 * HOUR_MS
    for p, name in ((0, "F-1"), (1, "F-2"), (1, "F-3")):
        counter(redis_client, name, start, p)
        count(redis_client, name, start, 3, p)
    counter(redis_client, "F-3", start + HOUR_MS, 1, retired=True)
    counter(redis_client, "MUTE", start)
    take_in(redis_client, 2, turns=4)

    async def look(reader: FootReader, _room: FactRoom) -> None:
        foot = await reader.foot()
        assert sorted(foot.people.columns) == ["F-1", "F-2", "MUTE"]  # silence is told as well
        assert of(foot, "MUTE").empty and not foot.covered["MUTE"].any()
        assert [of(foot, name).tolist() for name in ("F-1", "F-2")] == [[3.0], [3.0]]

    with_reader(redis_url, look, 2)


def test_what_was_counted_badly_covers_nothing(redis_client: redis.Redis, redis_url: str) -> None:
    start = hour_floor(now_ms()) - 5 * HOUR_MS
    counter(redis_client, "F-1", start)
    count(redis_client, "F-1", start, 3, quality="suspect")
    take_in(redis_client, turns=4)

    async def look(reader: FootReader, _room: FactRoom) -> None:
        foot = await reader.foot()
        assert of(foot, "F-1").empty and not foot.covered["F-1"].any()

    with_reader(redis_url, look)


def test_it_follows_and_the_last_good_hours_stay_while_redis_is_away(
    redis_client: redis.Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foot_reader, "EVERY_MS", 0)
    start = hour_floor(now_ms()) - 5 * HOUR_MS
    counter(redis_client, "F-1", start)
    count(redis_client, "F-1", start, 3)
    take_in(redis_client, turns=4)

    async def look(reader: FootReader, room: FactRoom) -> None:
        assert of(await reader.foot(), "F-1").tolist() == [3.0]
        count(redis_client, "F-1", start, 8, rev=2)
        count(redis_client, "F-1", start + HOUR_MS, 4)
        await asyncio.to_thread(take_in, redis_client, 1, 4)
        assert of(await reader.foot(), "F-1").tolist() == [8.0, 4.0]

        async def away(*_: Any) -> None:
            raise SourceUnavailable("foot traffic")

        monkeypatch.setattr(reader, "_take", away)
        assert of(await reader.foot(), "F-1").tolist() == [8.0, 4.0]
        reader._begin_anew(room.feed.city)
        with pytest.raises(SourceUnavailable):
            await reader.foot()

    with_reader(redis_url, look)


@pytest.mark.parametrize("end", [SourceUnavailable("foot traffic"), asyncio.CancelledError()])
def test_a_first_reading_cut_short_is_made_up_for(
    redis_client: redis.Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch, end: BaseException
) -> None:
    start = hour_floor(now_ms()) - 5 * HOUR_MS
    counter(redis_client, "F-1", start)
    take_in(redis_client, turns=4)

    async def look(reader: FootReader, _room: FactRoom) -> None:
        take, read = reader._take, list[int]()

        async def cut_short(sheets: Sheets, days: list[int]) -> None:
            if len(read) == 2 * foot_reader.DAYS_AT_ONCE:
                raise end
            read.extend(days)
            await take(sheets, days)

        async def whole(sheets: Sheets, days: list[int]) -> None:
            read.extend(days)
            await take(sheets, days)

        monkeypatch.setattr(reader, "_take", cut_short)
        with pytest.raises(type(end)):
            await reader.foot()
        monkeypatch.setattr(reader, "_take", whole)
        await reader.foot()
        assert len(set(read)) == DAYS

    with_reader(redis_url, look)


def test_a_new_city_while_the_old_one_is_read_is_not_ready_and_then_is(
    redis_client: redis.Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = hour_floor(now_ms()) - 5 * HOUR_MS
    counter(redis_client, "F-1", start)
    count(redis_client, "F-1", start, 3)
    take_in(redis_client, turns=4)

    async def look(reader: FootReader, room: FactRoom) -> None:
        take = reader._take

        async def meanwhile(sheets: Sheets, days: list[int]) -> None:
            await take(sheets, days)
            reader._begin_anew(room.feed.city)

        monkeypatch.setattr(reader, "_take", meanwhile)
        with pytest.raises(SourceUnavailable):
            await reader.foot()
        monkeypatch.setattr(reader, "_take", take)
        assert of(await reader.foot(), "F-1").tolist() == [3.0]

    with_reader(redis_url, look)


def test_what_was_counted_before_there_were_cells_is_unknown_even_when_it_is_revised() -> None:
    sheets, today = Sheets(), day_of(now_ms())
    sheets.wanted(today, ())
    cell = {3: {"n": -9, "ms": -900_000}, 4: {"n": -9}, 5: {"n": -2, "ms": 900_000}}
    sheets.put({today: {b"F": foot_reader.msgspec.msgpack.encode(cell)}})
    people, covered = (one[0, -24:] for one in (sheets._people, sheets._covered))
    assert np.flatnonzero(~np.isnan(people)).tolist() == np.flatnonzero(covered).tolist() == [5]
    assert (people[5], covered[5]) == (0.0, 0.25)


def test_old_days_fall_out_as_days_pass() -> None:
    sheets, today = Sheets(), day_of(now_ms())
    assert len(sheets.wanted(today, ())) == DAYS
    packed = foot_reader.msgspec.msgpack.encode({5: {"n": 7, "ms": HOUR_MS}})
    sheets.put({today: {b"F": packed}, today - DAYS + 1: {b"F": packed}})
    assert sheets.wanted(today + 1, [today - 3, today - DAYS]) == [
        today - 3,
        today - 1,
        today,
        today + 1,
    ]
    assert np.flatnonzero(~np.isnan(sheets._people[0])).tolist() == [(DAYS - 2) * 24 + 5]
    sheets.wanted(today + 1 + 2 * DAYS, ())
    assert np.isnan(sheets._people[0]).all() and not sheets._covered.any()


def test_hours_of_four_hundred_counters_take_few_megabytes() -> None:
    sheets, today = Sheets(), day_of(now_ms())
    sheets.wanted(today, ())
    packed = foot_reader.msgspec.msgpack.encode({})
    sheets.put({today: {f"F-{n}".encode(): packed for n in range(400)}})
    frames = 400 * DAYS * 24 * 2 * 4
    assert sheets.nbytes + frames < 15_000_000
