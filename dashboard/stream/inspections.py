"""When a device must be inspected again: by the registry, or by who reported it done."""

from __future__ import annotations

from bisect import insort

from dashboard.contracts import DAY_MS, date_of, midnight_ms
from dashboard.records import OrderView, Registration
from dashboard.stream.cards import Card


def hear(card: Card, r: Registration, settled_ms: int) -> None:
    """Keep what a registry message tells until its time is settled."""
    news = (max(r.ts_ms, settled_ms + 1), midnight_ms(r.inspected_on))
    if news not in card.news:
        insort(card.news, news, key=lambda one: (one[0], one[1] or 0))


def learn(card: Card, days: int | None) -> int | None:
    """Take the oldest news in; the day of an inspection newer than the one asked for, or None.

    days: so often a device of its kind is inspected; None = never.
    """
    _, inspected_ms = card.news.pop(0)
    if days is None or inspected_ms is None:
        card.due_ms = None
        return None
    due_ms = inspected_ms + days * DAY_MS
    if card.asked_ms is not None and due_ms <= card.asked_ms:
        return None  # what the registry said before
    card.due_ms = due_ms
    return inspected_ms


def done(card: Card, order: OrderView, days: int | None) -> None:
    """Its order is closed: by a report, by newer news (which know the next date), or called off."""
    card.inspection_id = ""
    reported_ms = order.rounds[-1].repaired_ms
    if reported_ms is not None and days is not None:
        card.due_ms = (midnight_ms(date_of(reported_ms)) or 0) + days * DAY_MS
