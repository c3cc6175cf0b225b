"""Who is out of the ordinary, and who is merely small."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dashboard.kpis.estimates import rate, share
from dashboard.kpis.figure import Figure
from dashboard.kpis.funnel import funnel, limits_of_rate, limits_of_share
from dashboard.kpis.indicators import BY_KEY, KPIS
from dashboard.stream.rollups import DAY_MS

SLA, FALSE, RATE = BY_KEY["sla"], BY_KEY["false_alarms"], BY_KEY["alert_rate"]


def rated(x: int, days: float) -> Figure:
    return replace(rate(x, days / 100), parts={"exposure": days * DAY_MS})


def test_limits_of_a_share_are_z_standard_errors_away() -> None:
    # √(0.4 x 0.6/150) = 0.04
    [one] = limits_of_share(np.array([0.4]), np.array([150.0]), "95")
    assert one == pytest.approx((0.4 - 1.96 * 0.04, 0.4 + 1.96 * 0.04))
    [wide] = limits_of_share(np.array([0.4]), np.array([150.0]), "99.8")
    assert wide == pytest.approx((0.4 - 3.09 * 0.04, 0.4 + 3.09 * 0.04))


def test_limits_of_a_rate_are_z_standard_errors_away() -> None:
    # 4 per unit, 25 units: 100 expected; √(4/25) = 0.4
    [one] = limits_of_rate(np.array([4.0]), np.array([25.0]), "95")
    assert one == pytest.approx((4 - 1.96 * 0.4, 4 + 1.96 * 0.4))


def test_below_ten_expected_they_are_exact() -> None:
    # 4 expected: P(X = 0) = 0.018 is below 0.025, P(X <= 1) = 0.092; P(X > 8) = 0.021
    [one] = limits_of_rate(np.array([4.0]), np.array([1.0]), "95")
    assert one == (1, 8)
    [wide] = limits_of_rate(np.array([4.0]), np.array([1.0]), "99.8")
    assert wide == (0, 11)  # P(X > 11) = 0.0009, P(X > 10) = 0.0028
    # 5 of 10 expected, half: P(X <= 1) = 0.0107, P(X <= 2) = 0.0547
    [half] = limits_of_share(np.array([0.5]), np.array([10.0]), "95")
    assert half == (0.2, 0.8)


def test_a_tiny_group_is_not_called_the_worst() -> None:
    parts = [("tiny", share(1, 3)), ("large", share(700, 1000)), ("usual", share(900, 1000))]
    found = funnel(SLA, share(1601, 2003), parts)
    assert found is not None and found.unit == "cases"
    tiny, large, usual = found.points
    assert tiny.value < large.value and (tiny.outside, tiny.side) == ("", "")
    assert (large.outside, large.side) == ("99.8", "worse")
    assert (usual.outside, usual.side) == ("99.8", "better")
    assert (large.exposure, large.limits_95[0]) == pytest.approx((1000, 0.7744), rel=1e-3)


def test_fewer_false_alarms_are_the_better_side() -> None:
    found = funnel(FALSE, share(400, 1000), [("a", share(20, 100)), ("b", share(60, 100))])
    assert [(p.outside, p.side) for p in found.points] == [("99.8", "better"), ("99.8", "worse")]


def test_between_the_limits_it_is_outside_at_95_only() -> None:
    # 0.4 ± 1.96 x 0.049 and ± 3.09 x 0.049
    found = funnel(FALSE, share(400, 1000), [("a", share(50, 100))])
    assert (found.points[0].outside, found.points[0].side) == ("95", "worse")


def test_more_alerts_are_outside_but_on_no_side() -> None:
    found = funnel(RATE, rated(100, 10_000), [("much", rated(60, 1_000)), ("few", rated(1, 100))])
    much, few = found.points
    assert (much.outside, much.side) == ("99.8", "")
    assert (few.outside, few.side) == ("", "")
    assert found.unit == "device_days" and found.overall == 1


def test_time_is_as_many_cases_as_it_has_outages() -> None:
    # 1000 device-days, outages of 2 days: 250 cases; √(0.98 x 0.02/250) = 0.00885
    def up(value: float, days: float) -> Figure:
        return Figure(value, n=10, parts={"exposure": days * DAY_MS, "outage_ms": 2 * DAY_MS})

    found = funnel(BY_KEY["availability"], up(0.98, 9_000), [("z", up(0.95, 2_000))])
    [point] = found.points
    assert point.exposure == 2_000
    n = 2_000 / 4
    assert point.limits_95 == pytest.approx(
        (0.98 - 1.96 * (0.98 * 0.02 / n) ** 0.5, 0.98 + 1.96 * (0.98 * 0.02 / n) ** 0.5)
    )
    assert (point.outside, point.side) == ("99.8", "worse")


def test_waiting_times_and_plain_counts_have_no_funnel() -> None:
    one = Figure(10.0, n=10)
    for key in ("mttr", "mtta", "backlog", "leg_arrived", "traffic", "mtbf"):
        assert funnel(BY_KEY[key], one, [("a", one)]) is None


def test_without_anything_to_go_by_there_is_no_funnel() -> None:
    assert funnel(SLA, Figure(None), [("a", Figure(None))]) is None
    assert funnel(SLA, share(1, 2), []) is None


@given(st.floats(0, 1), st.integers(1, 10_000))
def test_limits_of_a_share_hold_it(theta: float, n: int) -> None:
    for level in ("95", "99.8"):
        [(low, high)] = limits_of_share(np.array([theta]), np.array([float(n)]), level)
        assert 0 <= low <= theta + 1 / n and theta - 1 / n <= high <= 1


@given(st.integers(1, 60), st.floats(0.01, 0.99))
def test_chance_alone_is_rarely_called_the_worst(n: int, theta: float) -> None:
    """Exact limits: no more than one in a thousand on a side, however small the group."""
    [(low, high)] = limits_of_share(np.array([theta]), np.array([float(n)]), "99.8")
    exact = min(n * theta, n * (1 - theta)) < 10
    beyond = stats.binom.cdf(np.ceil(low * n - 1e-9) - 1, n, theta)
    beyond += stats.binom.sf(np.floor(high * n + 1e-9), n, theta)
    assert beyond <= (0.002 + 1e-9 if exact else 0.01)


def test_every_kpi_with_a_funnel_says_how_chance_works_on_it() -> None:
    assert {kpi.chance for kpi in KPIS} == {"", "binomial", "poisson", "between", "time"}
    assert all(kpi.unit == "share" for kpi in KPIS if kpi.chance in ("binomial", "time"))
