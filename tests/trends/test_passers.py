"""Incidents against the people who pass: rates, intervals, and what cannot be told apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dashboard.kpis.choice import Period
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.trends.foot import Foot
from dashboard.trends.passers import Exposure, Passed, Passers, passers
from dashboard.trends.profile import Place
from tests.trends.incidents import frame
from tests.trends.streets import FROM_MS, NOW_MS, WEEKS, Floats, counts, dead, foot, street

HOURS = WEEKS * 168
PERIOD = Period(FROM_MS, NOW_MS)
LONG_BEFORE = Period(FROM_MS - 9 * DAY_MS, FROM_MS - 2 * DAY_MS)
ROUTES = {"F-1": "r1", "F-2": "r2", "F-3": "r3"}


def people() -> dict[str, Floats]:
    return {"F-1": counts(2, 1), "F-2": counts(1, 2), "F-3": counts(0.1, 3)}


def exposure(of: Foot, period: Period = PERIOD) -> Exposure:
    return Exposure(street(of), period, NOW_MS)


def happened(**routes: int) -> pd.DataFrame:
    """So many incidents on each route, one an hour from the first Monday noon on."""
    rows = [
        {"reported": FROM_MS + (12 + n) * HOUR_MS + 1, "route_id": route}
        for route, number in routes.items()
        for n in range(number)
    ]
    return frame(*rows)


def found(of: Foot, incidents: pd.DataFrame, **more: Any) -> Passers:
    return passers(exposure(of), incidents, "route", ["r1", "r2", "r3", "r9"], **more)


def by_word(of: Passers) -> dict[str, Passed]:
    return {row.word: row for row in of.rows}


def test_it_divides_incidents_by_those_who_passed_with_exact_limits() -> None:
    counted = people()
    rows = by_word(found(foot(counted, routes=ROUTES), happened(r1=40, r2=7, r3=1)))
    for (sensor, route), n in zip(ROUTES.items(), (40, 7, 1), strict=True):
        passed, row = counted[sensor].sum(), rows[route]
        assert (row.n, row.counters, row.known) == (n, 1, 1.0)
        assert row.passers == pytest.approx(passed)
        assert row.rate == pytest.approx(1000 * n / passed)
        low = stats.chi2.ppf(0.025, 2 * n) / 2  # Garwood 1936
        high = stats.chi2.ppf(0.975, 2 * n + 2) / 2
        assert (row.low, row.high) == pytest.approx((1000 * low / passed, 1000 * high / passed))


def test_the_whole_is_of_all_places_that_are_counted() -> None:
    counted = people()
    whole = found(foot(counted, routes=ROUTES), happened(r1=40, r2=7, r9=30)).whole
    assert (whole.n, whole.counters) == (47, 3)
    assert whole.rate == pytest.approx(47_000 / sum(one.sum() for one in counted.values()))


def test_a_place_without_counters_says_so_and_is_given_no_rate() -> None:
    row = by_word(found(foot(people(), routes=ROUTES), happened(r9=30)))["r9"]
    assert (row.counters, row.passers, row.rate, row.verdict) == (0, 0.0, None, "")


def test_a_small_place_is_not_called_the_worst() -> None:
    """One incident on a route hardly anybody walks is the highest rate, and says nothing."""
    of = found(foot(people(), routes=ROUTES), happened(r1=40, r2=20, r3=3))
    rows = by_word(of)
    assert rows["r3"].rate is not None and rows["r3"].rate == max(r.rate or 0 for r in of.rows)
    assert {row.verdict for row in of.rows if row.passers} == {"alike"}
    assert [row.word for row in of.rows][:3] == ["r1", "r2", "r3"]  # by name: no ranking


def test_places_that_can_be_told_apart_come_first() -> None:
    of = found(foot(people(), routes=ROUTES), happened(r1=10, r2=80, r3=3))
    assert [(row.word, row.verdict) for row in of.rows] == [
        ("r2", "more"), ("r1", "fewer"), ("r3", "alike"), ("r9", ""),
    ]  # fmt: skip
    assert of.by_chance == pytest.approx(0.05 * 3)


def test_incidents_of_hours_nobody_counted_are_left_out_of_the_rate() -> None:
    covered = np.ones(HOURS)
    covered[12:22] = 0
    rows = by_word(found(foot(people(), {"F-1": covered}, ROUTES), happened(r1=40, r2=40)))
    assert (rows["r1"].n, rows["r2"].n) == (30, 40)
    assert rows["r1"].known == pytest.approx(1 - 10 / HOURS)
    nowhere = frame({"reported": NOW_MS + DAY_MS}, {"reported": FROM_MS - DAY_MS, "route_id": "r1"})
    assert by_word(found(foot(people(), routes=ROUTES), nowhere))["r1"].n == 0


@settings(max_examples=20)
@given(st.integers(0, HOURS - 1))
def test_a_dead_counter_changes_nothing_of_other_routes(since: int) -> None:
    incidents = happened(r1=40, r2=7)
    before = by_word(found(foot(people(), routes=ROUTES), incidents))
    after = by_word(found(foot(people(), {"F-1": dead(HOURS, since)}, ROUTES), incidents))
    for route in ("r2", "r3"):
        for name in ("n", "passers", "rate", "low", "high", "known"):
            assert getattr(before[route], name) == getattr(after[route], name)


def test_what_part_of_the_period_hours_are_kept_of_is_told() -> None:
    twice = Period(FROM_MS - WEEKS * 7 * DAY_MS, NOW_MS)
    assert exposure(foot(people()), twice).part == pytest.approx(0.5)
    assert exposure(foot(people())).part == 1.0
    assert exposure(foot(people()), Period(NOW_MS, NOW_MS + DAY_MS)).part == 0.0


@pytest.mark.parametrize("period", [Period(NOW_MS, NOW_MS + DAY_MS), LONG_BEFORE])
def test_a_period_of_which_nothing_is_known_has_no_rates(period: Period) -> None:
    of = passers(exposure(foot(people()), period), happened(r1=3), "route", [])
    assert [row.rate for row in of.rows] == [None] and of.whole.rate is None


def test_passers_of_the_week_are_those_of_the_whole_period() -> None:
    counted = people()
    week = exposure(foot(counted, routes=ROUTES)).of_week(Place(route="r1"))
    assert week is not None
    by_hour = pd.Series(counted["F-1"]).groupby(np.arange(HOURS) % 168).sum()
    assert week.ravel() == pytest.approx(by_hour.to_numpy())
    assert exposure(foot(counted)).of_week(Place(route="r9")) is None


def test_hours_of_the_week_known_too_seldom_have_no_passers() -> None:
    covered = np.ones(HOURS)
    covered[5 : 168 * 6 : 168] = 0  # six of ten Mondays at five
    covered[7 : 168 * 4 : 168] = 0  # four of ten at seven
    counted = counts(2, 1)
    week = exposure(foot({"F-1": counted}, {"F-1": covered})).of_week(Place())
    assert week is not None and np.isnan(week[0, 5])
    assert week[0, 7] == pytest.approx(counted[7 + 168 * 4 :: 168].mean() * WEEKS)
    twice = Period(FROM_MS - (WEEKS + 1) * 7 * DAY_MS, NOW_MS)
    assert exposure(foot({"F-1": counted}), twice).of_week(Place()) is None


# -- for roles without points -----------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=3, max_size=3))
def test_counts_under_five_are_neither_told_nor_to_be_worked_out(numbers: list[int]) -> None:
    incidents = happened(**{f"r{at + 1}": n for at, n in enumerate(numbers)})
    of = found(foot(people(), routes=ROUTES), incidents, coarse=True)
    told = {row.word: row.n for row in of.rows if row.passers}
    assert not [n for n in told.values() if n is not None and 0 < n < 5]
    for row in of.rows:
        if row.n is None:
            assert (row.rate, row.low, row.high, row.verdict) == (None, None, None, "")
    if of.whole.n is not None:
        hidden = [word for word, n in told.items() if n is None]
        assert len(hidden) != 1
        assert of.whole.n == 0 or of.whole.n >= 5
