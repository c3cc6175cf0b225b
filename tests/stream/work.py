"""A world of one device that breaks, and somebody else who lets time pass."""

from __future__ import annotations

from typing import Any

from dashboard.records import OrderView
from tests.builders import START_MS, Said, World, at, beat, registered

MIN = 60
HOUR = 3600
DAY = 86_400
REST = [beat("D-9", -100)]  # nobody registered it: it is nobody's work


def ms(seconds: float) -> int:
    return START_MS + round(seconds * 1000)


def run(device_id: str, ts: float, until: float, state: str = "ok", **more: Any) -> Said:
    """The same state held, heard throughout."""
    return beat(device_id, ts, state, until=at(until), **more)


def until(seconds: float) -> Said:
    """Somebody else speaks a grace later, so that all until then is settled."""
    return beat("D-9", seconds + 60)


def a_world(kind: str = "light", vendor: str = "Gaon", **more: Any) -> World:
    """One device that is well for ten minutes, and one that only lets time pass."""
    device = registered("D-1", kind, -50, vendor=vendor, **more)
    return World().hear(*REST, device, run("D-1", 0, 10 * MIN), until(1))


def settled(world: World, seconds: float) -> World:
    """A hundred hours are settled at a time."""
    while world.picture.clock.frontier_ms < ms(seconds):
        world.hear(until(seconds))
    return world


def orders(world: World) -> list[OrderView]:
    found = world.picture.workshop.shelf.orders.values()
    return sorted(found, key=lambda one: (one.opened_ms, one.order_id))


def the_order(world: World) -> OrderView:
    (order,) = orders(world)
    return order


def broken(world: World, ts: float = 10 * MIN, length: float = 40 * MIN, **more: Any) -> World:
    """A fault that lasts long enough to be work."""
    return world.hear(run("D-1", ts, ts + length, "fault", **more), until(ts + length))
