"""Inspections that fall due. A bell is inspected every 90 days.

The world begins on 18 November 2026, 20:06:40 KST.
"""

from __future__ import annotations

from tests.builders import at, did, registered
from tests.stream.work import DAY, HOUR, MIN, a_world, ms, orders, run, the_order, until

TO_MIDNIGHT = 4 * HOUR - 400


def test_an_overdue_inspection_is_an_order_from_midnight_on() -> None:
    world = a_world("bell", inspected_on="2026-08-21")  # 90 days later: 19 November
    world.hear(run("D-1", 0, 5 * HOUR), until(TO_MIDNIGHT - 1))
    assert orders(world) == []
    world.hear(until(TO_MIDNIGHT))
    order = the_order(world)
    assert (order.cause, order.assignee, order.rounds[0].due_ms) == ("inspection", "Gaon", None)
    assert order.opened_ms == order.rounds[0].down_ms == ms(TO_MIDNIGHT)
    assert order.order_id.startswith("I-D-1-")


def test_one_overdue_when_counting_begins_is_opened_then() -> None:
    order = the_order(a_world("bell", inspected_on="2025-01-01").hear(until(2 * MIN)))
    assert order.opened_ms >= ms(-100) and order.rounds[0].down_ms < ms(-300 * DAY)


def test_newer_master_data_close_it_as_of_the_day_of_inspection() -> None:
    world = a_world("bell", inspected_on="2026-08-10").hear(run("D-1", 0, DAY), until(DAY))
    told = registered("D-1", "bell", 2 * DAY, vendor="Gaon", inspected_on="2026-11-20")
    world.hear(run("D-1", DAY, 3 * DAY), told, until(3 * DAY))
    order = the_order(world)
    assert (order.state, order.closed_ms) == ("verified", ms(2 * DAY))
    assert order.rounds[0].restored_ms == ms(TO_MIDNIGHT + DAY)  # 20 November, 00:00
    told = registered("D-1", "bell", 4 * DAY, vendor="Gaon", inspected_on="2026-11-20")
    assert len(orders(world.hear(told, run("D-1", 3 * DAY, 6 * DAY), until(6 * DAY)))) == 1


def test_the_same_day_told_again_asks_for_nothing_new() -> None:
    world = a_world("bell", inspected_on="2026-08-10").hear(until(MIN * 2))
    told = registered("D-1", "bell", HOUR, vendor="Maru", inspected_on="2026-08-10")
    assert len(orders(world.hear(told, run("D-1", 0, DAY), until(DAY)))) == 1


def test_an_inspection_reported_done_counts_until_the_next_one_is_due() -> None:
    world = a_world("bell", inspected_on="2026-08-10").hear(run("D-1", 0, DAY), until(DAY))
    order = the_order(world)
    world.hear(did("repaired", DAY, order_id=order.order_id, done_at=at(DAY - HOUR)))
    order = the_order(world)
    assert (order.state, order.closed_ms) == ("verified", ms(DAY))
    assert order.rounds[0].restored_ms == order.rounds[0].repaired_ms == ms(DAY - HOUR)
    for day in range(4, 100, 3):
        world.hear(run("D-1", (day - 3) * DAY, day * DAY), until(day * DAY))
    assert the_order(world).rounds[0].down_ms == ms(TO_MIDNIGHT + 90 * DAY)


def test_without_a_known_day_there_is_no_order() -> None:
    assert orders(a_world("bell").hear(run("D-1", 0, 3 * DAY), until(3 * DAY))) == []
    kind = a_world("light", inspected_on="2020-01-01")  # lights are not inspected
    assert orders(kind.hear(run("D-1", 0, 3 * DAY), until(3 * DAY))) == []
