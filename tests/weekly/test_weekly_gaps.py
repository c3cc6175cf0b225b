"""Data that are missing from a week: what is a gap, what is a fault, and what nobody can know."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from dashboard.kpis.choice import Period
from dashboard.kpis.facts import Facts
from dashboard.stream.rollups import DAY_MS, HOUR_MS, Group
from dashboard.weekly.gaps import MOST, gaps_of
from dashboard.weekly.summary import Gap
from tests.kpis.facts_builder import BELL, FEED, LIGHT, START_MS, Sums, facts, states
from tests.kpis.recount.answers import Cut, known
from tests.kpis.recount.room import room
from tests.weekly.recounted import WEEKS, borders

MINUTE_MS = 60_000
FINE: Sums = {BELL: states(up=100), LIGHT: states(up=400)}


def a_day(n: int = 0, sums: Sums | None = None, feeds: int = 1, **more: Any) -> Facts:
    """The n-th day of the week; FINE but for what is named."""
    period = Period(START_MS + n * DAY_MS, START_MS + (n + 1) * DAY_MS)
    found = facts(FINE | (sums or {}), period, START_MS + 7 * DAY_MS)
    return replace(found, feeds=feeds, **more)


def gaps(*days: Facts) -> tuple[Gap, ...]:
    return gaps_of(days)


def silence(minutes: float, feeds: int = 1) -> Sums:
    ms = minutes * MINUTE_MS
    return {FEED: {"pause_ms": ms * feeds}}


# -- devices -------------------------------------------------------------------------------------


def test_a_kind_of_which_more_than_a_tenth_was_not_heard_is_a_gap() -> None:
    assert gaps(a_day(2, {BELL: states(up=80, fault=9.9, unknown=6, offline=4.1)})) == (
        Gap("devices", "2026-11-04", "bell", 0.101, round(10.1 * DAY_MS)),
    )
    assert gaps(a_day(2, {BELL: states(up=80, fault=10, unknown=6, offline=4)})) == ()


def test_what_is_planned_out_of_service_is_not_missed() -> None:
    assert gaps(a_day(0, {BELL: states(up=50, out=50)})) == ()


def test_one_or_two_of_a_few_are_a_fault_and_half_of_them_are_a_gap() -> None:
    assert gaps(a_day(0, {BELL: states(up=8, offline=2)})) == ()
    assert [gap.share for gap in gaps(a_day(0, {BELL: states(up=7, offline=3)}))] == [0.3]
    assert [gap.share for gap in gaps(a_day(0, {BELL: states(up=1, offline=1)}))] == [0.5]


def test_kinds_are_judged_each_by_itself() -> None:
    kinds = [gap.kind for gap in gaps(a_day(0, {BELL: states(up=50, unknown=50)}))]
    assert kinds == ["bell"]


# -- the feed ------------------------------------------------------------------------------------


def test_a_feed_that_is_silent_for_more_than_five_minutes_is_a_gap() -> None:
    assert gaps(a_day(1, silence(5))) == ()
    assert gaps(a_day(1, silence(72))) == (Gap("feed", "2026-11-03", "", 0.05, 72 * MINUTE_MS),)


def test_of_several_feeds_the_mean_is_told() -> None:
    assert [gap.ms for gap in gaps(a_day(0, silence(60, feeds=4), feeds=4))] == [60 * MINUTE_MS]


def test_what_a_silent_feed_took_with_it_is_told_once() -> None:
    took = {**silence(6 * 60), BELL: states(up=70, unknown=30), LIGHT: states(up=256, unknown=144)}
    found = gaps(a_day(0, took))
    assert [(gap.what, gap.kind, gap.share) for gap in found] == [
        ("devices", "light", 0.36), ("feed", "", 0.25)]  # fmt: skip
    dead = {**silence(24 * 60), BELL: states(unknown=100), LIGHT: states(unknown=400)}
    assert [gap.what for gap in gaps(a_day(0, dead))] == ["feed"]


# -- days ----------------------------------------------------------------------------------------


def test_days_before_anything_was_counted_and_days_to_come_are_no_gaps() -> None:
    begun = START_MS + 2 * DAY_MS
    before = [a_day(n, {BELL: {}, LIGHT: {}}, first_ms=begun) for n in (0, 1)]
    to_come = a_day(5, {BELL: {}, LIGHT: {}}, now_ms=START_MS + 4 * DAY_MS)
    assert gaps(*before, a_day(2, first_ms=begun), to_come) == ()


def test_a_day_in_progress_is_judged_by_what_there_is_of_it() -> None:
    now_ms = START_MS + 6 * HOUR_MS
    one = a_day(0, {**silence(36), BELL: states(up=19, unknown=6), LIGHT: states(up=100)},
                now_ms=now_ms)  # fmt: skip
    assert [(gap.what, gap.share) for gap in gaps(one)] == [("devices", 0.24), ("feed", 0.1)]


def test_a_day_of_which_everything_is_lost_is_a_gap_of_every_kind() -> None:
    lost = a_day(3, {BELL: {}, LIGHT: {}})
    assert gaps(a_day(2), lost) == (
        Gap("devices", "2026-11-05", "bell", 1.0, 0),
        Gap("devices", "2026-11-05", "light", 1.0, 0),
    )


def test_a_kind_that_there_was_not_yet_is_none() -> None:
    assert gaps(a_day(2, {BELL: {}}), a_day(3)) == ()


def test_the_worst_come_first_and_no_more_than_can_be_read() -> None:
    kinds = ("bell", "light", "cctv", "env")
    days = [
        a_day(n, {Group(kind, "z1"): states(up=100, unknown=20 + 7 * n + k)
                  for k, kind in enumerate(kinds)} | {BELL: {}, LIGHT: {}})
        for n in range(7)
    ]  # fmt: skip
    found = gaps(*days)
    assert len(found) == MOST
    assert [gap.share for gap in found] == sorted((gap.share for gap in found), reverse=True)
    assert (found[0].day, found[0].kind) == ("2026-11-08", "env")


@pytest.mark.parametrize("word", [word for word in WEEKS if word != "2027-W01"])
@pytest.mark.parametrize("dead_share", [0.0, 0.2])
def test_it_agrees_with_a_recount_from_raw_messages(word: str, dead_share: float) -> None:
    control_room = room(dead_share)
    everything = known(control_room.frontier_ms, dead_share)
    starts = range(borders(word)[0], borders(word)[1], DAY_MS)
    found = gaps_of([control_room.facts(start, start + DAY_MS) for start in starts])
    expected = [gap for start in starts for gap in recounted(everything, start)]
    expected.sort(key=lambda gap: gap.share, reverse=True)
    assert sorted(found, key=str) == sorted(expected[:MOST], key=str)
    assert len(expected) > 5 or not dead_share or word < "2026-W52"


def recounted(everything: Any, start: int) -> list[Gap]:
    cut = Cut(everything, start, start + DAY_MS)
    day = pd.Timestamp(start, unit="ms", tz="Asia/Seoul").date().isoformat()
    paused = sum(max(0, min(b, cut.end_ms) - max(a, start)) for a, b in everything.pauses)
    found = []
    if paused > 300_000:
        found.append(Gap("feed", day, "", round(paused / cut.ms, 4), round(paused / 1000) * 1000))
    for kind in sorted(set(cut.spans["kind"])):
        planned, missing = cut.time(0, 2, 3, 4, kinds=(kind,)), cut.time(2, 3, kinds=(kind,))
        if not planned:
            continue
        more = missing - planned * paused / cut.ms
        if more / planned > 0.1 and (more >= 3 * cut.ms or more / planned >= 0.5):
            ms = round(missing / 1000) * 1000
            found.append(Gap("devices", day, kind, round(missing / planned, 4), ms))
    return found
