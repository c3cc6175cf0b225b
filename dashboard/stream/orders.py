"""Step 4 for equipment: the life of a work order, from facts and people's actions.

Openings and proofs come from the settled states of devices (workshop.py); people assign, wait
for parts, report repairs (order_actions.py). The state follows from what is known of the last
round:

    cancelled                  -> cancelled
    verified by good beats     -> verified; failing again soon adds a round
    reported repaired          -> repaired
    parts awaited              -> parts
    a vendor is charged        -> assigned
    else                       -> open

A reported repair that good beats do not bear out is refuted: the report stays in the history,
and the round goes on as if nobody had said so. A contract is not met by saying so.
"""

from __future__ import annotations

from msgspec.structs import replace

from dashboard.contracts import contract_for, due_ms
from dashboard.records import AlertEvent, OrderCause, OrderState, OrderView, Round
from dashboard.site import Site
from dashboard.stream.rollups import Group

S = OrderState
ACTIONS = ("assign", "parts", "repaired", "note", "cancel", "exclude", "include")
DECISIONS = ("cancel", "exclude", "include")  # about what counts: not everyone's
# what a person may do in which state, and the state it leads to
TRANSITIONS: dict[tuple[str, str], str] = {
    (S.OPEN, "assign"): S.ASSIGNED,
    (S.ASSIGNED, "assign"): S.ASSIGNED,
    (S.PARTS, "assign"): S.PARTS,
    (S.ASSIGNED, "parts"): S.PARTS,
    (S.OPEN, "repaired"): S.REPAIRED,
    (S.ASSIGNED, "repaired"): S.REPAIRED,
    (S.PARTS, "repaired"): S.REPAIRED,
    (S.REPAIRED, "repaired"): S.REPAIRED,  # a corrected time
    (S.VERIFIED, "repaired"): S.VERIFIED,  # technicians report afterwards
    (S.OPEN, "cancel"): S.CANCELLED,
    (S.ASSIGNED, "cancel"): S.CANCELLED,
    (S.PARTS, "cancel"): S.CANCELLED,
    (S.REPAIRED, "cancel"): S.CANCELLED,
    **{(state, "exclude"): state for state in S if state != S.CANCELLED},
    **{(state, "include"): state for state in S if state != S.CANCELLED},
    **{(state, "note"): state for state in S},
}
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def first(cause: str, device_id: str, group: Group, one: Round, site: Site) -> OrderView:
    """A new order; charged to the maker of the device when a contract covers it."""
    covered = contract_for(site, group.vendor, group.kind) is not None
    order = OrderView(
        _id_of(cause, device_id, one.opened_ms), cause, device_id, S.OPEN, one.opened_ms,
        kind=group.kind, zone=group.zone, route_id=group.route, vendor=group.vendor,
        owner=group.owner, pilot_id=group.pilot, assignee=group.vendor if covered else "",
    )  # fmt: skip
    return replace(with_rounds(order, [timed(order, one, site)]), version=1, state_version=1)


def reopen(order: OrderView, again: Round, site: Site) -> OrderView:
    """It failed again, perhaps in another way: one more round for whoever was charged with the
    last one, and the order is called after the trouble of now."""
    rounds = [*order.rounds, timed(order, again, site)]
    return with_rounds(order, rounds, reopened=order.reopened + 1, cause=again.cause)


def verify(order: OrderView, restored_ms: int, verified_ms: int) -> OrderView:
    return changed(order, restored_ms=restored_ms, verified_ms=verified_ms)


def refute(order: OrderView, at_ms: int) -> OrderView:
    """The device is as broken as before the repair that was reported."""
    order = replace(order, history=[*order.history, AlertEvent(at_ms, "refuted")])
    return changed(order, repaired_ms=None)


def call_off(order: OrderView, at_ms: int, reason: str) -> OrderView:
    """By the control room itself; reason is a word for which the pages have a text."""
    event = AlertEvent(at_ms, "cancel", note=reason)
    return changed(replace(order, history=[*order.history, event]), cancelled_ms=at_ms)


def reported_ms(order: OrderView) -> int:
    """When the repair was reported that the order stands on; it may have been done earlier."""
    return next((e.at_ms for e in reversed(order.history) if e.what == "repaired"), 0)


def timed(order: OrderView, one: Round, site: Site, asked_ms: int | None = None) -> Round:
    """A round with the time its vendor has; an inspection was due before it became an order."""
    contract = contract_for(site, order.assignee, order.kind)
    due: int | None = None
    if contract is not None and order.cause != OrderCause.INSPECTION:
        from_ms = one.opened_ms if asked_ms is None else asked_ms
        due = due_ms(from_ms, contract, site.calendar, one.parts_ms is not None)
    return replace(one, due_ms=due, asked_ms=asked_ms)


def changed(order: OrderView, **facts: object) -> OrderView:
    """These facts about the last round."""
    return with_rounds(order, [*order.rounds[:-1], replace(order.rounds[-1], **facts)])


def with_rounds(order: OrderView, rounds: list[Round], **changes: object) -> OrderView:
    """The order with these rounds, its state as it follows, its version one higher."""
    order, last = replace(order, rounds=rounds, **changes), rounds[-1]
    order.version += 1
    order.state_version = order.version
    order.state = state_of(last, order.assignee)
    order.closed_ms = last.verified_ms if last.cancelled_ms is None else last.cancelled_ms
    return order


def state_of(last: Round, assignee: str) -> str:
    facts = (
        (last.cancelled_ms, S.CANCELLED),
        (last.verified_ms, S.VERIFIED),
        (last.repaired_ms, S.REPAIRED),
        (last.parts_ms, S.PARTS),
    )
    known = next((state for fact, state in facts if fact is not None), None)
    return known or (S.ASSIGNED if assignee else S.OPEN)


def _id_of(cause: str, device_id: str, opened_ms: int) -> str:
    letter = "I" if cause == OrderCause.INSPECTION else "W"
    return f"{letter}-{device_id}-{_base36(opened_ms)}"


def _base36(n: int) -> str:
    digits = ""
    while n > 0:
        n, digit = divmod(n, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
