"""Fills the list of work orders and the detail beside it. Twin: layouts/orders.

The page asks when the address changes and every two seconds (ids.Orders.TICK); what has not
changed since is not sent again. Actions do not come here: they are POST /api/v1/orders/….
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from dash import Input, Output, State, no_update

from callbacks import guard, session
from callbacks.orders import facts, feed, rows
from callbacks.web.control_room import ControlRoom, Page
from dashboard import ids, order_standing
from dashboard.errors import BadChoice, SourceUnavailable
from dashboard.order_list import Reader, listing, wanted_of
from dashboard.roles import Permission
from layouts import orders as layout
from layouts.markup import markup
from layouts.orders import detail, tools
from layouts.orders.head import Head

if TYPE_CHECKING:
    from dashboard.principal import Principal
    from dashboard.text import Translate
    from data_sources.sources import Sources


def register(app: ControlRoom, sources: Sources) -> None:
    known = facts.Known(sources)

    def view(t: Translate, who: Principal) -> Any:
        return layout.layout(t, who, simulated=sources.city.progress is not None)

    app.add_page(Page("orders", "/orders", Permission.ORDERS_SEE, view))
    asked = (Input(ids.Shell.LOCATION, "search"), Input(ids.Orders.TICK, "data"))

    @guard.secured(
        app,
        Output(ids.Orders.LIST, "data-orders-list"),
        Output(ids.Orders.LIST, "data-mark"),
        Output(ids.Orders.LIST, "data-orders-feed"),
        *asked,
        State(ids.Orders.LIST, "data-mark"),
        perm=Permission.ORDERS_SEE,
    )
    async def show_list(search: Any, _tick: Any, mark: Any) -> tuple[Any, Any, str]:
        told = await _list(sources, known, search)
        answer, new = _unless_known(told, mark)
        return answer, new, json.dumps(feed.told(sources, session.text()), ensure_ascii=False)

    @guard.secured(
        app,
        Output(ids.Orders.DETAIL, "data-orders-detail"),
        Output(ids.Orders.DETAIL, "data-mark"),
        *asked,
        State(ids.Orders.DETAIL, "data-mark"),
        perm=Permission.ORDERS_SEE,
    )
    async def show_detail(search: Any, _tick: Any, mark: Any) -> tuple[Any, Any]:
        chosen = facts.chosen_of(facts.query_of(search))
        return _unless_known(await _detail(sources, chosen), mark)


async def _list(sources: Sources, known: facts.Known, search: Any) -> rows.Json:
    who, t = session.principal(), session.text()
    query = facts.query_of(search)
    here = facts.here_of(sources, who.language, t)
    try:
        wanted = wanted_of(query, known.words())
        found = await facts.orders(sources, wanted, here.now_ms)
    except (BadChoice, SourceUnavailable) as error:
        return rows.problem(t, t(error.key, **error.values))
    reader = Reader(who.user, here.now_ms, lambda order: rows.said(here, order))
    menus = tools.tools(t, await _views(sources, who), who.may(Permission.EXPORTS_MAKE))
    return rows.answer(Head(here, wanted, listing(found, wanted, reader)), menus)


async def _views(sources: Sources, who: Principal) -> dict[str, str] | None:
    try:
        return await sources.views.list(who.user, "orders")
    except SourceUnavailable:
        return None


async def _detail(sources: Sources, order_id: str) -> rows.Json:
    """What is said of one order, and what this person may do with it."""
    who, t = session.principal(), session.text()
    here = facts.here_of(sources, who.language, t)
    if not order_id:
        loads = order_standing.loads(sources.orders.open(), here.now_ms)
        return {"id": "", "head": markup(detail.nothing(here, loads)), "more": "", "acts": []}
    found = await sources.orders.find(order_id)
    if found is None:
        return {"id": "", "head": markup(detail.gone(here, order_id)), "more": "", "acts": []}
    order = found[1]
    told = facts.detail_of(sources, who, order)
    return {
        "id": order.order_id,
        "version": order.version,
        "assignee": order.assignee,
        "head": markup(detail.head(here, told)),
        "more": markup(detail.more(here, told)),
        "acts": facts.acts(here, who, order),
        "vendors": facts.vendors(here, sources, order),
    }


def _unless_known(told: rows.Json, mark: Any) -> tuple[Any, Any]:
    """The answer and its mark; nothing when the page shows just that."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    new = blake2b(text.encode(), digest_size=12).hexdigest()
    return (no_update, no_update) if new == mark else (text, new)
