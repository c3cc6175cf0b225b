"""Fifty-two weeks, each against the eight before it: a control chart of counts.

Weeks are ISO weeks in Korea. A week's centre is the mean of the (at least four) weeks before it
that are known, never the week itself; its limits are 3 standard deviations of a Poisson count,
wider by sqrt(phi (1 + 1/m)). phi is that of the whole chart, and of what remains when the weeks
it would flag are left out, so that one bad week does not hide itself (Jones-Farmer et al. 2014 on
cleaning a phase I baseline).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.coarse import FEW
from dashboard.kpis.choice import day_of_ms, start_of
from dashboard.stream.rollups import DAY_MS
from dashboard.trends.change import FLAG_Z
from dashboard.trends.window import WEEK_MS, midnight_after
from dashboard.usual import OVERDISPERSED, band, change_z

CHART_WEEKS = 52
BEFORE, LEAST_BEFORE = 8, 4


@dataclass(frozen=True, slots=True)
class Week:
    """n None: under five, not shown to this role. expected None: fewer than four weeks before are
    known. partial: in progress, not judged."""

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
    weeks under five are hidden, and how far from usual they are."""
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
    centres = [_centre(counts, at) for at in range(number)]
    phi = scatter(counts[:-1], centres[:-1])
    weeks = [
        _week(first + at * WEEK_MS, int(n), centres[at], phi, at == number - 1)
        for at, n in enumerate(counts)
    ]
    if coarse:
        weeks = [replace(w, n=None, z=None) if 0 < (w.n or 0) < FEW else w for w in weeks]
    return ControlChart(tuple(weeks[-CHART_WEEKS:]), phi)


def scatter(counts: NDArray[np.int64], centres: list[tuple[float, int]]) -> float:
    """phi: mean squared z of the weeks that have a centre, without those it flags itself."""
    z = np.array(
        [
            change_z(float(n), mean, periods)
            for n, (mean, periods) in zip(counts, centres, strict=True)
            if periods >= LEAST_BEFORE and mean > 0
        ]
    )
    phi = 1.0
    for _ in range(3):
        kept = z[np.abs(z) < FLAG_Z * sqrt(phi)]
        if len(kept) < LEAST_BEFORE:
            break
        phi = max(1.0, float(np.mean(kept**2)))
    return phi


def monday_of(at_ms: int) -> int:
    """Start of the ISO week a moment lies in, in Korea."""
    day = day_of_ms(at_ms)
    return start_of(day) - day.weekday() * DAY_MS


def _centre(counts: NDArray[np.int64], at: int) -> tuple[float, int]:
    """(mean, how many weeks it is of)."""
    before = counts[max(0, at - BEFORE) : at]
    return (float(before.mean()), len(before)) if len(before) else (0.0, 0)


def _week(start_ms: int, n: int, centre: tuple[float, int], phi: float, partial: bool) -> Week:
    mean, periods = centre
    if periods < LEAST_BEFORE:
        return Week(start_ms, n, partial=partial)
    wider = phi if phi > OVERDISPERSED else 1.0
    low, high = band(mean, FLAG_Z, wider * (1 + 1 / periods))
    z = None if partial else change_z(float(n), mean, periods, phi)
    return Week(start_ms, n, mean, low, high, z, partial)
