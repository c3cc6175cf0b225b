"""Rows of the weekly table: what they tell of a week, and what they do not know yet."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.kpis.facts import CATEGORIES, VERDICTS, Facts
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.weekly.measures import BY_KEY, MEASURES, TYPES
from dashboard.weekly.rows import Known
from dashboard.weekly.summarise import known_of
from dashboard.weekly.summary import NOT_KNOWN, NOT_SUMMED
from dashboard.weekly.week import Week
from tests.kpis.facts_builder import (
    BELL,
    CAMERA,
    FEED,
    LIGHT,
    START_MS,
    alert,
    facts,
    incident,
    states,
)
from tests.weekly.week_rows import LATER_MS, UP, WEEK, the_rows


def test_it_is_judged_when_it_is_over() -> None:
    rows = the_rows(facts(UP, WEEK.period, WEEK.to_ms))
    assert rows["availability"].usual.z == 0.0
    rows = the_rows(facts(UP, WEEK.period, WEEK.to_ms - 1))
    assert rows["availability"].usual.why == "running"


# -- what is counted -------------------------------------------------------------------------


def pressed(verdict: str, closed_ms: int = WEEK.from_ms + HOUR_MS, **more: Any) -> dict[str, Any]:
    return alert(verdict=verdict, closed=closed_ms, **more)


def presses(*rows: dict[str, Any]) -> dict[str, float]:
    told = the_rows(facts(UP, WEEK.period, LATER_MS, alerts=list(rows)), past=0)[
        "bell_presses"
    ].week
    return {"all": told.value or 0.0, **told.parts}


def test_mistakes_and_malfunctions_are_false_and_what_stayed_unclear_is_not_judged() -> None:
    rows = [pressed(verdict) for verdict in VERDICTS]
    assert presses(*rows) == {"all": 6, "real": 1, "false": 2, "unjudged": 3}


def test_other_alerts_and_drills_are_no_presses() -> None:
    assert presses(pressed("real", type="fight"), pressed("real", actual=False))["all"] == 0


@pytest.mark.parametrize(("after_ms", "real"), [(-1, 1), (0, 0), (DAY_MS, 0)])
def test_a_verdict_counts_that_was_known_six_hours_after_the_week(after_ms: int, real: int) -> None:
    assert presses(pressed("real", WEEK.to_ms + 6 * HOUR_MS + after_ms))["real"] == real


def test_events_count_when_somebody_judged_them_to_be_real() -> None:
    rows = [pressed(verdict, type="fight", group=CAMERA) for verdict in VERDICTS]
    told = the_rows(facts(UP, WEEK.period, LATER_MS, alerts=rows))["ai_events"].week
    assert (told.value, told.parts) == (1, {"raised": 6, "false": 2})


def test_every_category_belongs_to_one_type() -> None:
    words = [word for of in TYPES.values() for word in of]
    assert sorted(words) == sorted(CATEGORIES)


def test_without_bells_and_cameras_no_press_is_not_a_quiet_week() -> None:
    rows = the_rows(facts({LIGHT: states(up=7)}, WEEK.period))
    assert (rows["bell_presses"].week.value, rows["bell_presses"].week.why) == (None, "no_data")


def test_an_empty_week_is_none_of_everything_and_not_nothing_known() -> None:
    rows = the_rows(facts(UP, WEEK.period))
    assert {rows[key].week.value for key in ("bell_presses", "ai_events", *TYPES)} == {0.0}
    assert rows["acknowledged"].week.why == rows["sla"].week.why == "no_data"
    assert (rows["backlog"].week.value, rows["availability"].week.value) == (0, 1)


# -- what was not heard ----------------------------------------------------------------------


def silent(days: float) -> Facts:
    """Of the week: all devices and the feed."""
    up = {group: states(up=7 - days, unknown=days) for group in (BELL, CAMERA, LIGHT)}
    told = [incident(), incident()]
    return facts(up | {FEED: {"pause_ms": days * DAY_MS}}, WEEK.period, incidents=told)


def test_a_week_of_which_less_than_half_was_heard_is_told_and_not_judged() -> None:
    for row in the_rows(silent(days=4)).values():
        if row.week.value is not None and row.key != "arrived":
            assert row.week.coverage is not None and row.week.coverage < 0.5
            assert (row.usual.z, row.usual.why, row.line[-1]) == (None, "low_coverage", None)


def test_a_week_of_which_more_was_heard_is_judged() -> None:
    rows = the_rows(silent(days=3))
    assert rows["incidents"].week.coverage == 0.5714
    assert rows["incidents"].usual.z is not None and rows["incidents"].line[-1] == 2


# -- what is known ---------------------------------------------------------------------------


def test_nothing_is_known_of_a_week_before_the_first() -> None:
    for row in the_rows(facts({}, WEEK.period), Known(0, 0)).values():
        assert (row.week.value, row.week.why, row.usual.why) == (None, NOT_KNOWN, "no_history")
        assert row.line == (None,) * 52


def test_the_first_week_says_since_when_and_has_no_history() -> None:
    first = replace(facts(UP, WEEK.period), first_ms=WEEK.from_ms + 2 * DAY_MS)
    for key, row in the_rows(first, Known(first.first_ms, 0)).items():
        if BY_KEY[key].of == "devices":
            assert row.week.since == "2026-11-04" and row.usual.why == "no_history"
            assert row.d28.since == ("" if key == "backlog" else "2026-11-04")
        else:
            assert row.week.why == NOT_KNOWN


def test_incidents_are_known_from_the_day_of_the_first_report() -> None:
    """Of that day perhaps not all; so the week is not one that others are held against."""
    at = WEEK.from_ms + 6 * DAY_MS + 5 * HOUR_MS
    week = facts(UP, WEEK.period, incidents=[incident(at)])
    row = the_rows(week, Known(1, at))["incidents"]
    assert (row.week.value, row.week.since) == (1, "2026-11-08")
    assert the_rows(week, Known(1, WEEK.to_ms))["incidents"].week.why == NOT_KNOWN


def test_a_drill_is_not_the_first_report() -> None:
    rows = facts(UP, WEEK.period, incidents=[
        incident(START_MS, actual=False), incident(START_MS + DAY_MS), incident(START_MS + HOUR_MS)
    ]).incidents  # fmt: skip
    gathered = SimpleNamespace(facts=facts(), tables=SimpleNamespace(incidents=rows))
    assert known_of(gathered).incidents_from_ms == START_MS + HOUR_MS  # type: ignore[arg-type]
    gathered.tables.incidents = rows[:1]
    assert known_of(gathered).incidents_from_ms == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(("known_for", "judged"), [(3, False), (4, True), (60, True)])
def test_a_week_is_judged_when_four_before_it_are_known(known_for: int, judged: bool) -> None:
    known = Known(*[WEEK.plus(-known_for).from_ms] * 2)
    for key, row in the_rows(facts(UP, WEEK.period), known).items():
        if row.week.value is not None:
            assert (row.usual.z is not None) == judged, key
            seen = sum(value is not None for value in row.line)
            assert seen == min(52, known_for + 1)


def test_last_year_is_told_when_all_of_it_is_known() -> None:
    first = Week.of(f"{WEEK.year - 1}-W01")
    for from_ms, years in ((first.from_ms, 2), (first.from_ms + 1, 1), (WEEK.from_ms, 0)):
        row = the_rows(facts(UP, WEEK.period), Known(from_ms, from_ms))["availability"]
        told = (row.last_year_week.value is not None) + (row.last_year.value is not None)
        assert told == years


def test_a_census_of_a_moment_has_no_sum() -> None:
    row = the_rows(facts(UP, WEEK.period))["backlog"]
    assert {row.d28.why, row.year.why, row.last_year.why} == {NOT_SUMMED}
    assert row.last_year_week.value == 0


# -- how it is told --------------------------------------------------------------------------


def test_targets_are_those_of_the_kind() -> None:
    rows = the_rows(facts(UP, WEEK.period))
    targets = {key: row.target for key, row in rows.items() if row.target is not None}
    assert targets == {"availability_bell": 0.98} | {
        one.key: 0.97 for one in MEASURES if one.kpi == "availability" and one.kind != "bell"
    }


def test_figures_are_rounded_to_what_is_told() -> None:
    took = [alert(acked=START_MS + ms, closed=START_MS + ms) for ms in (41_499, 41_500, 59_700)]
    up = UP | {LIGHT: states(up=6.87654, fault=0.12346)}
    rows = the_rows(facts(up, WEEK.period, LATER_MS, alerts=took))
    assert rows["acknowledged"].week.value == 42_000.0
    assert rows["acknowledged"].week.parts == {"p90": 60_000.0}
    assert rows["availability_light"].week.value == 0.9824


def test_a_line_ends_with_the_week_itself() -> None:
    rows = the_rows(facts(UP, WEEK.period, incidents=[incident(), incident()]))
    assert rows["incidents"].line == (*(0.0,) * 51, 2.0)
