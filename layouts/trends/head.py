"""The top of the trends page: of when and what, how far to trust it, filters, views and picks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard import format as common
from dashboard.kpis.choice import day_of_ms
from dashboard.kpis.facts import CATEGORIES
from dashboard.trends.choice import CODES, DEFAULT
from layouts.kpis import words
from layouts.kpis.head import standing
from layouts.markup import Tag
from layouts.sheet import Option, days_by_hand, option, period_select, select
from layouts.trends.address import INCIDENTS, OWN, PATH, PILOTS, VIEWS, to
from layouts.trends.here import Here
from layouts.trends.picks import picked, picks


def head(here: Here, feed: str, known_from_ms: int, live_map: str) -> list[Any]:
    """feed: what is wrong with the feed, in words, "" = nothing. live_map: address of the live
    map with what is chosen."""
    t = here.t
    title = html.H1(t("trends.title"), tabIndex="-1", **{"data-title": "1"})
    of = html.P(_of(here, known_from_ms), className="kpis__of")
    top = html.Header(
        [html.Div([title, of], className="kpis__title"), _seal(here, feed)], className="kpis__head"
    )
    asked = [] if here.address.view == PILOTS else [filters(here)]
    return [top, *asked, html.Div([_tabs(here), picks(here, live_map)], className="trends__bar")]


def _of(here: Here, known_from_ms: int) -> str:
    t, period = here.t, here.choice.period
    if here.address.view == PILOTS:
        return t("trends.of_pilots")
    said = [words.name(t, period.word), words.days(t, period)]
    if period.from_ms < known_from_ms < period.to_ms:
        said.append(t("kpis.known_from", day=words.day(t, day_of_ms(known_from_ms))))
    said += [words_ for _, words_ in picked(here)]
    return " · ".join(filter(None, said))


def _seal(here: Here, feed: str) -> html.Div:
    t, period = here.t, here.choice.period
    state = standing(period, here.now_ms)
    lines = [
        html.P(
            [html.B(t(f"kpis.standing_{state}")), " ", t(f"kpis.standing_{state}_what")],
            className=f"kpis__standing kpis__standing--{state}",
        ),
        html.P(t("kpis.known_until", at=common.clock(here.now_ms)[:-3])),
    ]
    if feed:
        lines.append(html.P(feed, className="kpis__feed"))
    return html.Div(lines, className="kpis__seal")


def filters(here: Here) -> html.Form:
    t, choice = here.t, here.choice
    row = [
        period_select(t, choice.period, here.now_ms, DEFAULT),
        *[_select(here, name, options) for name, options in _options(here) if options],
        *_clear(here),
    ]
    kept = {k: v for k, v in here.address.query().items() if k in (*OWN, "hour", "cell")}
    return html.Form(
        [
            html.Div(row, className="kpis__row"),
            days_by_hand(t, choice.period, here.now_ms),
            *[Tag("input", {"type": "hidden", "name": k, "value": v}) for k, v in kept.items()],
        ],
        action=PATH,
        method="get",
        className="kpis__filters",
        **{"aria-label": t("kpis.filters"), "data-filters": "1"},
    )


def _options(here: Here) -> list[tuple[str, list[Option]]]:
    """Of foot traffic only where; a 112 code only for those who may see it."""
    t = here.t
    places = [
        ("zone", sorted(((w, here.zone(w)) for w in here.known["zone"]), key=lambda o: o[1])),
        ("route", [(w, here.route(w)) for w in here.known["route"]]),
    ]
    if here.address.view != INCIDENTS:
        return places
    categories = [(word, t(f"live_map.category_{word}")) for word in CATEGORIES]
    codes = [(code, t("trends.code", code=code)) for code in CODES] if here.sees_codes else []
    return [("category", categories), ("code", codes), *places]


def _select(here: Here, name: str, options: Sequence[Option]) -> html.Label:
    chosen = here.choice.wanted.get(name, "")
    every = [("", here.t("kpis.all")), *options]
    return select(
        here.t(f"trends.filter_{name}"), name, [option(o, chosen) for o in every], bool(chosen)
    )


def _clear(here: Here) -> list[Any]:
    if not here.choice.wanted and here.choice.period.word == DEFAULT:
        return []
    kept = {k: v for k, v in here.address.query().items() if k in (*OWN, "hour", "cell")}
    return [html.A(here.t("kpis.clear"), href=to(kept), className="kpis__clear")]


def _tabs(here: Here) -> html.Nav:
    return html.Nav(
        [_tab(here, view) for view in VIEWS],
        className="kpis__tabs",
        **{"aria-label": here.t("kpis.views")},
    )


def _tab(here: Here, view: str) -> html.A:
    inside = view == here.address.view
    mark = {"aria-current": "page"} if inside else {}
    look = "kpis__tab kpis__tab--here" if inside else "kpis__tab"
    words_ = here.t(f"trends.view_{view}")
    return html.A(words_, href=here.address.but(view=view), className=look, **mark)
