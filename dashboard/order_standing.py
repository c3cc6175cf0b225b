"""How a work order stands: how old it is, what is due, who has how much on their hands.

The age and the contract of an order are those of its last round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.records import OrderCause, OrderState, OrderView, Round

DAY_MS = 86_400_000
SOON_MS = DAY_MS  # due within so long: to be looked at today
BANDS = (0, 4, 8, 15, 31)  # first whole day of each age band
OVERDUE, SOON, LAPSED = "overdue", "soon", "lapsed"


@dataclass(slots=True)
class Load:
    """What somebody has on their hands: open orders, of these overdue and waiting for parts."""

    assignee: str
    n: int = 0
    overdue: int = 0
    parts: int = 0
    oldest_ms: int = 0


def loads(orders: Iterable[OrderView], now_ms: int) -> list[Load]:
    """By assignee, the one with most overdue first; "" = what nobody is charged with."""
    by_name: dict[str, Load] = {}
    for order in orders:
        if order.closed_ms is not None:
            continue
        load = by_name.setdefault(order.assignee, Load(order.assignee))
        load.n += 1
        load.overdue += standing(order, last_round(order), now_ms) == OVERDUE
        load.parts += order.state == OrderState.PARTS
        load.oldest_ms = max(load.oldest_ms, age_ms(order, now_ms))
    return sorted(by_name.values(), key=lambda load: (-load.overdue, -load.n, load.assignee))


def last_round(order: OrderView) -> Round:
    return order.rounds[-1] if order.rounds else Round(order.opened_ms, order.opened_ms)


def age_ms(order: OrderView, now_ms: int) -> int:
    """Since its last opening; of a closed one how long it was open."""
    until = now_ms if order.closed_ms is None else order.closed_ms
    return max(0, until - last_round(order).opened_ms)


def band_of(age: int) -> int:
    """The age band, by its first day."""
    days = age // DAY_MS
    return max(band for band in BANDS if band <= days)


def done_ms(one: Round) -> int | None:
    """When the vendor's work was done: reported or proved, whichever is earlier."""
    return min((at for at in (one.repaired_ms, one.restored_ms) if at is not None), default=None)


def due_by_ms(order: OrderView, one: Round) -> int | None:
    """By contract; an inspection was due when it became an order."""
    return one.down_ms if order.cause == OrderCause.INSPECTION else one.due_ms


def standing(order: OrderView, one: Round, now_ms: int) -> str:
    """How a round stands against its due time.

    none (nothing is due), excluded (it does not count), met, late (done, but after), overdue (by
    contract), lapsed (an inspection that is overdue), soon (due within SOON_MS), running.
    """
    due, done = due_by_ms(order, one), done_ms(one)
    if due is None or (one.cancelled_ms is not None and done is None):
        return "none"
    if one.excluded:
        return "excluded"
    if done is not None:
        return "met" if done <= due else "late"
    if now_ms > due:
        return LAPSED if order.cause == OrderCause.INSPECTION else OVERDUE
    return SOON if due - now_ms <= SOON_MS else "running"


def changed_ms(order: OrderView) -> int:
    """When something last happened to it, to the control room's knowledge."""
    last = last_round(order)
    moments = [last.opened_ms, last.repaired_ms, last.restored_ms, last.verified_ms]
    moments += [event.at_ms for event in order.history[-1:]]
    return max(at for at in moments if at is not None)
