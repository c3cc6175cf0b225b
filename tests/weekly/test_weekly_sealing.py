"""When a week is sealed, and when it is sealed again."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import redis

from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.weekly import seal
from dashboard.weekly.summary import Sealed, Summary
from dashboard.weekly.week import Week
from data_sources import keys
from data_sources.weekly import sealing
from data_sources.weekly.sealing import is_other
from tests.builders import rfc3339
from tests.facts.fact_room import hurry, take_in
from tests.live_room import LiveRoom, wait_until
from tests.weekly.summaries import a_row, a_summary
from tests.weekly.week_room import (
    BEGIN_MS,
    END_MS,
    FIRST,
    KINDS,
    OVER,
    Town,
    an_incident,
    messages,
    process,
    put,
    seal_due,
    seal_until,
    taken_in,
    tell,
    words,
)

THREE = [(week.word, 1) for week in OVER]
RUNNING = FIRST.plus(3)
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return taken_in(tmp_path_factory.mktemp("town"))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is looked at in every turn, and nothing is told from memory."""
    hurry(monkeypatch)
    monkeypatch.setattr("data_sources.facts.workroom.FRESH_MS", 0)
    monkeypatch.setattr(sealing, "REST_S", 0.0)
    for name in ("NEWEST_EVERY_MS", "YEAR_EVERY_MS"):
        monkeypatch.setattr(sealing, name, 0)


@pytest.fixture
def room(redis_client: redis.Redis, redis_url: str, town: Town) -> Iterator[LiveRoom]:
    put(redis_client, town)
    with process(redis_url) as room:
        yield room


def find(room: LiveRoom, week: Week, revision: int = 0) -> Any:
    return room.run(room.sources.weekly.find(week, revision))


def kept(client: redis.Redis, week: Week, revision: int = 1) -> Sealed:
    return msgspec.json.decode(client.hget(keys.week(week.word), str(revision)), type=Sealed)


def turns(room: LiveRoom, number: int = 3) -> list[Sealed]:
    """What so many turns seal, with news taken in before each."""
    found: list[Sealed] = []
    for _ in range(number):
        before = room.sources.kpis.edition
        wait_until(lambda before=before: room.sources.kpis.edition > before)
        found += seal_due(room)
    return found


# -- once ----------------------------------------------------------------------------------------


def test_weeks_that_are_over_are_sealed_once_the_oldest_first(
    room: LiveRoom, redis_client: redis.Redis
) -> None:
    assert words(seal_until(room, 3)) == THREE
    assert turns(room) == []
    assert [redis_client.hlen(keys.week(week.word)) for week in (*OVER, RUNNING)] == [1, 1, 1, 0]
    shown = find(room, OVER[2])
    one = shown.sealed
    assert (shown.revisions, one.revision, one.changed) == (1, 1, ())
    assert one.hash == seal.hash_of(one.summary) and one.code == seal.code_version()
    assert one.seen_ms == room.sources.city.watermark_ms and one.summary.complete
    newest = room.run(room.sources.weekly.newest_sealed())
    assert newest == one


def test_the_first_week_says_from_which_day_it_is_known_and_before_it_nobody_knows(
    room: LiveRoom,
) -> None:
    first = seal_until(room, 3)[0].summary
    wednesday = (FIRST.monday + timedelta(days=2)).isoformat()
    assert first.inputs.counted_from == first.row("availability").week.since == wednesday
    lines = room.run(room.sources.weekly.archive())
    assert [line.week for line in lines] == [RUNNING.word, *(w.word for w in reversed(OVER))]
    assert [(line.revision, line.complete) for line in lines] == [(0, False), *[(1, True)] * 3]
    for week in (FIRST.plus(-1), RUNNING.plus(1)):
        with pytest.raises(Exception, match=r"weekly\.(unknown_week|to_come)"):
            find(room, week)


def test_a_week_in_progress_is_provisional(room: LiveRoom) -> None:
    seal_until(room, 3)
    shown = find(room, RUNNING)
    assert shown.sealed is None and shown.revisions == 0 and not shown.summary.complete
    frontier_ms = room.sources.kpis.now_ms()
    assert RUNNING.from_ms < shown.summary.known_to_ms == frontier_ms < END_MS


def test_two_processes_that_seal_at_once_write_every_revision_once(
    room: LiveRoom, redis_client: redis.Redis, redis_url: str
) -> None:
    with process(redis_url) as other, ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda one: seal_until(one, 0) + seal_due(one), (room, other)))
        told = words(found[0]) + words(found[1])
        assert sorted(told) == THREE
        assert turns(room) + turns(other) == []
    assert [redis_client.hlen(keys.week(week.word)) for week in OVER] == [1, 1, 1]


def test_of_two_that_worked_it_out_at_the_same_time_one_writes(
    room: LiveRoom, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have read that there is no revision before either writes."""
    with process(redis_url) as other:
        books = [one.sources.weekly.book for one in (room, other)]
        ready: list[int] = []
        for book in books:
            monkeypatch.setattr(book, "append", _together(book.append, ready))
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda one: words(seal_due(one)), (room, other)))
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
    room: LiveRoom, redis_client: redis.Redis
) -> None:
    """However late it is by the clock: with a dead feed it stays provisional."""
    seal_until(room, 3)
    before = RUNNING.settled_ms - 2 * HOUR_MS
    tell(redis_client, until(END_MS, before))
    take_in(redis_client)
    assert turns(room) == [] and find(room, RUNNING).sealed is None
    tell(redis_client, [beat_at(before), beat_at(RUNNING.settled_ms + 61_000)])
    take_in(redis_client)
    assert words(seal_until(room, 1)) == [(RUNNING.word, 1)]


def until(from_ms: int, to_ms: int) -> list[Any]:
    said = messages(from_ms, to_ms)
    return [one for one in said if one[1] != "registry"] + [beat_at(to_ms)]


def beat_at(at_ms: int) -> Any:
    return at_ms, "status", {"device_id": "W-1", "ts": rfc3339(at_ms), "state": "ok"}


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
    room: LiveRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = room.sources.kpis._store
    monkeypatch.setattr("data_sources.facts.store.HURRY_MS", 10**9)
    day = (OVER[1].from_ms + 9 * HOUR_MS) // DAY_MS
    store._changed = {0: {day}}
    assert words(seal_due(room)) == THREE[:1]  # the other two lie after the day that waits
    store._changed = {}
    assert words(seal_until(room, 2)) == THREE[1:]


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


# -- again ---------------------------------------------------------------------------------------


def test_a_late_revision_of_an_incident_opens_a_revision_that_names_what_changed(
    room: LiveRoom, redis_client: redis.Redis
) -> None:
    before = {one.summary.week: one for one in seal_until(room, 3)}
    at = OVER[1].from_ms + 3 * DAY_MS + 4 * HOUR_MS
    tell(redis_client, [(at, "incidents", an_incident("I-late", at, category="sexual"))])
    take_in(redis_client)
    found = seal_until(room, 1)
    assert words(found) == [(OVER[1].word, 2)]
    changed = {one.path: (one.before, one.after) for one in found[0].changed}
    n = before[OVER[1].word].summary.row("incidents_sexual").week.value
    assert changed["rows/incidents_sexual/week/value"] == (f"{n}", f"{n + 1}")
    assert changed["rows/incidents/week/n"] == ("28", "29")
    assert "rows/incidents_violence/week/value" not in changed and "code" not in changed
    assert turns(room) == []  # those it is held against are no other weeks for it
    assert kept(redis_client, OVER[1]) == before[OVER[1].word]  # the first one stays as it was
    assert find(room, OVER[1], 1).summary == before[OVER[1].word].summary
    assert find(room, OVER[1]).summary.row("incidents").week.value == 29
    lines = {line.week: line.revision for line in room.run(room.sources.weekly.archive())}
    assert lines[OVER[1].word] == 2 and lines[OVER[2].word] == 1


def test_a_revised_category_moves_from_one_row_to_the_other(
    room: LiveRoom, redis_client: redis.Redis
) -> None:
    first = seal_until(room, 3)[2].summary
    said = messages(BEGIN_MS, END_MS)
    at, known = next((t, m) for t, s, m in said if s == "incidents" and t >= OVER[2].from_ms)
    tell(redis_client, [(at, "incidents", {**known, "rev": 2, "category": "traffic"})])
    take_in(redis_client)
    found = seal_until(room, 1)[0]
    assert found.summary.row("incidents_other").week.value == 1
    total = [s.row("incidents").week.value for s in (first, found.summary)]
    assert total[0] == total[1]


def test_a_week_that_nothing_touched_has_the_same_hash_a_turn_later(
    room: LiveRoom, redis_client: redis.Redis
) -> None:
    found = seal_until(room, 3)
    tell(redis_client, until(END_MS, END_MS + DAY_MS))
    take_in(redis_client)
    assert turns(room) == []
    for one in found:
        again = room.run(room.sources.weekly.work_out(Week.of(one.summary.week)))
        assert seal.hash_of(again) == one.hash


def test_a_device_that_moves_opens_no_revision(room: LiveRoom, redis_client: redis.Redis) -> None:
    seal_until(room, 3)
    moved = {
        "device_id": "W-2", "ts": rfc3339(END_MS), "kind": "bell", "lon": 126.80, "lat": 37.65,
        "zone": "4128551000", "route_id": "R-02", "vendor": "Maru", "heartbeat_s": 60,
    }  # fmt: skip
    tell(redis_client, [(END_MS, "registry", moved), beat_at(END_MS + 120_000)])
    take_in(redis_client)
    devices = room.sources.city.devices
    wait_until(lambda: devices.registrations[devices.index["W-2"]].route_id == "R-02")
    assert turns(room) == []


def test_another_source_opens_a_revision_only_where_figures_differ(
    room: LiveRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal_until(room, 3)
    monkeypatch.setattr(seal, "code_version", lambda: "0123456789ab")
    assert turns(room) == []
    sealer = room.sources.weekly._sealer
    work_out = sealer._work_out

    async def other(week: Week) -> Summary:
        summary = await work_out(week)
        rows = {"incidents": a_row("incidents", 7.0)} if week == OVER[0] else {}
        told = tuple(rows.get(row.key, row) for row in summary.rows)
        return msgspec.structs.replace(summary, rows=told)

    monkeypatch.setattr(sealer, "_work_out", other)
    found = turns(room)
    assert words(found) == [(OVER[0].word, 2)]
    assert (found[0].code, found[0].changed[0].path) == ("0123456789ab", "code")


def test_an_empty_week_is_sealed_and_tells_of_nothing(
    room: LiveRoom, redis_client: redis.Redis
) -> None:
    """Not a word in two weeks; then one device speaks."""
    seal_until(room, 3)
    empty = RUNNING.plus(1)
    tell(redis_client, [beat_at(empty.settled_ms + HOUR_MS)])
    take_in(redis_client)
    found = seal_until(room, 2)
    assert words(found) == [(RUNNING.word, 1), (empty.word, 1)]
    summary = found[1].summary
    assert summary.coverage == 0.0 and summary.inputs.incidents == 0
    assert summary.row("availability").week.coverage == 0.0 and len(summary.said) == 3


# -- trouble -------------------------------------------------------------------------------------


def test_a_broken_seal_is_refused_left_as_it_is_and_in_nobodys_way(
    room: LiveRoom, redis_client: redis.Redis
) -> None:
    seal_until(room, 3)
    text = redis_client.hget(keys.week(OVER[0].word), "1").replace(
        b'"incidents":19', b'"incidents":18'
    )
    redis_client.hset(keys.week(OVER[0].word), "1", text)
    at = [week.from_ms + 3 * DAY_MS for week in OVER]
    tell(redis_client, [(t, "incidents", an_incident(f"I-late-{t}", t)) for t in at])
    take_in(redis_client)
    assert sorted(words(seal_until(room, 2))) == [(week.word, 2) for week in OVER[1:]]
    assert redis_client.hgetall(keys.week(OVER[0].word)) == {b"1": text}
    with pytest.raises(Exception, match=r"weekly\.broken_seal"):
        find(room, OVER[0])


def test_a_week_that_cannot_be_worked_out_keeps_no_other_from_being_sealed(
    room: LiveRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealer = room.sources.weekly._sealer
    work_out, tried = sealer._work_out, []

    async def failing(week: Week) -> Summary:
        tried.append(week)
        if week == OVER[0]:
            raise ZeroDivisionError
        return await work_out(week)

    monkeypatch.setattr(sealer, "_work_out", failing)
    assert words(seal_until(room, 2)) == THREE[1:]
    assert turns(room, 2) == [] and tried.count(OVER[0]) == 1
    monkeypatch.setattr(sealing, "AFTER_ERROR_MS", 0)
    monkeypatch.setattr(sealer, "_work_out", work_out)
    assert words(seal_until(room, 1)) == THREE[:1]


def test_days_that_are_no_longer_kept_make_no_revision() -> None:
    def counted_from(day: str, value: float) -> Summary:
        summary = a_summary(rows={"incidents": a_row("incidents", value)})
        inputs = msgspec.structs.replace(summary.inputs, counted_from=day)
        return msgspec.structs.replace(summary, inputs=inputs)

    monday = Week.of("2026-W47").monday.isoformat()
    full = counted_from("2026-09-28", 40)
    assert is_other(full, counted_from("2026-09-28", 41))
    assert is_other(full, counted_from(monday, 41))  # older weeks are forgotten, not this one
    assert not is_other(full, counted_from("2026-11-17", 41))
    partly = counted_from("2026-11-18", 30)
    assert is_other(partly, counted_from("2026-11-18", 31))
    assert is_other(partly, counted_from("2026-11-17", 31))  # older days came in later
    assert not is_other(partly, counted_from("2026-11-19", 20))


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


def test_the_kinds_of_the_town_are_those_a_week_tells_of(room: LiveRoom) -> None:
    summary = seal_until(room, 3)[2].summary
    told = {row.key for row in summary.rows if row.week.value is not None}
    assert {f"availability_{kind}" for kind in KINDS.values()} <= told
