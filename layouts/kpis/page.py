"""The frame of the KPI page: places for pieces of markup, and for the charts between them.

Twin: callbacks/kpis. What comes where is decided there, from the address; assets/js/kpis.js puts
it in place.
"""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard import ids
from dashboard.principal import Principal
from dashboard.text import Translate
from layouts import shell
from layouts.markup import markup

PIECES = (ids.Kpis.TOP, ids.Kpis.CONTENT, ids.Kpis.UNDER_LINE, ids.Kpis.UNDER_BARS,
          ids.Kpis.UNDER_FUNNEL)  # fmt: skip
CHARTS = (ids.Kpis.LINE, ids.Kpis.BARS, ids.Kpis.FUNNEL)


def layout(t: Translate, who: Principal, simulated: bool = False) -> html.Div:
    stale = html.P(
        t("kpis.stale"),
        role="alert",
        className="banner banner--bad",
        hidden=True,
        **{"data-kpis-stale": "1"},
    )
    sheet = html.Div(
        [
            html.Div(id=ids.Kpis.TOP),
            html.Div(id=ids.Kpis.PROBLEM, role="alert", className="kpis__problem"),
            html.Div(html.P(t("kpis.loading"), className="kpis__loading"), id=ids.Kpis.CONTENT),
            html.Div(id=ids.Kpis.LINE),
            html.Div(id=ids.Kpis.UNDER_LINE),
            html.Div(id=ids.Kpis.BARS),
            html.Div(id=ids.Kpis.UNDER_BARS),
            html.Div(id=ids.Kpis.FUNNEL),
            html.Div(id=ids.Kpis.UNDER_FUNNEL),
        ],
        className="kpis__sheet panel",
    )
    said = html.P(id=ids.Kpis.SAID, role="status", className="visually-hidden")
    stores = [dcc.Store(id=ids.Kpis.ASKED), dcc.Store(id=ids.Kpis.ANSWER)]
    return shell.shell(t, who, "kpis", [stale, sheet, said, *stores], simulated)


def definitions(t: Translate, who: Principal, content: Any, simulated: bool = False) -> html.Div:
    """Written once, with the page."""
    place = html.Div(id=ids.Kpis.DEFINITIONS, className="kpis__sheet panel")
    store = dcc.Store(id=ids.Kpis.DEFINED, data=markup(content))
    return shell.shell(t, who, "kpis_definitions", [place, store], simulated)
