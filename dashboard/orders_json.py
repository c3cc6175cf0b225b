"""A work order as tools are given it: times in RFC 3339 UTC, null for what has not happened."""

from __future__ import annotations

from dashboard.api_json import Json, rfc3339
from dashboard.records import AlertEvent, OrderView, Round

_TIMES = ("down", "opened", "due", "parts", "repaired", "restored", "verified", "cancelled")


def order_json(order: OrderView) -> Json:
    return {
        "order_id": order.order_id,
        "cause": order.cause,
        "device_id": order.device_id,
        "state": order.state,
        "version": order.version,
        "opened_at": rfc3339(order.opened_ms),
        "closed_at": rfc3339(order.closed_ms),
        "due_at": rfc3339(order.rounds[-1].due_ms),
        "assignee": order.assignee or None,
        "reopened": order.reopened,
        "children": order.children,
        "kind": order.kind,
        "zone": order.zone,
        "route_id": order.route_id or None,
        "vendor": order.vendor or None,
        "owner": order.owner or None,
        "pilot_id": order.pilot_id or None,
        "rounds": [_round_json(one) for one in order.rounds],
        "history": [_event_json(event) for event in order.history],
    }


def _round_json(one: Round) -> Json:
    times = {f"{name}_at": rfc3339(getattr(one, f"{name}_ms")) for name in _TIMES}
    return {**times, "excluded": one.excluded or None, "faults": one.faults}


def _event_json(event: AlertEvent) -> Json:
    said = {"by": event.by, "note": event.note, "to": event.to, "action_id": event.action_id}
    at = {"at": rfc3339(event.at_ms), "what": event.what}
    return {**at, **{name: word or None for name, word in said.items()}}
