"""Fills the KPI page from its address. Twin: layouts/kpis."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Input, Output, ctx, html, no_update

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
        *(Output(place, "children") for place in page.CHARTS),
        Input(ids.Shell.LOCATION, "search"),
        Input(K.ASKED, "data"),
        perm=see,
    )
    async def show(search: Any, asked: Any) -> tuple[Any, ...]:
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


async def answer(sources: Sources, search: Any, marks: Marks) -> tuple[Any, ...]:
    """The answer, then what is drawn in each place for charts. A problem is told in words, and
    what was there before stays.

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
    return Here(t, who, say, address_of(search, now_ms, known), now_ms, known)


async def _saved(sources: Sources, who: Principal) -> Mapping[str, str] | None:
    try:
        return await sources.views.list(who.user, "kpis")
    except SourceUnavailable:
        return None


def _instead(told: dict[str, str], again_ms: int) -> tuple[Any, ...]:
    return {"problem": "", "again_ms": again_ms, **told}, *[no_update] * len(page.CHARTS)


def _answer(here: Here, top: list[Any], drawn: Drawn, marks: Marks) -> tuple[Any, ...]:
    query = here.address.href
    new = {place: [query, mark(chart)] for place, (chart, _) in drawn.charts.items()}
    pieces = {**dict.fromkeys(page.PIECES, []), K.TOP: top, **drawn.pieces}
    told = {
        "query": query,
        "title": here.t("shell.title", page=drawn.title),
        "said": here.t("kpis.refreshed"),
        "problem": "",
        "areas": {place: markup(piece) for place, piece in pieces.items()},
        "figures": _figures(drawn, query, (marks, new)),
        "marks": new,
        "again_ms": AGAIN_MS,
    }
    return told, *(_place(here.t, drawn, place, (marks, new)) for place in page.CHARTS)


def mark(chart: charts.Chart) -> str:
    """Of what a chart shows: the same mark, the same picture."""
    told = json.dumps(chart.figure, sort_keys=True, default=str)
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def _place(t: Translate, drawn: Drawn, place: ids.Kpis, of: tuple[Marks, Marks]) -> Any:
    """A chart is put up once for an address; its new figures go to it by themselves, so that a
    reader's zoom stays."""
    before, now = of
    if place not in now:
        return []
    if _address_of(before, place) == now[place][0]:
        return no_update
    chart, label = drawn.charts[place]
    plot, _table = charts.graph(t, PLOTS[place], chart, label, now[place][0]).children
    return html.Figure(plot, className="chart", **{"aria-label": label})


def _figures(drawn: Drawn, query: str, of: tuple[Marks, Marks]) -> dict[str, Any]:
    """New figures for charts that are up already."""
    before, now = of
    changed = [
        place
        for place, found in now.items()
        if _address_of(before, place) == found[0] and before[place] != found
    ]
    return {PLOTS[place]: with_revision(drawn.charts[place][0].figure, query) for place in changed}


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
