"""Waiting times of which some are not over: Kaplan-Meier, so that open ones cannot flatter.

Source: Kaplan & Meier 1958; Greenwood 1926; limits on the log-log scale, Kalbfleisch & Prentice
2002. scipy.stats.ecdf says the same (a test holds us to it), but sorts three times: with eight
such figures on a page and a year of alerts that is most of the time there is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dashboard.kpis.estimates import NOTHING, Array, Z
from dashboard.kpis.figure import Figure

HALF = 0.5
Moments = NDArray[np.int64]
_HAIR = 1e-9  # shares are products: 0.5 may come out a hair above itself


@dataclass(frozen=True, slots=True, eq=False)
class Waits:
    """ms: how long each has lasted. over: whether it is finished; if not, it lasts longer."""

    ms: Array
    over: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ms)

    def of(self, mask: NDArray[np.bool_]) -> Waits:
        return Waits(self.ms[mask], self.over[mask])


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """still[k], low[k], high[k]: share still waiting just after times[k], and its limits."""

    times: Array
    still: Array
    low: Array
    high: Array


def waits(from_ms: Moments, to_ms: Moments, end_ms: int) -> Waits:
    """to_ms below zero: has not happened. What lies after end_ms is not known yet."""
    over = (to_ms >= 0) & (to_ms <= end_ms)
    ms = np.where(over, to_ms, end_ms) - from_ms
    return Waits(np.maximum(ms, 0).astype(np.float64), over)


def curve_of(of: Waits) -> Curve:
    """S(t) = Π(1 - d/r) over the times at which d of the r still waiting are done; limits
    S^exp(±zσ), σ² = Σ d/(r(r - d)) / (ln S)². Where all or none still wait: no limits but S."""
    order = np.argsort(of.ms)
    ms, n = of.ms[order], len(of)
    starts = np.flatnonzero(np.concatenate([[True], ms[1:] != ms[:-1]]))
    done = np.add.reduceat(of.over[order].astype(np.float64), starts)
    waiting = n - starts
    still: Array = np.cumprod(1 - done / waiting).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(done / (waiting * (waiting - done)))
        reach = np.exp(Z * np.sqrt(variance) / -np.log(still))
        low, high = still**reach, still ** (1 / reach)
    partly = (still > _HAIR) & (still < 1)
    return Curve(ms[starts], still, np.where(partly, low, still), np.where(partly, high, still))


def quantile(times: Array, still: Array, p: float) -> float | None:
    """The first time by which a share p is over; None: beyond what is known."""
    under = still <= 1 - p + _HAIR
    return float(times[under.argmax()]) if under.any() else None


def median_wait(of: Waits, *shown: float) -> Figure:
    """Median; parts: quantiles that were asked for ("p90"), mean of the finished, open.

    When fewer than half are over before knowledge ends, the value is the longest wait known of,
    and censored.
    """
    if not len(of):
        return NOTHING
    curve = curve_of(of)
    value = quantile(curve.times, curve.still, HALF)
    parts = {"open": float(np.count_nonzero(~of.over))}
    if of.over.any():
        parts["mean"] = float(of.ms[of.over].mean())
    for p in shown:
        at = quantile(curve.times, curve.still, p)
        if at is not None:
            parts[f"p{round(100 * p)}"] = at
    if value is None:
        longest = float(of.ms.max())
        low = quantile(curve.times, curve.low, HALF)
        return Figure(longest, n=len(of), low=longest if low is None else low, parts=parts,
                      censored=True)  # fmt: skip
    return replace(_between(curve, value), n=len(of), parts=parts)


def _between(curve: Curve, value: float) -> Figure:
    """The times at which the limits of the curve pass a half."""
    low = quantile(curve.times, curve.low, HALF)
    high = quantile(curve.times, curve.high, HALF)
    return Figure(value, low=value if low is None else min(low, value), high=high)
