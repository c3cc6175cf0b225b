"""Fills the KPI page from its address. Twin: layouts/kpis."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Input, Output, ctx, html
from plotly.utils import PlotlyJSONEncoder

from callbacks import guard, session
from callbacks.kpis.asked import address_of
from callbacks.kpis.views import PLOTS, Drawn, draw
from callbacks.web.control_room import ControlRoom, Page
from dashboard import ids
from dashboard.errors import BadRequest, SourceUnavailable
from dashboard.kpis.indicators import KPIS
from dashboard.roles import Permission
from layouts import charts
from layouts.kpis import definitions, head, page, problems
from layouts.kpis.filters import filters
from layouts.kpis.here import Here, namer
from layouts.markup import markup

if TYPE_CHECKING:
    from dashboard.principal import Principal
    from dashboard.text import Translate
    from data_sources.sources import Sources

AGAIN_MS = 60_000  # while somebody looks
SOON_MS = 1_500  # while facts are being loaded
K = ids.Kpis
Told = dict[str, Any]
Marks = Mapping[str, Any]  # place -> [address, mark of the picture]


def register(app: ControlRoom, sources: Sources) -> None:
    see = Permission.KPIS_SEE

    def simulated() -> bool:
        return sources.city.progress is not None

    def show_page(t: Translate, who: Principal) -> Any:
        return page.layout(t, who, simulated())

    def show_definitions(t: Translate, who: Principal) -> Any:
        say = namer(sources.site, t, who.language)
        content = definitions.definitions(t, KPIS, sources.site.targets, say)
        return page.definitions(t, who, content, simulated())

    app.add_page(Page("kpis", "/kpis", see, show_page))
    app.add_page(Page("kpis_definitions", "/kpis/definitions", see, show_definitions))

    @guard.secured(
        app,
        Output(K.ANSWER, "data"),
        Input(ids.Shell.LOCATION, "search"),
        Input(K.ASKED, "data"),
        perm=see,
    )
    async def show(search: Any, asked: Any) -> Told:
        marks = asked.get("marks") if ctx.triggered_id == K.ASKED else None
        return await answer(sources, search, marks if isinstance(marks, dict) else {})

    clientside = (
        ("show", K.SAID, "children", K.ANSWER),
        ("define", K.DEFINITIONS, "data-at", K.DEFINED),
    )
    for name, output, prop, source in clientside:
        app.clientside_callback(
            ClientsideFunction("kpis", name), Output(output, prop), Input(source, "data")
        )


async def answer(sources: Sources, search: Any, marks: Marks) -> Told:
    """Pieces of the page. A problem is told in words, and what was there before stays.

    marks: what the charts on the page show, as an answer before has told.
    """
    t, who = session.text(), session.principal()
    try:
        here = _here(sources, who, search)
        views = await _saved(sources, who)
        drawn = await draw(sources, here)
    except (BadRequest, SourceUnavailable) as error:
        if isinstance(error, SourceUnavailable) and not sources.kpis.ready.is_set():
            return _instead(
                {"loading": markup(problems.loading(t, sources.kpis.progress))}, SOON_MS
            )
        return _instead({"problem": markup(problems.problem(t, error))}, AGAIN_MS)
    top = [
        head.head(here, drawn.title, drawn.coverage, _feed(sources, t)),
        filters(here),
        head.bar(here, views),
    ]
    return _answer(here, top, drawn, marks)


def _here(sources: Sources, who: Principal, search: Any) -> Here:
    known, now_ms = sources.kpis.known(), sources.kpis.now_ms()
    t = session.text()
    say = namer(sources.site, t, who.language)
    asked, first_ms = address_of(search, now_ms, known), sources.kpis.known_from_ms()
    return Here(t, who, say, asked, now_ms, known, first_ms)


async def _saved(sources: Sources, who: Principal) -> Mapping[str, str] | None:
    try:
        return await sources.views.list(who.user, "kpis")
    except SourceUnavailable:
        return None


def _instead(told: Told, again_ms: int) -> Told:
    return {"problem": "", "again_ms": again_ms, **told}


def _answer(here: Here, top: list[Any], drawn: Drawn, marks: Marks) -> Told:
    query = here.address.href
    new = {place: [query, mark(chart)] for place, (chart, _) in drawn.charts.items()}
    pieces = {**dict.fromkeys(page.PIECES, []), K.TOP: top, **drawn.pieces}
    return {
        "query": query,
        "title": here.t("shell.title", page=drawn.title),
        "said": here.t("kpis.refreshed"),
        "problem": "",
        "areas": {place: markup(piece) for place, piece in pieces.items()},
        "plots": _plots(here.t, drawn, (marks, new)),
        "figures": _figures(drawn, query, (marks, new)),
        "marks": new,
        "again_ms": AGAIN_MS,
    }


def mark(chart: charts.Chart) -> str:
    """Of what a chart shows: the same mark, the same picture."""
    told = json.dumps(chart.figure, sort_keys=True, default=str)
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def _plots(t: Translate, drawn: Drawn, of: tuple[Marks, Marks]) -> dict[str, Any]:
    """What comes in each place, [] = nothing; without those that are up already: their new
    figures go to them by themselves, so that a reader's zoom stays."""
    before, now = of
    plots: dict[str, Any] = {place: [] for place in page.CHARTS if place not in now}
    for place, (query, _) in now.items():
        if _address_of(before, place) != query:
            chart, label = drawn.charts[place]
            plot, _table = charts.graph(t, PLOTS[K(place)], chart, label, query).children
            figure = html.Figure(plot, className="chart", **{"aria-label": label})
            plots[place] = to_json(figure)
    return plots


def to_json(component: Any) -> Any:
    """As Dash would send it."""
    return json.loads(json.dumps(component, cls=PlotlyJSONEncoder))


def _figures(drawn: Drawn, query: str, of: tuple[Marks, Marks]) -> dict[str, Any]:
    """New figures for charts that are up already."""
    before, now = of
    changed = [
        place
        for place, found in now.items()
        if _address_of(before, place) == found[0] and before[place] != found
    ]
    return {
        PLOTS[K(place)]: with_revision(drawn.charts[place][0].figure, query) for place in changed
    }


def with_revision(figure: dict[str, Any], revision: str) -> dict[str, Any]:
    return {**figure, "layout": {**figure["layout"], "uirevision": revision}}


def _address_of(marks: Marks, place: str) -> str:
    """The page's word is not trusted."""
    found = marks.get(place)
    return found[0] if isinstance(found, list) and len(found) == 2 else ""


def _feed(sources: Sources, t: Translate) -> str:
    if not sources.city.connected:
        return t("kpis.feed_disconnected")
    return t("kpis.feed_stale") if sources.city.stale_since_ms else ""
