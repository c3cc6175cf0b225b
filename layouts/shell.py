"""What stands around every page: the document, the header, the frame pages appear in.

Twin: callbacks/shell.py. A page with a header of its own uses `header` with its centre and
right parts; an ordinary page is `shell(t, who, "name", content)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from dash import dcc, html

from dashboard import ids
from dashboard.principal import Principal
from dashboard.roles import Permission
from dashboard.text import LANGUAGES, Translate

Children = Sequence[Any]
THEMES = ("system", "dark", "light")


@dataclass(frozen=True, slots=True)
class NavEntry:
    name: str
    path: str
    permission: Permission


NAV = (
    NavEntry("live_map", "/", Permission.LIVE_MAP_SEE),
    NavEntry("kpis", "/kpis", Permission.KPIS_SEE),
    NavEntry("trends", "/trends", Permission.INCIDENTS_SEE),
    NavEntry("weekly", "/weekly", Permission.WEEKLY_SEE),
    NavEntry("orders", "/orders", Permission.ORDERS_SEE),
    NavEntry("system", "/system", Permission.SYSTEM_SEE),
)


def document(t: Translate, theme: str, language: str, parts: dict[str, str]) -> str:
    """The HTML page that carries Dash; parts as of Dash.interpolate_index."""
    mark = f' data-theme="{theme}"' if theme else ""
    loading = f'<div class="shell__loading" role="status">{t("shell.loading")}</div>'
    return f"""<!DOCTYPE html>
<html lang="{language}"{mark}>
<head>
{parts["metas"]}
<title>{escape(parts["title"])}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
{parts["css"]}
</head>
<body>
<div id="react-entry-point">{loading}</div>
<noscript><p class="banner banner--bad">{t("shell.no_script")}</p></noscript>
<footer>{parts["config"]}{parts["scripts"]}{parts["renderer"]}</footer>
</body>
</html>"""


def frame() -> html.Div:
    """The same for everyone: where pages appear, and where trouble is told."""
    return html.Div(
        [
            dcc.Location(id=ids.Shell.LOCATION, refresh=False),
            html.Div(id=ids.Shell.NOTICE, role="alert", className="shell__notice"),
            html.Div(id=ids.Shell.PAGE),
            html.Div(id=ids.Shell.TITLE, role="status", className="visually-hidden"),
        ]
    )


def shell(
    t: Translate, who: Principal, page: str, content: Any, simulated: bool = False
) -> html.Div:
    """An ordinary page: header, then content in a scrolling main column."""
    mark = [html.Span(t("shell.simulated"), className="chip chip--simulated")]
    main = html.Main(content, id="main", className=f"shell__main {page}")
    return html.Div([header(t, who, page, mark if simulated else ()), main], className="shell")


def header(
    t: Translate, who: Principal, page: str, centre: Children = (), right: Children = ()
) -> html.Header:
    """Brand, navigation, the page's own centre and right parts, then the person's menu."""
    return html.Header(
        [
            html.A(t("shell.skip"), href="#main", className="shell__skip"),
            html.Div([html.I(className="shell__dot"), t("shell.brand")], className="shell__brand"),
            navigation(t, who, page),
            html.Div(list(centre), className="shell__centre"),
            html.Div(list(right), className="shell__right"),
            menu(t, who),
        ],
        className="shell__header",
    )


def navigation(t: Translate, who: Principal, page: str) -> html.Nav:
    entries = [_nav_link(t, entry, page) for entry in NAV if who.may(entry.permission)]
    return html.Nav(entries, className="shell__nav", **{"aria-label": t("shell.navigation")})


def _nav_link(t: Translate, entry: NavEntry, page: str) -> Any:
    """The page one is on is text, not a link, and says so."""
    words = t(f"shell.nav_{entry.name}")
    if entry.name == page:
        here = {"aria-current": "page"}
        return html.Span(words, className="shell__link shell__link--here", **here)
    return dcc.Link(words, href=entry.path, className="shell__link")


def menu(t: Translate, who: Principal) -> html.Details:
    """Name, role, language, theme and sign-out behind the person's name."""
    role = html.Span(t(f"shell.role_{who.role}"), className="shell__role")
    words = html.Span(t("shell.menu"), className="visually-hidden")
    summary = html.Summary([who.user, role, words], className="shell__who")
    body = html.Div(
        [
            _choices(t("shell.language"), "language", LANGUAGES, t, who.language),
            _choices(t("shell.theme"), "theme", THEMES, t, who.theme or "system"),
            html.Button(
                t("shell.sign_out"),
                type="button",
                className="button shell__sign-out",
                **{"data-sign-out": "1"},
            ),
        ],
        className="shell__menu panel",
    )
    return html.Details([summary, body], className="shell__person")


def _choices(
    label: str, what: str, names: Sequence[str], t: Translate, chosen: str
) -> html.Fieldset:
    buttons = [
        html.Button(
            t(f"shell.{what}_{name}"),
            type="button",
            className="chip",
            **{f"data-choose-{what}": name, "aria-pressed": str(name == chosen).lower()},
        )
        for name in names
    ]
    return html.Fieldset(
        [html.Legend(label, className="field__label"), html.Div(buttons, className="shell__row")],
        className="shell__choices",
    )
