"""The frame of the page of a week, and the sheet that the server puts into it.

Twin: callbacks/weekly/page.py. assets/js/weekly.js puts it in place (layouts/markup.py).
"""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard import ids
from dashboard.principal import Principal
from dashboard.text import Translate
from layouts import shell
from layouts.weekly import address
from layouts.weekly.decisions import decisions
from layouts.weekly.head import head, standing, tools
from layouts.weekly.here import Here
from layouts.weekly.lists import gaps, pilots, routes, said, vendors
from layouts.weekly.revisions import revisions
from layouts.weekly.sources import definitions, sources
from layouts.weekly.table import figures, others

FEW_ROUTES = 1


def layout(t: Translate, who: Principal, simulated: bool = False) -> html.Div:
    places = [
        html.Div(id=ids.Weekly.PROBLEM, role="alert", className="weekly__problem"),
        html.Div(loading(t), id=ids.Weekly.CONTENT),
        html.P(id=ids.Weekly.SAID, role="status", className="visually-hidden"),
        dcc.Store(id=ids.Weekly.ASKED),
        dcc.Store(id=ids.Weekly.ANSWER),
    ]
    return shell.shell(t, who, "weekly", [stale(t, "weekly"), *places], simulated)


def stale(t: Translate, part: str) -> html.P:
    """Shown while the server does not answer; part: of the page (assets/js/sheet.js)."""
    told: dict[str, Any] = {"data-stale": part}
    look = "banner banner--bad"
    return html.P(t("kpis.stale"), role="alert", className=look, hidden=True, **told)


def loading(t: Translate) -> html.P:
    return html.P(t("weekly_page.loading"), className="empty", role="status")


def sheet(here: Here) -> list[Any]:
    """In the order in which it is read."""
    content = [
        head(here),
        *standing(here),
        sentences(here),
        figures(here),
        others(here),
        _two_columns(here),
        vendors(here),
        gaps(here),
        *revisions(here),
        definitions(here),
        sources(here),
    ]
    return [tools(here), html.Article(content, className="weekly__sheet")]


def _two_columns(here: Here) -> html.Div:
    """Pilots stand where there is room."""
    left, right = [routes(here)], [decisions(here)]
    (left if len(here.summary.routes) <= FEW_ROUTES else right).append(pilots(here))
    columns = [html.Div(one, className="weekly__column") for one in (left, right)]
    return html.Div(columns, className="weekly__two")


def sentences(here: Here) -> html.Section:
    told = [html.P(said(here, one, marked=True)) for one in here.summary.said]
    title = html.H2(here.t("weekly_page.sentences"), className="visually-hidden")
    return html.Section([title, *told], className="weekly__say", **{"data-key": "say"})


def problem(t: Translate, words: str) -> list[Any]:
    """What cannot be shown, and ways on."""
    ways = [
        html.A(t("weekly_page.to_newest"), href=address.PATH),
        html.A(t("weekly_page.archive"), href=address.ARCHIVE),
    ]
    return [html.P(words), html.P([ways[0], " · ", ways[1]], className="weekly__ways")]
