"""Answers every picture of the trends page from its address. Twin: layouts/trends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Input, Output, ctx

from callbacks import guard, session, sheet
from callbacks.live_map.facts import bounds_of
from callbacks.trends import (
    control,
    counters,
    counts,
    effect,
    heat,
    legs,
    near,
    passers,
    pilots,
    profile,
    records,
    where,
)
from callbacks.trends.asked import here_of, live_map_of, plain_here
from callbacks.web.control_room import ControlRoom, Page
from dashboard import ids
from dashboard.errors import BadRequest, SourceUnavailable
from dashboard.roles import Permission
from layouts.charts.graph import table_below
from layouts.kpis import problems
from layouts.markup import markup
from layouts.trends import head, page
from layouts.trends.address import PATH
from layouts.trends.here import Here, Picture
from layouts.trends.where import map_place

if TYPE_CHECKING:
    from dashboard.principal import Principal
    from dashboard.text import Translate
    from data_sources.sources import Sources

AGAIN_MS = 60_000  # while somebody looks
SOON_MS = 1_500  # while facts are being loaded
Told = dict[str, Any]
Draw = Callable[["Sources", Here], Awaitable[Picture]]

DRAWN: dict[str, Draw] = {
    "heat": heat.draw,
    "control": control.draw,
    "counts": counts.draw,
    "map": where.draw,
    "legs": legs.draw,
    "near": near.draw,
    "records": records.draw,
    "profile": profile.draw,
    "counters": counters.draw,
    "passers": passers.draw,
    "pilots": pilots.draw,
    "effect": effect.draw,
}


def register(app: ControlRoom, sources: Sources) -> None:
    see = Permission.INCIDENTS_SEE

    def show_page(t: Translate, who: Principal) -> Any:
        place = map_place(t, bounds_of(sources.site), sources.settings.tile_url)
        return page.layout(t, who, DRAWN, place, sources.city.progress is not None)

    app.add_page(Page("trends", PATH, see, show_page))
    for place in (page.HEAD, *page.PLACES):
        if place is page.HEAD or place.name in DRAWN:
            _answer_for(app, sources, place)


def _answer_for(app: ControlRoom, sources: Sources, place: page.Place) -> None:
    name = page.part(place.name)

    @guard.secured(
        app,
        Output(f"{name}-answer", "data"),
        Input(ids.Shell.LOCATION, "search"),
        Input(f"{name}-asked", "data"),
        perm=Permission.INCIDENTS_SEE,
    )
    async def show(search: Any, asked: Any) -> Told | None:
        marks = sheet.marks_of(asked) if ctx.triggered_id == f"{name}-asked" else {}
        return await answer(sources, place, search, marks)

    app.clientside_callback(
        ClientsideFunction("trends", "show"),
        Output(f"{name}-said", "children"),
        Input(f"{name}-answer", "data"),
    )


async def answer(sources: Sources, place: page.Place, search: Any, marks: sheet.Marks) -> Told:
    """Pieces of one picture. A problem is told in words, and what was there before stays; one
    that is not of the address's view costs nothing."""
    t = session.text()
    told: Told = {"part": page.part(place.name), "problem": "", "again_ms": AGAIN_MS}
    told["asked"] = search.removeprefix("?") if isinstance(search, str) else ""
    try:
        here = here_of(sources, search)
    except BadRequest as error:
        return {**told, **_refused(sources, place, t, error)}
    try:
        if place is page.HEAD:
            return {**told, **_head(sources, here)}
        if place.view != here.address.view:
            return {**told, "idle": True}
        picture = await DRAWN[place.name](sources, here)
        return {**told, **_shown(place, here, picture, marks)}
    except BadRequest as error:
        return {**told, "problem": markup(problems.problem(t, error, PATH))}
    except SourceUnavailable as error:
        if sources.kpis.ready.is_set():
            return {**told, "problem": markup(problems.problem(t, error, PATH))}
        loading = markup(problems.loading(t, sources.kpis.progress)) if place is page.HEAD else ""
        return {**told, "loading": loading, "again_ms": SOON_MS}


def _refused(sources: Sources, place: page.Place, t: Translate, error: BadRequest) -> Told:
    """Told once, at the top, above filters that lead on: if nothing is there yet, those of an
    address that asks for nothing."""
    if place is not page.HEAD:
        return {"idle": True, "loading": markup(page.note(t("trends.not_shown")))}
    told = {"problem": markup(problems.problem(t, error, PATH)), "instead": True}
    return {**_head(sources, plain_here(sources)), **told}


def _head(sources: Sources, here: Here) -> Told:
    feed = sheet.feed_trouble(sources.city, here.t)
    live_map = live_map_of(here, sources.trends.grid)
    top = head.head(here, feed, sources.trends.known_from_ms, live_map)
    return {
        "query": here.address.href,
        "title": here.t("shell.title", page=here.t("trends.title")),
        "said": "",
        "areas": {f"{page.part('head')}-content": markup(top)},
        "plots": {},
        "figures": {},
        "marks": {},
    }


def _shown(place: page.Place, here: Here, picture: Picture, marks: sheet.Marks) -> Told:
    name, query = page.part(place.name), here.address.href
    drawn = {} if picture.chart is None else {f"{name}-chart": picture.chart}
    plot_of = {f"{name}-chart": f"{name}-plot"}
    new = sheet.new_marks(drawn, query)
    below = list(picture.below)
    if picture.chart is not None:
        chart, label = picture.chart
        below.insert(0, table_below(here.t, chart.table, label))
    return {
        "query": query,
        "said": here.t("trends.refreshed"),
        "areas": {f"{name}-content": markup(picture.above), f"{name}-below": markup(below)},
        "plots": sheet.plots(here.t, drawn, plot_of, (marks, new)),
        "figures": sheet.figures(drawn, plot_of, (marks, new)),
        "marks": new,
        "data": picture.data,
        "again_ms": picture.again_ms,
    }
