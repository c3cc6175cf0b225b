"""The rounds of a work order: each as a bar of time, with what it took in words below.

The bar runs from the start of the trouble to its end or to now. Its due time is a line across
it, so that "too late" is seen before it is read; the time in which parts were awaited is hatched.
"""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.order_standing import done_ms, due_by_ms, standing
from dashboard.records import OrderCause, OrderView, Round
from layouts.orders import words
from layouts.orders.words import Here

LATE = ("overdue", "late")


def rounds(here: Here, order: OrderView) -> html.Ol:
    """Newest first: it is the one that is worked on. Of the others a line is enough."""
    numbered = list(enumerate(order.rounds, 1))
    shown = [one_round(here, order, one, n) for n, one in reversed(numbered)]
    return html.Ol(shown, className="orders__rounds")


def one_round(here: Here, order: OrderView, one: Round, n: int) -> html.Li:
    """n: counted from 1."""
    t, stands = here.t, standing(order, one, here.now_ms)
    look = " orders__due--bad" if stands in LATE else ""
    head = html.P(
        [
            html.Span(t("orders.round", n=n)) if len(order.rounds) > 1 else "",
            html.Span(words.due(here, order, one), className="orders__stands" + look),
        ],
        className="orders__round-head",
    )
    told = facts(here, order, one) if n == len(order.rounds) else past(here, one)
    return html.Li(
        [head, bar(here, order, one), told],
        className="orders__round",
        **{"data-key": f"round-{n}"},
    )


def past(here: Here, one: Round) -> html.P:
    """From the start of the trouble to its end, and how long that took."""
    ends = (one.restored_ms, one.repaired_ms, one.verified_ms, one.cancelled_ms)
    end = next((at_ms for at_ms in ends if at_ms is not None), one.opened_ms)
    said = here.t(
        "orders.round_past", since=words.moment(here, one.down_ms),
        until=words.moment(here, end), span=words.span(here, end - one.down_ms),
    )  # fmt: skip
    return html.P([said, f" · {one.excluded}" if one.excluded else ""], className="orders__hint")


def facts(here: Here, order: OrderView, one: Round) -> html.Dl:
    inspection = order.cause == OrderCause.INSPECTION
    due = due_by_ms(order, one)
    rows = [
        ("down", None if inspection else one.down_ms),
        ("opened", one.opened_ms),
        ("parts", one.parts_ms),
        ("due", due),
        ("inspected" if inspection else "repaired", one.repaired_ms),
        ("restored", None if inspection else one.restored_ms),
        ("verified", None if inspection else one.verified_ms),
        ("cancelled", one.cancelled_ms),
    ]
    said: list[Any] = []
    for name, at_ms in rows:
        if at_ms is not None:
            said.append(html.Dt(here.t(f"orders.fact_{name}")))
            said.append(html.Dd(_at(here, one, name, at_ms)))
    if one.excluded:
        said += [html.Dt(here.t("orders.fact_excluded")), html.Dd(one.excluded)]
    return html.Dl(said, className="detail__facts")


def _at(here: Here, one: Round, name: str, at_ms: int) -> list[Any]:
    """The moment; for what ends something also how long it took."""
    said: list[Any] = [words.moment(here, at_ms)]
    if name in ("repaired", "restored"):
        took = words.span(here, at_ms - one.down_ms)
        said.append(html.Span(here.t("orders.took", span=took), className="orders__hint"))
    return said


def bar(here: Here, order: OrderView, one: Round) -> html.Div:
    """For the eye only; the same is told in words around it."""
    due, done = due_by_ms(order, one), done_ms(one)
    ends = [at for at in (done, one.verified_ms, one.cancelled_ms) if at is not None]
    end = max(ends) if ends else here.now_ms
    scale = _Scale(one.down_ms, max(end, due or 0))
    pieces = [_piece(scale, one.down_ms, end, "down")]
    if done is not None:
        pieces = [_piece(scale, one.down_ms, done, "down"), _piece(scale, done, end, "well")]
    if one.parts_ms is not None:
        pieces.append(_piece(scale, one.parts_ms, end if done is None else done, "parts"))
    if due is not None and due < (end if done is None else done):
        pieces.append(_piece(scale, due, end if done is None else done, "late"))
    if due is not None and due > one.down_ms:
        pieces.append(html.I(className="orders__line", style={"left": scale.at(due)}))
    return html.Div(pieces, className="orders__span", **{"aria-hidden": "true"})


class _Scale:
    def __init__(self, from_ms: int, to_ms: int) -> None:
        self._from_ms, self._length_ms = from_ms, max(1, to_ms - from_ms)

    def at(self, ms: int) -> str:
        return f"{100 * min(1.0, max(0.0, (ms - self._from_ms) / self._length_ms)):.2f}%"

    def width(self, from_ms: int, to_ms: int) -> str:
        return f"{max(0.0, float(self.at(to_ms)[:-1]) - float(self.at(from_ms)[:-1])):.2f}%"


def _piece(scale: _Scale, from_ms: int, to_ms: int, look: str) -> html.I:
    return html.I(
        className=f"orders__piece orders__piece--{look}",
        style={"left": scale.at(from_ms), "width": scale.width(from_ms, to_ms)},
    )
