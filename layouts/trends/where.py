"""The map of where incidents are: its place, which lives as long as the page, and what is said
around it for everybody, those who do not see a map included. Twin: callbacks/trends/where.py.
"""

from __future__ import annotations

from typing import Any

import dash_leaflet as dl
from dash import html

from dashboard import ids
from dashboard.coarse import FEW
from dashboard.format import number
from dashboard.text import Translate
from dashboard.trends.grid import Grid, word_of
from dashboard.trends.where import ENOUGH, Spot, Where
from layouts import map_panel
from layouts.trends.explain import explained
from layouts.trends.here import Here, Picture
from layouts.trends.where_data import DENSITY, bands, data, mean_of, per_km2, q_word

Bounds = list[list[float]]  # [[south, west], [north, east]] in degrees
SURFACES = (("", "hot"), (DENSITY, "kde"))
PARTS = ("inside", "nowhere", "outside")


def map_place(t: Translate, bounds: Bounds, tile_url: str | None = None) -> html.Div:
    """Drawn into by assets/js/trends/map*.js; never rendered anew."""
    tiles = [dl.TileLayer(url=tile_url)] if tile_url else []
    return html.Div(
        [
            dl.MapContainer(
                tiles,
                id=ids.Trends.MAP,
                className="map__canvas",
                zoomControl=False,
                attributionControl=bool(tile_url),
                keyboard=False,  # arrows move among cells
                scrollWheelZoom=False,  # the page scrolls
                zoomSnap=0.25,
                zoomDelta=0.5,
                minZoom=9,
                maxZoom=18,
                bounds=bounds,
                trackViewport=False,
            ),
            html.Div(className="map__tip", hidden=True, **{"data-trends-map": "tip"}),
            map_panel.zoom_buttons(t),
            html.P(t("trends_where.keys"), className="visually-hidden",
                   id=ids.Trends.MAP_KEYS),
            html.P(role="status", className="visually-hidden", **{"data-trends-map": "say"}),
        ],
        className="map trends__map",
        **{
            "data-label": t("trends_where.map"),
            "data-tiles": "1" if tile_url else "",
        },
    )  # fmt: skip


def where_picture(here: Here, found: Where, grid: Grid) -> Picture:
    t = here.t
    above = [
        explained(t, f"trends_where.{_kind(here)}"),
        _switch(here),
        _note(_parts(t, found)),
        html.P(_summary(here, found, grid), className="trends__unusual"),
    ]
    below: list[Any] = [_legend(here, found)]
    if found.spots and any(here.choice.wanted.get(name) for name in ("zone", "route")):
        below.append(_note(t("trends_where.of_place")))
    if found.hidden:
        below.append(_note(t("trends_where.hidden", few=FEW)))
    if found.spots:
        below.append(_spots(here, found))
    below.append(_note(t("trends_where.not_why")))
    return Picture(above=above, below=below, data=data(here, found, grid))


def _kind(here: Here) -> str:
    return dict(SURFACES)[DENSITY if here.address.surface == DENSITY else ""]


def _note(words: str) -> html.P:
    return html.P(words, className="trends__note")


def _switch(here: Here) -> html.Nav:
    now = "kde" if here.address.surface == "kde" else ""
    links = [
        html.A(
            here.t(f"trends_where.surface_{name}"),
            href=here.address.but(surface=word),
            className="kpis__tab kpis__tab--here" if word == now else "kpis__tab",
            **({"aria-current": "true"} if word == now else {}),
        )
        for word, name in SURFACES
    ]
    label = {"aria-label": here.t("trends_where.surfaces")}
    return html.Nav(links, className="kpis__tabs trends__by", **label)


def _parts(t: Translate, found: Where) -> str:
    """n, and how many of them are on the map."""
    said = [t("trends_where.n", n=_told(t, found.parts["n"]))]
    for name in PARTS:
        if found.parts[name] not in (0, found.parts["n"]):
            said.append(t(f"trends_where.part_{name}", n=_told(t, found.parts[name])))
    return " · ".join(said)


def _told(t: Translate, n: int | None) -> str:
    return t("trends_where.not_told") if n is None else number(n)


def _summary(here: Here, found: Where, grid: Grid) -> str:
    t = here.t
    if found.parts["n"] == 0:
        return t("trends_where.none")
    if not found.enough:
        return t("trends_where.too_few", least=ENOUGH)
    if found.density is not None:
        return _peak(here, found)
    hot = found.hot > 0
    if not hot.any():
        return t("trends_where.no_hot")
    inside, within = found.parts["inside"], int(found.counts[hot & (found.counts > 0)].sum())
    said = {
        "cells": number(int(hot.sum())),
        "sure": number(int((found.hot == 2).sum())),
        "area": f"{100 * float(hot.sum()) / int(grid.inside.sum()):.1f}",
        "n": number(within),
    }
    if here.coarse or inside is None:  # hidden cells are not counted
        return t("trends_where.hot_coarse", **said)
    return t("trends_where.hot_found", share=f"{100 * within / inside:.0f}", **said)


def _peak(here: Here, found: Where) -> str:
    t = here.t
    if not found.spots:
        return t("trends_where.too_few", least=ENOUGH)
    first = found.spots[0]
    return t(
        "trends_where.peak",
        n=per_km2(first.per_km2 or 0.0), cell=word_of(first.cell), zone=here.zone(first.zone),
    )  # fmt: skip


# -- under the map ---------------------------------------------------------------------------


def _legend(here: Here, found: Where) -> html.P:
    t, signs = here.t, list[Any]()
    if here.address.surface != DENSITY:
        signs += [_sign(name, t(f"trends_where.legend_{name}")) for name in ("hot2", "hot1", "n")]
    elif found.density is not None:
        mean = per_km2(mean_of(found.density))
        signs += [_sign(f"band{n}", f"{times}×") for n, times in enumerate(bands(found.density), 1)]
        signs.append(html.Span(t("trends_where.legend_mean", n=mean), className="map__sign"))
    signs += [_sign(name, t(f"trends_where.legend_{name}")) for name in ("picked", "route")]
    return html.P(signs, className="where__legend")


def _sign(look: str, words: str) -> html.Span:
    return html.Span([html.I(className=f"where__sign where__sign--{look}"), words],
                     className="map__sign")  # fmt: skip


def _spots(here: Here, found: Where) -> html.Details:
    """The clearest places as a table: each picks its cell, as on the map."""
    t, kind = here.t, _kind(here)
    last = ["per_km2"] if kind == DENSITY else [] if found.q is None else ["q"]
    names = ["cell", "zone", "count", *last]
    looks = ["", "", *["trends__number"] * len(names[2:])]
    heads = [
        html.Th(t(f"trends_where.column_{name}"), scope="col", className=look)
        for name, look in zip(names, looks, strict=True)
    ]
    caption = html.Caption(t("trends_where.caption"), className="visually-hidden")
    body = html.Tbody([_row(here, spot) for spot in found.spots])
    table = html.Table(
        [caption, html.Thead(html.Tr(heads)), body], className="table trends__counts where__spots"
    )
    title = html.Summary(t(f"trends_where.table_{kind}", n=len(found.spots)))
    label = {"aria-label": t("trends_where.caption")}
    across = html.Div(table, className="trends__across", tabIndex="0", role="region", **label)
    return html.Details([title, across], className="where__more")


def _row(here: Here, spot: Spot) -> html.Tr:
    t, picked, word = here.t, here.choice.cell == spot.cell, word_of(spot.cell)
    link = html.A(
        word,
        href=here.address.picking(cell=None if picked else spot.cell),
        className="trends__pick",
        title=t("trends_where.tip_back" if picked else "trends_where.tip_pick"),
        **({"aria-current": "true"} if picked else {}),
    )
    kind = [html.Small(f" {t(f'trends_where.tip_hot{spot.hot}')}")] if spot.hot else []
    n = t("trends_where.fewer_than", n=FEW) if spot.n is None else number(spot.n)
    last = None if spot.q is None else q_word(spot.q)
    last = last if spot.per_km2 is None else per_km2(spot.per_km2)
    told = [n] if last is None else [n, last]
    return html.Tr(
        [
            html.Th([link, *kind], scope="row"),
            html.Td(here.zone(spot.zone)),
            *(html.Td(words, className="trends__number") for words in told),
        ],
        className="trends__row--picked" if picked else "",
        **{"data-key": f"cell-{word}"},
    )
