"""The frame of the work orders page: places that assets/js/orders/ fills and keeps up to date.

Twin: callbacks/orders. Nothing here is drawn again while somebody reads: head, foot and detail
come as markup, rows as data, and the form belongs to the script.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from dash import dcc, html

from dashboard import ids
from dashboard.principal import Principal
from dashboard.roles import Permission
from dashboard.text import Translate, catalogue
from layouts import shell
from layouts.orders import form

COLUMNS = ("due", "cause", "device", "age", "assignee", "step")


def layout(t: Translate, who: Principal, simulated: bool = False) -> html.Div:
    return shell.shell(t, who, "orders", [work_list(t, who), detail(t, who)], simulated)


def work_list(t: Translate, who: Principal) -> html.Section:
    return html.Section(
        [
            html.Div(
                [
                    html.H1(t("orders.title")),
                    html.P(className="orders__at", **_place("at")),
                    _narrow(t),
                    html.Div(className="orders__tools", **_place("tools")),
                ],
                className="orders__top",
            ),
            html.P(role="alert", className="banner", hidden=True, **_place("banner")),
            html.P(t("orders.stale"), role="alert", className="banner banner--bad", hidden=True,
                   **_place("stale")),
            html.Div(className="orders__head", **_place("head")),
            _table(t),
            html.P(t("orders.loading"), className="empty", **_place("empty")),
            html.Div(className="orders__foot", **_place("foot")),
            html.P(role="status", className="visually-hidden", **_place("told")),
            dcc.Store(id=ids.Orders.TICK),
        ],
        id=ids.Orders.LIST,
        className="orders__list",
        **{"data-texts": texts(who.language), "data-user": who.user},
    )  # fmt: skip


def _narrow(t: Translate) -> html.Button:
    """Shows the conditions where there is no room for them."""
    return html.Button(
        t("orders.filters"), type="button", className="button button--quiet orders__narrow",
        **{"data-orders-narrow": "1", "aria-expanded": "false"},
    )  # fmt: skip


def _table(t: Translate) -> html.Div:
    heads = [html.Th(t(f"orders.column_{name}"), scope="col", role="columnheader",
                     className=f"orders__col orders__col--{name}") for name in COLUMNS]  # fmt: skip
    table = html.Table(
        [
            html.Thead(html.Tr(heads, role="row"), role="rowgroup"),
            html.Tbody(role="rowgroup", **_place("rows")),
        ],
        role="table",
        className="orders__table",
        **{"aria-label": t("orders.rows")},
    )
    return html.Div(table, className="orders__scroll", hidden=True, **_place("scroll"))


def detail(t: Translate, who: Principal) -> html.Aside:
    back = html.Button(
        t("orders.back"), type="button", className="button button--quiet orders__back",
        **{"data-orders-close": "1"},
    )  # fmt: skip
    acts = who.may(Permission.ORDERS_ACT) or who.may(Permission.ORDERS_DECIDE)
    return html.Aside(
        [
            back,
            html.Div(className="orders__part", **_place("detail-head")),
            *([form.form(t)] if acts else []),
            html.Div(className="orders__part", **_place("detail-more")),
        ],
        id=ids.Orders.DETAIL,
        className="orders__detail",
        tabIndex="-1",
        **{"aria-label": t("orders.detail")},
    )


def _place(name: str) -> dict[str, str]:
    """Where a script puts what the server says."""
    return {"data-orders": name}


def texts(language: str) -> str:
    """What scripts say by themselves."""
    said: Mapping[str, str] = {
        key: text for key, text in catalogue(language).items() if key.startswith("orders.js_")
    }
    return json.dumps(said, ensure_ascii=False)
