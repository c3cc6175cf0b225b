"""The frame of a device's page, and what the server puts into it (layouts/markup.py)."""

from __future__ import annotations

from dash import html

from dashboard import ids
from dashboard.principal import Principal
from dashboard.roles import Permission
from dashboard.text import Translate
from layouts import shell
from layouts.devices import head, lists, words
from layouts.devices.head import Report
from layouts.devices.ribbon import ribbon

AGAIN_MS = 3_000


def layout(t: Translate, who: Principal, simulated: bool = False) -> html.Div:
    loading = html.P(t("devices.loading"), className="empty", role="status")
    return shell.shell(t, who, "devices", html.Div(loading, id=ids.Devices.CONTENT), simulated)


def report(t: Translate, who: Principal, found: Report) -> html.Article:
    year = found.year
    exact = who.may(Permission.EXACT_POINTS_SEE)
    as_of = html.Span(
        t("devices.as_of", time=words.moment(found.now_ms)), className="devices__count"
    )
    main = html.Section(
        [
            html.Div(
                [html.H2([t("devices.ribbon"), as_of]), head.years(t, found)],
                className="devices__top",
            ),
            head.known_since(t, year),
            head.figures(t, year),
            html.Div(ribbon(t, year), className="panel devices__panel"),
        ],
        className="devices__section devices__section--year",
    )
    return html.Article(
        [
            head.head(t, who, found),
            html.Div([main, head.facts(t, found)], className="devices__front"),
            lists.failures(t, year),
            lists.repairs(t, year, who.may(Permission.ORDERS_SEE)),
            lists.alerts(t, year),
            lists.messages(t, year, coarse=not exact),
        ],
        className="devices__page",
    )


def waiting(t: Translate, why: str) -> html.Article:
    """Facts are still being loaded, or Redis is away: the page asks again by itself."""
    told = [html.H1(t("devices.title")), html.P(why, role="status", className="devices__refusal")]
    again = {"data-again-ms": str(AGAIN_MS)}
    return html.Article(told, className="devices__page devices__page--refused", **again)


def refusal(t: Translate, why: str) -> html.Article:
    """Why nothing can be shown, and a way on."""
    return html.Article(
        [
            html.H1(
                t("devices.title"), **{"data-title": t("shell.title", page=t("devices.title"))}
            ),
            html.P(why, role="alert", className="devices__refusal"),
            html.P(t("devices.how"), className="devices__hint"),
            html.A(t("devices.to_map"), href="/", className="button"),
        ],
        className="devices__page devices__page--refused",
    )
