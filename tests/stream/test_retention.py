"""Sums of hours are kept 92 days, those of days three years. Changed days are told."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
import redis

from dashboard.deltas import Delta
from dashboard.kpis.choice import KEPT_DAYS
from dashboard.stream import pipeline
from dashboard.stream.picture import Picture
from dashboard.stream.rollups import DAY_MS, HOUR_MS, Group, Part, Rollups, day_of, hour_of
from data_sources import keys
from data_sources.commit_ops import Ops, delta_of, ops_of
from data_sources.partition_store import PartitionStore
from tests.builders import SITE, START_MS, Said, World, beat, counted, incident, registered, rfc3339

KST = timezone(timedelta(hours=9))
NOW_MS = time.time_ns() // 1_000_000


@pytest.fixture
def store(redis_client: redis.Redis) -> PartitionStore:
    found = PartitionStore(redis_client, 0, "w", SITE)
    assert found.claim()
    return found


def took_place(days_ago: float, rev: int = 1, category: str = "theft") -> Said:
    stream, message = incident(rev=rev, category=category)
    return stream, {**message, "reported_at": rfc3339(NOW_MS - round(days_ago * DAY_MS))}


def take(store: PartitionStore, picture: Picture, *said: Said) -> Picture:
    """One batch that arrives now, committed."""
    ops = ops_for(picture, *said)
    assert all(_is_kept(key) for key in ops.keys if key.startswith("roll:"))
    store.commit(picture, {}, ops)
    pipeline.done(picture)
    return picture


def ops_for(picture: Picture, *said: Said) -> Ops:
    entries = [
        (stream, f"{NOW_MS}-{n}".encode(), json.dumps(message).encode())
        for n, (stream, message) in enumerate(said)
    ]
    pipeline.advance(picture, entries, NOW_MS, True)
    return ops_of(0, picture, None, NOW_MS)


def _is_kept(key: str) -> bool:
    _, _, kind, n = key.split(":")
    return keys.rollup_ends_ms(kind, int(n)) > NOW_MS


def sums(client: redis.Redis, key: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for raw in client.hgetall(key).values():
        for measures in msgspec.msgpack.decode(raw, type=dict[int, dict[str, int]]).values():
            for measure, n in measures.items():
                found[measure] = found.get(measure, 0) + n
    return found


def test_it_keeps_hours_for_92_days_and_days_for_three_years() -> None:
    noon = datetime(2026, 11, 18, 12, tzinfo=KST)
    ms = int(noon.timestamp() * 1000)
    periods = (("h", hour_of(ms)), ("d", day_of(ms)), ("c", day_of(ms)))
    ends = [keys.rollup_ends_ms(kind, n) for kind, n in periods]
    hour, day, counted = (datetime.fromtimestamp(end / 1000, UTC).astimezone(KST) for end in ends)
    assert counted == datetime(2026, 11, 19, tzinfo=KST) + timedelta(days=92)
    assert hour == datetime(2026, 11, 18, 13, tzinfo=KST) + timedelta(days=92)
    assert day == datetime(2026, 11, 19, tzinfo=KST) + timedelta(days=KEPT_DAYS)
    assert KEPT_DAYS == 1_098


def test_it_gives_every_rollup_the_end_of_its_life(
    redis_client: redis.Redis, store: PartitionStore
) -> None:
    picture = take(store, store.load(), took_place(3), took_place(3, rev=2, category="other"))
    take(store, picture, took_place(40, rev=3))
    found = sorted(key.decode() for key in redis_client.scan_iter(match="roll:*"))
    assert len(found) == 6  # of 3 and of 40 days ago, and of now: when they came
    for key in found:
        _, _, kind, n = key.split(":")
        ends_s = keys.rollup_ends_ms(kind, int(n)) // 1000
        assert redis_client.execute_command("EXPIRETIME", key) == ends_s


def test_it_writes_no_hour_that_is_no_longer_kept(
    redis_client: redis.Redis, store: PartitionStore
) -> None:
    picture = take(store, store.load(), took_place(93.5))
    hours = set(redis_client.scan_iter(match="roll:{0}:h:*"))
    assert hours == {keys.hourly(0, hour_of(NOW_MS)).encode()}
    key = keys.daily(0, day_of(NOW_MS - round(93.5 * DAY_MS)))
    assert _incidents(sums(redis_client, key)) == {"theft": 1}
    take(store, picture, took_place(93.5, rev=2, category="other"))
    take(store, store.load(), took_place(93.5, rev=3, category="stalking"))
    assert set(redis_client.scan_iter(match="roll:{0}:h:*")) == hours
    assert _incidents(sums(redis_client, key)) == {"stalking": 1}


def _incidents(day: dict[str, int]) -> dict[str, int]:
    return {name.split(":")[1]: n for name, n in day.items() if name.startswith("i:")}


def test_it_keeps_an_hour_until_the_last_moment(
    redis_client: redis.Redis, store: PartitionStore
) -> None:
    take(store, store.load(), took_place(91.9))
    then = NOW_MS - round(91.9 * DAY_MS)
    assert sums(redis_client, keys.hourly(0, hour_of(then)))["i:theft"] == 1


def test_it_leaves_nothing_of_an_hour_whose_life_ends_with_the_commit(
    redis_client: redis.Redis, store: PartitionStore
) -> None:
    ops = Ops()
    ops.put(keys.hourly(0, 1), [("Z1", b"sums")])
    ops.expire(keys.hourly(0, 1), NOW_MS - 1_000)
    store.commit(store.load(), {}, ops)
    assert not redis_client.exists(keys.hourly(0, 1))


def test_a_store_forgets_hours_that_are_no_longer_kept(store: PartitionStore) -> None:
    gone, kept = hour_of(NOW_MS) - 93 * 24, hour_of(NOW_MS) - 24
    for hour in (gone, kept):
        store._hours["h", hour] = {}
    store.fetch_cell(("h", kept + 1, ""))
    assert set(store._hours) == {("h", kept), ("h", kept + 1)}


def test_the_worker_forgets_old_cells_every_day_however_few_they_are() -> None:
    rollups = Rollups(lambda _place: {})
    old, new = START_MS - 93 * DAY_MS, START_MS + DAY_MS
    rollups.put_away(START_MS)
    for at_ms in (old, START_MS, new):
        rollups.add(Group("bell"), [Part(at_ms, "t_in", 1)])
    rollups.put_away(START_MS)
    assert {n for kind, n, _ in rollups._cells if kind == "h"} == {
        hour_of(at_ms) for at_ms in (old, START_MS, new)
    }  # fmt: skip
    rollups.put_away(START_MS + DAY_MS)
    assert {n for kind, n, _ in rollups._cells if kind == "h"} == {hour_of(new)}


# -- who is told -----------------------------------------------------------------------------


def told(world: World, *said: Said) -> Delta | None:
    """What others are told of a batch."""
    found: list[Delta | None] = []

    def look(picture: Picture) -> None:
        found.append(delta_of(0, picture, None, 0))

    done = pipeline.done
    pipeline.done = lambda picture: (look(picture), done(picture))[1]
    try:
        world.hear(*said)
    finally:
        pipeline.done = done
    return found[0]


def test_it_tells_which_days_before_today_have_changed() -> None:
    world = World().hear(registered(), beat(ts=0))
    today = day_of(START_MS)
    days_ago = [incident(f"I-{n}", ts=-n * 86_400) for n in (1, 3, 3, 2)]
    delta = told(world, beat(ts=1), *days_ago)
    assert delta is not None and delta.days == [today - 3, today - 2, today - 1]
    delta = told(world, incident("I-9", ts=0))
    assert delta is not None and delta.days == []


def test_it_tells_a_changed_day_when_nothing_else_is_to_be_told() -> None:
    midnight_s = ((day_of(START_MS) + 1) * DAY_MS - 9 * HOUR_MS - START_MS) // 1000
    world = World().hear(registered(), registered("D-9", "env"))
    world.arrived = midnight_s * 1000
    world.hear(beat("D-9", midnight_s - 90), beat(ts=midnight_s - 90))
    world.hear(beat(ts=midnight_s - 20, state="fault"), beat("D-9", midnight_s + 10))
    delta = told(world, beat("D-9", midnight_s + 50))  # now the fault of yesterday is settled
    assert delta is not None and (delta.devices, delta.days) == ([], [day_of(START_MS)])
    assert told(world, beat("D-9", midnight_s + 55)) is None


def test_it_is_brief_while_history_is_written() -> None:
    world, today = World(), day_of(START_MS)
    names = [registered(f"D-{n}", ts=0) for n in range(50)]
    delta = told(world, *names, *(beat(f"D-{n % 50}", ts=n * 60) for n in range(2_000)))
    assert delta is not None and len(delta.days) <= 2
    delta = told(world, *(counted(f"F-{n}", ts=n * 900) for n in range(150)))
    assert delta is not None and set(delta.days) <= {today, today + 1}
