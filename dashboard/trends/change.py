"""Counts against what is usual: expected from the weeks before, and how surprising they are.

z = 2 (sqrt x - sqrt mu) / sqrt(1 + 1/m) for a count x where mu is expected from m times as much
time (Wheeler 2018; the variance of the mean itself is the 1/m). Under ten it is exact instead: of
x + b incidents in period and baseline, x falls into the period with probability f / (1 + f), f
the lengths' ratio; the smaller tail doubled, told as the z of the same surprise. Where past weeks
scatter more than chance (phi > 1.2) z is divided by sqrt phi. |z| >= 3 is flagged: among many
figures watched, chance alone flags one in 370.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from dashboard.coarse import FEW, hide_few
from dashboard.trends.aoristic import hour_weights
from dashboard.trends.window import WEEK_MS, Baseline, Compared
from dashboard.usual import OVERDISPERSED, band, dispersion

FLAG_Z = 3.0
BY_CHANCE = 0.0027  # of |z| >= 3
SMALL = 10  # below, exact
TOTAL = ""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """n against what is expected. None: nothing is known of before.

    low, high: the usual range, 2 standard deviations. exact: z is that of an exact p.
    """

    n: float
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    z: float | None = None
    exact: bool = False

    @property
    def flag(self) -> str:
        """more, less or ""."""
        if self.z is None or abs(self.z) < FLAG_Z:
            return ""
        return "more" if self.z > 0 else "less"


@dataclass(frozen=True, slots=True)
class Row:
    """A group's count. n None: under five, not shown to this role. last_year None: not known;
    z_last_year: against it, sqrt 2 (sqrt x1 - sqrt x0)."""

    key: str
    judged: Judged | None
    last_year: int | None = None
    z_last_year: float | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """total, then a row per group: the most surprising first. by_chance: flags that chance alone
    would give. weeks: of the baseline, 0 = no history. phi: of its weekly counts."""

    total: Row
    rows: tuple[Row, ...]
    weeks: int
    phi: float
    by_chance: float

    @property
    def flagged(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.judged and row.judged.flag)


def judge(n: float, before: float, factor: float, phi: float = 1.0) -> Judged:
    """before: the count of the baseline; factor: how many times the period fits into it."""
    return judge_all(np.array([n]), np.array([before]), np.array([factor]), phi)[0]


def judge_all(
    n: ArrayLike, before: ArrayLike, factor: ArrayLike, phi: float = 1.0
) -> tuple[Judged, ...]:
    """factor 0: nothing to compare with."""
    counts, past, share = (np.asarray(one, float) for one in (n, before, factor))
    z, exact = z_of(counts, past, share, phi)
    found = []
    for x, b, f, score, small in zip(counts, past, share, z, exact, strict=True):
        if f <= 0:
            found.append(Judged(float(x)))
            continue
        low, high = band(b * f, 2.0, phi * (1 + f))
        found.append(Judged(float(x), float(b * f), low, high, float(score), bool(small)))
    return tuple(found)


def z_of(
    n: Floats, before: Floats, factor: Floats, phi: float = 1.0
) -> tuple[Floats, NDArray[np.bool_]]:
    """(z, whether it is that of an exact p); 0 where factor is 0."""
    mu = before * factor
    with np.errstate(invalid="ignore"):
        z = 2 * (np.sqrt(n) - np.sqrt(mu)) / np.sqrt(1 + factor)
    small = ((n < SMALL) | (mu < SMALL)) & (factor > 0)
    z = np.where(small, _exact_z(n, before, factor), z)
    z = np.where(factor > 0, z, 0.0) / (sqrt(phi) if phi > OVERDISPERSED else 1.0)
    return z, small


def exact_p(n: ArrayLike, before: ArrayLike, factor: ArrayLike) -> tuple[Floats, Floats]:
    """(P(X <= n), P(X >= n)) given n + before in all: X ~ Bin(n + before, f / (1 + f)).

    Source: Przyborowski & Wilenski 1940, the conditional test of two Poisson counts.
    """
    x, b = np.rint(np.asarray(n, float)), np.rint(np.asarray(before, float))
    f = np.asarray(factor, float)
    share = f / (1 + f)
    return stats.binom.cdf(x, x + b, share), stats.binom.sf(x - 1, x + b, share)


def _exact_z(n: Floats, before: Floats, factor: Floats) -> Floats:
    lower, upper = exact_p(n, before, factor)
    less = lower < upper
    p = np.minimum(1.0, 2 * np.where(less, lower, upper))
    z: Floats = np.where(less, -1, 1) * stats.norm.isf(np.clip(p, 1e-300, 1.0) / 2)
    return z


def phi_of(before: pd.DataFrame, base: Baseline) -> float:
    """How much more the baseline's weeks scatter than chance, at least 1."""
    weeks = (before["reported"].to_numpy() - base.from_ms) // WEEK_MS
    counts = np.bincount(weeks, minlength=base.weeks) if base.weeks else np.zeros(0, int)
    return max(1.0, dispersion(counts.tolist()))


def counts(compared: Compared, by: str, coarse: bool = False) -> Counts:
    """by: a column of the frame (category, code, zone, route) or "hour", the hour of the week.

    coarse: rows under five are hidden, as coarse.hide_few does.
    """
    frame, before, last_year = compared.frame, compared.before, compared.last_year
    base, factor = compared.base, compared.base.factor
    phi = phi_of(before, base)
    now, past = _sums(frame, by), _sums(before, by)
    year = None if last_year is None else _sums(last_year, by)
    keys = sorted({*now, *past} | ({TOTAL} if by in ("zone", "route") and TOTAL in now else set()))
    factors = [_factor(base, by, key) for key in keys]
    judged = judge_all([now.get(k, 0) for k in keys], [past.get(k, 0) for k in keys], factors, phi)
    hidden = _hidden(keys, judged) if coarse else frozenset[str]()
    rows = [
        Row(key, None) if key in hidden else _row(key, one, year, coarse)
        for key, one in zip(keys, judged, strict=True)
    ]
    n_year = None if last_year is None else {TOTAL: float(len(last_year))}
    total = judge(len(frame), len(before), factor, phi)
    too_few = coarse and 0 < total.n < FEW
    return Counts(
        total=Row(TOTAL, None) if too_few else _row(TOTAL, total, n_year, coarse),
        rows=tuple(sorted(rows, key=_surprise)),
        weeks=base.weeks,
        phi=phi,
        by_chance=BY_CHANCE * len(rows) if base.weeks else 0.0,
    )


def _row(key: str, judged: Judged, year: Mapping[str, float] | None, coarse: bool) -> Row:
    then = None if year is None else year.get(key, 0.0)
    if then is None or (coarse and 0 < then < FEW):
        return Row(key, judged)
    return Row(key, judged, round(then), sqrt(2) * (sqrt(judged.n) - sqrt(then)))


def _factor(base: Baseline, by: str, key: str) -> float:
    return float(base.factor_by_hour.ravel()[int(key)]) if by == "hour" else base.factor


def _sums(frame: pd.DataFrame, by: str) -> dict[str, float]:
    """Of each group that occurs; hours by aoristic weight."""
    if by == "hour":
        weights = hour_weights(frame)
        sums = np.bincount(weights["hour"].to_numpy(int), weights["weight"].to_numpy(float), 168)
        return {str(hour): float(n) for hour, n in enumerate(sums)}
    found = frame[by].value_counts()
    return {str(key): float(n) for key, n in found.items() if n > 0 and str(key) != "-1"}


def _hidden(keys: Sequence[str], judged: Sequence[Judged]) -> frozenset[str]:
    """A row is hidden with its count of before: what was usual tells of few people, too."""
    shown = hide_few({key: round(one.n) for key, one in zip(keys, judged, strict=True)})
    return frozenset(key for key, n in shown.items() if n is None)


def _surprise(row: Row) -> tuple[bool, float, float, str]:
    if row.judged is None:
        return True, 0.0, 0.0, row.key
    z = 0.0 if row.judged.z is None else abs(row.judged.z)
    return False, -z if z >= FLAG_Z else 0.0, -row.judged.n, row.key
