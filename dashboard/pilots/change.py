"""By how much more the treated area changed than its control, with an interval.

Of shares and means the difference of differences (T1 - T0) - (C1 - C0). Its interval is put
together from those of the four figures, each as lopsided as it is: MOVER, the method of variance
estimates recovery (Zou & Donner 2008). Of counts that a period gives in pieces, the ratio of
ratios (T1 / T0) / (C1 / C0), by the scatter of the logarithms between pieces, as Welch's t test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, hypot, sqrt

import numpy as np
from scipy import stats

from dashboard.kpis.figure import Figure

SIGNS = (-1, 1, 1, -1)  # of treated before and after, control before and after
LEAST_PIECES = 4


@dataclass(frozen=True, slots=True)
class Change:
    """low, high: 95 %. ratio: it is one, 1 = no change; else a difference, 0 = no change."""

    value: float
    low: float
    high: float
    ratio: bool = False

    @property
    def side(self) -> str:
        """more, less, or "" where chance could have done it."""
        nothing = 1.0 if self.ratio else 0.0
        if self.low > nothing:
            return "more"
        return "less" if self.high < nothing else ""


def of_figures(figures: Sequence[Figure]) -> Change | None:
    """In the order of SIGNS. None: one of them has no value or no interval on both sides."""
    value, down, up = 0.0, 0.0, 0.0
    for sign, one in zip(SIGNS, figures, strict=True):
        if one.value is None or one.low is None or one.high is None or one.censored:
            return None
        value += sign * one.value
        below, above = one.value - one.low, one.high - one.value
        down = hypot(down, below if sign > 0 else above)
        up = hypot(up, above if sign > 0 else below)
    return Change(value, value - down, value + up)


def of_pieces(cells: Sequence[Sequence[float]]) -> Change | None:
    """cells: in the order of SIGNS, one value per piece of the period. None: fewer than four
    pieces of one, or a piece without anything."""
    value, variance, spread = 0.0, 0.0, 0.0
    for sign, pieces in zip(SIGNS, cells, strict=True):
        if len(pieces) < LEAST_PIECES or min(pieces) <= 0:
            return None
        logs = np.log(np.asarray(pieces, float))
        of_mean = float(logs.var(ddof=1)) / len(logs)
        value += sign * float(logs.mean())
        variance += of_mean
        spread += of_mean**2 / (len(logs) - 1)
    reach = 0.0
    if variance > 0:
        reach = float(stats.t.ppf(0.975, variance**2 / spread)) * sqrt(variance)
    return Change(exp(value), exp(value - reach), exp(value + reach), ratio=True)
