"""The weighted displacement difference: did counts fall more where something was done?

WDD = dT - dC + dD - dDc, d = count after - count before, of the treated area, its control, the
area around the treated one (to which it may have been displaced) and that one's control. Its
variance is the sum of all eight counts, for each is Poisson (Wheeler & Ratcliffe 2018). Counts of
unequal periods or areas are divided by their weights, and their variances by the squares. Beside
it the ratio (T1 / T0) / (C1 / C0), with the standard error of its logarithm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log, sqrt

from scipy import stats

Z95 = float(stats.norm.ppf(0.975))
HALF = 0.5  # added to every count of a ratio when one is zero


@dataclass(frozen=True, slots=True)
class Pair:
    """Counts of an area before and after; expected ones need not be whole. weight: how large it
    is, in any unit."""

    before: float
    after: float
    weight: float = 1.0


NOTHING = Pair(0, 0)


@dataclass(frozen=True, slots=True)
class Areas:
    """before_weight, after_weight: how long each period is, in any unit."""

    treated: Pair
    control: Pair
    displaced: Pair = NOTHING
    displaced_control: Pair = NOTHING
    before_weight: float = 1.0
    after_weight: float = 1.0

    @property
    def total(self) -> float:
        every = (self.treated, self.control, self.displaced, self.displaced_control)
        return sum(pair.before + pair.after for pair in every)


@dataclass(frozen=True, slots=True)
class Effect:
    """value < 0: fewer. z None: there is no count at all. p: two-sided."""

    value: float
    se: float
    low: float
    high: float
    z: float | None
    p: float | None


@dataclass(frozen=True, slots=True)
class Ratio:
    """value < 1: fewer than the control would make expect. corrected: halves were added."""

    value: float
    low: float
    high: float
    corrected: bool


def wdd(areas: Areas, phi: float = 1.0) -> Effect:
    """phi: how much more counts scatter than chance, at least 1."""
    value, variance = 0.0, 0.0
    for sign, pair in signed(areas):
        for count, time in ((pair.after, areas.after_weight), (-pair.before, areas.before_weight)):
            weight = pair.weight * time
            value += sign * count / weight
            variance += abs(count) / weight**2
    se = sqrt(variance * max(1.0, phi))
    z = value / se if se else None
    p = None if z is None else float(2 * stats.norm.sf(abs(z)))
    return Effect(value, se, value - Z95 * se, value + Z95 * se, z, p)


def rate_ratio(areas: Areas, phi: float = 1.0) -> Ratio | None:
    """SE of its logarithm: sqrt(phi (1/T0 + 1/T1 + 1/C0 + 1/C1)). Weights of areas cancel, those
    of the periods too. None: nothing was counted."""
    counts = (areas.treated.before, areas.treated.after, areas.control.before, areas.control.after)
    if not any(counts):
        return None
    corrected = not all(counts)
    t0, t1, c0, c1 = (count + HALF * corrected for count in counts)
    value = (t1 / t0) / (c1 / c0)
    reach = Z95 * sqrt(max(1.0, phi) * (1 / t0 + 1 / t1 + 1 / c0 + 1 / c1))
    return Ratio(value, exp(log(value) - reach), exp(log(value) + reach), corrected)


def signed(areas: Areas) -> Iterable[tuple[int, Pair]]:
    return (
        (1, areas.treated),
        (-1, areas.control),
        (1, areas.displaced),
        (-1, areas.displaced_control),
    )
