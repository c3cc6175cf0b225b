"""When trouble becomes work, and when work is done: by event time, whenever we get to know."""

from __future__ import annotations

import pytest

from dashboard.contracts import due_ms
from dashboard.stream.shelf import KEPT_DAYS
from tests.builders import SITE, World, beat, did, registered
from tests.stream.work import (
    DAY,
    HOUR,
    MIN,
    REST,
    a_world,
    broken,
    ms,
    orders,
    run,
    settled,
    the_order,
    until,
)

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
    """Heard once an hour: that it is dead shows three hours later. Nobody could come before."""
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


def test_one_heard_seldom_that_was_well_for_long_enough_was_repaired() -> None:
    """Silence of it would show only after three hours; that it spoke of a new fault shows now."""
    world = broken(a_world(heartbeat_s=HOUR))
    world.hear(run("D-1", HOUR, 3 * HOUR), run("D-1", 3 * HOUR, 4 * HOUR, "fault"),
               until(4 * HOUR))  # fmt: skip
    one, again = the_order(world).rounds
    assert (one.restored_ms, one.verified_ms) == (ms(HOUR), ms(1.5 * HOUR))
    assert again.down_ms == ms(3 * HOUR)


def test_a_device_unknown_for_a_while_has_to_prove_itself_anew() -> None:
    world = broken(a_world()).hear(run("D-1", HOUR, HOUR + 10 * MIN), until(HOUR + 10 * MIN))
    world.hear(did("out_of_service", HOUR + 11 * MIN, device_id="D-1", reason="x"),
               did("return_to_service", 2 * HOUR, device_id="D-1"),
               run("D-1", HOUR + 11 * MIN, 2 * HOUR + 20 * MIN),
               until(2 * HOUR + 20 * MIN))  # fmt: skip
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


def test_an_order_is_called_after_the_trouble_of_now_and_each_round_after_its_own() -> None:
    world = broken(a_world()).hear(run("D-1", HOUR, 2 * HOUR), until(3 * HOUR))
    world.hear(until(9 * HOUR))  # silent since
    order = the_order(world)
    assert [one.cause for one in order.rounds] == ["fault", "outage"]
    assert (order.cause, order.order_id[0]) == ("outage", "W")


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
