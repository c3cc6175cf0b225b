"""The top of the KPI page: what is shown, of when, of what and how sure; the views of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from dash import html

from dashboard import format as common
from dashboard.kpis.choice import Period, day_of_ms
from dashboard.roles import Permission
from layouts.kpis import words
from layouts.kpis.address import DETAIL, OVERVIEW, REPAIRS, VENDORS, WORST
from layouts.kpis.here import Here
from layouts.kpis.tools import tools

Standing = Literal["running", "provisional", "settled"]
SETTLES_MS = 48 * common.HOUR  # as long as late messages of any kind but alerts still count
DEFINITIONS = "/kpis/definitions"
NEEDS = {WORST: Permission.DEVICES_SEE, REPAIRS: Permission.DEVICES_SEE}  # the others: the page's


def standing(period: Period, now_ms: int) -> Standing:
    """Whether the figures of a period can still change, and why."""
    if now_ms < period.to_ms:
        return "running"
    return "provisional" if now_ms < period.to_ms + SETTLES_MS else "settled"


def head(here: Here, title: str, coverage: float | None, feed: str = "") -> html.Header:
    """feed: what is wrong with the feed, in words; "" = nothing."""
    t, period = here.t, here.address.choice.period
    name = words.name(t, period.word)
    of = " · ".join(filter(None, [name, words.days(t, period), _since(here), here.scope()]))
    back = html.A(t("kpis.back"), href=here.address.of_view(OVERVIEW), className="kpis__back")
    return html.Header(
        [
            html.Div(
                [
                    back if here.address.view == DETAIL else None,
                    html.H1(title, tabIndex="-1", **{"data-title": "1"}),
                    html.P(of, className="kpis__of"),
                ],
                className="kpis__title",
            ),
            _seal(here, coverage, feed),
        ],
        className="kpis__head",
    )


def _since(here: Here) -> str:
    """From when on anything is known, if the period began before."""
    period, first = here.address.choice.period, here.known_from_ms
    if not period.from_ms < first < period.to_ms:
        return ""
    return here.t("kpis.known_from", day=words.day(here.t, day_of_ms(first)))


def _seal(here: Here, coverage: float | None, feed: str) -> html.Div:
    """How far to trust it: settled or not, up to when, how much was heard."""
    t, period = here.t, here.address.choice.period
    state = standing(period, here.now_ms)
    known = t("kpis.known_until", at=common.clock(here.now_ms)[:-3])
    same = t("kpis.compared_same") if state == "running" else ""
    heard = "" if coverage is None else t("kpis.coverage", share=words.share(coverage))
    lines = [
        html.P(
            [html.B(t(f"kpis.standing_{state}")), " ", t(f"kpis.standing_{state}_what")],
            className=f"kpis__standing kpis__standing--{state}",
        ),
        html.P(" · ".join(filter(None, [known, heard, same]))),
    ]
    if feed:
        lines.append(html.P(feed, className="kpis__feed"))
    return html.Div(lines, className="kpis__seal")


def bar(here: Here, views: Mapping[str, str] | None) -> html.Div:
    """Views of the page on the left, what can be done with it on the right.

    views: the person's saved ones, name -> query; None = they cannot be read at the moment.
    """
    return html.Div([tabs(here), tools(here, views)], className="kpis__bar")


def tabs(here: Here) -> html.Nav:
    shown = [v for v in (OVERVIEW, VENDORS, WORST, REPAIRS) if here.who.may(needs(v))]
    links: list[Any] = [_tab(here, view) for view in shown]
    links.append(html.A(here.t("kpis.definitions"), href=DEFINITIONS, className="kpis__tab"))
    return html.Nav(links, className="kpis__tabs", **{"aria-label": here.t("kpis.views")})


def needs(view: str) -> Permission:
    return NEEDS.get(view, Permission.KPIS_SEE)


def _tab(here: Here, view: str) -> html.A:
    now = here.address.view
    mark = {"aria-current": "page"} if view == now else {}
    inside = view == now or (view == OVERVIEW and now == DETAIL)
    look = "kpis__tab kpis__tab--here" if inside else "kpis__tab"
    href = here.address.of_view(view)
    return html.A(here.t(f"kpis.view_{view}"), href=href, className=look, **mark)
