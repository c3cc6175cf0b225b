"""Estimators against published numbers, tables of the distributions, and scipy itself."""

from __future__ import annotations

from math import exp, isclose, isfinite

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dashboard.kpis.estimates import (
    Clusters,
    mean_of,
    poisson_limits,
    quantile_of_counts,
    rate,
    share,
    time_between,
    time_share,
    wilson,
)
from dashboard.kpis.facts import LAG_LIMITS_MS
from dashboard.kpis.figure import NO_DATA, Figure
from dashboard.stream.rollups import DAY_MS, HOUR_MS

HOURS = 3_600_000


def near(*wanted: float, rel: float = 1e-3) -> object:
    return pytest.approx(wanted if len(wanted) > 1 else wanted[0], rel=rel)


# -- shares ----------------------------------------------------------------------------------


def test_wilsons_interval_is_the_published_one() -> None:
    # Newcombe 1998, table I, method 3: 81/263 and 15/148
    assert wilson(81 / 263, 263) == near(0.2553, 0.3662, rel=3e-4)
    assert wilson(15 / 148, 148) == near(0.0624, 0.1605, rel=8e-4)
    assert wilson(0, 20) == near(0.0, 0.1611)  # 0/20: z²/(n + z²) = 3.8415/23.8415
    assert wilson(1, 20) == near(0.8389, 1.0)


@given(st.integers(1, 5000), st.floats(0, 1))
def test_wilsons_interval_is_scipys(n: int, p: float) -> None:
    x = round(n * p)
    theirs = stats.binomtest(x, n).proportion_ci(method="wilson")
    ours = share(x, n)
    assert ours.low == pytest.approx(theirs.low, abs=1e-9)
    assert ours.high == pytest.approx(theirs.high, abs=1e-9)


@given(st.floats(0, 1), st.floats(0, 1e9))
def test_wilsons_interval_stays_within_0_and_1_and_holds_the_share(p: float, n: float) -> None:
    low, high = wilson(p, n)
    assert 0 <= low <= p <= high <= 1


def test_of_no_cases_there_is_nothing_to_say() -> None:
    assert share(0, 0) == Figure(None, why=NO_DATA)
    assert wilson(0.5, 0) == (0.0, 1.0)


# -- events ----------------------------------------------------------------------------------


def test_poisson_limits_are_those_of_the_tables() -> None:
    # Garwood 1936; e.g. Pearson & Hartley, Biometrika Tables, table 40
    assert poisson_limits(0) == near(0.0, 3.689)
    assert poisson_limits(1) == near(0.0253, 5.572)
    assert poisson_limits(10) == near(4.795, 18.39)
    assert poisson_limits(30) == near(20.24, 42.83)


def test_a_rate_is_events_by_exposure() -> None:
    figure = rate(10, 4)  # 10 alerts in 400 device-days: 2.5 per 100; limits / 4
    assert (figure.value, figure.n) == (2.5, 10)
    assert (figure.low, figure.high) == near(1.1988, 4.597)
    assert rate(3, 0).why == NO_DATA


# -- time between failures -------------------------------------------------------------------


def test_without_a_failure_the_bound_is_the_time_by_2_996() -> None:
    figure = time_between(2996 * HOURS, 0)
    assert figure.value == near(1000 * HOURS)
    assert figure.censored and figure.high is None and figure.low == figure.value


def test_with_few_failures_it_is_the_lower_bound_with_the_plain_mean_beside() -> None:
    figure = time_between(1000 * HOURS, 2)  # χ²(0.95; 6) = 12.592: 2000/12.592
    assert figure.value == near(158.83 * HOURS)
    assert figure.parts == {"point_ms": 500 * HOURS}
    assert figure.censored


def test_from_five_failures_on_it_is_the_mean() -> None:
    figure = time_between(1000 * HOURS, 10)  # χ²(.975; 22) = 36.781, χ²(.025; 20) = 9.5908
    assert figure.value == 100 * HOURS and not figure.censored and not figure.parts
    assert (figure.low, figure.high) == near(54.376 * HOURS, 208.53 * HOURS)


def test_what_never_worked_has_no_time_between_failures() -> None:
    assert time_between(0, 3).why == NO_DATA


# -- device time -----------------------------------------------------------------------------


def clusters(good: list[float], bad: list[float], **more: float) -> Clusters:
    """In device-days, over four weeks."""
    span = more.pop("days", 28) * DAY_MS
    return Clusters(np.array(good) * DAY_MS, np.array(bad) * DAY_MS, span, **more)


def test_few_groups_are_judged_by_failures_of_mean_length() -> None:
    # 280 + 4 device-days, 2 failures: an outage lasts 2 days, so 280/4 = 70 cases, p = 280/284
    figure = time_share(clusters([280.0], [4.0], failures=2))
    assert figure.value == 280 / 284 and figure.n == 10  # 284 device-days in 28 days
    assert (figure.low, figure.high) == wilson(280 / 284, 70)


def test_outages_shorter_than_a_day_count_as_a_day() -> None:
    # 48 failures of half an hour: 1 day down, 280/(2 x 1) = 140 cases
    figure = time_share(clusters([280.0], [1.0], failures=48))
    assert (figure.low, figure.high) == pytest.approx(wilson(280 / 281, 140))


def test_a_device_dead_all_along_is_one_outage_of_the_whole_period() -> None:
    assert clusters([252.0], [28.0]).outage_ms == 28 * DAY_MS
    assert clusters([252.0], [28.0], failures=1).outage_ms == 28 * DAY_MS


def test_groups_that_differ_widen_the_interval() -> None:
    alike = clusters([270.0] * 10, [10.0] * 10, failures=200)
    apart = clusters([280.0] * 5 + [260.0] * 5, [0.0] * 5 + [20.0] * 5, failures=200)
    one, other = time_share(alike), time_share(apart)
    assert one.value == other.value and other.low < one.low < one.high < other.high
    # e = ±10 days: var = 10/9 x 10 x 100 / 2800² = 1.41723e-4; t(9) = 2.2622
    # n = 0.0344388/1.41723e-4 x (1.95996/2.26216)² = 182.4
    assert (other.low, other.high) == pytest.approx(wilson(270 / 280, 182.4), abs=1e-5)


def test_silence_divides_what_groups_can_tell() -> None:
    apart = ([280.0] * 5 + [260.0] * 5, [0.0] * 5 + [20.0] * 5)
    heard, half = clusters(*apart, failures=200), clusters(*apart, failures=200, coverage=0.5)
    assert time_share(half).low < time_share(heard).low


@given(
    st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 1e4)), min_size=1, max_size=30),
    st.integers(0, 500),
    st.floats(0, 1),
)
def test_a_share_of_time_is_between_its_limits(
    times: list[tuple[float, float]], failures: int, coverage: float
) -> None:
    good, bad = [g for g, _ in times], [b for _, b in times]
    figure = time_share(clusters(good, bad, failures=failures, coverage=coverage))
    if figure.value is None:
        assert figure.why == NO_DATA
    else:
        assert 0 <= figure.low <= figure.value <= figure.high <= 1 and figure.n >= 1


# -- means and quantiles ---------------------------------------------------------------------


def test_a_mean_has_a_t_interval_on_the_log_scale() -> None:
    # 1, 2, 3, 6 hours: mean 3, s = 2.1602, t(3) = 3.1824: 3.1824 x 2.1602/(3 x 2) = 1.1458
    figure = mean_of(np.array([1.0, 2, 3, 6]) * HOUR_MS)
    assert (figure.value, figure.n) == (3 * HOUR_MS, 4)
    assert (figure.low, figure.high) == near(
        3 * HOUR_MS * exp(-1.1458), 3 * HOUR_MS * exp(1.1458), rel=1e-4
    )


def test_one_duration_has_a_mean_and_no_interval() -> None:
    assert mean_of(np.array([5.0])) == Figure(5.0, n=1)
    assert mean_of(np.array([])).why == NO_DATA
    assert mean_of(np.zeros(3)) == Figure(0.0, n=3)


@given(st.lists(st.floats(0, 1e12), min_size=1, max_size=50))
def test_a_mean_is_between_its_limits(durations: list[float]) -> None:
    figure = mean_of(np.array(durations))
    limits = [one for one in (figure.low, figure.high) if one is not None]
    assert figure.value is not None and all(isfinite(one) for one in limits)
    if figure.low is not None:
        assert figure.low <= figure.value * (1 + 1e-12)
    if figure.high is not None:
        assert figure.value <= figure.high * (1 + 1e-12)


LIMITS = np.array(LAG_LIMITS_MS, np.float64)


def buckets(**counts: float) -> np.ndarray:
    found = np.zeros(len(LIMITS) + 1)
    for name, n in counts.items():
        found[int(name[1:])] = n
    return found


def test_a_quantile_lies_within_its_bucket() -> None:
    # 900 up to 100 ms, 100 from 100 to 200: the 95th of a hundred is half way through the latter
    figure = quantile_of_counts(buckets(g0=900, g1=100), LIMITS, 0.95)
    assert figure.value == pytest.approx(150) and figure.n == 1000
    # 0.95 ± 1.96 √(0.95 x 0.05/1000) = 0.93649 and 0.96351
    assert (figure.low, figure.high) == near(136.49, 163.51)


def test_beyond_the_last_limit_it_is_at_least_that() -> None:
    figure = quantile_of_counts(buckets(g0=90, g11=10), LIMITS, 0.95)
    assert figure.value == LIMITS[-1] and figure.censored and figure.high is None


@given(st.lists(st.integers(0, 10**6), min_size=12, max_size=12), st.floats(0.01, 0.99))
def test_quantiles_are_ordered(counts: list[int], p: float) -> None:
    figure = quantile_of_counts(np.array(counts, np.float64), LIMITS, p)
    if figure.value is None:
        assert not sum(counts)
    else:
        assert figure.low <= figure.value and (figure.high is None or figure.value <= figure.high)
        assert isclose(figure.n, sum(counts))
