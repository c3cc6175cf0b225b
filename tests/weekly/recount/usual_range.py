"""What is usual, once more: from the words of dashboard/weekly/usual.py, trends/change.py and
trends/scatter.py, with loops, binomials and Student's t."""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, copysign, exp, inf, log, pi, sin, sqrt
from statistics import fmean, median, variance
from typing import NamedTuple

from scipy import stats

STEPS = {"count": 1.0, "per_day": 1.0, "ms": 1_000.0, "share": 1e-4}


class Range(NamedTuple):
    """As it is before it is rounded."""

    middle: float
    low: float
    high: float
    z: float


class Known(NamedTuple):
    value: float
    interval: tuple[float, float] | None = None


# -- counts ----------------------------------------------------------------------------------


def of_counts(now: float, weeks: Sequence[float]) -> Range:
    """weeks: all that are known before it."""
    last = weeks[-8:]
    phi, df = scatter(weeks)
    middle = sum(last) / len(last)
    low = min(n for n in range(round(middle) + 1) if abs(surprise(n, last, phi, df)) < 2)
    high = round(middle)
    while abs(surprise(high + 1, last, phi, df)) < 2:
        high += 1
    return Range(middle, low, high, surprise(now, last, phi, df))


def surprise(n: float, last: Sequence[float], phi: float, df: float) -> float:
    m, before = len(last), sum(last)
    mean = before / m
    if n < 10 or mean < 10:
        chance = 1 / (m + 1)  # that one of them all falls into this week
        fewer = stats.binom.cdf(n, n + before, chance)
        more = stats.binom.sf(n - 1, n + before, chance)
        z = stats.norm.isf(min(1.0, 2 * min(fewer, more)) / 2)
        z = -z if fewer < more else z
    else:
        z = 2 * (sqrt(n) - sqrt(mean)) / sqrt(1 + 1 / m)
    if phi <= 1.2:
        return float(z)
    return same_surprise(z / sqrt(phi), df)


def same_surprise(t: float, df: float) -> float:
    return copysign(float(stats.norm.isf(max(1e-300, float(stats.t.sf(abs(t), df))))), t)


def scatter(weeks: Sequence[float]) -> tuple[float, float]:
    """phi and its degrees of freedom."""
    if len(weeks) >= 16:
        return _against_before(weeks)
    last = weeks[-8:]
    if len(last) < 4 or not any(last):
        return 1.0, inf if len(last) < 4 else len(last) - 1
    mean = fmean(last)
    return max(1.0, sum((n - mean) ** 2 for n in last) / mean / (len(last) - 1)), len(last) - 1


def _against_before(weeks: Sequence[float]) -> tuple[float, float]:
    clean, found = list(weeks), (1.0, inf)
    for turn in range(4):
        rows = []  # week, mean of those before, how many
        for at, n in enumerate(weeks):
            before = clean[max(0, at - 8) : at]
            if len(before) >= 4 and sum(before):
                rows.append((at, n, fmean(before), len(before)))
        z = {at: 2 * (sqrt(n) - sqrt(mu)) / sqrt(1 + 1 / m) for at, n, mu, m in rows}
        if not rows:
            return found
        phi = found[0] if turn else max(1.0, (1.4826 * median(map(abs, z.values()))) ** 2)
        kept = [row for row in rows if abs(z[row[0]]) < 3 * sqrt(phi)]
        if len(kept) < 12:
            return found
        squares = sum((n - mu) ** 2 / (1 + 1 / m) for _, n, mu, m in kept)
        found = max(1.0, squares / sum(mu for _, _, mu, _ in kept)), len(kept)
        clean = list(weeks)
        for at, _, mu, _ in rows:
            if abs(z[at]) >= 3 * sqrt(phi):
                clean[at] = mu
    return found


# -- all else --------------------------------------------------------------------------------


def between(unit: str, now: Known, weeks: Sequence[Known], judged: bool) -> Range:
    """weeks: the last four to eight that are known."""
    m = len(weeks)
    at = [_on_scale(unit, one.value) for one in weeks]
    centre = _back(unit, fmean(at))
    step, here = STEPS[unit], _on_scale(unit, centre)
    least = max(_on_scale(unit, centre + step) - here, here - _on_scale(unit, centre - step))
    square = variance(at)
    if judged and now.interval:
        own = _squared_error(unit, now)
        least = max(least, (1.0 if sqrt(square) < least else 0.7) * sqrt(own))
        square += max(0.0, own - fmean(_squared_error(unit, one) for one in weeks))
    reach = max(least, sqrt(square)) * sqrt((m + 1) / m)
    t = (_on_scale(unit, now.value) - fmean(at)) / reach
    wide = reach * float(stats.t.ppf(stats.norm.cdf(2), m - 1))
    ends = (_back(unit, fmean(at) + side * wide) for side in (-1, 1))
    return Range(centre, *ends, same_surprise(t, m - 1))


def _squared_error(unit: str, one: Known) -> float:
    if one.interval is None:
        return 0.0
    low, high = (_on_scale(unit, end) for end in one.interval)
    return ((high - low) / 2 / 1.959963984540054) ** 2


def _on_scale(unit: str, x: float) -> float:
    if unit == "ms":
        return log(max(1_000.0, x))
    return asin(sqrt(min(1.0, max(0.0, x)))) if unit == "share" else max(0.0, x)


def _back(unit: str, y: float) -> float:
    if unit == "ms":
        return exp(y)
    return sin(min(pi / 2, max(0.0, y))) ** 2 if unit == "share" else max(0.0, y)
