"""Lights, for tests of nights: what they say of their lamps, and sums as readers cut them."""

from __future__ import annotations

from typing import Any

from dashboard.stream.projection import beyond
from dashboard.sun import night_of
from tests.builders import SITE, START_MS, Said, World, beat, registered

NAMES = ["D-0", "D-1", "D-2"]
NIGHT = night_of(SITE)
MEASURES = ("q0", "q1", "q2", "q3", "q4", "dark")
DAWN_S = 39_000  # 06:56:40 KST: night ends some minutes later
DUSK_S = 76_000  # 17:13:20 KST: night begins a quarter of an hour later
LAMPS = {None: {}, True: {"lamp": {"on": True}}, False: {"lamp": {"on": False}}}


def off(device_id: str = "D-1", ts: float = 0, **more: Any) -> Said:
    return beat(device_id, ts, lamp={"on": False}, **more)


def lit(device_id: str = "D-1", ts: float = 0, **more: Any) -> Said:
    return beat(device_id, ts, lamp={"on": True}, **more)


def settled(world: World, *measures: str, period: str = "h") -> dict[str, int]:
    """Sums over all cells of all groups, cut at the frontier as readers do."""
    found = dict.fromkeys(measures, 0)
    for (kind, _, _, measure), n in world.figures().items():
        if kind == period and measure in found:
            found[measure] += n
    ledger, groups = world.picture.ledger, world.picture.rollups.groups
    for number, counts in ledger.now_counts.items():
        rest = beyond(groups[number].kind, counts, ledger.frontier_ms, NIGHT)
        for measure in measures:
            found[measure] -= rest.get(measure, 0)
    return found


def started(ts: float = 0, *names: str) -> World:
    """Lights under one registered watch of the clock, D-9; counting begins with its beat."""
    lights = (registered(name, ts=ts) for name in names or NAMES)
    return World().hear(*lights, registered("D-9", "env", ts), beat("D-9", ts))


def settle(world: World, until_s: float) -> World:
    """Let the frontier come to a moment."""
    last = (world.picture.clock.watermark_ms - START_MS) // 1000
    return world.hear(*(beat("D-9", s) for s in range(last, int(until_s) + 60, 50)),
                      beat("D-9", until_s + 60))  # fmt: skip
