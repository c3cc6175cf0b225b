"""Kaplan-Meier: against published data, against scipy, and so that open alerts cannot flatter."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dashboard.kpis.survival import HALF, Waits, curve_of, median_wait, quantile, waits

# Weeks of remission under 6-MP, + = still in remission. Freireich et al. 1963; Cox & Oakes 1984.
REMISSION = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"

waiting = st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=60)


def of(text: str) -> Waits:
    words = text.split()
    ms = np.array([float(word.rstrip("+")) for word in words])
    return Waits(ms, np.array([not word.endswith("+") for word in words]))


def pairs(found: list[tuple[int, bool]]) -> Waits:
    return Waits(np.array([float(ms) for ms, _ in found]), np.array([over for _, over in found]))


def test_the_published_curve_and_median() -> None:
    curve = curve_of(of(REMISSION))
    still = dict(zip(curve.times.tolist(), curve.still.tolist(), strict=True))
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {at: round(still[at], 3) for at in published} == published
    figure = median_wait(of(REMISSION))
    assert (figure.value, figure.n, figure.censored) == (23, 21, False)
    assert (figure.low, figure.high) == (13, None)  # the upper limit never comes down to a half
    assert figure.parts["open"] == 12


def test_without_open_ones_it_is_the_plain_median() -> None:
    figure = median_wait(of("1 2 3 4 100"), 0.9)
    assert figure.value == 3 and figure.parts == {"open": 0, "mean": 22, "p90": 100}


def test_one_that_waits_longest_of_all_moves_the_median() -> None:
    assert median_wait(of("1 2 3")).value == 2
    # 1: 3/4 left, 2: 1/2 left
    assert median_wait(of("1 2 3 9+")).value == 2
    # 1: 4/5, 2: 3/5, 3: 2/5
    assert median_wait(of("1 2 3 9+ 9+")).value == 3


def test_when_most_still_wait_the_median_is_at_least_the_longest_wait() -> None:
    figure = median_wait(of("1 7+ 8+ 9+"))
    assert (figure.value, figure.censored, figure.high) == (9, True, None)
    assert figure.low is not None and figure.low <= 9


def test_when_all_still_wait_there_is_no_mean() -> None:
    figure = median_wait(of("5+ 8+"))
    assert figure.value == 8 and figure.censored and figure.parts == {"open": 2}


def test_what_happened_after_the_end_is_not_known_yet() -> None:
    found = waits(np.array([0, 0, 0, 9]), np.array([5, 20, -1, 3]), 10)
    assert found.ms.tolist() == [5, 10, 10, 0]  # a clock that is ahead gives 0, not less
    assert found.over.tolist() == [True, False, False, True]


@given(waiting)
def test_the_curve_is_scipys(found: list[tuple[int, bool]]) -> None:
    of_all = pairs(found)
    curve = curve_of(of_all)
    data = stats.CensoredData(uncensored=of_all.ms[of_all.over], right=of_all.ms[~of_all.over])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = stats.ecdf(data).sf
        limits = theirs.confidence_interval(method="log-log")
    assert curve.times == pytest.approx(theirs.quantiles)
    assert curve.still == pytest.approx(theirs.probabilities)
    told = (curve.still > 1e-9) & (curve.still < 1)
    assert curve.low[told] == pytest.approx(limits.low.probabilities[told])
    assert curve.high[told] == pytest.approx(limits.high.probabilities[told])


@given(waiting, st.lists(st.integers(0, 200), max_size=30))
def test_open_ones_never_lower_the_median(
    finished: list[tuple[int, bool]], still: list[int]
) -> None:
    over = [(ms, True) for ms, _ in finished]
    without, with_open = pairs(over), pairs(over + [(ms, False) for ms in still])
    before = quantile(curve_of(without).times, curve_of(without).still, HALF)
    after = quantile(curve_of(with_open).times, curve_of(with_open).still, HALF)
    assert before is not None and (after is None or after >= before)


@given(waiting)
def test_the_median_is_between_its_limits(found: list[tuple[int, bool]]) -> None:
    figure = median_wait(pairs(found), 0.9, 0.95)
    assert figure.value is not None and figure.low is not None
    assert figure.low <= figure.value and (figure.high is None or figure.value <= figure.high)
    assert figure.parts.get("p90", 1e9) <= figure.parts.get("p95", 1e9)
