"""The legs of the response over a year: from the report to the patrol's arrival, and the rest.

Median and P90 of what came to its end. What has not yet is at least so old: it enters both as
censored (Kaplan-Meier), or weeks in progress would look fast. A leg that never begins or ends
(code 4 is not dispatched) is neither slow nor fast: after a while it is left out and counted.
Weeks with fewer than five say nothing; where most have, months are shown instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.coarse import hide_few
from dashboard.kpis.choice import Period, day_of_ms, start_of
from dashboard.kpis.facts import NONE
from dashboard.kpis.survival import HALF, Waits, curve_of, quantile
from dashboard.stream.rollups import DAY_MS
from dashboard.trends.control import CHART_WEEKS, monday_of
from dashboard.trends.window import WEEK_MS

LEGS = {  # leg -> (from, to)
    "arrive": ("reported", "arrived"),
    "dispatch": ("reported", "dispatched"),
    "drive": ("dispatched", "arrived"),
    "close": ("arrived", "closed"),
}
LEAST = 5
# What has not ended by then will not: it is left out, not waiting.
PATIENCE_MS = {"arrive": DAY_MS, "dispatch": DAY_MS, "drive": DAY_MS, "close": 30 * DAY_MS}
CHART_MONTHS = 12
Times = NDArray[np.int64]
By = Literal["week", "month"]


@dataclass(frozen=True, slots=True)
class Span:
    """Of incidents reported from start_ms on. n: the leg has ended. without: it has not, or never
    will. reversed: it ended before it began: left out. None: one to four, not told to this role.

    p50 with its 95 % interval, p90, in ms; None: fewer than five, or too many are still open.
    """

    start_ms: int
    n: int | None
    without: int | None
    reversed: int | None
    p50: float | None = None
    low: float | None = None
    high: float | None = None
    p90: float | None = None

    @property
    def enough(self) -> bool:
        return self.p50 is not None


@dataclass(frozen=True, slots=True)
class Leg:
    """spans: oldest first, from the first in which there is an incident. period: all of it."""

    name: str
    spans: tuple[Span, ...]
    period: Span


def legs(
    frame: pd.DataFrame, period: Period, now_ms: int, coarse: bool = False
) -> tuple[By, tuple[Leg, ...]]:
    """Week by week, or month by month. frame: incidents that are wanted, of any time."""
    weeks, reported = weeks_until(now_ms), frame["reported"].to_numpy()
    first_ms = min(period.from_ms, int(months_until(now_ms)[0]))
    frame = frame[(reported >= first_ms) & (reported < now_ms)].sort_values("reported")
    by: By = "week" if _reads_well(frame, weeks) else "month"
    edges = weeks if by == "week" else months_until(now_ms)
    whole = np.array([period.from_ms, period.to_ms])
    found = []
    for name in LEGS:
        spans = _spans(frame, edges, name, now_ms)
        [all_of_it] = _spans(frame, whole, name, now_ms)
        found.append(Leg(name, _from_the_first(spans), all_of_it))
    return by, tuple(_coarse(leg) for leg in found) if coarse else tuple(found)


def weeks_until(now_ms: int) -> Times:
    """Edges of 52 ISO weeks in Korea, the one in progress the last."""
    this = monday_of(now_ms)
    return this + np.arange(1 - CHART_WEEKS, 2, dtype=np.int64) * WEEK_MS


def months_until(now_ms: int) -> Times:
    """Edges of twelve months in Korea and the one in progress."""
    today = day_of_ms(now_ms)
    last = 12 * today.year + today.month - 1
    months = (divmod(at, 12) for at in range(last - CHART_MONTHS, last + 2))
    return np.array([start_of(today.replace(year, at + 1, 1)) for year, at in months])


def _reads_well(frame: pd.DataFrame, weeks: Times) -> bool:
    """Half of the weeks that have any arrival have enough of them."""
    arrived = frame["reported"].to_numpy()[frame["arrived"].to_numpy() != NONE]
    counts, _ = np.histogram(arrived, weeks)
    some = counts[counts > 0]
    return bool(2 * (some >= LEAST).sum() >= len(some))


def _spans(frame: pd.DataFrame, edges: Times, name: str, now_ms: int) -> tuple[Span, ...]:
    """frame: in the order of the reports."""
    bounds = np.searchsorted(frame["reported"].to_numpy(), edges).tolist()
    began, ended = (frame[column].to_numpy() for column in LEGS[name])
    begun = began != NONE
    done = begun & (ended != NONE)
    wrong = done & (ended < began)
    waiting = begun & ~done & (now_ms - began < PATIENCE_MS[name])
    over, counted = done & ~wrong, (done & ~wrong) | waiting
    took = np.maximum(np.where(done, ended, now_ms) - began, 0).astype(float)
    found = []
    for start_ms, first, last in zip(edges[:-1].tolist(), bounds, bounds[1:], strict=False):
        here = slice(first, last)
        n, reversed_ = int(over[here].sum()), int(wrong[here].sum())
        span = Span(start_ms, n, last - first - n - reversed_, reversed_)
        of = counted[here]
        found.append(_told(span, Waits(took[here][of], over[here][of])) if n >= LEAST else span)
    return tuple(found)


def _told(span: Span, waits: Waits) -> Span:
    curve = curve_of(waits)
    p50 = quantile(curve.times, curve.still, HALF)
    if p50 is None:
        return span
    low = quantile(curve.times, curve.low, HALF)
    return replace(
        span,
        p50=p50,
        low=p50 if low is None else min(low, p50),
        high=quantile(curve.times, curve.high, HALF),
        p90=quantile(curve.times, curve.still, 0.9),
    )


def _from_the_first(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    for at, span in enumerate(spans):
        if span.n or span.without or span.reversed:
            return spans[at:]
    return ()


def _coarse(leg: Leg) -> Leg:
    spans = tuple(_span_coarse(span) for span in leg.spans)
    return replace(leg, spans=spans, period=_span_coarse(leg.period))


def _span_coarse(span: Span) -> Span:
    told = hide_few({"n": span.n or 0, "without": span.without or 0, "wrong": span.reversed or 0})
    return replace(span, n=told["n"], without=told["without"], reversed=told["wrong"])
