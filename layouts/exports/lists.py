"""Lists as sheets: worst devices, work orders, what to repair first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.kpis.ranked import RankedRepair, WorstDevice
from dashboard.records import OrderView, Round
from dashboard.stream.rollups import Group
from layouts.exports.about import Reader, hours, moment, place_heads, places
from layouts.exports.files import Cell, Sheet

DEVICES = ("device", "name")
LOSSES = ("down_h", "failures", "unknown_h", "availability")
MOMENTS = ("down", "opened", "due", "parts", "repaired", "restored", "verified", "cancelled")
REPAIRS = ("rank", "order", "device", "name")
GAINS = ("devices_back", "device_hours", "lost_h", "passers", "counted_by", "gain")


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One round of an order."""

    order: OrderView
    no: int
    round: Round


def devices(reader: Reader, found: Sequence[WorstDevice]) -> Sheet:
    t = reader.t
    head = [*_words(reader, DEVICES), *place_heads(t), *_words(reader, LOSSES)]
    rows: list[list[Cell]] = [
        [
            one.device_id, one.name, *places(reader, one.group), hours(one.loss.down_ms),
            one.loss.failures, hours(one.loss.unknown_ms),
            None if one.loss.availability is None else round(100 * one.loss.availability, 3),
        ]
        for one in found
    ]  # fmt: skip
    return Sheet(t("kpis.export_devices"), head, rows)


def orders(reader: Reader, found: Sequence[OrderRow]) -> Sheet:
    t = reader.t
    head = [*_words(reader, ("order", "round", "state", "cause", "device", "assignee")),
            *place_heads(t), *_words(reader, MOMENTS),
            *_words(reader, ("excluded", "devices_behind", "faults"))]  # fmt: skip
    return Sheet(t("kpis.export_orders"), head, [_order(reader, row) for row in found])


def _order(reader: Reader, row: OrderRow) -> list[Cell]:
    order, one, t = row.order, row.round, reader.t
    group = Group(order.kind, order.zone, order.route_id, order.vendor, order.owner, order.pilot_id)
    moments = (one.down_ms, one.opened_ms, one.due_ms, one.parts_ms, one.repaired_ms,
               one.restored_ms, one.verified_ms, one.cancelled_ms)  # fmt: skip
    return [
        order.order_id,
        row.no + 1,
        t(f"orders.step_{order.state}") if row.no == len(order.rounds) - 1 else "",
        t(f"export.cause_{order.cause}"),
        order.device_id,
        order.assignee,
        *places(reader, group),
        *(moment(at) for at in moments),
        one.excluded,
        order.children,
        ", ".join(one.faults),
    ]


def repairs(reader: Reader, found: Sequence[RankedRepair]) -> Sheet:
    t = reader.t
    head = [*_words(reader, REPAIRS), *place_heads(t), *_words(reader, ("down", "opened", "due")),
            *_words(reader, GAINS)]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            rank, one.order_id, one.device_id, one.name, *places(reader, one.group),
            moment(one.down_ms), moment(one.opened_ms), moment(one.due_ms),
            one.repair.devices, one.repair.device_hours_per_day, hours(one.repair.lost_ms),
            None if one.repair.passers_per_day is None else round(one.repair.passers_per_day),
            t(f"kpis.dim_{one.repair.counted_by}") if one.repair.counted_by else "",
            round(one.repair.gain),
        ]
        for rank, one in enumerate(found, 1)
    ]  # fmt: skip
    return Sheet(t("kpis.export_repairs"), head, rows)


def _words(reader: Reader, names: Sequence[str]) -> list[str]:
    return [reader.t(f"export.{name}") for name in names]
