"""Every alert, round of a work order and incident as rows of the tables of facts.

Records come in any order and again and again: the newest version of each is kept. A row's group
is that of its device's registration of today, as in the worker's cells; an order keeps the
device's registration at its opening, and an incident has only a zone and a route.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.kpis.choice import start_of
from dashboard.kpis.columns import Columns
from dashboard.kpis.facts import (
    ALERT,
    CATEGORIES,
    CAUSES,
    INCIDENT,
    INSPECTION,
    NONE,
    ROUND,
    VERDICTS,
    Table,
)
from dashboard.kpis.groups import Groups
from dashboard.records import AlertView, IncidentView, OrderView, Registration, Round
from dashboard.stream.rollups import Group

Find = Callable[[str], tuple[int, Registration] | None]  # a registered device and its number
ROUND_MARK = "#"  # between an order's id and the number of the round
ACTUAL = "Actual"
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The tables at one moment. Lists of ids may have grown since: rows tell how far to read.

    rounds_until: the last moment anything is known to happen to each round, its due time
    included; NEVER while it is open.
    """

    groups: Groups
    alerts: Table
    alert_ids: Sequence[str]
    alert_devices: NDArray[np.int32]
    rounds: Table
    round_ids: Sequence[str]
    rounds_until: NDArray[np.int64]
    incidents: Table
    incident_ids: Sequence[str]
    alert_types: list[str]


class Tables:
    """find: a device's number and registration, as known at that moment."""

    def __init__(self, find: Find) -> None:
        self.groups = Groups()
        self.alerts, self.rounds = Columns(ALERT), Columns(ROUND)
        self.incidents = Columns(INCIDENT)
        self.alert_types: list[str] = []
        self.version = 0  # grows with whatever a snapshot would show differently
        self._find = find
        self._moved: set[str] = set()
        self._snapshot: tuple[tuple[int, int], Snapshot] | None = None

    @property
    def nbytes(self) -> int:
        return sum(one.nbytes for one in (self.alerts, self.rounds, self.incidents))

    def take_alert(self, alert: AlertView) -> None:
        found = self._find(alert.device_id) if alert.device_id else None
        group = Group("", alert.zone, alert.route_id)
        if found is not None:
            group = group_of(found[1])._replace(zone=alert.zone, route=alert.route_id)
        row = (
            alert.raised_ms, alert.arrived_ms or NONE, _ms(alert.acknowledged_ms),
            _ms(alert.closed_ms), _ms(alert.cleared_ms), self.groups.number_of(group),
            self._type(alert.type), alert.priority, _word(VERDICTS, alert.verdict, 0),
            alert.cap_status == ACTUAL,
        )  # fmt: skip
        device = -1 if found is None else found[0]
        self.version += self.alerts.put(alert.alert_id, alert.version, row, device)

    def take_order(self, order: OrderView) -> None:
        found = self._find(order.device_id)
        device = -1 if found is None else found[0]
        for no, one in enumerate(order.rounds):
            name = f"{order.order_id}{ROUND_MARK}{no}"
            row = self._round(order, no, one, device)
            self.version += self.rounds.put(name, order.version, row, device)

    def take_incident(self, one: IncidentView) -> None:
        group = self.groups.number_of(Group("", one.zone, one.route_id))
        row = (
            one.reported_ms, _ms(one.dispatched_ms), _ms(one.arrived_ms), _ms(one.closed_ms),
            group, _word(CATEGORIES, one.category, len(CATEGORIES) - 1),
            NONE if one.code112 is None else one.code112,
            one.cap_status == ACTUAL, bool(one.alert_id),
            _ms(one.occurred_from_ms), _ms(one.occurred_to_ms),
            nan if one.lon is None else one.lon, nan if one.lat is None else one.lat,
        )  # fmt: skip
        self.version += self.incidents.put(one.incident_id, one.rev, row)

    def device_changed(self, device_id: str) -> None:
        """Registered anew: its alerts follow with the next snapshot."""
        self._moved.add(device_id)
        self.version += 1

    def snapshot(self) -> Snapshot:
        """Of this moment; the same object while nothing changes."""
        self._follow_devices()
        version = self.version, len(self.groups)
        if self._snapshot is None or self._snapshot[0] != version:
            self._snapshot = version, self._taken()
        return self._snapshot[1]

    def _taken(self) -> Snapshot:
        return Snapshot(
            frozen(self.groups),
            self.alerts.snapshot(), self.alerts.ids, self.alerts.devices.copy(),
            self.rounds.snapshot(), self.rounds.ids, until_of(self.rounds.rows),
            self.incidents.snapshot(), self.incidents.ids, list(self.alert_types),
        )  # fmt: skip

    def _round(self, order: OrderView, no: int, one: Round, device: int) -> tuple[Any, ...]:
        group = Group(order.kind, order.zone, order.route_id, order.vendor, order.owner,
                      order.pilot_id)  # fmt: skip
        return (
            one.down_ms, one.opened_ms, _ms(one.due_ms), _ms(one.repaired_ms),
            _ms(one.restored_ms), _ms(one.verified_ms), _ms(one.cancelled_ms),
            self.groups.number_of(group), device, no, _word(CAUSES, one.cause or order.cause, 0),
            bool(one.excluded), order.children,
        )  # fmt: skip

    def _follow_devices(self) -> None:
        """As the worker does: what is held of a device moves with its registration."""
        moved, self._moved = self._moved, set()
        now = {found[0]: found[1] for name in moved if (found := self._find(name)) is not None}
        if not now:
            return
        rows, devices = self.alerts.rows, self.alerts.devices
        for at in self.alerts.of_devices(now):
            rows["group"][at] = self.groups.number_of(group_of(now[int(devices[at])]))

    def _type(self, word: str) -> int:
        if word not in self.alert_types:
            self.alert_types.append(word)
        return self.alert_types.index(word)


def until_of(rounds: Table) -> NDArray[np.int64]:
    ends = ("restored", "verified", "cancelled")
    last = np.max([rounds[name] for name in ("opened", "due", "repaired", *ends)], axis=0)
    is_open = np.all([rounds[name] == NONE for name in ends], axis=0)
    until: NDArray[np.int64] = np.where(is_open, NEVER, last)
    return until


def group_of(registration: Registration) -> Group:
    r = registration
    return Group(r.kind, r.zone, r.route_id, r.vendor, r.owner, r.pilot_id)


def frozen(groups: Groups) -> Groups:
    """The same numbers, and no more of them later."""
    copy = Groups()
    for group in groups.groups:
        copy.number_of(group)
    return copy


def numbers_of(registrations: Sequence[Registration], groups: Groups) -> NDArray[np.int32]:
    """Each device's group; -1 = retired."""
    return np.array(
        [-1 if r.retired else groups.number_of(group_of(r)) for r in registrations], np.int32
    )


def inspections_of(
    registrations: Sequence[Registration], numbers: NDArray[np.int32], days: Mapping[str, int]
) -> Table:
    """When each device of a kind that must be inspected is next due. days: kind -> interval."""
    rows = []
    for device, (r, group) in enumerate(zip(registrations, numbers.tolist(), strict=True)):
        if group >= 0 and r.kind in days:
            due = inspection_due(r.inspected_on, days[r.kind])
            rows.append((group, device, _ms(due), due is not None))
    return np.array(rows, INSPECTION)


def inspection_due(inspected_on: str, days: int) -> int | None:
    """Midnight of the day it falls due; None when the last inspection is not known, or on a day
    that no calendar goes on from."""
    try:
        return start_of(date.fromisoformat(inspected_on) + timedelta(days=days))
    except (ValueError, OverflowError):
        return None


def _ms(at_ms: int | None) -> int:
    return NONE if at_ms is None else at_ms


def _word(words: tuple[str, ...], word: str, otherwise: int) -> int:
    return words.index(word) if word in words else otherwise
