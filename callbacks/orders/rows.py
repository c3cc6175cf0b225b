"""What the list says, as data for assets/js/orders/: rows by order id, and the rest as markup.

Pure: everything it tells comes in.
"""

from __future__ import annotations

from typing import Any

from dashboard.order_standing import age_ms, last_round, standing
from dashboard.records import OrderView
from dashboard.text import Translate
from layouts.markup import markup
from layouts.orders import words
from layouts.orders.head import Head, empty, foot, head, refusal
from layouts.orders.words import Here

Json = dict[str, Any]


def answer(told: Head, menus: list[Any]) -> Json:
    """Everything of the list but its data time. menus: what can be done with it."""
    said, listing = empty(told), told.listing
    return {
        "head": markup(head(told)),
        "tools": markup(menus),
        "foot": markup(foot(told)),
        "empty": said,
        "rows": [row(told.here, order) for order in listing.rows],
        "told": said or told.here.t("orders.told", n=listing.total, hidden=listing.hidden),
    }  # fmt: skip


def problem(t: Translate, text: str) -> Json:
    """What was asked for cannot be shown: why, and the way back to the whole list."""
    told = markup(refusal(t, text))
    return {"head": told, "tools": "", "foot": "", "empty": "", "rows": [], "told": text}


def row(here: Here, order: OrderView) -> Json:
    last = last_round(order)
    nobody = not order.assignee and order.closed_ms is None
    return {
        "key": order.order_id,
        "version": order.version,
        "stands": standing(order, last, here.now_ms),
        "due": words.due(here, order, last),
        "due_at": words.due_at(here, order, last),
        "title": words.title(here, order),
        "again": here.t("orders.again", n=order.reopened) if order.reopened else "",
        "device": order.device_id,
        "place": words.place(here, order),
        "age": words.span(here, age_ms(order, here.now_ms)),
        "since": words.moment(here, last.opened_ms),
        "assignee": order.assignee or (here.t("orders.nobody") if nobody else "–"),
        "nobody": nobody,
        "state": order.state,
        "step": here.t(f"orders.step_{order.state}"),
    }


def said(here: Here, order: OrderView) -> str:
    """Everything an order can be found by, in lower case."""
    last = last_round(order)
    parts = (
        order.order_id, words.title(here, order), words.place(here, order), order.device_id,
        order.vendor, order.assignee, order.owner, order.pilot_id, *last.faults,
    )  # fmt: skip
    return "\n".join(parts).lower()
