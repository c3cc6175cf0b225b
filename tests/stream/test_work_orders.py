"""When trouble becomes work, and when work is done: by event time, whenever we get to know."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.contracts import due_ms
from dashboard.records import OrderView
from dashboard.stream.shelf import KEPT_DAYS
from tests.builders import SITE, START_MS, Said, World, at, beat, did, registered

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


# -- opening -----------------------------------------------------------------------------------


def test_it_opens_an_order_once_a_fault_has_lasted_half_an_hour() -> None:
    world = a_world().hear(run("D-1", 600, 600 + 29 * MIN, "fault"), until(600 + 29 * MIN))
    assert orders(world) == []
    world.hear(run("D-1", 600 + 29 * MIN, 600 + 40 * MIN, "fault"), until(600 + 40 * MIN))
    order = the_order(world)
    assert (order.cause, order.device_id, order.state) == ("fault", "D-1", "assigned")
    assert order.opened_ms == ms(600 + 30 * MIN) and order.closed_ms is None
    (one,) = order.rounds
    assert (one.down_ms, one.opened_ms, one.faults) == (ms(600), order.opened_ms, ["lamp_out"])
    assert order.order_id.startswith("W-D-1-")


def test_it_is_charged_to_the_vendor_under_contract_with_the_time_it_has() -> None:
    order = the_order(broken(a_world()))
    assert order.assignee == order.vendor == "Gaon"
    contract = next(c for c in SITE.contracts if (c.vendor, c.kind) == ("Gaon", ""))
    assert order.rounds[0].due_ms == due_ms(order.opened_ms, contract, SITE.calendar)
    nobody = the_order(broken(a_world(vendor="Someone")))
    assert (nobody.state, nobody.assignee, nobody.rounds[0].due_ms) == ("open", "", None)


def test_silence_is_work_after_four_hours_of_a_gateway_after_a_quarter() -> None:
    world = a_world().hear(until(4 * HOUR))
    assert orders(world) == []
    world.hear(until(5 * HOUR))
    order = the_order(world)
    assert order.cause == "outage" and order.rounds[0].faults == []
    assert order.rounds[0].down_ms == ms(11 * MIN)
    assert order.opened_ms == ms(11 * MIN + 4 * HOUR)
    assert the_order(a_world("gateway").hear(until(HOUR))).opened_ms == ms(26 * MIN)


def test_it_counts_no_time_before_the_silence_was_known() -> None:
    """Heard once an hour: that it is dead shows three hours later. Nobody could have come before."""
    world = a_world("gateway", heartbeat_s=HOUR).hear(until(10 * HOUR))
    (one,) = the_order(world).rounds
    assert one.down_ms == ms(HOUR + 10 * MIN) and one.opened_ms == ms(3 * HOUR + 10 * MIN) + 1


def test_a_dead_gateway_is_one_order_with_its_children() -> None:
    children = [f"C-{n}" for n in range(5)]
    world = World().hear(*REST, registered("G-1", "gateway", -50), beat("G-1", 0))
    world.hear(*(registered(c, "light", -50, gateway_id="G-1") for c in children),
               registered("C-9", "light", -40, gateway_id="G-1", retired=True),
               *(beat(c, 0) for c in children), until(8 * HOUR))  # fmt: skip
    order = the_order(world)
    assert (order.device_id, order.cause, order.children) == ("G-1", "outage", 5)


def test_a_fault_that_falls_silent_is_one_trouble() -> None:
    world = a_world().hear(run("D-1", 600, 1200, "fault"), until(9 * HOUR))
    order = the_order(world)
    assert order.cause == "outage" and order.rounds[0].down_ms == ms(600)
    assert order.opened_ms == ms(600 + 4 * HOUR)


def test_unknown_and_out_of_service_neither_begin_nor_end_trouble() -> None:
    world = a_world().hear(run("D-1", 600, 1200, "fault"), until(1200))
    world.hear(did("out_of_service", 1300, device_id="D-1", reason="works"), until(5 * HOUR))
    assert orders(world) == []
    world.hear(run("D-1", 5 * HOUR, 6 * HOUR, "fault"), until(6 * HOUR))
    assert orders(world) == []
    world.hear(did("return_to_service", 6 * HOUR, device_id="D-1"), beat("D-1", 6 * HOUR + 5,
               "fault"), until(6 * HOUR + 10 * MIN))  # fmt: skip
    (one,) = the_order(world).rounds
    assert one.down_ms == ms(600) and one.opened_ms >= ms(6 * HOUR)


def test_a_device_nobody_registered_is_no_work_until_somebody_does() -> None:
    world = World().hear(*REST, run("D-1", 0, 5 * HOUR, "fault"), until(5 * HOUR))
    assert orders(world) == []
    world.hear(registered("D-1", "light", 6 * HOUR), run("D-1", 5 * HOUR, 7 * HOUR, "fault"),
               until(7 * HOUR))  # fmt: skip
    (one,) = the_order(world).rounds
    assert one.down_ms == ms(6 * HOUR) and one.opened_ms == ms(6.5 * HOUR)


def test_a_cut_feed_makes_no_work() -> None:
    world = a_world()
    world.arrived += 3 * HOUR * 1000  # nothing at all arrives for three hours
    world.hear(beat("D-9", 9 * HOUR), beat("D-1", 9 * HOUR + 5), until(9 * HOUR + 3 * MIN))
    assert orders(world) == []


# -- done --------------------------------------------------------------------------------------


def test_good_beats_for_half_an_hour_prove_the_repair() -> None:
    world = broken(a_world())
    world.hear(run("D-1", HOUR, HOUR + 20 * MIN), until(HOUR + 20 * MIN))
    assert the_order(world).rounds[0].restored_ms is None
    world.hear(run("D-1", HOUR + 20 * MIN, 2 * HOUR), until(2 * HOUR))
    order = the_order(world)
    assert (order.state, order.closed_ms) == ("verified", ms(HOUR + 30 * MIN))
    assert order.rounds[0].restored_ms == ms(HOUR) and order.rounds[0].repaired_ms is None
    assert "D-1" not in world.picture.workshop.cards


def test_failing_again_before_that_goes_on_with_the_same_round() -> None:
    world = broken(a_world())
    world.hear(run("D-1", HOUR, HOUR + 20 * MIN), run("D-1", HOUR + 20 * MIN, 2 * HOUR, "fault"),
               run("D-1", 2 * HOUR, 3 * HOUR), until(3 * HOUR))  # fmt: skip
    (one,) = the_order(world).rounds
    assert one.restored_ms == ms(2 * HOUR) and one.verified_ms == ms(2.5 * HOUR)


def test_silence_that_began_before_the_proof_was_complete_spoils_it() -> None:
    """Known only three minutes after the half hour; the last good beat came before its end."""
    world = broken(a_world()).hear(run("D-1", HOUR, HOUR + 28.5 * MIN), until(3 * HOUR))
    assert the_order(world).state == "assigned"


def test_a_device_unknown_for_a_while_has_to_prove_itself_anew() -> None:
    world = broken(a_world()).hear(run("D-1", HOUR, HOUR + 10 * MIN), until(HOUR + 10 * MIN))
    world.hear(did("out_of_service", HOUR + 11 * MIN, device_id="D-1", reason="x"),
               did("return_to_service", 2 * HOUR, device_id="D-1"),
               run("D-1", HOUR + 11 * MIN, 2 * HOUR + 20 * MIN), until(2 * HOUR + 20 * MIN))  # fmt: skip
    assert the_order(world).state == "assigned"
    world.hear(run("D-1", 2 * HOUR + 20 * MIN, 3 * HOUR), until(3 * HOUR))
    (one,) = the_order(world).rounds
    assert one.restored_ms == ms(HOUR) and one.verified_ms == ms(2.5 * HOUR)


@pytest.mark.parametrize(("days", "rounds"), [(29, [2]), (31, [1, 1])])
def test_failing_again_within_thirty_days_reopens_the_order(days: int, rounds: list[int]) -> None:
    world = settled(broken(a_world()).hear(run("D-1", HOUR, days * DAY)), days * DAY - 1)
    first = the_order(world)
    world.hear(run("D-1", days * DAY, (days + 1) * DAY, "fault"), until((days + 1) * DAY))
    assert [len(order.rounds) for order in orders(world)] == rounds
    last = orders(world)[-1]
    assert last.state == "assigned" and last.closed_ms is None
    assert last.reopened == len(last.rounds) - 1
    assert last.rounds[-1].down_ms == ms(days * DAY)
    if last.reopened:
        assert last.order_id == first.order_id and last.version > first.version


def test_an_order_of_a_retired_device_is_called_off() -> None:
    world = broken(a_world())
    world.hear(registered("D-1", "light", 2 * HOUR, retired=True), until(3 * HOUR))
    order = the_order(world)
    assert (order.state, order.closed_ms) == ("cancelled", ms(2 * HOUR))
    assert (order.history[-1].by, order.history[-1].note) == ("", "retired")
    world.hear(run("D-1", 3 * HOUR, 9 * HOUR, "fault"), until(9 * HOUR))
    assert len(orders(world)) == 1 and world.picture.workshop.cards["D-1"].order_id == ""


def test_it_lets_go_of_what_was_closed_long_ago() -> None:
    world = broken(a_world()).hear(run("D-1", HOUR, 3 * HOUR), until(3 * HOUR))
    order_id = the_order(world).order_id
    for day in range(3, KEPT_DAYS + 6, 3):  # settled a hundred hours at a time
        world.hear(run("D-1", (day - 3) * DAY + 3 * HOUR, day * DAY), until(day * DAY))
        if order_id in world.picture.workshop.shelf.orders:
            kept_until = day
    assert orders(world) == [] and KEPT_DAYS - 3 <= kept_until <= KEPT_DAYS + 3


# -- inspections -------------------------------------------------------------------------------
# A bell is inspected every 90 days. The world begins on 18 November 2026, 20:06:40 KST.

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
