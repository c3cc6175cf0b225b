"""Worst devices and what to repair first, with the names a page and a file need."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.kpis.repair_list import Repair
from dashboard.kpis.worst import DeviceLoss
from dashboard.stream.rollups import Group


@dataclass(frozen=True, slots=True)
class WorstDevice:
    device_id: str
    name: str
    group: Group
    loss: DeviceLoss


@dataclass(frozen=True, slots=True)
class RankedRepair:
    """no: of the order's round, from 0. device_id "": no longer registered. due_ms None: no
    contract covers it."""

    order_id: str
    no: int
    device_id: str
    name: str
    group: Group
    down_ms: int
    opened_ms: int
    due_ms: int | None
    repair: Repair
