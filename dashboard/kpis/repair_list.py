"""What to repair first: by what a repair brings, not by who waits longest.

A repair brings back its device and, of a gateway, all behind it. It is worth more where many
pass by: passers-by per day x devices. Where nobody counts, device-hours decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dashboard.kpis.exposure import COUNTING, of_kinds
from dashboard.kpis.facts import NONE, Facts, Table
from dashboard.kpis.figure import MIN_COVERAGE
from dashboard.kpis.groups import NOWHERE, Dim, Groups
from dashboard.kpis.repair import INSPECTION, ended
from dashboard.kpis.traffic import traffic

HOURS = 24.0


@dataclass(frozen=True, slots=True)
class Repair:
    """row: place in the table of rounds that was given.

    devices: that come back, 1 + those behind a gateway. device_hours_per_day: lost as long as it
    is not done. lost_ms: device time lost so far. passers_per_day: where it stands, of that whole
    route or zone; None = nobody counts there; counted_by says by what. gain: passers-by per day
    who have those devices back.
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
class Passers:
    """People a day by route and by zone, as far as they are counted."""

    by_route: Mapping[str, float]
    by_zone: Mapping[str, float]

    def at(self, route: str, zone: str) -> tuple[float | None, Literal["route", "zone", ""]]:
        if route in self.by_route:
            return self.by_route[route], "route"
        if zone in self.by_zone:
            return self.by_zone[zone], "zone"
        return None, ""


def passers_of(facts: Facts) -> Passers:
    """Out of the foot traffic of a period, where at least half of it was counted."""
    found: list[dict[str, float]] = []
    for dim in (Dim.ROUTE, Dim.ZONE):
        column = facts.groups.column(dim)[: len(facts.mask)]
        counters = of_kinds(facts, COUNTING)
        words = facts.groups.words_of(dim)
        figures = {
            words[code]: traffic(facts.of(column == code))
            for code in np.unique(column[counters]).tolist()
            if words[code] != NOWHERE
        }
        found.append(
            {
                word: figure.value
                for word, figure in figures.items()
                if figure.value is not None and (figure.coverage or 0) >= MIN_COVERAGE
            }
        )
    return Passers(*found)


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
    people, counted_by = passers.at(place.route, place.zone)
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
