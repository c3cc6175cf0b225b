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
from dashboard.trends.scatter import Scatter
from dashboard.trends.window import WEEK_MS, Baseline, Compared

LEAST_PASSERS = 100  # of a cell: fewer give no rate
PARTS = ("moments", "reported", "intervals", "left_out")
BLOCKS = (1, 4, 24)  # hours taken together, where single ones are too few to be told
_HAIR = 1e-6  # weights are sums of shares: five may come out a hair below
_NOT_JUDGED = Judged(nan)
Cells = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Heat:
    """weights: (7, 24) summed weights of each hour of the week; they sum to n. nan: hidden.
    together: of BLOCKS; of more than 1, everything is of so many hours: (7, 24 / together).

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
    together: int = 1
    rates: Week | None = None

    @property
    def hidden(self) -> Cells:
        return np.isnan(self.weights)


def heat(compared: Compared, passers: Week | None = None, coarse: bool = False) -> Heat:
    """passers: (7, 24), people who passed in each hour of the week, all of the period together;
    nan = not known. coarse: cells under five are hidden, as hide_cells says, and hours taken
    together until at least half of the cells can be shown."""
    frame, before, base = compared.frame, compared.before, compared.base
    weights = week_of(frame)
    together = readable(weights) if coarse else 1
    weights, past = in_blocks(weights, together), week_of(before)
    factor = _factor(past, base.factor_by_hour, together)
    past, parts = in_blocks(past, together), _parts(frame)
    phi = hourly_phi(before, base, together)
    judged = judge_all(weights.ravel(), past.ravel(), factor.ravel(), Scatter(phi))
    found = Heat(
        weights=weights,
        n=len(frame) - (parts["left_out"] or 0),
        parts=parts,
        judged=judged,
        flags=tuple(one.flag for one in judged),
        weeks=base.weeks,
        phi=phi,
        by_chance=BY_CHANCE * sum(one.z is not None for one in judged),
        together=together,
        rates=None if passers is None else rates_of(weights, in_blocks(passers, together)),
    )
    return hide_cells(found, past) if coarse else found


def readable(weights: Week) -> int:
    """The fewest hours that have to be taken together for half of the cells to be shown."""
    for hours in BLOCKS:
        if few_cells(in_blocks(weights, hours)).mean() <= 0.5:
            return hours
    return BLOCKS[-1]


def in_blocks(week: Week, hours: int) -> Week:
    """(7, 24 / hours), summed."""
    found: Week = week.reshape(7, 24 // hours, hours).sum(axis=2)
    return found


def _factor(past: Week, by_hour: Week, hours: int) -> Week:
    """How many times the period fits into the weeks before, of hours taken together: each of
    them as often as it occurs."""
    whole, expected = in_blocks(past, hours), in_blocks(past * by_hour, hours)
    return np.where(whole > 0, expected / np.where(whole > 0, whole, 1.0),
                    in_blocks(by_hour, hours) / hours)  # fmt: skip


def rates_of(weights: Week, passers: Week) -> Week:
    """Incidents per 1,000 passers."""
    known = passers >= LEAST_PASSERS  # nan is not
    return np.where(known, 1000 * weights / np.where(known, passers, 1.0), nan)


def hourly_phi(before: pd.DataFrame, base: Baseline, together: int = 1) -> float:
    """How much more the same hours of past weeks scatter than chance, at least 1: Pearson's
    chi-square over hours and weeks, per degree of freedom."""
    if base.weeks < 2 or before.empty:
        return 1.0
    found = hour_weights(before)
    week = (before["reported"].to_numpy()[found["at"].to_numpy(int)] - base.from_ms) // WEEK_MS
    cells = 168 // together
    at = cells * week + found["hour"].to_numpy(int) // together
    counts = np.bincount(at, found["weight"].to_numpy(float), cells * base.weeks)
    counts = counts.reshape(base.weeks, cells)
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
    hidden cell; n is public, so what is hidden is nothing or at least five in all.
    """
    hide = weights < FEW - _HAIR
    while hide.any() and not hide.all():
        lone = [at for at in _next_of_lone(weights, hide) if not hide[at]]
        if not lone and _HAIR < weights[hide].sum() < FEW - _HAIR:
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
    day, hour = divmod(int(values.argmin()), values.shape[1])
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
