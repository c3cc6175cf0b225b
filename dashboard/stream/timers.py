"""What happens next to a device of the workshop if it goes on as it is: pure, from its card."""

from __future__ import annotations

from enum import Enum, auto

from dashboard.records import OrderState, OrderView, Status
from dashboard.site import OrderRules
from dashboard.stream import orders
from dashboard.stream.cards import Card
from dashboard.stream.vitals import Vitals

MINUTE_MS = 60_000
Moment = tuple[int, "Step"]


class Step(Enum):
    NEWS = auto()  # the registry told when it was inspected
    OPEN = auto()  # its trouble has become work
    REFUTE = auto()  # the repair that was reported is none
    VERIFY = auto()  # good beats have proved the repair
    INSPECT = auto()  # its inspection is overdue
    ACT = auto()  # somebody did something about it


def next_moment(card: Card, patience_ms: int, proof: Moment | None) -> Moment | None:
    """None while nothing is to be expected; of two at one moment the one named first in Step.

    patience_ms: how long trouble of this kind lasts before it is work. proof: next_proof's.
    """
    if card.group is None:
        return None
    found: list[Moment] = []
    if card.news:
        found.append((card.news[0][0], Step.NEWS))
    if card.down_ms is not None and card.is_down and not card.order_id:
        found.append((max(card.down_ms + patience_ms, card.status_ms), Step.OPEN))
    if proof is not None:
        found.append(proof)
    if card.due_ms is not None:
        found.append((card.due_ms, Step.INSPECT))
    if card.actions:
        found.append((card.actions[0][0], Step.ACT))
    if not found:
        return None
    at_ms, step = min(found, key=lambda one: one[0])
    return max(at_ms, card.lived_ms), step


def next_proof(card: Card, order: OrderView, rules: OrderRules, silence_ms: int) -> Moment | None:
    """When its order of trouble is proved done, or a reported repair proved wrong."""
    verify_ms = rules.verify_after_min * MINUTE_MS
    if card.is_down and order.state == OrderState.REPAIRED:
        return max(card.status_ms, orders.reported_ms(order)) + verify_ms, Step.REFUTE
    if card.status == Status.OK and order.closed_ms is None:
        # That beats were missing by then is known a silence later.
        return card.status_ms + verify_ms + silence_ms, Step.VERIFY
    return None


def was_proved(card: Card, vitals: Vitals, rules: OrderRules) -> bool:
    """It is about to be something else, but until then it was well for long enough."""
    is_over = card.status == Status.OK and vitals.status != Status.OK
    return is_over and vitals.since_ms - card.status_ms >= rules.verify_after_min * MINUTE_MS


def patience_ms(card: Card, kind: str, rules: OrderRules) -> int:
    if card.status == Status.FAULT:
        return rules.fault_after_min * MINUTE_MS
    gateway = kind == "gateway"
    return (rules.gateway_after_min if gateway else rules.outage_after_min) * MINUTE_MS
