"""The legs of the response, week by week: from the report to the patrol's arrival, and the rest.

Median and P90 of what came to its end. What has not yet is at least so old: it enters the median
as censored (Kaplan-Meier), or weeks in progress would look fast. A leg that never begins (code 4
is not dispatched) belongs to no median. Weeks with fewer than five say nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.kpis.facts import NONE
from dashboard.kpis.survival import Waits, curve_of, quantile
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
LOST_MS = DAY_MS  # a moment not told within a day will not come: left out, not waiting


@dataclass(frozen=True, slots=True)
class LegWeek:
    """n: ended. without: incidents of the week in which the leg has not ended (or never will).
    p50, p90 in ms; None: fewer than five, or more than so many are still open."""

    start_ms: int
    n: int
    without: int
    p50: float | None = None
    p90: float | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    name: str
    weeks: tuple[LegWeek, ...]
    reversed: int  # ended before they began: left out


def legs(frame: pd.DataFrame, now_ms: int) -> tuple[Leg, ...]:
    """frame: incidents wanted, of any time; the last 52 weeks that have any are shown."""
    this = monday_of(now_ms)
    first = this - (CHART_WEEKS - 1) * WEEK_MS
    reported = frame["reported"].to_numpy()
    week = (reported - first) // WEEK_MS
    shown = (week >= 0) & (week < CHART_WEEKS)
    return tuple(_leg(frame[shown], week[shown], first, name, now_ms) for name in LEGS)


def _leg(
    frame: pd.DataFrame, week: NDArray[np.int64], first_ms: int, name: str, now_ms: int
) -> Leg:
    began, ended = (frame[column].to_numpy() for column in LEGS[name])
    begun = began != NONE
    done = begun & (ended != NONE)
    length = ended - began
    wrong = done & (length < 0)
    waiting = begun & ~done & (now_ms - began < LOST_MS)
    took = np.where(done, length, now_ms - began).astype(float)
    found = []
    for at in np.unique(week):
        here = (week == at) & ~wrong
        counted = here & (done | waiting)
        n = int((here & done).sum())
        p50, p90 = _quantiles(Waits(took[counted], done[counted])) if n >= LEAST else (None, None)
        found.append(
            LegWeek(
                int(first_ms + at * WEEK_MS), n, int((here & ~done).sum()),
                p50, p90,
            )
        )  # fmt: skip
    return Leg(name, tuple(found), int(wrong.sum()))


def _quantiles(waits: Waits) -> tuple[float | None, float | None]:
    curve = curve_of(waits)
    p50, p90 = (quantile(curve.times, curve.still, p) for p in (0.5, 0.9))
    return p50, p90
