"""Vendors at work: what they report of the repairs they were charged with.

When a device comes back follows from its life. Here is who says so beforehand: most of what
needed somebody is reported repaired, the rest recovers without a word. A report names the
device; the control room finds the order of its trouble at that time. So the past and the
present are told alike, and nobody has to look.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, uuid5

import msgspec

from data_sources.simulator.city import WORDS, Device
from data_sources.simulator.entry import HOUR, MINUTE, SECOND, Entry, day_start, stamp
from data_sources.simulator.life import LONGEST, Life, Outage, state_at
from data_sources.simulator.operators import ROLE

SPILL_MS = LONGEST + HOUR  # a repair is told so long after the failure at most
_FAULT_MS, _SILENT_MS = 90 * MINUTE, 7 * HOUR  # shorter ones heal by themselves
_LONG_MS = 40 * HOUR  # of longer ones some wait for parts


class Habit(NamedTuple):
    """Shares: of its repairs a vendor reports, and of its long ones that wait for parts."""

    reports: float
    parts: float


HABITS = {
    "Gaon": Habit(0.97, 0.2),
    "Maru": Habit(0.93, 0.3),
    "Byeol": Habit(0.72, 0.5),
    "Dasom": Habit(0.95, 0.3),
    "Haneul": Habit(0.88, 0.4),
}


def repair_day(life: Life, seed: int) -> Callable[[int], list[Entry]]:
    """What is told of the failures that begin on a day, however long they last."""

    def write(day: int) -> list[Entry]:
        begun = life.starting_on(day)
        dark = {(life.city.devices[index].id, outage) for index, outage in begun}
        ends = (outage.to_ms for _, outage in begun)
        trouble = life.outages(day_start(day), max(ends, default=0) + 1)
        return [
            entry
            for index, outage in begun
            if _needs_somebody(device := life.city.devices[index], outage)
            and (device.gateway, outage) not in dark
            and state_at(trouble[index], outage.to_ms) is None
            for entry in _told(device, outage, seed)
        ]

    return write


def _needs_somebody(device: Device, outage: Outage) -> bool:
    least_ms = _SILENT_MS if outage.code == "" else _FAULT_MS
    if device.kind == "gateway":
        least_ms = _FAULT_MS
    return outage.to_ms - outage.from_ms > least_ms


def _told(device: Device, outage: Outage, seed: int) -> list[Entry]:
    rng = Random(f"{seed}:repair:{device.id}:{outage.from_ms}")
    habit, length_ms = HABITS[device.traits.vendor], outage.to_ms - outage.from_ms
    reports, waits = rng.random() < habit.reports, rng.random() < habit.parts
    told_ms = outage.to_ms - rng.randrange(60, 300) * SECOND
    done_ms = told_ms - rng.randrange(0, 20) * MINUTE
    entries = []
    if waits and length_ms > _LONG_MS:
        parts_ms = outage.from_ms + int(length_ms * rng.uniform(0.2, 0.5)) // SECOND * SECOND
        entries.append(_entry(device, "parts", parts_ms, None))
    if reports:
        entries.append(_entry(device, "repaired", told_ms, done_ms))
    return entries


def _entry(device: Device, what: str, at_ms: int, done_ms: int | None) -> Entry:
    body: dict[str, Any] = {
        "v": 1,
        "action_id": str(uuid5(NAMESPACE_OID, f"{device.id}:{what}:{at_ms}")),
        "ts": stamp(at_ms),
        "actor": f"sim-{device.traits.vendor}",
        "role": ROLE,
        "action": what,
        "device_id": device.id,
        "note": WORDS["notes"][what],
    }
    if done_ms is not None:
        body["done_at"] = stamp(done_ms)
    return Entry(at_ms, device.p, "actions", msgspec.json.encode(body).decode())
