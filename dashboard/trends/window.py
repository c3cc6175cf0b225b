"""With what a period is compared: the eight weeks before it, as far as they are known.

Every hour of the week is scaled by how often it occurs in the period and in those weeks, so three
days from Friday to Sunday are compared with as many Fridays to Sundays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.kpis.choice import Period
from dashboard.stream.rollups import DAY_MS, HOUR_MS, KST_MS
from dashboard.trends.choice import TrendChoice
from dashboard.trends.frame import between, chosen, hour_of_week, wanted

WEEK_MS = 7 * DAY_MS
WEEKS, LEAST_WEEKS = 8, 2
SCATTER_WEEKS = 60  # a year, and the weeks it is held against


@dataclass(frozen=True, eq=False)
class Baseline:
    """[from_ms, to_ms): whole weeks just before the period. weeks 0 = too little is known.
    known: how many whole weeks before the period are known in all.

    factor_by_hour: (7, 24) how many times each hour of the week of the period fits in. An incident
    of the baseline stands for as many of the period.
    """

    from_ms: int
    to_ms: int
    weeks: int
    factor_by_hour: NDArray[np.float64]
    known: int = 0

    @property
    def factor(self) -> float:
        """How many times the period fits in, of the hours that it has."""
        whole = float(self.factor_by_hour.sum())
        return float((self.factor_by_hour**2).sum()) / whole if whole else 0.0

    def weights(self, before: pd.DataFrame) -> NDArray[np.float64]:
        """How many incidents of the period each of the baseline stands for: none, if it was
        reported in an hour of the week that the period does not have."""
        found: NDArray[np.float64] = self.factor_by_hour.ravel()[
            hour_of_week(before["reported"].to_numpy())
        ]
        return found


@dataclass(frozen=True, eq=False)
class Compared:
    """Incidents of a choice beside those like them before. last_year: None = not known.

    weekly: counts of the whole weeks before the period that are known, oldest first, up to a year.
    """

    frame: pd.DataFrame
    before: pd.DataFrame
    last_year: pd.DataFrame | None
    base: Baseline
    weekly: NDArray[np.int64]


def compare(
    incidents: pd.DataFrame, choice: TrendChoice, now_ms: int, known_from_ms: int, *but: str
) -> Compared:
    """but: filters and picks that are not followed, as frame.chosen.

    A period in progress is compared with as much of last year's.
    """
    base = baseline_of(choice.period, now_ms, known_from_ms)
    end_ms = min(choice.period.to_ms, now_ms)
    year = choice.period.last_year()
    last_year = None
    if known_from_ms and midnight_after(known_from_ms) <= year.from_ms:
        year_end_ms = min(year.to_ms, year.from_ms + end_ms - choice.period.from_ms)
        last_year = wanted(between(incidents, year.from_ms, year_end_ms), choice, *but)
    from_ms, weeks = choice.period.from_ms, min(SCATTER_WEEKS, base.known)
    past = wanted(between(incidents, from_ms - weeks * WEEK_MS, from_ms), choice, *but)
    return Compared(
        chosen(incidents, choice, now_ms, *but),
        between(past, base.from_ms, base.to_ms),
        last_year,
        base,
        np.bincount((past["reported"] - from_ms) // WEEK_MS + weeks, minlength=weeks),
    )


def baseline_of(period: Period, now_ms: int, known_from_ms: int) -> Baseline:
    """known_from_ms: when the first incident was reported; 0 = none ever."""
    end_ms = max(period.from_ms, min(period.to_ms, now_ms))
    known = (period.from_ms - midnight_after(known_from_ms)) // WEEK_MS if known_from_ms else 0
    known = max(0, known)
    weeks = min(WEEKS, known)
    if weeks < LEAST_WEEKS or end_ms == period.from_ms:
        return Baseline(period.from_ms, period.from_ms, 0, np.zeros((7, 24)), known)
    return Baseline(
        period.from_ms - weeks * WEEK_MS,
        period.from_ms,
        weeks,
        hours_in(period.from_ms, end_ms) / weeks,
        known,
    )


def hours_in(from_ms: int, to_ms: int) -> NDArray[np.float64]:
    """(7, 24): how often each hour of the week occurs in [from_ms, to_ms), parts of an hour as
    parts."""
    first, last = from_ms // HOUR_MS, -(-to_ms // HOUR_MS)
    hours = np.arange(first, last)
    share = np.ones(len(hours))
    if len(hours):
        share[0] -= (from_ms - first * HOUR_MS) / HOUR_MS
        share[-1] -= (last * HOUR_MS - to_ms) / HOUR_MS
    found = np.bincount(hour_of_week(hours * HOUR_MS), share, 168).astype(float)
    return found.reshape(7, 24)


def midnight_after(at_ms: int) -> int:
    """The KST midnight at or after a moment: from there on whole days are known."""
    return -(-(at_ms + KST_MS) // DAY_MS) * DAY_MS - KST_MS
