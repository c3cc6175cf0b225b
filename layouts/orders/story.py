"""What happened to a work order, in order: the device's doings and people's in one line of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.order_standing import due_by_ms, last_round, standing
from dashboard.records import AlertEvent, OrderCause, OrderState, OrderView, Round
from dashboard.text import Translate
from layouts.orders import words
from layouts.orders.words import Here

WHY_SHUT = ("retired",)  # words the control room gives as reasons of its own


@dataclass(frozen=True, slots=True)
class Moment:
    at_ms: int
    said: str
    note: str = ""
    look: str = ""  # bad, well or ""


def sentences(here: Here, order: OrderView) -> str:
    """The trouble as one would tell it to somebody who just came in."""
    last = last_round(order)
    said = [_trouble(here, order, last), *_again(here, order), *_end(here, order, last)]
    if last.excluded and order.state != OrderState.CANCELLED:
        said.append(here.t("orders.story_excluded", reason=last.excluded))
    return " ".join(said)


def _trouble(here: Here, order: OrderView, last: Round) -> str:
    t, at = here.t, words.moment(here, last.down_ms)
    if order.cause == OrderCause.INSPECTION:
        return t("orders.story_inspection", day=at[:-6])
    if last.faults:
        return t("orders.story_fault_codes", at=at, codes=words.faults(t, last.faults))
    said = t(f"orders.story_{order.cause}", at=at)
    if order.children:
        said += " " + t("orders.story_children", n=order.children)
    return said


def _again(here: Here, order: OrderView) -> list[str]:
    if not order.reopened:
        return []
    days, n = here.rules.reopen_days, len(order.rounds)
    return [here.t("orders.story_reopened", days=days, n=n)]


def _end(here: Here, order: OrderView, last: Round) -> list[str]:
    t = here.t
    minutes = here.rules.verify_after_min
    if order.state == OrderState.CANCELLED:
        return [t("orders.story_cancelled")]
    if order.state == OrderState.VERIFIED:
        at = words.moment(here, last.restored_ms or last.verified_ms or 0)
        kind = "inspected" if order.cause == OrderCause.INSPECTION else "verified"
        return [t(f"orders.story_{kind}", at=at, minutes=minutes)]
    if last.repaired_ms is not None:
        at = words.moment(here, last.repaired_ms)
        return [t("orders.story_repaired", at=at, minutes=minutes)]
    if last.parts_ms is not None:
        return [t("orders.story_parts", at=words.moment(here, last.parts_ms))]
    return []


def timeline(here: Here, order: OrderView) -> html.Ol:
    """Newest last, as it is told."""
    lines = [_line(here, moment) for moment in moments(here, order)]
    return html.Ol(lines, className="timeline orders__story")


def moments(here: Here, order: OrderView) -> list[Moment]:
    found = [m for n, one in enumerate(order.rounds) for m in _of_round(here, order, one, n)]
    found += [_of_person(here.t, event) for event in order.history]
    return sorted(found, key=lambda moment: moment.at_ms)


def _of_round(here: Here, order: OrderView, one: Round, n: int) -> list[Moment]:
    t, inspection = here.t, order.cause == OrderCause.INSPECTION
    down = "due" if inspection else "down_again" if n else f"down_{one.cause or order.cause}"
    opened = "reopened" if n else "opened"
    facts = [
        (one.down_ms, down, "bad"),
        (one.opened_ms, opened, ""),
        (None if inspection else one.restored_ms, "restored", "well"),
        (None if inspection else one.verified_ms, "verified", "well"),
    ]
    found = [
        Moment(at_ms, t(f"orders.event_{what}"), look=look)
        for at_ms, what, look in facts
        if at_ms is not None
    ]
    due = due_by_ms(order, one)
    if due is not None and not inspection and standing(order, one, here.now_ms) == "overdue":
        found.append(Moment(due, t("orders.event_overdue"), look="bad"))
    return found


def _of_person(t: Translate, event: AlertEvent) -> Moment:
    by = event.by or t("orders.system")
    if event.what == "cancel" and not event.by:
        note = t(f"orders.why_{event.note}") if event.note in WHY_SHUT else event.note
        return Moment(event.at_ms, t("orders.event_shut"), note)
    if event.what == "refuted":
        return Moment(event.at_ms, t("orders.event_refuted"), look="bad")
    return Moment(event.at_ms, t(f"orders.event_{event.what}", by=by, to=event.to), event.note)


def _line(here: Here, moment: Moment) -> html.Li:
    said: list[Any] = [html.Span(words.moment(here, moment.at_ms), className="timeline__time")]
    said.append(moment.said)
    if moment.note:
        said.append(html.Span(moment.note, className="timeline__note"))
    look = f" orders__event--{moment.look}" if moment.look else ""
    return html.Li(said, className="timeline__event" + look)
