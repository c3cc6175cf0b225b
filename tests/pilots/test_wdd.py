"""The difference of differences, its error and interval, and the ratio beside it."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from dashboard.pilots.wdd import Areas, Pair, rate_ratio, wdd

# Published: Wheeler & Ratcliffe 2018; the examples of Wheeler's ptools.
FOUR = Areas(Pair(207, 110), Pair(308, 318), Pair(178, 157), Pair(150, 140))
WEIGHED = Areas(
    Pair(207, 110, 1.2), Pair(308, 318, 0.9), Pair(178, 157, 1.5), Pair(150, 140, 1.6)
)  # fmt: skip
UNEQUAL = Areas(Pair(80, 20), Pair(100, 50), before_weight=2, after_weight=1)

counts = some.integers(0, 500)
pairs = some.builds(Pair, counts, counts, some.floats(0.1, 10))
areas = some.builds(Areas, pairs, pairs, pairs, pairs, some.floats(0.1, 5), some.floats(0.1, 5))


def test_the_published_example_with_four_areas() -> None:
    effect = wdd(FOUR)
    assert effect.value == -118
    assert effect.se == sqrt(1568)
    assert effect.z == pytest.approx(-2.98, abs=0.005)
    assert (round(effect.low), round(effect.high)) == (-196, -40)


def test_the_published_example_with_periods_of_other_lengths() -> None:
    effect = wdd(UNEQUAL)
    assert effect.value == -20
    assert effect.se == sqrt(115)


def test_the_published_example_with_areas_of_other_sizes() -> None:
    effect = wdd(WEIGHED)
    assert effect.value == pytest.approx(-99.694, abs=0.0005)
    assert effect.se == pytest.approx(35.428, abs=0.0005)
    assert effect.z == pytest.approx(-2.814, abs=0.0005)


@given(areas)
def test_it_is_what_the_formula_says(of: Areas) -> None:
    value, variance = 0.0, 0.0
    for sign, one in ((1, of.treated), (-1, of.control), (1, of.displaced),
                      (-1, of.displaced_control)):  # fmt: skip
        after, before = one.weight * of.after_weight, one.weight * of.before_weight
        value += sign * (one.after / after - one.before / before)
        variance += one.after / after**2 + one.before / before**2
    effect = wdd(of)
    assert effect.value == pytest.approx(value, abs=1e-9)
    assert effect.se == pytest.approx(sqrt(variance))
    assert effect.high - effect.value == pytest.approx(effect.value - effect.low)


@given(areas)
def test_swapping_treated_and_control_turns_the_sign_and_nothing_else(of: Areas) -> None:
    other = replace(
        of, treated=of.control, control=of.treated,
        displaced=of.displaced_control, displaced_control=of.displaced,
    )  # fmt: skip
    here, there = wdd(of), wdd(other)
    assert here.value == pytest.approx(-there.value, abs=1e-9)
    assert here.se == pytest.approx(there.se)


def test_weeks_that_scatter_more_than_chance_make_the_interval_wider() -> None:
    plain, wide = wdd(FOUR), wdd(FOUR, phi=2.25)
    assert wide.value == plain.value
    assert wide.se == pytest.approx(1.5 * plain.se)
    assert wdd(FOUR, phi=0.5).se == plain.se  # never narrower


def test_without_any_incident_there_is_no_z() -> None:
    effect = wdd(Areas(Pair(0, 0), Pair(0, 0)))
    assert (effect.value, effect.se, effect.z, effect.p) == (0, 0, None, None)


def test_the_ratio_and_the_error_of_its_logarithm() -> None:
    ratio = rate_ratio(FOUR)
    assert ratio is not None
    value = (110 / 207) / (318 / 308)
    reach = 1.959963984540054 * sqrt(1 / 207 + 1 / 110 + 1 / 308 + 1 / 318)
    assert ratio.value == pytest.approx(value)
    assert ratio.low == pytest.approx(exp(log(value) - reach))
    assert ratio.high == pytest.approx(exp(log(value) + reach))
    assert not ratio.corrected


def test_a_ratio_with_a_zero_has_a_half_added_to_each() -> None:
    ratio = rate_ratio(Areas(Pair(6, 0), Pair(4, 5)))
    assert ratio is not None and ratio.corrected
    assert ratio.value == pytest.approx((0.5 / 6.5) / (5.5 / 4.5))
    assert rate_ratio(Areas(Pair(0, 0), Pair(0, 0))) is None


def simulated(before: float, fall: float, rounds: int, seed: int) -> np.ndarray:
    """(rounds, 4): treated before and after, control before and after."""
    draw = np.random.default_rng(seed)
    means = [before, before * (1 - fall), 1.5 * before, 1.5 * before]
    return draw.poisson(means, (rounds, 4))


@pytest.mark.parametrize("before", [20, 60, 200])
def test_95_percent_intervals_hold_the_truth_in_95_of_100_cases(before: int) -> None:
    """Within three standard errors of the simulation, 0.0037 each."""
    rows = simulated(before, 0.3, 3_500, 1)
    held_wdd = held_ratio = 0
    for t0, t1, c0, c1 in rows:
        of = Areas(Pair(t0, t1), Pair(c0, c1))
        effect, ratio = wdd(of), rate_ratio(of)
        held_wdd += effect.low <= -0.3 * before <= effect.high
        held_ratio += ratio is not None and ratio.low <= 0.7 <= ratio.high
    for held in (held_wdd, held_ratio):
        assert abs(held / len(rows) - 0.95) < 0.0115
