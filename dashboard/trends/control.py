"""Fifty-two weeks, each against the eight before it: a control chart of counts.

Weeks are ISO weeks in Korea. A week's centre is the mean of the (at least four) weeks before it
that are known, never the week itself. Its limits are the least and the most that z (change.z_of,
exact under ten) does not flag, with the scatter of the whole chart (scatter.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.coarse import FEW
from dashboard.kpis.choice import day_of_ms, start_of
from dashboard.stream.rollups import DAY_MS
from dashboard.trends.change import FLAG_Z, limits, z_of
from dashboard.trends.scatter import BEFORE, LEAST_BEFORE, Scatter, centres, scatter
from dashboard.trends.window import WEEK_MS, midnight_after

CHART_WEEKS = 52


@dataclass(frozen=True, slots=True)
class Week:
    """n None: under five, not shown to this role. expected None: fewer than four weeks before are
    known, or not all of them are shown to this role. low, high: what is not flagged. partial: in
    progress, not judged."""

    start_ms: int
    n: int | None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    z: float | None = None
    partial: bool = False

    @property
    def flag(self) -> str:
        """more, less or ""."""
        if self.z is None or abs(self.z) < FLAG_Z:
            return ""
        return "more" if self.z > 0 else "less"


@dataclass(frozen=True, slots=True)
class ControlChart:
    """weeks: oldest first. phi: how much more weeks scatter than chance, at least 1."""

    weeks: tuple[Week, ...]
    phi: float

    @property
    def flagged(self) -> tuple[Week, ...]:
        return tuple(week for week in self.weeks if week.flag)


def control_chart(
    frame: pd.DataFrame, now_ms: int, known_from_ms: int, coarse: bool = False
) -> ControlChart:
    """frame: all incidents that are wanted, of any time. known_from_ms: 0 = none ever. coarse:
    weeks under five are hidden, and what is expected of those that they would be had from."""
    if not known_from_ms:
        return ControlChart((), 1.0)
    this = monday_of(now_ms)
    first_known = monday_of(midnight_after(known_from_ms) + WEEK_MS - DAY_MS)
    first = max(this - (CHART_WEEKS + BEFORE - 1) * WEEK_MS, first_known)
    number = (this - first) // WEEK_MS + 1
    if number < 1:
        return ControlChart((), 1.0)
    week = (frame["reported"].to_numpy() - first) // WEEK_MS
    counts = np.bincount(week[(week >= 0) & (week < number)], minlength=number)
    spread = scatter(counts[:-1])
    weeks = _judged(first, counts, spread)
    if coarse:
        weeks = _coarse(weeks)
    return ControlChart(tuple(weeks[-CHART_WEEKS:]), spread.phi)


def monday_of(at_ms: int) -> int:
    """Start of the ISO week a moment lies in, in Korea."""
    day = day_of_ms(at_ms)
    return start_of(day) - day.weekday() * DAY_MS


def _judged(first_ms: int, counts: NDArray[np.int64], spread: Scatter) -> list[Week]:
    mean, before = centres(counts)
    past, factor = mean * before, 1 / np.maximum(before, 1)
    z, _ = z_of(counts.astype(float), past, factor, spread)
    low, high = limits(past, factor, FLAG_Z, spread)
    found = []
    for at, n in enumerate(counts.tolist()):
        week = Week(first_ms + at * WEEK_MS, n, partial=at == len(counts) - 1)
        if before[at] >= LEAST_BEFORE:
            score = None if week.partial else float(z[at])
            lowest, highest = float(low[at]), float(high[at])
            week = replace(week, expected=float(mean[at]), low=lowest, high=highest, z=score)
        found.append(week)
    return found


def _coarse(weeks: list[Week]) -> list[Week]:
    """From one week's mean to the next one week comes and one goes: who knows both means and one
    of the two knows the other."""
    few = [0 < (week.n or 0) < FEW for week in weeks]
    found = []
    for at, week in enumerate(weeks):
        if any(few[max(0, at - BEFORE) : at]):
            week = replace(week, expected=None, low=None, high=None, z=None)
        found.append(replace(week, n=None, z=None) if few[at] else week)
    return found
