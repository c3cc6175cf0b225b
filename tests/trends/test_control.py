"""The control chart: a recount in plain pandas, first weeks, and flags at the nominal rate."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pandas as pd
import pytest

from dashboard.kpis.choice import start_of
from dashboard.stream.rollups import DAY_MS
from dashboard.trends.change import BY_CHANCE, z_of
from dashboard.trends.control import ControlChart, control_chart, monday_of
from dashboard.trends.window import WEEK_MS

NOW_MS = start_of(pd.Timestamp("2026-11-25").date()) + 16 * 3_600_000  # a Wednesday
THIS = monday_of(NOW_MS)


def of_weeks(counts: list[int], seed: int = 0) -> pd.DataFrame:
    """The last of them is the week in progress."""
    rng, first = np.random.default_rng(seed), THIS - (len(counts) - 1) * WEEK_MS
    at = [first + week * WEEK_MS + int(rng.integers(0, 2 * DAY_MS))
          for week, n in enumerate(counts) for _ in range(n)]  # fmt: skip
    return pd.DataFrame({"reported": np.array(sorted(at), np.int64)})


def chart(counts: list[int], coarse: bool = False) -> ControlChart:
    known_from = THIS - (len(counts) - 1) * WEEK_MS
    return control_chart(of_weeks(counts), NOW_MS, known_from, coarse)


def test_it_agrees_with_a_recount_in_pandas() -> None:
    counts = np.random.default_rng(3).poisson(27, 60).tolist()
    found = chart(counts)
    series = pd.Series(counts)
    mean = series.shift(1).rolling(8).mean()
    z = 2 * (np.sqrt(series) - np.sqrt(mean)) / sqrt(1 + 1 / 8)
    assert [week.n for week in found.weeks] == counts[-52:]
    assert [week.expected for week in found.weeks] == pytest.approx(mean.tolist()[-52:])
    assert found.phi <= 1.5
    scale = sqrt(found.phi) if found.phi > 1.2 else 1.0
    told = [week.z for week in found.weeks[:-1]]
    assert told == pytest.approx((z / scale).tolist()[-52:-1])


def test_the_week_in_progress_is_drawn_and_not_judged() -> None:
    last = chart([20] * 20 + [1]).weeks[-1]
    assert last.partial and last.n == 1 and last.z is None and last.flag == ""


def test_a_week_is_never_part_of_what_it_is_compared_with() -> None:
    found = chart([20] * 30 + [80] + [20] * 5)
    (flagged,) = found.flagged
    assert (flagged.n, flagged.expected, flagged.flag) == (80, 20.0, "more")


def test_one_bad_week_does_not_hide_itself() -> None:
    """phi is that of the other weeks."""
    counts = np.random.default_rng(5).poisson(25, 52).tolist()
    counts[40] = 90
    assert chart(counts).phi < 1.6
    assert 90 in [week.n for week in chart(counts).flagged]


def test_the_first_weeks_have_no_limits_yet() -> None:
    found = chart([10] * 6)
    assert [week.expected for week in found.weeks] == [None] * 4 + [10.0, 10.0]
    assert control_chart(of_weeks([0]), NOW_MS, 0).weeks == ()


def test_a_week_known_in_part_is_left_out() -> None:
    """Records begin on a Thursday: that week is no whole week."""
    frame = of_weeks([9] * 10)
    found = control_chart(frame, NOW_MS, THIS - 9 * WEEK_MS + 3 * DAY_MS)
    assert len(found.weeks) == 9


def test_quiet_years_have_limits_that_are_numbers() -> None:
    found = chart([0] * 55)
    assert len(found.weeks) == 52 and not found.flagged
    limits = {(week.low, week.expected) for week in found.weeks[4:]}
    assert limits == {(0.0, 0.0)}


def test_roles_without_exact_points_see_no_week_under_five() -> None:
    found = chart([3, 4, 5, 0, 9, 2] * 5, coarse=True)
    assert {week.n for week in found.weeks} == {None, 0, 5, 9}
    assert all(week.z is None for week in found.weeks if week.n is None)


def test_no_hidden_week_can_be_worked_out_from_what_was_expected() -> None:
    """From one week's mean to the next one week comes and one goes."""
    found = chart([9] * 12 + [3] + [9] * 20, coarse=True).weeks
    assert [week.n for week in found[12:14]] == [None, 9]
    assert [week.expected for week in found[12:22]] == [9.0, *[None] * 8, 9.0]
    assert all(week.z is None and week.low is None for week in found[13:21])


def test_limits_are_the_least_and_the_most_that_is_not_flagged() -> None:
    for mean in (1.0, 4.0, 11.0, 60.0):
        counts = np.random.default_rng(4).poisson(mean, 60).tolist()
        past = [sum(counts[at - 8 : at]) for at in range(51, 60)]
        for b, week in zip(past, chart(counts).weeks[-9:], strict=True):
            low, high = week.low or 0.0, week.high or 0.0
            tried = np.array([low - 1, low, high, high + 1])
            known = tried[tried >= 0]
            z, _ = z_of(known, np.full(len(known), b), np.full(len(known), 1 / 8))
            assert chart(counts).phi <= 1.2
            assert [abs(one) < 3 for one in z] == [low <= x <= high for x in known]


def test_an_empty_week_where_three_are_usual_is_no_surprise() -> None:
    """Chance gives one in twenty; root transforms alone would call it three deviations."""
    found = chart([3] * 20 + [0] + [3] * 3)
    assert not found.flagged and [week.low for week in found.weeks[8:]] == [0.0] * 16


@pytest.mark.parametrize(
    ("mean", "phi"), [(1, 1), (3, 1), (12, 1), (30, 1), (12, 2), (40, 2), (40, 3)]
)
def test_flags_come_at_the_nominal_rate_when_nothing_changes(mean: float, phi: float) -> None:
    """150 years without a change: 7,650 judged weeks, nominally 0.27 %. Measured over 500 years:
    0.01, 0.03, 0.09 and 0.29 % of weeks of chance alone with means of 1, 3, 12 and 30; 0.20, 0.38
    and 0.31 % of weeks that scatter twice and three times as much (negative binomial)."""
    rng, flagged, judged = np.random.default_rng(11), 0, 0
    for _ in range(150):
        means = rng.gamma(mean / (phi - 1), phi - 1, 60) if phi > 1 else np.full(60, mean)
        found = chart(rng.poisson(means).tolist())
        flagged += len(found.flagged)
        judged += sum(week.z is not None for week in found.weeks)
    error = sqrt(BY_CHANCE / judged)
    assert flagged / judged < BY_CHANCE * 1.5 + 3 * error
