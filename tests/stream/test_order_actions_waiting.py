"""What vendors' systems say of a device, not of an order: it waits for its moment."""

from __future__ import annotations

from typing import Any

from tests.builders import at, did
from tests.stream.test_order_actions import S, last, world_in
from tests.stream.work import HOUR, MIN, a_world, broken, ms, run, the_order, until


def told(action: str, ts: float, **more: Any) -> Any:
    return did(action, ts, "sim", device_id="D-1", role="simulator", version=0, **more)


def test_one_about_a_device_waits_until_its_moment_is_settled() -> None:
    world = a_world().hear(told("repaired", HOUR, done_at=at(50 * MIN)))
    broken(world)
    assert the_order(world).state == "assigned"
    world.hear(run("D-1", 50 * MIN, HOUR, "fault"), until(HOUR))
    assert last(world).repaired_ms == ms(50 * MIN)
    assert world.last.outcomes[-1].ok


def test_one_about_a_device_that_is_well_again_finds_the_order_that_was() -> None:
    world = world_in(S.VERIFIED).hear(told("repaired", 4 * HOUR), until(5 * HOUR))
    assert last(world).repaired_ms == ms(HOUR)


def test_one_about_a_device_without_an_order_is_told_so() -> None:
    world = a_world().hear(told("repaired", 5 * MIN), until(6 * MIN))
    assert world.last.outcomes[-1].reason == "unknown_order"
    assert "D-1" not in world.picture.workshop.cards


def test_it_is_taken_once_however_often_it_is_sent() -> None:
    world = a_world().hear(told("note", HOUR, note="x"), told("note", HOUR, note="x"))
    broken(world).hear(told("note", HOUR, note="x"), until(2 * HOUR))
    world.hear(told("note", HOUR, note="x"), until(3 * HOUR))
    assert len(the_order(world).history) == 1
