"""What people do about a work order: every state and action, who was first, what makes no sense."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from dashboard.contracts import due_ms
from dashboard.records import ActionOutcome, OrderState, OrderView
from dashboard.stream import order_actions
from dashboard.stream.orders import ACTIONS, TRANSITIONS
from tests.builders import SITE, World, at, did
from tests.stream.work import DAY, HOUR, MIN, a_world, broken, ms, run, the_order, until

S = OrderState
FIRST = 41 * MIN  # settled when the order below is there; it was opened at 40 min


def world_in(state: str) -> World:
    """A world whose one order is in that state; an unknown vendor's to begin with."""
    world = broken(a_world(vendor="Someone" if state == S.OPEN else "Gaon"))
    if state in (S.PARTS, S.REPAIRED, S.CANCELLED):
        what = {S.PARTS: "parts", S.REPAIRED: "repaired", S.CANCELLED: "cancel"}[S(state)]
        say(world, what, FIRST, reason="why")
    if state == S.VERIFIED:
        world.hear(run("D-1", HOUR, 3 * HOUR), until(3 * HOUR))
    assert the_order(world).state == state
    return world


def say(world: World, action: str, ts: float = 4 * HOUR, **more: Any) -> ActionOutcome:
    """About the one order there is, as it is now."""
    order = the_order(world)
    given = {"order_id": order.order_id, "version": order.version, **more}
    world.hear(did(action, ts, **given))
    return world.last.outcomes[-1]


def words(action: str) -> dict[str, str]:
    return {"to": "Maru"} if action == "assign" else {"reason": "why", "note": "seen"}


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("action", ACTIONS)
def test_it_leads_where_the_table_says_or_is_refused(state: str, action: str) -> None:
    world = world_in(state)
    before = the_order(world)
    outcome = say(world, action, **words(action))
    after = the_order(world)
    if (state, action) in TRANSITIONS:
        assert outcome.ok and after.state == TRANSITIONS[S(state), action]
        assert after.version == before.version + 1 == outcome.version
        assert after.history[-1].what == action and after.history[-1].by == "duty"
    else:
        assert (outcome.ok, outcome.reason) == (False, "conflict") and after == before


def test_every_action_of_the_table_exists() -> None:
    assert {action for _, action in TRANSITIONS} == set(ACTIONS) == set(order_actions._DO)


# -- who was first -----------------------------------------------------------------------------


def test_the_second_of_two_is_told_who_was_first() -> None:
    world = broken(a_world())
    seen = the_order(world).version
    assert say(world, "repaired", FIRST, actor="kim", version=seen).ok
    lost = say(world, "cancel", FIRST + 5, actor="lee", version=seen, reason="not ours")
    assert (lost.ok, lost.who_by, lost.who_action) == (False, "kim", "repaired")
    assert lost.who_at_ms == ms(FIRST)


def test_one_who_did_not_see_that_it_was_proved_is_told_so() -> None:
    world = broken(a_world())
    seen = the_order(world).version
    world.hear(run("D-1", HOUR, 3 * HOUR), until(3 * HOUR))
    lost = say(world, "cancel", version=seen, reason="x")
    assert (lost.who_by, lost.who_action, lost.who_at_ms) == ("", "verified", ms(1.5 * HOUR))


def test_a_note_never_collides() -> None:
    world = broken(a_world())
    say(world, "assign", FIRST, to="Maru")
    assert say(world, "note", version=1, note="key at the kiosk").ok


def test_the_same_action_again_changes_nothing_and_gives_the_same_answer() -> None:
    world = broken(a_world())
    first = say(world, "parts", FIRST, note="lamp ordered")
    before, counted = the_order(world), world.picture.counts["actions"].accepted
    world.hear(did("parts", FIRST, order_id=before.order_id, version=1))
    assert world.last.outcomes == [first] and the_order(world) == before
    assert world.picture.counts["actions"].duplicate == 1
    assert world.picture.counts["actions"].accepted == counted


def test_an_order_nobody_has_is_unknown() -> None:
    world = a_world().hear(did("note", 5, order_id="W-D-1-zzz", note="hello"))
    assert world.last.outcomes[0].reason == "unknown_order"


@pytest.mark.parametrize(
    ("action", "more", "reason"),
    [
        ("assign", {}, "to_required"),
        ("cancel", {}, "reason_required"),
        ("exclude", {}, "reason_required"),
        ("repaired", {"done_at": at(5 * MIN)}, "done_before_trouble"),
    ],
)
def test_what_makes_no_sense_is_refused(action: str, more: dict[str, str], reason: str) -> None:
    world = broken(a_world())
    before = the_order(world)
    outcome = say(world, action, **more)
    assert (outcome.ok, outcome.reason) == (False, reason) and the_order(world) == before


def test_a_repair_done_later_than_it_is_told_is_no_message() -> None:
    world = broken(a_world())
    order_id = the_order(world).order_id
    world.hear(did("repaired", HOUR, order_id=order_id, done_at=at(HOUR + 1)))
    assert world.picture.counts["actions"].rejected == {"bad_value": 1}


# -- repairs -----------------------------------------------------------------------------------


def last(world: World) -> Any:
    return the_order(world).rounds[-1]


def test_a_repair_is_dated_when_it_was_done() -> None:
    world = broken(a_world())
    say(world, "repaired", FIRST, done_at=at(20 * MIN))
    assert last(world).repaired_ms == ms(20 * MIN)
    say(world, "repaired", FIRST + 9, done_at=at(30 * MIN))  # put right
    assert last(world).repaired_ms == ms(30 * MIN)


def test_a_report_long_after_the_proof_does_not_make_the_repair_late() -> None:
    world = world_in(S.VERIFIED)
    say(world, "repaired", 2 * DAY)
    assert last(world).repaired_ms == last(world).restored_ms == ms(HOUR)
    assert the_order(world).closed_ms == ms(1.5 * HOUR)


def test_a_repair_that_is_none_is_refuted_after_half_an_hour() -> None:
    world = broken(a_world(), length=2 * HOUR)
    world.hear(run("D-1", 2 * HOUR, 5 * HOUR, "fault"))
    say(world, "repaired", 3 * HOUR)
    world.hear(until(3.5 * HOUR - 1))
    assert the_order(world).state == "repaired"
    world.hear(until(3.5 * HOUR))
    order = the_order(world)
    assert (order.state, order.rounds[-1].repaired_ms) == ("assigned", None)
    assert [event.what for event in order.history] == ["repaired", "refuted"]


def test_a_repaired_device_that_is_well_in_time_is_not() -> None:
    world = broken(a_world(), length=2 * HOUR)
    say(world, "repaired", 2 * HOUR)
    world.hear(run("D-1", 2 * HOUR + 20 * MIN, 4 * HOUR), until(4 * HOUR))
    assert the_order(world).state == "verified"
    assert last(world).repaired_ms == ms(2 * HOUR)
    assert last(world).restored_ms == ms(2 * HOUR + 20 * MIN)


def test_what_was_cancelled_stays_so_while_the_trouble_lasts() -> None:
    world = broken(a_world(), length=4 * HOUR)
    say(world, "cancel", 2 * HOUR, reason="to be replaced in spring")
    world.hear(run("D-1", 4 * HOUR, 9 * HOUR, "fault"), until(9 * HOUR))
    assert the_order(world).state == "cancelled"
    world.hear(run("D-1", 9 * HOUR, 10 * HOUR), run("D-1", 10 * HOUR, 12 * HOUR, "fault"),
               until(12 * HOUR))  # fmt: skip
    found = world.picture.workshop.shelf.orders.values()
    assert sorted(order.state for order in found) == ["assigned", "cancelled"]


# -- what counts -------------------------------------------------------------------------------


def contract(vendor: str) -> Any:
    return next(c for c in SITE.contracts if (c.vendor, c.kind) == (vendor, ""))


def test_waiting_for_parts_grants_the_hours_of_the_contract_once() -> None:
    world = broken(a_world())
    opened, plain = last(world).opened_ms, last(world).due_ms
    say(world, "parts", FIRST)
    assert last(world).parts_ms == ms(FIRST) and last(world).due_ms > plain
    assert last(world).due_ms == due_ms(opened, contract("Gaon"), SITE.calendar, parts=True)


def test_parts_do_not_help_what_is_overdue_already() -> None:
    world = broken(a_world(), length=9 * DAY)
    plain = last(world).due_ms
    say(world, "parts", 8 * DAY)
    assert last(world).due_ms == plain < ms(8 * DAY)


def test_another_vendor_s_time_runs_from_when_he_was_charged() -> None:
    world = broken(a_world(), length=2 * DAY)
    say(world, "assign", DAY, to="Maru")
    assert (the_order(world).assignee, last(world).asked_ms) == ("Maru", ms(DAY))
    assert last(world).due_ms == due_ms(ms(DAY), contract("Maru"), SITE.calendar)
    say(world, "assign", DAY + 60, to="Our own people")
    assert last(world).due_ms is None


@pytest.mark.parametrize("to", ["Maru", "Our own people"])
def test_another_vendor_does_not_undo_what_was_missed(to: str) -> None:
    world = broken(a_world(), length=9 * DAY)
    before = last(world)
    say(world, "assign", 8 * DAY, to=to)
    assert the_order(world).assignee == to
    assert last(world) == before and before.due_ms < ms(8 * DAY)


def test_what_is_excluded_says_why_and_can_be_included_again() -> None:
    world = world_in(S.VERIFIED)
    say(world, "exclude", reason="struck by a lorry")
    assert last(world).excluded == "struck by a lorry"
    say(world, "include")
    assert last(world).excluded == ""


def test_records_are_never_changed_in_place() -> None:
    world = broken(a_world())
    before = the_order(world)
    kept: OrderView = replace(before, rounds=list(before.rounds), history=list(before.history))
    say(world, "parts", FIRST)
    assert before == kept != the_order(world)
