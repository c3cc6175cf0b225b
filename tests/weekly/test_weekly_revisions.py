"""When a sealed week is sealed again, and when it is not."""

from __future__ import annotations

import msgspec
import pytest
import redis

from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.weekly import seal
from dashboard.weekly.summary import Summary
from dashboard.weekly.week import Week
from data_sources import keys
from data_sources.weekly import sealing
from data_sources.weekly.sealing import is_other
from tests.builders import rfc3339
from tests.facts.fact_room import take_in
from tests.live_room import LiveRoom, wait_until
from tests.weekly.summaries import a_row, a_summary
from tests.weekly.week_room import (
    BEGIN_MS,
    END_MS,
    OVER,
    RUNNING,
    THREE,
    an_incident,
    beat_at,
    find,
    kept,
    messages,
    press,
    seal_until,
    tell,
    turns,
    until,
    words,
)

# -- again ---------------------------------------------------------------------------------------


def test_a_late_revision_of_an_incident_opens_a_revision_that_names_what_changed(
    town_room: LiveRoom, redis_client: redis.Redis
) -> None:
    before = {one.summary.week: one for one in seal_until(town_room, 3)}
    at = OVER[1].from_ms + 3 * DAY_MS + 4 * HOUR_MS
    tell(redis_client, [(at, "incidents", an_incident("I-late", at, category="sexual"))])
    take_in(redis_client)
    found = seal_until(town_room, 1)
    assert words(found) == [(OVER[1].word, 2)]
    changed = {one.path: (one.before, one.after) for one in found[0].changed}
    n = before[OVER[1].word].summary.row("incidents_sexual").week.value
    assert changed["rows/incidents_sexual/week/value"] == (f"{n}", f"{n + 1}")
    assert changed["rows/incidents/week/n"] == ("28", "29")
    assert "rows/incidents_violence/week/value" not in changed and "code" not in changed
    assert turns(town_room) == []  # those it is held against are no other weeks for it
    assert kept(redis_client, OVER[1]) == before[OVER[1].word]  # the first one stays as it was
    assert find(town_room, OVER[1], 1).summary == before[OVER[1].word].summary
    assert find(town_room, OVER[1]).summary.row("incidents").week.value == 29
    lines = {line.week: line.revision for line in town_room.run(town_room.sources.weekly.archive())}
    assert lines[OVER[1].word] == 2 and lines[OVER[2].word] == 1


def test_a_revised_category_moves_from_one_row_to_the_other(
    town_room: LiveRoom, redis_client: redis.Redis
) -> None:
    first = seal_until(town_room, 3)[2].summary
    said = messages(BEGIN_MS, END_MS)
    at, known = next((t, m) for t, s, m in said if s == "incidents" and t >= OVER[2].from_ms)
    tell(redis_client, [(at, "incidents", {**known, "rev": 2, "category": "traffic"})])
    take_in(redis_client)
    found = seal_until(town_room, 1)[0]
    assert found.summary.row("incidents_other").week.value == 1
    total = [s.row("incidents").week.value for s in (first, found.summary)]
    assert total[0] == total[1]


def test_a_week_that_nothing_touched_has_the_same_hash_a_turn_later(
    town_room: LiveRoom, redis_client: redis.Redis
) -> None:
    found = seal_until(town_room, 3)
    tell(redis_client, until(END_MS, END_MS + DAY_MS))
    take_in(redis_client)
    assert turns(town_room) == []
    for one in found:
        again = town_room.run(town_room.sources.weekly.work_out(Week.of(one.summary.week)))
        assert seal.hash_of(again) == one.hash


def test_a_device_that_moves_or_is_retired_opens_no_revision(
    town_room: LiveRoom, redis_client: redis.Redis
) -> None:
    seal_until(town_room, 3)
    moved = {
        "device_id": "W-2", "ts": rfc3339(END_MS), "kind": "bell", "lon": 126.80, "lat": 37.65,
        "zone": "4128551000", "route_id": "R-02", "vendor": "Maru", "heartbeat_s": 60,
    }  # fmt: skip
    gone = {**moved, "device_id": "W-3", "kind": "cctv", "retired": True}
    said = [(END_MS, "registry", one) for one in (moved, gone)]
    tell(redis_client, [*said, beat_at(END_MS + 120_000)])
    take_in(redis_client)
    devices = town_room.sources.city.devices
    wait_until(lambda: devices.registrations[devices.index["W-2"]].route_id == "R-02")
    assert turns(town_room) == []


def test_a_verdict_that_comes_days_later_opens_no_revision(
    town_room: LiveRoom, redis_client: redis.Redis
) -> None:
    """The alert itself does, when it is told of late."""
    seal_until(town_room, 3)
    raised, judged = press(OVER[2].to_ms - HOUR_MS, "late"), END_MS + HOUR_MS
    tell(redis_client, [raised[0], beat_at(END_MS)])
    take_in(redis_client)
    found = seal_until(town_room, 1)
    assert words(found) == [(OVER[2].word, 2)]
    parts = found[0].summary.row("bell_presses").week.parts
    late = [(judged, s, {**m, "ts": rfc3339(judged)}) for _, s, m in raised[1:]]
    tell(redis_client, [*late, beat_at(judged + 120_000)])
    take_in(redis_client)
    assert turns(town_room) == []
    again = town_room.run(town_room.sources.weekly.work_out(OVER[2]))
    assert again.row("bell_presses").week.parts == parts


def test_another_source_opens_a_revision_only_where_figures_differ(
    town_room: LiveRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal_until(town_room, 3)
    monkeypatch.setattr(seal, "code_version", lambda: "0123456789ab")
    assert turns(town_room) == []
    sealer = town_room.sources.weekly._sealer
    work_out = sealer._work_out

    async def other(week: Week) -> Summary:
        summary = await work_out(week)
        rows = {"incidents": a_row("incidents", 7.0)} if week == OVER[0] else {}
        told = tuple(rows.get(row.key, row) for row in summary.rows)
        return msgspec.structs.replace(summary, rows=told)

    monkeypatch.setattr(sealer, "_work_out", other)
    found = turns(town_room)
    assert words(found) == [(OVER[0].word, 2)]
    assert (found[0].code, found[0].changed[0].path) == ("0123456789ab", "code")


def test_an_empty_week_is_sealed_and_tells_of_nothing(
    town_room: LiveRoom, redis_client: redis.Redis
) -> None:
    """Not a word in two weeks; then one device speaks."""
    seal_until(town_room, 3)
    empty = RUNNING.plus(1)
    tell(redis_client, [beat_at(empty.settled_ms + HOUR_MS)])
    take_in(redis_client)
    found = seal_until(town_room, 2)
    assert words(found) == [(RUNNING.word, 1), (empty.word, 1)]
    summary = found[1].summary
    assert summary.coverage == 0.0 and summary.inputs.incidents == 0
    assert summary.row("availability").week.coverage == 0.0 and len(summary.said) == 3


# -- trouble -------------------------------------------------------------------------------------


def test_a_broken_seal_is_refused_left_as_it_is_and_in_nobodys_way(
    town_room: LiveRoom, redis_client: redis.Redis
) -> None:
    seal_until(town_room, 3)
    text = redis_client.hget(keys.week(OVER[0].word), "1").replace(
        b'"incidents":19', b'"incidents":18'
    )
    redis_client.hset(keys.week(OVER[0].word), "1", text)
    at = [week.from_ms + 3 * DAY_MS for week in OVER]
    tell(redis_client, [(t, "incidents", an_incident(f"I-late-{t}", t)) for t in at])
    take_in(redis_client)
    assert sorted(words(seal_until(town_room, 2))) == [(week.word, 2) for week in OVER[1:]]
    assert redis_client.hgetall(keys.week(OVER[0].word)) == {b"1": text}
    with pytest.raises(Exception, match=r"weekly\.broken_seal"):
        find(town_room, OVER[0])


def test_a_week_that_cannot_be_worked_out_keeps_no_other_from_being_sealed(
    town_room: LiveRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealer = town_room.sources.weekly._sealer
    work_out, tried = sealer._work_out, []

    async def failing(week: Week) -> Summary:
        tried.append(week)
        if week == OVER[0]:
            raise ZeroDivisionError
        return await work_out(week)

    monkeypatch.setattr(sealer, "_work_out", failing)
    assert words(seal_until(town_room, 2)) == THREE[1:]
    assert turns(town_room, 2) == [] and tried.count(OVER[0]) == 1
    monkeypatch.setattr(sealing, "AFTER_ERROR_MS", 0)
    monkeypatch.setattr(sealer, "_work_out", work_out)
    assert words(seal_until(town_room, 1)) == THREE[:1]


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
