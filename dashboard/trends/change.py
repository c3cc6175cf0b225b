"""Counts against what is usual: expected from the weeks before, and how surprising they are.

z = 2 (sqrt x - sqrt mu) / sqrt(1 + 1/m) for a count x where mu is expected from m times as much
time (Wheeler 2018; the variance of the mean itself is the 1/m). Under ten it is exact instead: of
x + b incidents in period and baseline, x falls into the period with probability f / (1 + f), f
the lengths' ratio; the smaller tail doubled, told as the z of the same surprise. Where past weeks
scatter more than chance z is divided by sqrt phi (scatter.py). |z| >= 3 is flagged: among many
figures watched, chance alone flags one in 370.

Every incident of the baseline weighs as its hour of the week occurs in the period (window.py):
mu = sum w, and 1/m = sum w^2 / sum w, the variance of mu for each that is expected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from dashboard.coarse import hide_few
from dashboard.trends.scatter import CALM, Scatter, scatter
from dashboard.trends.window import Baseline, Compared
from dashboard.usual import band

FLAG_Z = 3.0
USUAL_Z = 2.0  # within which 19 of 20 lie
MANY = 30  # from here on steps of one do not matter
BY_CHANCE = 0.0027  # of |z| >= 3
SMALL = 10  # below, exact
TOTAL = ""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """n against what is expected. None: nothing is known of before.

    low, high: the usual range, the least and the most with |z| under 2. exact: z is that of an
    exact p.
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
    """A group's count. judged None: under five, not shown to this role; its z None and flag ""
    or not: before it was under five. last_year None: not known, or under five; z_last_year:
    against it, sqrt 2 (sqrt x1 - sqrt x0), exact under ten."""

    key: str
    judged: Judged | None
    last_year: int | None = None
    z_last_year: float | None = None
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """total, then a row per group: the most surprising first. by_chance: flags that chance alone
    would give. weeks: of the baseline, 0 = no history. phi: of weekly counts."""

    total: Row
    rows: tuple[Row, ...]
    weeks: int
    phi: float
    by_chance: float

    @property
    def flagged(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.flag)


def judge(n: float, before: float, factor: float, spread: Scatter = CALM) -> Judged:
    """before: the count of the baseline; factor: how many times the period fits into it."""
    return judge_all([n], [before], [factor], spread)[0]


def judge_all(
    n: ArrayLike, before: ArrayLike, factor: ArrayLike, spread: Scatter = CALM
) -> tuple[Judged, ...]:
    """factor 0: nothing to compare with."""
    counts, past, share = (np.asarray(one, float) for one in (n, before, factor))
    z, exact = z_of(counts, past, share, spread)
    found = []
    ends = limits(past, share, USUAL_Z, spread)
    for x, b, f, low, high, score, small in zip(counts, past, share, *ends, z, exact, strict=True):
        if f <= 0:
            found.append(Judged(float(x)))
            continue
        usual = float(b * f), float(low), float(high)
        found.append(Judged(float(x), *usual, float(score), bool(small)))
    return tuple(found)


def z_of(
    n: Floats, before: Floats, factor: Floats, spread: Scatter = CALM
) -> tuple[Floats, NDArray[np.bool_]]:
    """(z, whether it is that of an exact p); 0 where factor is 0."""
    mu = before * factor
    z = 2 * (np.sqrt(n) - np.sqrt(mu)) / np.sqrt(1 + factor)
    small = ((n < SMALL) | (mu < SMALL)) & (factor > 0)
    z = np.where(small, _exact_z(n, before, factor), z)
    return spread.allow(np.where(factor > 0, z, 0.0)), small


def limits(
    before: Floats, factor: Floats, reach: float, spread: Scatter = CALM
) -> tuple[Floats, Floats]:
    """The least and the most with |z| under reach."""
    wide = spread.reach(reach)
    ends = [band(b * f, wide, 1 + f) for b, f in zip(before, factor, strict=True)]
    low, high = np.ceil([low for low, _ in ends]), np.floor([high for _, high in ends])
    few = np.flatnonzero(low <= MANY)
    if len(few):
        tried = np.arange(3 * high[few].max() + 20)[None, :]
        z, _ = z_of(tried, before[few, None], factor[few, None], spread)
        kept = np.abs(z) < reach
        low[few] = kept.argmax(axis=1)
        high[few] = kept.shape[1] - 1 - kept[:, ::-1].argmax(axis=1)
    return low, high


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


def counts(compared: Compared, by: str, coarse: bool = False) -> Counts:
    """by: a column of the frame: category, code, zone or route.

    coarse: counts under five are hidden, as coarse.hide_few does, of now, before and last year.
    """
    base, spread = compared.base, scatter(compared.weekly)
    now, past, year = (_sums(one, by) for one in (compared.frame, compared.before, _year(compared)))
    keys = sorted({*now, *past})
    before, factor = _usual(compared, by, keys)
    judged = judge_all([now.get(key, 0) for key in keys], before, factor, spread)
    then = None if compared.last_year is None else [year.get(key, 0) for key in keys]
    rows = _rows(keys, judged, before, then, coarse)
    total = judge(len(compared.frame), *_in_all(base, base.weights(compared.before)), spread)
    n_year = None if compared.last_year is None else [len(compared.last_year)]
    return Counts(
        total=_rows([TOTAL], [total], [len(compared.before)], n_year, coarse)[0],
        rows=tuple(sorted(rows, key=_surprise)),
        weeks=base.weeks,
        phi=spread.phi,
        by_chance=BY_CHANCE * len(rows) if base.weeks else 0.0,
    )


def _year(compared: Compared) -> pd.DataFrame:
    return compared.before[:0] if compared.last_year is None else compared.last_year


def _sums(frame: pd.DataFrame, by: str) -> dict[str, int]:
    """Of each group that occurs."""
    return {str(k): int(n) for k, n in frame[by].value_counts().items() if n and str(k) != "-1"}


def _usual(compared: Compared, by: str, keys: Sequence[str]) -> tuple[Floats, Floats]:
    """(count of the baseline that counts, factor) of each key."""
    base, before = compared.base, compared.before
    weights = base.weights(before)
    groups = before[by].astype(str).to_numpy()
    found = [_in_all(base, weights[groups == key]) for key in keys]
    return np.array([b for b, _ in found]), np.array([f for _, f in found])


def _in_all(base: Baseline, weights: Floats) -> tuple[float, float]:
    """(b, f): what so many incidents of so much weight are worth: b x f expected, as surely as
    from b of one weight f."""
    mu = float(weights.sum())
    if mu <= 0:
        return 0.0, base.factor
    factor = float((weights**2).sum()) / mu
    return mu / factor, factor


def _rows(
    keys: Sequence[str],
    judged: Sequence[Judged],
    before: Sequence[float] | Floats,
    year: Sequence[int] | None,
    coarse: bool,
) -> list[Row]:
    few = _few(keys, [one.n for one in judged]) if coarse else ()
    few_before = _few(keys, before) if coarse else ()
    few_then = _few(keys, year) if coarse and year is not None else ()
    found = []
    for at, (key, one) in enumerate(zip(keys, judged, strict=True)):
        if key in few:
            found.append(Row(key, None))
            continue
        told = Judged(one.n) if key in few_before else one
        if year is None or key in few_then:
            found.append(Row(key, told, flag=one.flag))
            continue
        found.append(Row(key, told, year[at], judge(one.n, year[at], 1.0).z, one.flag))
    return found


def _few(keys: Sequence[str], counts: Sequence[float] | Floats) -> frozenset[str]:
    """Not to be told, nor to be had by taking the others from their total."""
    shown = hide_few({key: round(float(n)) for key, n in zip(keys, counts, strict=True)})
    return frozenset(key for key, n in shown.items() if n is None)


def _surprise(row: Row) -> tuple[bool, bool, float, float, str]:
    """Flagged first, by their z; then by their count, those that are not told last."""
    if row.judged is None:
        return True, True, 0.0, 0.0, row.key
    z = abs(row.judged.z or 0.0) if row.flag else 0.0
    return False, not row.flag, -z, -row.judged.n, row.key
