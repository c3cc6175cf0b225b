"""When a week is sealed: once, in one process, and not before all of it is known."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis

from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.weekly import seal
from dashboard.weekly.summary import Sealed
from data_sources import keys
from data_sources.weekly import sealing
from tests.facts.fact_room import take_in
from tests.live_room import LiveRoom
from tests.weekly.week_room import (
    BEGIN_MS,
    END_MS,
    FIRST,
    OVER,
    RUNNING,
    THREE,
    Town,
    beat_at,
    find,
    messages,
    process,
    put,
    seal_due,
    seal_until,
    tell,
    turns,
    until,
    words,
)

ROOT = Path(__file__).parent.parent.parent

# -- once ----------------------------------------------------------------------------------------


def test_weeks_that_are_over_are_sealed_once_the_oldest_first(
    town_room: LiveRoom, redis_client: redis.Redis
) -> None:
    assert words(seal_until(town_room, 3)) == THREE
    assert turns(town_room) == []
    assert [redis_client.hlen(keys.week(week.word)) for week in (*OVER, RUNNING)] == [1, 1, 1, 0]
    shown = find(town_room, OVER[2])
    one = shown.sealed
    assert (shown.revisions, one.revision, one.changed) == (1, 1, ())
    assert one.hash == seal.hash_of(one.summary) and one.code == seal.code_version()
    assert one.seen_ms == town_room.sources.city.watermark_ms and one.summary.complete
    newest = town_room.run(town_room.sources.weekly.book.lines())[0]
    assert (newest.week, newest.revision, newest.hash) == (OVER[2].word, 1, one.hash)


def test_the_first_week_says_from_which_day_it_is_known_and_before_it_nobody_knows(
    town_room: LiveRoom,
) -> None:
    first = seal_until(town_room, 3)[0].summary
    wednesday = (FIRST.monday + timedelta(days=2)).isoformat()
    assert first.inputs.counted_from == first.row("availability").week.since == wednesday
    lines = town_room.run(town_room.sources.weekly.archive())
    assert [line.week for line in lines] == [RUNNING.word, *(w.word for w in reversed(OVER))]
    assert [(line.revision, line.complete) for line in lines] == [(0, False), *[(1, True)] * 3]
    for week in (FIRST.plus(-1), RUNNING.plus(1)):
        with pytest.raises(Exception, match=r"weekly\.(unknown_week|to_come)"):
            find(town_room, week)


def test_a_week_in_progress_is_provisional(town_room: LiveRoom) -> None:
    seal_until(town_room, 3)
    shown = find(town_room, RUNNING)
    assert shown.sealed is None and shown.revisions == 0 and not shown.summary.complete
    frontier_ms = town_room.sources.kpis.now_ms()
    assert RUNNING.from_ms < shown.summary.known_to_ms == frontier_ms < END_MS


def test_two_processes_that_seal_at_once_write_every_revision_once(
    town_room: LiveRoom, redis_client: redis.Redis, redis_url: str
) -> None:
    with process(redis_url) as other, ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda one: seal_until(one, 0) + seal_due(one), (town_room, other)))
        told = words(found[0]) + words(found[1])
        assert sorted(told) == THREE
        assert turns(town_room) + turns(other) == []
    assert [redis_client.hlen(keys.week(week.word)) for week in OVER] == [1, 1, 1]


def test_of_two_that_worked_it_out_at_the_same_time_one_writes(
    town_room: LiveRoom, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have read that there is no revision before either writes."""
    with process(redis_url) as other:
        books = [one.sources.weekly.book for one in (town_room, other)]
        ready: list[int] = []
        for book in books:
            monkeypatch.setattr(book, "append", _together(book.append, ready))
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda one: words(seal_due(one)), (town_room, other)))
    assert sorted(found[0] + found[1]) == THREE


def _together(append: Any, ready: list[int]) -> Any:
    async def later(sealed: Sealed) -> bool:
        ready.append(1)
        for _ in range(100):
            if len(ready) % 2 == 0:
                break
            await asyncio.sleep(0.02)
        return bool(await append(sealed))

    return later


# -- not yet -------------------------------------------------------------------------------------


def test_a_week_is_sealed_when_the_feed_has_passed_six_on_monday_and_not_before(
    town_room: LiveRoom, redis_client: redis.Redis
) -> None:
    """However late it is by the clock: with a dead feed it stays provisional."""
    seal_until(town_room, 3)
    before = RUNNING.settled_ms - 2 * HOUR_MS
    tell(redis_client, until(END_MS, before))
    take_in(redis_client)
    assert turns(town_room) == [] and find(town_room, RUNNING).sealed is None
    tell(redis_client, [beat_at(before), beat_at(RUNNING.settled_ms + 61_000)])
    take_in(redis_client)
    assert words(seal_until(town_room, 1)) == [(RUNNING.word, 1)]


@pytest.mark.usefixtures("at_once")
def test_nothing_is_sealed_while_history_is_being_written(
    redis_client: redis.Redis, redis_url: str, town: Town
) -> None:
    put(redis_client, town)
    redis_client.set(keys.SIM_PROGRESS, json.dumps({"phase": "history", "done": 0.5}))
    with process(redis_url) as room:
        assert seal_due(room) == []
        redis_client.set(keys.SIM_PROGRESS, json.dumps({"phase": "live", "done": 1.0}))
        found = seal_until(room, 3)
    assert words(found) == THREE and all(one.summary.simulated for one in found)


def test_nothing_is_sealed_before_what_is_known_of_its_time_was_taken_in(
    town_room: LiveRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = town_room.sources.kpis._store
    monkeypatch.setattr("data_sources.facts.store.HURRY_MS", 10**9)
    day = (OVER[1].from_ms + 9 * HOUR_MS) // DAY_MS
    store._changed = {0: {day}}
    assert words(seal_due(town_room)) == THREE[:1]  # the other two lie after the day that waits
    store._changed = {}
    assert words(seal_until(town_room, 2)) == THREE[1:]


@pytest.mark.usefixtures("at_once")
def test_a_part_of_the_city_that_is_behind_is_waited_for_and_not_for_ever(
    redis_client: redis.Redis, redis_url: str, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other half speaks again when the weeks are sealed: revisions have its time."""
    put(redis_client, town)
    dead_ms = OVER[1].to_ms + 20 * HOUR_MS
    other_half(redis_client, messages(BEGIN_MS, dead_ms))
    with process(redis_url, partitions=2) as room:
        assert words(seal_until(room, 2)) == THREE[:2] and turns(room) == []
        monkeypatch.setattr(sealing, "PATIENCE_MS", 0)
        found = seal_until(room, 1)
        assert words(found) == THREE[2:] and found[0].summary.coverage < 0.6
        other_half(redis_client, until(dead_ms, END_MS))
        again = seal_until(room, 1)[-1]
    assert words([again]) == [(OVER[2].word, 2)] and again.summary.coverage > 0.9
    assert again.changed[0].path == "coverage"


def other_half(client: redis.Redis, said: list[Any]) -> None:
    devices = [one for one in said if one[1] in ("registry", "status")]
    tell(client, [(t, s, {**m, "device_id": f"X{m['device_id']}"}) for t, s, m in devices], p=1)
    take_in(client, partitions=2)


# -- the same everywhere -------------------------------------------------------------------------


def test_another_process_works_out_the_same_hash_in_whatever_order_messages_came(
    tmp_path: Path,
) -> None:
    """Other hash seed, place, language, and order of arrival."""
    places = [
        {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "77", "TZ": "America/Los_Angeles", "LC_ALL": "ko_KR.UTF-8"},
    ]
    them = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.weekly.hash_of_weeks", str(tmp_path / str(n)), str(n)],
            cwd=ROOT, env=os.environ | place, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )
        for n, place in enumerate(places)
    ]  # fmt: skip
    told = [one.communicate(timeout=120)[0].decode().split() for one in them]
    assert told[0] == told[1] and len(told[0]) == 2 * len(OVER)
    assert told[0][::2] == [week.word for week in OVER]
