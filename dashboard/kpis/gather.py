"""From the cube and the tables to Facts: of a period, of those before it and of its pieces.

    plan = plan_of(choice, pieces, known)     which windows are asked for
    plan.hours                                cells of hours to bring along
    gather(plan, material)                    Facts of each

A period in progress ends at the frontier, and so do the usual weeks, the period before and that
of a year ago: what is compared is the same stretch of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dashboard.kpis.choice import Choice, Period
from dashboard.kpis.cube import WIDTH, Cells, Cube, Window, edge_hours, split
from dashboard.kpis.facts import Facts, Table
from dashboard.kpis.lagging import Standing, add_lag
from dashboard.kpis.tables import Snapshot
from dashboard.site import OrderRules
from dashboard.stream.rollups import DAY_MS, HOUR_MS, KST_MS, day_of
from dashboard.sun import Night

Places = NDArray[np.intp]
WEEK_MS = 7 * DAY_MS
WEEKS = 8
NOTHING: Window = (-KST_MS, -KST_MS)  # a window without a day


@dataclass(frozen=True, slots=True)
class Known:
    """now_ms: the frontier. first_day: the first KST day anything was counted in, None = none.
    hours_from_ms: older hours are no longer kept, only their days."""

    now_ms: int
    first_day: int | None
    hours_from_ms: int

    def of(self, window: Window) -> bool:
        """Whether all of it was counted and can still be told."""
        counted = self.first_day is not None and day_of(window[0]) >= self.first_day
        return counted and self.has_hours(window)

    def has_hours(self, window: Window) -> bool:
        """Whether the hours at its edges are still kept."""
        return all(hour * HOUR_MS >= self.hours_from_ms for hour, _ in split(window)[1])


@dataclass(frozen=True, slots=True)
class Plan:
    """periods: the one asked for, the previous one, last year's, then the pieces; None instead
    of the second and third when they are not known. usual: None for a week that is not."""

    choice: Choice
    periods: tuple[Period | None, ...]
    usual: tuple[Window | None, ...]
    now_ms: int

    @property
    def windows(self) -> list[Window]:
        asked = [(one.from_ms, one.to_ms) if one else NOTHING for one in self.periods]
        return [*asked, *(one or NOTHING for one in self.usual)]

    @property
    def hours(self) -> set[int]:
        return edge_hours(self.windows)


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What is known at one moment. hours: cells of the plan's hours. partitions: those of which
    anything was counted."""

    cube: Cube
    tables: Snapshot
    inspections: Table
    hours: Mapping[int, Cells]
    partitions: Sequence[Standing] = ()
    night: Night = lambda _from, _to: 0
    reopen_days: int = OrderRules().reopen_days


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """tables: where facts came from; rows: the place in them of each row of facts."""

    facts: Facts
    previous: Facts | None
    last_year: Facts | None
    pieces: tuple[Facts, ...]
    tables: Snapshot
    rows: Rows


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    alerts: Places
    rounds: Places
    incidents: Places


def plan_of(choice: Choice, pieces: Sequence[Period], known: Known) -> Plan:
    period = choice.period
    compared = [_compared(period, one, known) for one in (period.previous(), period.last_year())]
    usual = [one if known.of(one) else None for one in usual_windows(period, known.now_ms)]
    return Plan(choice, (period, *compared, *pieces), tuple(usual), known.now_ms)


def _compared(period: Period, other: Period, known: Known) -> Period | None:
    """The other one as far as this one is known. Where its hours are no longer kept it ends at
    midnight before, which after a week hardly matters; of less it would."""
    if known.now_ms >= period.to_ms:
        return other if known.of((other.from_ms, other.to_ms)) else None
    elapsed = max(0, known.now_ms - period.from_ms)
    cut = Period(other.from_ms, min(other.to_ms, other.from_ms + elapsed))
    if not known.has_hours((cut.from_ms, cut.to_ms)) and elapsed >= WEEK_MS:
        cut = Period(cut.from_ms, cut.to_ms - (cut.to_ms + KST_MS) % DAY_MS)
    return cut if known.of((cut.from_ms, cut.to_ms)) else None


def without_edges(plan: Plan) -> Plan:
    """The same without what needs hours beside the period itself: they cannot be read now."""
    whole = [None if week is None or split(week)[1] else week for week in plan.usual]
    period, *compared = plan.periods
    kept = [
        None if one is None or split((one.from_ms, one.to_ms))[1] else one for one in compared[:2]
    ]
    return replace(plan, periods=(period, *kept, *compared[2:]), usual=tuple(whole))


def usual_windows(period: Period, now_ms: int) -> list[Window]:
    """The same stretch one to eight weeks before."""
    end_ms = max(period.from_ms, min(period.to_ms, now_ms))
    shifts = [week * WEEK_MS for week in range(1, WEEKS + 1)]
    return [(period.from_ms - shift, end_ms - shift) for shift in shifts]


def gather(plan: Plan, material: Material) -> Gathered:
    groups = material.tables.groups
    sums = material.cube.sums(plan.windows, len(groups), material.hours)
    add_lag(sums, plan.windows, material.partitions, groups.groups, material.night)
    mask = groups.mask(**plan.choice.wanted)
    sums *= mask[None, :, None]
    asked, usual = sums[: len(plan.periods)], sums[len(plan.periods) :]
    nothing = np.broadcast_to(0.0, (WEEKS, len(groups), WIDTH))
    cut = _Cut(plan.now_ms, mask, material)
    found = [
        None if period is None else cut.facts(period, asked[at], nothing, 0)
        for at, period in enumerate(plan.periods)
    ]
    weeks = sum(one is not None for one in plan.usual)
    facts = cut.facts(plan.choice.period, asked[0], usual, weeks)
    pieces = tuple(one for one in found[3:] if one is not None)
    rows = cut.rows(plan.choice.period)
    return Gathered(facts, found[1], found[2], pieces, material.tables, rows)


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """Cuts the tables to a period and to the groups that were chosen."""

    now_ms: int
    mask: NDArray[np.bool_]
    material: Material

    def facts(
        self, period: Period, sums: NDArray[np.float64], usual: NDArray[np.float64], weeks: int
    ) -> Facts:
        tables, rows = self.material.tables, self.rows(period)
        return Facts(
            period=period, now_ms=self.now_ms, groups=tables.groups, mask=self.mask,
            sums=sums, usual=usual, weeks_known=weeks,
            alerts=tables.alerts[rows.alerts],
            rounds=tables.rounds[rows.rounds],
            incidents=tables.incidents[rows.incidents],
            inspections=self.material.inspections[self.mask[self.material.inspections["group"]]],
            alert_types=tables.alert_types,
            feeds=max(1, len(self.material.partitions)), first_ms=self.material.cube.first_ms,
            reopen_days=self.material.reopen_days,
        )  # fmt: skip

    def rows(self, period: Period) -> Rows:
        tables = self.material.tables
        end_ms = min(period.to_ms, self.now_ms)
        rounds = (tables.rounds["opened"] < end_ms) & (tables.rounds_until >= period.from_ms)
        return Rows(
            self._within(tables.alerts, "raised", period.from_ms, end_ms),
            self._places(tables.rounds, rounds),
            self._within(tables.incidents, "reported", period.from_ms, end_ms),
        )

    def _within(self, table: Table, column: str, from_ms: int, to_ms: int) -> Places:
        at = table[column]
        return self._places(table, (at >= from_ms) & (at < to_ms))

    def _places(self, table: Table, wanted: NDArray[np.bool_]) -> Places:
        return np.flatnonzero(wanted & self.mask[table["group"]])
