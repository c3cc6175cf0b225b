"""One work order beside the list: what is broken and for how long, then its story.

`head` stands above the form that acts, `more` below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dash import html

from dashboard.order_list import NOBODY, Wanted
from dashboard.order_standing import OVERDUE, Load, age_ms, last_round, standing
from dashboard.records import OrderCause, OrderView
from dashboard.site import Calendar, Contract
from layouts.orders import rounds, story, words
from layouts.orders.head import to
from layouts.orders.words import Here


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """status: the device's shown state as a word, "" = nobody knows the device any more.
    inspect_days: how often a device of its kind is inspected, None = never.
    links: which other pages the reader may see, of device and kpis."""

    order: OrderView
    status: str = ""
    contract: Contract | None = None
    calendar: Calendar = Calendar()
    inspect_days: int | None = None
    links: tuple[str, ...] = ()


def head(here: Here, facts: OrderFacts) -> list[Any]:
    order = facts.order
    last = last_round(order)
    stands = standing(order, last, here.now_ms)
    mark = html.I(className=f"orders__mark orders__mark--{stands}", **{"aria-hidden": "true"})
    return [
        html.Div(
            [
                html.Div(
                    [
                        html.H2(words.title(here, order)),
                        html.P(_where(here, order), className="detail__place"),
                    ]
                ),
                html.Div(
                    [
                        html.Span(words.span(here, age_ms(order, here.now_ms)),
                                  className="orders__old"),
                        html.Span(here.t(f"orders.old_{'closed' if order.closed_ms else 'open'}")),
                    ],
                    className="orders__age-big",
                ),
            ],
            className="orders__detail-head",
        ),
        html.P(story.sentences(here, order), className="detail__says"),
        html.P(
            [
                html.Span(here.t(f"orders.step_{order.state}"), className="orders__state-words"),
                html.Span(words.assignee(here, order)),
                html.Span([mark, words.due(here, order, last)],
                          className=f"orders__due orders__due--{stands}"),
                html.Span(words.due_at(here, order, last), className="orders__hint"),
            ],
            className="orders__standing",
        ),
    ]  # fmt: skip


def more(here: Here, facts: OrderFacts) -> list[Any]:
    t, order = here.t, facts.order
    return [
        _section(t("orders.device"), _device(here, facts)),
        _section(t("orders.contract"), _contract(here, facts)),
        _section(t(_rounds_title(order)), rounds.rounds(here, order)),
        _section(t("orders.story"), story.timeline(here, order)),
        html.P(t("orders.number", id=order.order_id), className="detail__privacy"),
    ]


def nothing(here: Here, loads: Sequence[Load] = ()) -> list[Any]:
    """Who has how much, until an order is chosen: what one looks at together."""
    t = here.t
    said: list[Any] = [
        html.P(t("orders.nothing_title"), className="detail__nothing"),
        html.P(t("orders.nothing_hint"), className="detail__hint"),
    ]
    if not loads:
        return said
    columns = ("n", "overdue", "parts", "oldest")
    heads = [html.Th(t(f"orders.load_{name}"), scope="col", className="is-number")
             for name in columns]  # fmt: skip
    first = html.Th(t("orders.load_assignee"), scope="col")
    rows = [_load(here, load) for load in loads]
    table = html.Table(
        [html.Thead(html.Tr([first, *heads])), html.Tbody(rows)],
        className="table orders__vendors",
    )
    return [*said, _section(t("orders.loads"), table)]


def _load(here: Here, load: Load) -> html.Tr:
    words_of = {"assignee": load.assignee or NOBODY}
    bad = " orders__due--bad" if load.overdue else ""
    cells = [
        html.Td(_count(load.n, words_of), className="is-number"),
        html.Td(_count(load.overdue, words_of | {"due": OVERDUE}), className="is-number" + bad),
        html.Td(_count(load.parts, words_of | {"step": "parts"}), className="is-number"),
        html.Td(words.span(here, load.oldest_ms), className="is-number"),
    ]
    name = load.assignee or here.t("orders.nobody")
    return html.Tr([html.Td(name), *cells], **{"data-key": words_of["assignee"]})


def _count(n: int, chosen: dict[str, str]) -> Any:
    if not n:
        return "–"
    return html.A(
        str(n), href=to(Wanted(words=chosen)), className="link", **{"data-orders-go": "1"}
    )


def gone(here: Here, order_id: str) -> list[Any]:
    return [html.P(here.t("orders.gone", id=order_id), className="detail__nothing")]


def _rounds_title(order: OrderView) -> str:
    return "orders.inspection" if order.cause == OrderCause.INSPECTION else "orders.rounds"


def _section(title: str, content: Any) -> html.Section:
    parts = content if isinstance(content, list) else [content]
    return html.Section([html.H3(title), *parts], className="detail__section")


def _where(here: Here, order: OrderView) -> str:
    return " · ".join(filter(None, (order.device_id, words.place(here, order))))


def _device(here: Here, facts: OrderFacts) -> list[Any]:
    """Its state at this moment, and where else it is told of."""
    t = here.t
    if facts.status:
        said = [html.I(className=f"state state--{facts.status}"),
                t("orders.now", state=t(f"live_map.status_{facts.status}"))]  # fmt: skip
    else:
        said = [t("orders.unknown_device")]
    return [
        html.P(said, className="orders__now"),
        html.P(_links(here, facts), className="orders__links"),
    ]


def _links(here: Here, facts: OrderFacts) -> list[html.A]:
    order = facts.order
    selection = {"sel": f"device:{order.device_id}"}
    kpi = {"kpi": "sla", "vendor": order.vendor, "kind": order.kind}
    pages = {
        "device": ("/device", {"id": order.device_id}),
        "map": ("/", selection),
        "kpis": ("/kpis", {name: word for name, word in kpi.items() if word}),
    }
    shown = [name for name in pages if name == "map" or name in facts.links]
    return [
        html.A(here.t(f"orders.link_{name}"), href=f"{pages[name][0]}?{urlencode(pages[name][1])}",
               className="link", **{"data-orders-leave": "1"})
        for name in shown
    ]  # fmt: skip


def _contract(here: Here, facts: OrderFacts) -> list[Any]:
    t, order, owed = here.t, facts.order, facts.contract
    vendor = order.assignee or order.vendor
    said = [html.P(words.contract(here, vendor, order.kind, owed))]
    if order.cause == OrderCause.INSPECTION and facts.inspect_days is not None:
        said = [html.P(t("orders.inspect_days", kind=words.kind_name(t, order.kind),
                         days=facts.inspect_days))]  # fmt: skip
    elif owed is not None:
        hint = [t("orders.contract_target", percent=f"{100 * owed.target:g}")]
        if owed.calendar == "working":
            calendar = facts.calendar
            hours = {"since": calendar.working_from, "until": calendar.working_to}
            hint.insert(0, t("orders.contract_hours", **hours))
        said.append(html.P(" · ".join(hint), className="orders__hint"))
    return said
