"""Counters that say the same again and again: a fault of the device, not a quiet street.

Zero-stuck: covered hours of nothing but zeros where chance would hardly give them, P(0) =
exp(-Σ usual) < 0.001, usual = the counter's own median at that hour of the week (DOMAIN 6).
Flat: the same number c >= 10 in k hours running, each counted to the full. Whatever the true mean
is, P(X = c) is at most that of a Poisson count with the mean c, so p <= pmf(c; c)^(k - 1); below
10^-9 it is no chance, for all hours of hundreds of counters watched.

Hours not counted neither end such a stretch nor belong to it. Medians are taken without stretches
of 24 zero hours or more: a counter that is dead half of the time would else be used to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from dashboard.trends.frame import hour_of_week
from dashboard.trends.levels import Bools, Counted, Floats, median_of
from dashboard.usual import MIN_COVERAGE, MIN_WEEKS

P_ZERO, P_FLAT = 0.001, 1e-9
FLAT_FROM = 10  # people in an hour
FLAT_LEAST = 3  # hours
LONG_H = 24  # zeros of so many hours say nothing about what is usual
SILENT_H = 3  # nothing counted for so long: not reporting, which is another fault
FULL = 0.99
HOURS = 168
ZERO, FLAT = "zero", "flat"
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fault:
    """what: zero or flat. since_ms: its first hour. hours: that were counted. expected: people
    it would have counted by what it is used to; of a flat one, what it says each hour."""

    sensor: str
    what: str
    since_ms: int
    hours: float
    expected: float
    p: float


@dataclass(frozen=True, eq=False)
class Stuck:
    """mask: (hours, counters) within any such stretch, past ones too: they are no counts.
    faults: stretches that have not ended, the least likely first."""

    mask: Bools
    faults: tuple[Fault, ...]


def stuck_of(counted: Counted, sensors: list[str], offline: Bools) -> Stuck:
    """counted: hours up to the last full one. offline: counters known not to report at all."""
    mask = np.zeros(counted.share.shape, bool)
    if not (counted.share > 0).any():
        return Stuck(mask, ())
    cells = _cells(counted)
    runs = _runs(counted, cells)
    within = cells[runs["stuck"].to_numpy()[cells["run"]]]
    mask[within["hour"], within["counter"]] = True
    return Stuck(mask, _faults(counted, sensors, offline, runs))


def _cells(counted: Counted) -> pd.DataFrame:
    """Every covered hour, counter by counter. run: the stretch of the same number it lies in."""
    counter, hour = np.nonzero((counted.share > 0).T)
    people, share = counted.people[hour, counter], counted.share[hour, counter]
    begins = np.ones(len(hour), bool)
    begins[1:] = (counter[1:] != counter[:-1]) | (people[1:] != people[:-1])
    return pd.DataFrame(
        {
            "counter": counter, "hour": hour, "people": people, "share": share,
            "week_hour": hour_of_week(counted.start_ms)[hour],
            "holiday": counted.holiday[hour], "run": np.cumsum(begins) - 1,
        }
    )  # fmt: skip


def _runs(counted: Counted, cells: pd.DataFrame) -> pd.DataFrame:
    """A row per stretch: counter, n (the number), first and last hour, how long, how likely."""
    run, share = cells["run"].to_numpy(), cells["share"].to_numpy()
    at = np.flatnonzero(np.diff(run, prepend=-1))
    ends = np.append(at[1:], len(run)) - 1
    hour, n = cells["hour"].to_numpy(), cells["people"].to_numpy()[at]
    hours = np.bincount(run, share)
    usual = _usual(counted, cells[~((n == 0) & (hours >= LONG_H))[run]])
    of_cell = usual[cells["week_hour"], cells["counter"]] * share
    expected = np.bincount(run, np.where(cells["holiday"], 0.0, of_cell))
    p = np.where(n == 0, np.exp(-expected), _flat_p(n, ends - at + 1))
    full = np.minimum.reduceat(share, at) >= FULL
    stuck = np.where(n == 0, p < P_ZERO, (n >= FLAT_FROM) & full & (p < P_FLAT))
    return pd.DataFrame(
        {
            "counter": cells["counter"].to_numpy()[at], "n": n, "first": hour[at],
            "last": hour[ends], "hours": hours, "expected": expected, "p": p, "stuck": stuck,
        }
    )  # fmt: skip


def _flat_p(n: Floats, cells: Ints) -> Floats:
    """1 where it is not worth working out."""
    p, worth = np.ones(len(n)), (n >= FLAT_FROM) & (cells >= FLAT_LEAST)
    p[worth] = stats.poisson.pmf(np.rint(n[worth]), n[worth]) ** (cells[worth] - 1)
    return p


def _usual(counted: Counted, cells: pd.DataFrame) -> Floats:
    """(168, counters): each counter's median by hour of the week; 0 with fewer than three."""
    kept = cells[(cells["share"] >= MIN_COVERAGE) & ~cells["holiday"]]
    weeks = len(counted.start_ms) // HOURS + 1
    values = np.full((weeks, HOURS, counted.share.shape[1]), np.nan)
    at = kept["hour"].to_numpy() // HOURS, kept["week_hour"].to_numpy(), kept["counter"].to_numpy()
    values[at] = (kept["people"] / kept["share"]).to_numpy()
    enough = np.isfinite(values).sum(axis=0) >= MIN_WEEKS
    return np.where(enough, median_of(values), 0.0)


def _faults(
    counted: Counted, sensors: list[str], offline: Bools, runs: pd.DataFrame
) -> tuple[Fault, ...]:
    last = runs.groupby("counter").tail(1)
    lately = last["last"] >= len(counted.start_ms) - SILENT_H
    going_on = last[last["stuck"] & lately & ~offline[last["counter"].to_numpy()]]
    faults = [
        Fault(
            sensors[row.counter], ZERO if row.n == 0 else FLAT,
            int(counted.start_ms[row.first]), float(row.hours),
            float(row.expected if row.n == 0 else row.n), float(row.p),
        )
        for row in going_on.itertuples()
    ]  # fmt: skip
    return tuple(sorted(faults, key=lambda one: (one.p, -one.expected, one.sensor)))
