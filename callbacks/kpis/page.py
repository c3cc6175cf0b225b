"""Fills the KPI page from its address. Twin: layouts/kpis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Input, Output, ctx

from callbacks import guard, session, sheet
from callbacks.kpis.asked import address_of
from callbacks.kpis.views import PLOTS, Drawn, draw
from callbacks.web.control_room import ControlRoom, Page
from dashboard import ids
from dashboard.errors import BadRequest, OpsError, SourceUnavailable
from dashboard.kpis.indicators import KPIS
from dashboard.roles import Permission
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
        marks = sheet.marks_of(asked) if ctx.triggered_id == K.ASKED else {}
        return await answer(sources, search, marks)

    clientside = (
        ("show", K.SAID, "children", K.ANSWER),
        ("define", K.DEFINITIONS, "data-at", K.DEFINED),
    )
    for name, output, prop, source in clientside:
        app.clientside_callback(
            ClientsideFunction("kpis", name), Output(output, prop), Input(source, "data")
        )


async def answer(sources: Sources, search: Any, marks: sheet.Marks) -> Told:
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
        told = {"problem": markup(problems.problem(t, error))}
        return _instead({**told, **_way_out(sources, who, error)}, AGAIN_MS)
    top = [
        head.head(here, drawn.title, drawn.coverage, sheet.feed_trouble(sources.city, t)),
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


def _way_out(sources: Sources, who: Principal, error: OpsError) -> Told:
    """For an address that makes no sense: if nothing is on the page yet, filters that lead on."""
    if not isinstance(error, BadRequest):
        return {}
    plain = _here(sources, who, "")
    areas = {K.TOP: markup(filters(plain)), K.CONTENT: ""}
    marks: Told = {"plots": {}, "figures": {}, "marks": {}}
    return {"instead": True, "query": plain.address.href, "said": "", "areas": areas, **marks}


def _instead(told: Told, again_ms: int) -> Told:
    return {"problem": "", "again_ms": again_ms, **told}


def _answer(here: Here, top: list[Any], drawn: Drawn, marks: sheet.Marks) -> Told:
    query = here.address.href
    ids_of = {str(place): str(PLOTS[place]) for place in page.CHARTS}
    new = sheet.new_marks(drawn.charts, query)
    pieces = {**dict.fromkeys(page.PIECES, []), K.TOP: top, **drawn.pieces}
    return {
        "query": query,
        "title": here.t("shell.title", page=drawn.title),
        "said": here.t("kpis.refreshed"),
        "problem": "",
        "areas": {place: markup(piece) for place, piece in pieces.items()},
        "plots": sheet.plots(here.t, drawn.charts, ids_of, (marks, new)),
        "figures": sheet.figures(drawn.charts, ids_of, (marks, new)),
        "marks": new,
        "again_ms": AGAIN_MS,
    }
