"""What to repair first: by what a repair brings, not by who waits longest.

A repair brings back its device and, of a gateway, all behind it. It is worth more where many
pass by: passers-by per day x devices. Where nobody counts, device-hours decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dashboard.kpis.exposure import COUNTING, LIT, of_kinds
from dashboard.kpis.facts import COLUMN, NONE, Facts, Table
from dashboard.kpis.figure import MIN_COVERAGE
from dashboard.kpis.groups import NOWHERE, Dim, Groups
from dashboard.kpis.repair import INSPECTION, ended
from dashboard.kpis.traffic import passages
from dashboard.stream.rollups import DAY_MS, Group

HOURS = 24.0


@dataclass(frozen=True, slots=True)
class Repair:
    """row: place in the table of rounds that was given.

    devices: that come back, 1 + those behind a gateway. device_hours_per_day: lost as long as it
    is not done. lost_ms: device time lost so far. passers_per_day: at one spot where it stands, as
    the counters of that route or zone tell on average, and of lights only while it is dark;
    None = nobody counts there; counted_by says by what. gain: passers-by per day who have those
    devices back.
    """

    row: int
    device: int
    group: int
    devices: int
    device_hours_per_day: float
    lost_ms: int
    passers_per_day: float | None
    counted_by: Literal["route", "zone", ""]
    gain: float


@dataclass(frozen=True, slots=True)
class People:
    """A day, past one counter of a place: in all, and while it is dark."""

    all: float
    in_the_dark: float


@dataclass(frozen=True, slots=True)
class Passers:
    """People by route and by zone, as far as they are counted."""

    by_route: Mapping[str, People]
    by_zone: Mapping[str, People]

    def at(self, place: Group) -> tuple[float | None, Literal["route", "zone", ""]]:
        """Those who have use of a device of this group."""
        if (people := self.by_route.get(place.route)) is not None:
            return _of_use(place.kind, people), "route"
        if (people := self.by_zone.get(place.zone)) is not None:
            return _of_use(place.kind, people), "zone"
        return None, ""


def _of_use(kind: str, people: People) -> float:
    return people.in_the_dark if kind in LIT else people.all


def passers_of(facts: Facts) -> Passers:
    """Out of the foot traffic of a period, where at least half of it was counted."""
    counters = of_kinds(facts, COUNTING)
    found: list[dict[str, People]] = []
    for dim in (Dim.ROUTE, Dim.ZONE):
        column = facts.groups.column(dim)[: len(facts.mask)]
        words = facts.groups.words_of(dim)
        people = {
            words[code]: _people(facts.sums[counters & (column == code)])
            for code in np.unique(column[counters]).tolist()
        }
        found.append({word: one for word, one in people.items() if word != NOWHERE and one})
    return Passers(*found)


def _people(rows: NDArray[np.float64]) -> People | None:
    """rows: (groups of counters, MEASURES)."""
    counted = passages(rows)
    if counted is None or counted.coverage < MIN_COVERAGE:
        return None
    a_day = counted.all / counted.planned * DAY_MS
    dark = float(rows[:, COLUMN["t_night"]].sum())
    return People(a_day, a_day * dark / counted.counted if counted.counted else 0.0)


def repair_list(
    rounds: Table, groups: Groups, passers: Passers, now_ms: int, limit: int = 100
) -> list[Repair]:
    """Of the rounds that are open now and that a repair would end; not inspections, nor what is
    reported repaired and only waits for its proof."""
    open_now = (rounds["opened"] <= now_ms) & (ended(rounds) > now_ms)
    waiting = open_now & (rounds["cause"] != INSPECTION) & (rounds["repaired"] == NONE)
    found = [
        _repair(int(at), rounds[at], groups, passers, now_ms) for at in np.flatnonzero(waiting)
    ]
    found.sort(key=lambda one: (-one.gain, -one.device_hours_per_day, -one.lost_ms, one.row))
    return found[:limit]


def _repair(at: int, one: Table, groups: Groups, passers: Passers, now_ms: int) -> Repair:
    group, devices = int(one["group"]), 1 + int(one["children"])
    place = groups.groups[group]
    people, counted_by = passers.at(place)
    return Repair(
        row=at,
        device=int(one["device"]),
        group=group,
        devices=devices,
        device_hours_per_day=HOURS * devices,
        lost_ms=max(0, now_ms - int(one["down"])) * devices,
        passers_per_day=people,
        counted_by=counted_by,
        gain=(people or 0.0) * devices,
    )
