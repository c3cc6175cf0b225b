"""What people do about a work order: assign it, wait for parts, report it repaired, decide.

Their actions have one order, the stream's. What each leads to is in orders.TRANSITIONS.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace

from dashboard.records import ActionOutcome, AlertEvent, OrderCause, OrderView
from dashboard.site import Site
from dashboard.stream.alerts import SIMULATOR_ROLE
from dashboard.stream.kinds import ActionMessage
from dashboard.stream.orders import TRANSITIONS, S, changed, timed, with_rounds
from dashboard.stream.times import epoch_ms

_NEEDS = {"assign": "to", "cancel": "reason", "exclude": "reason"}


class Said(NamedTuple):
    """A person's action as a line of the history, with the moment a repair was really done."""

    event: AlertEvent
    done_ms: int | None
    site: Site


def act(
    order: OrderView, m: ActionMessage, arrived_ms: int, site: Site
) -> tuple[OrderView, ActionOutcome]:
    """A person's action: the order as it is then, and what to tell the person.

    Refused when it is not possible any more, when state or vendor changed since the person
    looked (their `version` is older than `state_version`), or when it makes no sense.
    """
    if any(event.action_id == m.action_id for event in order.history):
        return order, ActionOutcome(m.action_id, True, order.order_id, version=order.version)
    unseen = m.version < order.state_version and m.role != SIMULATOR_ROLE
    if (order.state, m.action) not in TRANSITIONS or (unseen and m.action != "note"):
        return order, _conflict(order, m)
    said = _said(m, arrived_ms, site)
    refused = _nonsense(order, m, said)
    if refused:
        return order, ActionOutcome(m.action_id, False, order.order_id, refused)
    order = replace(order, history=[*order.history, said.event])
    order = _DO[m.action](order, said)
    return order, ActionOutcome(m.action_id, True, order.order_id, version=order.version)


def _said(m: ActionMessage, arrived_ms: int, site: Site) -> Said:
    note = m.reason or m.note
    event = AlertEvent(
        epoch_ms(m.ts), m.action, m.actor, note, "", m.to, m.action_id, arrived_ms
    )  # fmt: skip
    return Said(event, None if m.done_at is None else epoch_ms(m.done_at), site)


def _nonsense(order: OrderView, m: ActionMessage, said: Said) -> str:
    needed = _NEEDS.get(m.action)
    if needed == "to" and not m.to:
        return "to_required"
    if needed == "reason" and not said.event.note:
        return "reason_required"
    if m.action == "repaired" and _done_ms(order, said) < order.rounds[-1].down_ms:
        return "done_before_trouble"
    return ""


def _done_ms(order: OrderView, said: Said) -> int:
    """As said; else now, but not after the beats that prove it."""
    if said.done_ms is not None:
        return said.done_ms
    restored_ms = order.rounds[-1].restored_ms
    at_ms = said.event.at_ms
    return at_ms if restored_ms is None else min(at_ms, restored_ms)


def _assign(order: OrderView, said: Said) -> OrderView:
    """Another vendor's time runs from now, by its own contract, unless it was overdue by then."""
    to, at_ms = said.event.to, said.event.at_ms
    if to == order.assignee:
        return changed(order)
    order = replace(order, assignee=to)
    last = order.rounds[-1]
    if last.due_ms is None or at_ms <= last.due_ms:
        last = timed(order, last, said.site, at_ms)
    return with_rounds(order, [*order.rounds[:-1], last])


def _parts(order: OrderView, said: Said) -> OrderView:
    """Grants the contract's hours for parts, unless it was overdue by then."""
    last, at_ms = order.rounds[-1], said.event.at_ms
    awaited = replace(last, parts_ms=at_ms)
    if last.due_ms is not None and at_ms <= last.due_ms:
        awaited = timed(order, awaited, said.site, last.asked_ms)
    return with_rounds(order, [*order.rounds[:-1], awaited])


def _repaired(order: OrderView, said: Said) -> OrderView:
    done_ms, at_ms = _done_ms(order, said), said.event.at_ms
    if order.cause == OrderCause.INSPECTION and order.state != S.VERIFIED:
        return changed(order, repaired_ms=done_ms, restored_ms=done_ms, verified_ms=at_ms)
    return changed(order, repaired_ms=done_ms)


def _cancel(order: OrderView, said: Said) -> OrderView:
    return changed(order, cancelled_ms=said.event.at_ms)


def _exclude(order: OrderView, said: Said) -> OrderView:
    return changed(order, excluded=said.event.note)


def _include(order: OrderView, _said: Said) -> OrderView:
    return changed(order, excluded="")


def _note(order: OrderView, _said: Said) -> OrderView:
    return replace(order, version=order.version + 1)


_DO: dict[str, Callable[[OrderView, Said], OrderView]] = {
    "assign": _assign,
    "parts": _parts,
    "repaired": _repaired,
    "note": _note,
    "cancel": _cancel,
    "exclude": _exclude,
    "include": _include,
}


def _conflict(order: OrderView, m: ActionMessage) -> ActionOutcome:
    """Who was first: the last one to change state or vendor, "" for the control room itself."""
    last = order.rounds[-1]
    changes = [(e.at_ms, e.what, e.by) for e in order.history if e.what != "note"]
    changes.append((last.opened_ms, "reopened" if order.reopened else "opened", ""))
    if last.verified_ms is not None:
        changes.append((last.verified_ms, "verified", ""))
    at_ms, what, by = max(changes)
    return ActionOutcome(
        m.action_id, False, order.order_id, "conflict", by, what, at_ms, order.version
    )
