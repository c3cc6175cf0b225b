"""Which devices cost most, out of their changes of state. Times are UTC epoch ms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.records import Status

TRANSITION = np.dtype([("device", "i4"), ("at", "i8"), ("status", "i1")])
Table = NDArray[Any]


@dataclass(frozen=True, slots=True)
class DeviceLoss:
    """device: its number. failures: those that began in the period. availability None: it was
    neither up nor down in it."""

    device: int
    down_ms: int
    failures: int
    unknown_ms: int
    availability: float | None


def worst_devices(
    table: Table, groups: NDArray[np.int32], from_ms: int, to_ms: int, limit: int = 50
) -> list[DeviceLoss]:
    """Those that were down longest in [from_ms, to_ms), longest first, then most failures.

    table: TRANSITION rows sorted by device, then time; each state lasts until the device's next
    row. groups: each device's group, -1 = not asked for (retired, or outside the choice).
    """
    count = len(groups)
    device, status = table["device"], table["status"]
    ms = _lasting(table, from_ms, to_ms)
    down = (status == Status.OFFLINE) | (status == Status.FAULT)
    began = down & (table["at"] >= from_ms) & (table["at"] < to_ms) & ~_was(down, device)
    down_ms = np.bincount(device, ms * down, count)
    up_ms = np.bincount(device, ms * (status == Status.OK), count)
    unknown_ms = np.bincount(device, ms * (status == Status.UNKNOWN), count)
    failures = np.bincount(device, began, count)
    found = np.flatnonzero((groups >= 0) & ((down_ms > 0) | (failures > 0)))
    order = np.lexsort((found, -failures[found], -down_ms[found]))[:limit]
    return [
        DeviceLoss(
            int(at), round(down_ms[at]), round(failures[at]), round(unknown_ms[at]),
            float(up_ms[at] / (up_ms[at] + down_ms[at])) if up_ms[at] + down_ms[at] else None,
        )
        for at in found[order]
    ]  # fmt: skip


def _lasting(table: Table, from_ms: int, to_ms: int) -> NDArray[np.int64]:
    """How long each state lasted within [from_ms, to_ms)."""
    at, device = table["at"], table["device"]
    ends = np.full(len(table), to_ms, np.int64)
    ends[:-1] = np.where(device[1:] == device[:-1], at[1:], to_ms)
    ms: NDArray[np.int64] = np.minimum(ends, to_ms) - np.maximum(at, from_ms)
    return np.maximum(ms, 0)


def _was(down: NDArray[np.bool_], device: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Whether each row's device was down already."""
    before = np.zeros(len(down), bool)
    before[1:] = down[:-1] & (device[1:] == device[:-1])
    return before
