"""Counts against what is usual: published examples, exact tests, and flags at the nominal rate."""

from __future__ import annotations

from math import isfinite, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dashboard.trends.change import BY_CHANCE, FLAG_Z, exact_p, judge, judge_all, z_of
from dashboard.trends.scatter import Scatter
from dashboard.usual import change_z

EIGHT = 1 / 8  # a week against the eight before it


def test_it_is_the_published_example() -> None:
    """Wheeler: 25 where 16 are expected is two standard deviations, not +56 %."""
    assert change_z(25, 16, 1e12) == pytest.approx(2.0)
    assert judge(25, 16e9, 1e-9).z == pytest.approx(2.0, abs=1e-4)


def test_two_single_counts_are_compared_as_published() -> None:
    """sqrt 2 (sqrt x1 - sqrt x0): both scatter."""
    assert judge(36, 25, 1.0).z == pytest.approx(sqrt(2) * (6 - 5))


def test_small_counts_are_judged_exactly() -> None:
    """A library's two-sided conditional test, by doubling its smaller tail."""
    for n, before in ((3, 2), (0, 20), (9, 16), (6, 8), (1, 0)):
        share = EIGHT / (1 + EIGHT)
        tails = [
            stats.binomtest(n, n + before, share, alternative=side).pvalue
            for side in ("less", "greater")
        ]
        lower, upper = exact_p(n, before, EIGHT)
        assert [float(lower), float(upper)] == pytest.approx(tails)
        one = judge(n, before, EIGHT)
        p = 2 * stats.norm.sf(abs(one.z or 0.0))
        assert one.exact and p == pytest.approx(min(1.0, 2 * min(tails)))


def test_nothing_to_compare_with_is_no_judgement() -> None:
    one = judge(7, 0, 0.0)
    assert (one.n, one.expected, one.z, one.flag) == (7, None, None, "")


def test_scatter_beyond_chance_is_allowed_for() -> None:
    calm, wild = judge(60, 240, EIGHT), judge(60, 240, EIGHT, Scatter(2.25))
    assert wild.z == pytest.approx((calm.z or 0.0) / 1.5)
    assert wild.low < calm.low and wild.high > calm.high  # type: ignore[operator]
    assert judge(60, 240, EIGHT, Scatter(1.1)).z == calm.z  # too little to tell from chance


@pytest.mark.parametrize("mean", [2, 6, 15, 40, 150])
def test_flags_come_at_the_nominal_rate_when_nothing_changes(mean: float) -> None:
    """By 200,000 weeks without any change. Small counts come in steps, so that an exact test
    flags less often than it may, never more."""
    rng = np.random.default_rng(1)
    n, before = rng.poisson(mean, 200_000), rng.poisson(8 * mean, 200_000)
    z, _ = z_of(n.astype(float), before.astype(float), np.full(len(n), EIGHT))
    rate = float((np.abs(z) >= FLAG_Z).mean())
    error = sqrt(BY_CHANCE / len(n))
    assert rate <= BY_CHANCE * 1.25 + 3 * error
    if mean >= 15:
        assert rate >= BY_CHANCE * 0.6 - 3 * error


def test_flags_stay_at_the_nominal_rate_when_weeks_scatter_twice_as_much() -> None:
    rng = np.random.default_rng(2)
    shape = 40 / (2 - 1)  # negative binomial: variance twice the mean
    n = rng.poisson(rng.gamma(shape, 40 / shape, 100_000))
    before = rng.poisson(rng.gamma(shape, 40 / shape, (100_000, 8))).sum(axis=1)
    calm, _ = z_of(n.astype(float), before.astype(float), np.full(len(n), EIGHT))
    known, _ = z_of(n.astype(float), before.astype(float), np.full(len(n), EIGHT), Scatter(2.0))
    assert (np.abs(calm) >= FLAG_Z).mean() > 8 * BY_CHANCE
    assert (np.abs(known) >= FLAG_Z).mean() < 1.6 * BY_CHANCE


counts_of = st.integers(0, 5_000)


@given(counts_of, counts_of, st.floats(0.01, 20), st.floats(1, 9))
def test_every_judgement_is_a_number(n: int, before: int, factor: float, phi: float) -> None:
    one = judge(n, before, factor, Scatter(phi))
    assert one.low is not None and one.high is not None and one.expected is not None
    assert all(isfinite(x) for x in (one.z or 0.0, one.low, one.high))
    assert 0 <= one.low <= max(one.expected, one.high) and one.low <= one.expected + 1
    assert (abs(one.z or 0.0) < 2) == (one.low <= n <= one.high) or one.low > 25


@given(counts_of, counts_of, st.floats(0.01, 20))
def test_more_incidents_are_never_less_surprising_upwards(
    n: int, before: int, factor: float
) -> None:
    more = judge_all([n, n + 1], [before, before], [factor, factor])
    if more[0].exact == more[1].exact:
        assert (more[1].z or 0.0) >= (more[0].z or 0.0) - 1e-9
