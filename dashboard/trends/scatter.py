"""How much more weekly counts scatter than chance: phi, 1 = as a Poisson count.

Each week is held against the mean of the (four to eight) weeks before it, so that seasons and
slow changes are not taken for scatter: phi = sum (n - mu)^2 / (1 + 1/m) over sum mu, Pearson's
chi-square of a quasi-Poisson count. Weeks beyond three standard deviations are left out, also of
what later weeks are held against, so that one bad week hides neither itself nor others
(Jones-Farmer et al. 2014 on cleaning a phase I baseline).

phi is itself an estimate: what is divided by its root follows Student's t, not the normal
distribution (McCullagh & Nelder 1989, quasi-likelihood). Simulated with 40 a week and a true phi
of 2 and 3, |z| >= 3 comes in 0.4 and 0.3 % of weeks where a year is known, in 1.0 % where only
eight weeks are; nominal are 0.27 %, and without any allowance it would be 3.9 and 8.5 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from dashboard.usual import OVERDISPERSED, dispersion

BEFORE, LEAST_BEFORE = 8, 4
OUTSIDE = 3.0  # standard deviations
LEAST_DF = 3
ENOUGH = 12  # weeks with weeks before them
TURNS = 4
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scatter:
    """phi, at least 1, and how many degrees of freedom it was estimated with."""

    phi: float = 1.0
    df: float = inf

    @property
    def wider(self) -> float:
        """What a variance is multiplied with: 1 where phi is too little to tell from chance."""
        return self.phi if self.phi > OVERDISPERSED else 1.0

    def reach(self, k: float) -> float:
        """Standard deviations of pure chance that are k with this scatter: allow, backwards."""
        if self.wider == 1.0:
            return k
        return float(stats.t.isf(stats.norm.sf(k), self.df)) * sqrt(self.wider)

    def allow(self, z: Floats) -> Floats:
        """Standard deviations of pure chance as those of the same surprise with this scatter."""
        if self.wider == 1.0:
            return z
        shrunk = np.abs(z) / sqrt(self.wider)
        tail = np.clip(stats.t.sf(shrunk, self.df), 1e-300, 0.5)
        return np.asarray(np.copysign(stats.norm.isf(tail), z))


CALM = Scatter()


def scatter(counts: NDArray[np.int64]) -> Scatter:
    """counts: of whole weeks, oldest first, as many as are known. Of too few to hold against those
    before them, the last eight against their own mean."""
    if len(counts) >= LEAST_BEFORE + ENOUGH:
        return _against_before(counts.astype(float))
    last = counts[-BEFORE:].tolist()
    if len(last) <= LEAST_DF:
        return CALM
    return Scatter(max(1.0, dispersion(last)), len(last) - 1)


def centres(counts: NDArray[np.int64] | Floats) -> tuple[Floats, Floats]:
    """Of each week: (mean of the up to eight weeks before it, how many those are)."""
    summed = np.concatenate([[0], np.cumsum(counts)]).astype(float)
    at = np.arange(len(counts))
    first = np.maximum(0, at - BEFORE)
    before = (at - first).astype(float)
    return (summed[at] - summed[first]) / np.maximum(before, 1), before


def _against_before(counts: Floats) -> Scatter:
    found, cleaned = CALM, counts
    for turn in range(TURNS):
        mean, before = centres(cleaned)
        wider = 1 + 1 / np.maximum(before, 1)
        z = 2 * (np.sqrt(counts) - np.sqrt(mean)) / np.sqrt(wider)
        known = (before >= LEAST_BEFORE) & (mean > 0)
        if not known.any():
            break
        phi = found.phi if turn else max(1.0, (1.4826 * float(np.median(np.abs(z[known])))) ** 2)
        outside = known & (np.abs(z) >= OUTSIDE * sqrt(phi))
        kept = known & ~outside
        if kept.sum() < ENOUGH:
            break
        squares = (counts[kept] - mean[kept]) ** 2 / wider[kept]
        found = Scatter(max(1.0, float(squares.sum() / mean[kept].sum())), int(kept.sum()))
        cleaned = np.where(outside, mean, counts)
    return found
