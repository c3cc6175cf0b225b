"""Which windows a choice asks for, and what is compared with what."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from dashboard.kpis.choice import Choice, Period, named, period_of, start_of
from dashboard.kpis.cube import Cube, pack
from dashboard.kpis.gather import Known, Material, gather, plan_of, usual_windows, without_edges
from dashboard.kpis.report import pieces_of
from dashboard.kpis.tables import Tables, inspections_of, numbers_of
from dashboard.stream.rollups import DAY_MS, HOUR_MS, Group, day_of

WEEK_MS = 7 * DAY_MS
NOW = start_of(date(2026, 11, 25)) + 10 * HOUR_MS + 1_234
FIRST = day_of(start_of(date(2026, 9, 1)))


def known(first: int | None = FIRST, hours_days: int = 92) -> Known:
    return Known(NOW, first, NOW - hours_days * DAY_MS)


def plan(word: str, first: int | None = FIRST, hours_days: int = 92):
    period = period_of({"period": word}, NOW)
    return plan_of(Choice(period), pieces_of(period, NOW), known(first, hours_days))


def material(days: range) -> Material:
    """One device that counts a person an hour, well all the time, up to the frontier."""
    tables, cube = Tables(lambda _: None), Cube()
    number = tables.groups.number_of(Group("counter", "z"))
    for day in days:
        whole = min(DAY_MS, NOW - (start_of(date(1970, 1, 1)) + day * DAY_MS))
        cell = {number: {"s0": whole, "t_ms": whole, "t_in": 24 * (day - days.start + 1)}}
        cube.put(day, 0, pack([cell], [number]))
    hours = {hour: pack([{number: {"s0": HOUR_MS, "t_in": 1}}], [number])
             for hour in range(NOW // HOUR_MS - 24 * 70, NOW // HOUR_MS)}  # fmt: skip
    inspections = inspections_of([], numbers_of([], tables.groups), {})
    return Material(cube, tables.snapshot(), inspections, hours)


def test_the_usual_weeks_of_a_period_in_progress_end_at_the_same_moment_of_the_week() -> None:
    today = period_of({"period": "today"}, NOW)
    windows = usual_windows(today, NOW)
    assert len(windows) == 8
    for weeks, (start, end) in enumerate(windows, 1):
        assert start == today.from_ms - weeks * WEEK_MS and end == NOW - weeks * WEEK_MS
    over = usual_windows(named("2026-10"), NOW)
    assert over[0] == tuple(
        at - WEEK_MS for at in (named("2026-10").from_ms, named("2026-10").to_ms)
    )


def test_only_what_is_known_is_compared() -> None:
    of_october = plan("2026-10")
    assert of_october.periods[1] == named("2026-09") and of_october.periods[2] is None
    assert plan("2026-09").periods[1] is None
    assert plan("2026-10", first=None).periods[1:3] == (None, None)
    assert [week is not None for week in plan("28d").usual] == [True] * 8
    assert [week is not None for week in plan("2026-10").usual] == [True] * 4 + [False] * 4
    assert not any(plan("28d", first=None).usual)


def test_weeks_whose_hours_are_gone_are_not_told() -> None:
    weeks = [week is not None for week in plan("today", hours_days=30).usual]
    assert weeks == [True] * 4 + [False] * 4
    assert [week is not None for week in plan("28d", hours_days=1).usual] == [True] * 8


def test_whole_days_need_no_hours_and_a_period_in_progress_those_of_its_weeks_alone() -> None:
    assert plan("28d").hours == set() and plan("2026-10").hours == set()
    today, asked = period_of({"period": "today"}, NOW), plan("today")
    assert asked.hours and all(hour * HOUR_MS < today.to_ms for hour in asked.hours)
    kept = without_edges(asked)
    assert not any(kept.usual) and kept.choice is asked.choice
    assert kept.hours == {h for h in asked.hours if h * HOUR_MS >= today.from_ms}


def test_facts_of_a_period_in_progress_end_now_and_so_do_its_usual_weeks() -> None:
    facts = gather(plan("today"), material(range(FIRST, day_of(NOW) + 1))).facts
    assert facts.total("s0") == NOW - facts.period.from_ms and facts.end_ms == NOW
    assert facts.weeks_known == 8
    usual = facts.usual.sum(axis=(1, 2))
    elapsed = NOW - facts.period.from_ms
    assert facts.usual[:, 0, 0] == pytest.approx([elapsed] * 8, abs=1) and usual.all()


def test_pieces_make_up_the_period() -> None:
    for word in ("28d", "today", "2026-10", "week", "month", "year"):
        found = gather(plan(word), material(range(FIRST, day_of(NOW) + 1)))
        total = sum(piece.total("s0") for piece in found.pieces)
        # the hour in progress is not among the cells of this test
        assert 0 <= found.facts.total("s0") - total < HOUR_MS, word


@pytest.mark.parametrize(
    ("word", "before", "days"),
    [("2026-W45", "2026-W44", 7), ("2026-10", "2026-09", 30)],
)  # fmt: skip
def test_the_period_before_is_the_calendar_s(word: str, before: str, days: int) -> None:
    """Each day has more than the one before, so the sum tells which days they were."""
    found = gather(plan(word), material(range(FIRST, day_of(NOW) + 1)))
    assert found.previous is not None
    start = day_of(named(before).from_ms) - FIRST
    assert found.previous.total("t_in") == sum(24 * (start + n + 1) for n in range(days))


@pytest.mark.parametrize(
    ("word", "start"),
    [
        ("today", date(2026, 11, 24)),
        ("week", date(2026, 11, 16)),
        ("month", date(2026, 10, 1)),
        ("2026-11", date(2026, 10, 1)),
    ],
)
def test_a_period_in_progress_is_compared_up_to_the_same_time(word: str, start: date) -> None:
    found = gather(plan(word), material(range(FIRST, day_of(NOW) + 1)))
    assert found.previous is not None
    elapsed = NOW - found.facts.period.from_ms
    assert found.previous.period == Period(start_of(start), start_of(start) + elapsed)
    assert found.previous.total("s0") == pytest.approx(elapsed, abs=1)


def test_a_year_ago_without_its_hours_ends_at_midnight_or_is_left_out_of_a_short_period() -> None:
    long_ago = day_of(start_of(date(2024, 12, 1)))
    year_ago = plan("month", first=long_ago).periods[2]
    assert year_ago == Period(start_of(date(2025, 11, 1)), start_of(date(2025, 11, 25)))
    assert plan("today", first=long_ago).periods[2] is None
    week = plan("2026-W47", first=long_ago).periods[2]
    assert week == named("2025-W47")  # it is over


def test_a_choice_restricts_sums_and_tables_alike() -> None:
    found = material(range(FIRST, day_of(NOW) + 1))
    choice = Choice(
        Period(NOW // DAY_MS * DAY_MS - WEEK_MS, NOW // DAY_MS * DAY_MS), {"zone": "no"}
    )
    facts = gather(plan_of(choice, [], known()), found).facts
    assert not facts.sums.any() and not facts.usual.any() and not facts.mask.any()
    assert isinstance(facts.rounds, np.ndarray)
