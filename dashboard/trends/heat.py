"""Hour by weekday: when incidents happen, against what was usual in the weeks before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import nan

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.coarse import FEW, hide_few
from dashboard.trends.aoristic import Week, hour_weights, week_of
from dashboard.trends.change import BY_CHANCE, Judged, judge_all
from dashboard.trends.frame import span_of
from dashboard.trends.window import WEEK_MS, Baseline, Compared

LEAST_PASSERS = 100  # of a cell: fewer give no rate
PARTS = ("moments", "reported", "intervals", "left_out")
_HAIR = 1e-6  # weights are sums of shares: five may come out a hair below
_NOT_JUDGED = Judged(nan)
Cells = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Heat:
    """weights: summed weights of each hour of the week; they sum to n. nan: hidden.

    n: incidents placed in time. parts: of PARTS; moments that were said, moments of the report
    where nothing was said, intervals; left_out: intervals over 24 hours, or that end before they
    begin, which are not in n. None: one to four, not told to this role.
    judged: each hour against the weeks before, in the order of the week; flags: more, less or "".
    weeks: how many those are, 0 = no history. phi: how much more hours scatter than chance.
    by_chance: flags that chance alone would give at most.
    rates: incidents per 1,000 passers, nan = not known; None: no passers are counted there.
    """

    weights: Week
    n: int | None
    parts: Mapping[str, int | None]
    judged: tuple[Judged, ...]
    flags: tuple[str, ...]
    weeks: int
    phi: float
    by_chance: float
    rates: Week | None = None

    @property
    def hidden(self) -> Cells:
        return np.isnan(self.weights)


def heat(compared: Compared, passers: Week | None = None, coarse: bool = False) -> Heat:
    """passers: (7, 24), people who passed in each hour of the week, all of the period together;
    nan = not known. coarse: cells under five are hidden, as hide_cells says."""
    frame, before, base = compared.frame, compared.before, compared.base
    weights, past = week_of(frame), week_of(before)
    parts = _parts(frame)
    phi = hourly_phi(before, base)
    judged = judge_all(weights.ravel(), past.ravel(), base.factor_by_hour.ravel(), phi)
    found = Heat(
        weights=weights,
        n=len(frame) - (parts["left_out"] or 0),
        parts=parts,
        judged=judged,
        flags=tuple(one.flag for one in judged),
        weeks=base.weeks,
        phi=phi,
        by_chance=BY_CHANCE * sum(one.z is not None for one in judged),
        rates=None if passers is None else rates_of(weights, passers),
    )
    return hide_cells(found, past) if coarse else found


def rates_of(weights: Week, passers: Week) -> Week:
    """Incidents per 1,000 passers."""
    known = passers >= LEAST_PASSERS  # nan is not
    return np.where(known, 1000 * weights / np.where(known, passers, 1.0), nan)


def hourly_phi(before: pd.DataFrame, base: Baseline) -> float:
    """How much more the same hour of past weeks scatters than chance, at least 1: Pearson's
    chi-square over hours and weeks, per degree of freedom."""
    if base.weeks < 2 or before.empty:
        return 1.0
    found = hour_weights(before)
    week = (before["reported"].to_numpy()[found["at"].to_numpy(int)] - base.from_ms) // WEEK_MS
    at = 168 * week + found["hour"].to_numpy(int)
    counts = np.bincount(at, found["weight"].to_numpy(float), 168 * base.weeks)
    counts = counts.reshape(base.weeks, 168)
    mean = counts.mean(axis=0)
    some = mean > 0
    if not some.any():
        return 1.0
    chi = ((counts[:, some] - mean[some]) ** 2 / mean[some]).sum()
    return max(1.0, float(chi / ((base.weeks - 1) * some.sum())))


def hide_cells(of: Heat, past: Week) -> Heat:
    """As a role without exact points is told it. past: weights of the weeks before: where they
    are few, what was usual is not told either, only whether it is unlike now."""
    hide = few_cells(of.weights)
    few_before = past.ravel() < FEW - _HAIR
    flags, judged = [], []
    for flag, one, hidden, few in zip(of.flags, of.judged, hide.ravel(), few_before, strict=True):
        flags.append("" if hidden else flag)
        judged.append(_NOT_JUDGED if hidden else Judged(one.n) if few else one)
    n = of.n or 0
    return replace(
        of,
        weights=np.where(hide, nan, of.weights),
        n=None if 0 < n < FEW else n,
        parts=hide_few({name: of.parts[name] or 0 for name in PARTS}),
        judged=tuple(judged),
        flags=tuple(flags),
        rates=None if of.rates is None else np.where(hide, nan, of.rates),
    )


def few_cells(weights: Week) -> Cells:
    """Cells under five, empty ones too, and so many more that none can be worked out.

    The sums of a weekday and of an hour are to be had by picking it, so no line has a single
    hidden cell; n is public, so what is hidden is at least five in all.
    """
    hide = weights < FEW - _HAIR
    while hide.any() and not hide.all():
        lone = [at for at in _next_of_lone(weights, hide) if not hide[at]]
        if not lone and weights[hide].sum() < FEW - _HAIR:
            lone = [_smallest(np.where(hide, np.inf, weights))]
        if not lone:
            break
        for at in lone:
            hide[at] = True
    return hide


def _next_of_lone(weights: Week, hide: Cells) -> list[tuple[int, int]]:
    """Of every weekday and hour with a single hidden cell: the smallest that is shown."""
    shown = np.where(hide, np.inf, weights)
    rows, columns = np.flatnonzero(hide.sum(axis=1) == 1), np.flatnonzero(hide.sum(axis=0) == 1)
    found = [(int(day), int(shown[day].argmin())) for day in rows]
    return found + [(int(shown[:, hour].argmin()), int(hour)) for hour in columns]


def _smallest(values: Week) -> tuple[int, int]:
    day, hour = divmod(int(values.argmin()), 24)
    return day, hour


def _parts(frame: pd.DataFrame) -> dict[str, int | None]:
    start, end, timed = span_of(frame)
    said = (frame["start"].to_numpy() >= 0) | (frame["end"].to_numpy() >= 0)
    interval = timed & (end > start)
    return {
        "moments": int((timed & ~interval & said).sum()),
        "reported": int((timed & ~said).sum()),
        "intervals": int(interval.sum()),
        "left_out": int((~timed).sum()),
    }
