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
from callbacks.orders.archive import Archive
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

MINUTE = 60_000  # words of ages and remaining times do not change more often


def register(app: ControlRoom, sources: Sources) -> None:
    archive = Archive(sources)

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
        answer, new = await _list(sources, archive, search, mark)
        return answer, new, _json(feed.told(sources, session.text()))

    @guard.secured(
        app,
        Output(ids.Orders.DETAIL, "data-orders-detail"),
        Output(ids.Orders.DETAIL, "data-mark"),
        *asked,
        State(ids.Orders.DETAIL, "data-mark"),
        perm=Permission.ORDERS_SEE,
    )
    async def show_detail(search: Any, _tick: Any, mark: Any) -> tuple[Any, Any]:
        chosen = facts.chosen_of(search)
        answer = _json(await _detail(sources, chosen))
        return _unless_known(answer, _mark(answer), mark)


async def _list(sources: Sources, archive: Archive, search: Any, mark: Any) -> tuple[Any, Any]:
    """The list and its mark; nothing when what it is made of is what the page has seen."""
    who, t = session.principal(), session.text()
    here = facts.here_of(sources, who.language, t)
    try:
        wanted = wanted_of(facts.query_of(search), archive.known.words())
        found = await archive.orders(wanted, here.now_ms)
    except (BadChoice, SourceUnavailable) as error:
        answer = _json(rows.problem(t, t(error.key, **error.values)))
        return _unless_known(answer, _mark(answer), mark)
    views = await _views(sources, who)
    reads = (who.user, who.role.value, who.language)
    new = _mark(wanted, reads, views, here.now_ms // MINUTE, archive.stamp(found))
    if new == mark:
        return no_update, no_update
    reader = Reader(who.user, here.now_ms, lambda order: rows.said(here, order))
    menus = tools.tools(t, views, who.may(Permission.EXPORTS_MAKE))
    return _json(rows.answer(Head(here, wanted, listing(found, wanted, reader)), menus)), new


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


def _unless_known(answer: str, new: str, mark: Any) -> tuple[Any, Any]:
    """The answer and its mark; nothing when the page shows just that."""
    return (no_update, no_update) if new == mark else (answer, new)


def _mark(*made_of: Any) -> str:
    """The same for the same, in this process."""
    return blake2b(repr(made_of).encode(), digest_size=12).hexdigest()


def _json(told: rows.Json) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
