"""What a figure is made of: the repairs, alerts, incidents, devices, places or days behind it.

A coarse role is told of an alert its zone and the hour, and only where a zone has enough of them;
of incidents it is told no single one. Neither shows what a count of under five hides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from dashboard.coarse import FEW, hide_few
from dashboard.kpis.exposure import COUNTING, of_kinds
from dashboard.kpis.facts import COLUMN, NONE
from dashboard.kpis.figure import Kpi
from dashboard.kpis.gather import Gathered
from dashboard.kpis.picks import Picked, picked_alerts, picked_incidents, picked_rounds
from dashboard.kpis.tables import ROUND_MARK
from dashboard.stream.rollups import HOUR_MS, Group

What = Literal["device", "order", "alert", "incident", "place", "day"]


@dataclass(frozen=True, slots=True)
class Member:
    """id, device "": not to be told, or none. to_ms None: it goes on, or never came to it.

    state: a word (met, missed, overdue, real, ...). value: ms taken or ms down, people counted,
    what a day had of the KPI's own; None where there is none. no: of an order's round, from 0.
    """

    what: What
    id: str
    group: Group
    from_ms: int
    to_ms: int | None = None
    device: str = ""
    type: str = ""
    state: str = ""
    value: float | None = None
    no: int = 0


@dataclass(frozen=True, slots=True)
class Members:
    """The first of `total` rows. hidden: this role is told none of them; of incidents always.

    thinned: rows of zones with too few of them are left out of rows and total.
    """

    what: What
    rows: tuple[Member, ...] = ()
    total: int = 0
    hidden: bool = False
    thinned: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """coarse: the role sees no exact points. named: it may know which device is meant.

    device_id: of a device's number.
    """

    limit: int
    coarse: bool
    named: bool
    device_id: Callable[[int], str]


def members_of(kpi: Kpi, found: Gathered, asked: Asked) -> Members:
    """Of KPIs that are made of orders, alerts, incidents, traffic, or inspections."""
    if asked.coarse and kpi.of == "incidents":
        return Members("incident", hidden=True)
    if asked.coarse and kpi.of == "alerts":
        return _alerts_by_zone(kpi, found, asked)
    what = _WHAT[kpi.of]
    total, rows = what(kpi, found, asked)
    if asked.coarse and kpi.people and 0 < total < FEW:
        return Members(_ROW[kpi.of], total=0, hidden=True)
    return Members(_ROW[kpi.of], tuple(rows), total)


def _orders(kpi: Kpi, found: Gathered, asked: Asked) -> tuple[int, Iterator[Member]]:
    picked = picked_rounds(kpi.key, found.facts)
    rounds, groups = found.facts.rounds, found.facts.groups.groups

    def rows() -> Iterator[Member]:
        for at, span in _spans(picked, found.facts.end_ms, asked.limit):
            order_id = found.tables.round_ids[found.rows.rounds[at]].rpartition(ROUND_MARK)[0]
            device = int(rounds["device"][at])
            told = asked.device_id(device) if asked.named and device >= 0 else ""
            yield Member(
                "order", order_id if asked.named else "", groups[rounds["group"][at]],
                device=told, state=picked.states[at], no=int(rounds["no"][at]), **span,
            )  # fmt: skip

    return len(picked.at), rows()


def _alerts(kpi: Kpi, found: Gathered, asked: Asked) -> tuple[int, Iterator[Member]]:
    picked = picked_alerts(kpi.key, found.facts)
    facts, tables = found.facts, found.tables

    def rows() -> Iterator[Member]:
        for at, span in _spans(picked, facts.end_ms, asked.limit):
            place = found.rows.alerts[at]
            name, device = tables.alert_ids[place], int(tables.alert_devices[place])
            group = facts.groups.groups[facts.alerts["group"][at]]
            told = "" if device < 0 else asked.device_id(device)
            yield Member(
                "alert", name, group, device=told, type=facts.alert_types[facts.alerts["type"][at]],
                state=picked.states[at], **span,
            )  # fmt: skip

    return len(picked.at), rows()


def _alerts_by_zone(kpi: Kpi, found: Gathered, asked: Asked) -> Members:
    """Without ids, which lead to the minute. The zones are those that a breakdown tells of, and
    no states where one of them would be counted that is hidden as a part of the figure."""
    picked, facts = picked_alerts(kpi.key, found.facts), found.facts
    zones = [facts.groups.groups[at].zone for at in facts.alerts["group"][picked.at].tolist()]
    counts = hide_few(Counter(zones))
    told = np.array([counts[zone] is not None for zone in zones], bool)
    some = replace(picked, at=picked.at[told])
    few = None in hide_few(Counter(picked.states[at] for at in some.at.tolist())).values()
    if not len(some.at):
        return Members("alert", hidden=len(zones) > 0)
    rows = tuple(
        Member(
            "alert", "", Group("", facts.groups.groups[facts.alerts["group"][at]].zone),
            span["from_ms"] // HOUR_MS * HOUR_MS,
            None if span["to_ms"] is None else span["to_ms"] // HOUR_MS * HOUR_MS,
            type=facts.alert_types[facts.alerts["type"][at]],
            state="" if few else picked.states[at], value=span["value"],
        )
        for at, span in _spans(some, facts.end_ms, asked.limit)
    )  # fmt: skip
    return Members("alert", rows, len(some.at), thinned=not told.all())


def _incidents(kpi: Kpi, found: Gathered, asked: Asked) -> tuple[int, Iterator[Member]]:
    """Categories and ids are left out: what is asked is how long the way took."""
    picked = picked_incidents(kpi.key, found.facts)
    facts = found.facts

    def rows() -> Iterator[Member]:
        for at, span in _spans(picked, facts.end_ms, asked.limit):
            name = found.tables.incident_ids[found.rows.incidents[at]]
            group = facts.groups.groups[facts.incidents["group"][at]]
            yield Member("incident", name, group, state=picked.states[at], **span)  # fmt: skip

    return len(picked.at), rows()


def _places(_kpi: Kpi, found: Gathered, asked: Asked) -> tuple[int, Iterator[Member]]:
    """Zones and routes with counters, the busiest first."""
    facts = found.facts
    people = facts.sums[:, [COLUMN["t_in"], COLUMN["t_out"]]].sum(axis=1)
    sums: dict[Group, float] = {}
    for at in np.flatnonzero(of_kinds(facts, COUNTING)).tolist():
        group = facts.groups.groups[at]
        place = Group("", group.zone, group.route)
        sums[place] = sums.get(place, 0.0) + float(people[at])
    order = sorted(sums.items(), key=lambda item: -item[1])[: asked.limit]
    span = facts.period.from_ms, facts.end_ms
    return len(sums), (Member("place", "", place, *span, value=n) for place, n in order)


def inspected(found: Gathered, asked: Asked) -> Members:
    """Devices that must be inspected: the longest overdue first, those not known last."""
    rows, now_ms = found.facts.inspections, found.facts.now_ms
    order = np.lexsort((rows["due"], ~rows["known"]))
    told = tuple(
        Member(
            "device", asked.device_id(int(row["device"])) if asked.named else "",
            found.facts.groups.groups[row["group"]], int(row["due"]),
            state="date_unknown" if not row["known"] else
                  "overdue" if row["due"] < now_ms else "not_due",
        )
        for row in rows[order[: asked.limit]]
    )  # fmt: skip
    return Members("device", told, len(rows))


def round_names(kpi: Kpi | None, found: Gathered, limit: int) -> list[tuple[str, int]]:
    """(order id, number of the round) of what a figure is made of; of a KPI that is not made of
    orders, or none, of all rounds of the facts, the newest first."""
    rounds = found.facts.rounds
    if kpi is not None and kpi.of == "orders":
        at = picked_rounds(kpi.key, found.facts).at
    else:
        at = np.argsort(-rounds["opened"], kind="stable")
    places = found.rows.rounds[at[:limit]].tolist()
    names = [found.tables.round_ids[place].rpartition(ROUND_MARK) for place in places]
    return [(order_id, int(no)) for order_id, _, no in names]


def _spans(picked: Picked, end_ms: int, limit: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Place, and from, to and length; of what goes on, the length so far."""
    for at in picked.at[:limit].tolist():
        from_ms, to_ms = int(picked.from_ms[at]), int(picked.to_ms[at])
        over = to_ms != NONE and to_ms < end_ms
        took = max(0, (to_ms if over else end_ms) - from_ms)
        yield at, {"from_ms": from_ms, "to_ms": to_ms if over else None, "value": float(took)}


_WHAT = {"orders": _orders, "alerts": _alerts, "incidents": _incidents, "traffic": _places}
_ROW: dict[str, What] = {
    "orders": "order", "alerts": "alert", "incidents": "incident", "traffic": "place",
}  # fmt: skip
