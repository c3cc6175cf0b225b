"""The frame of the trends page: a place for every picture; which belong to a view is in PLACES.

Twin: callbacks/trends. A picture is a part of assets/js/sheet.js: it asks and is answered by
itself, so one that takes longer holds up no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from dashboard import ids
from dashboard.principal import Principal
from dashboard.text import Translate
from layouts import shell
from layouts.trends.address import INCIDENTS, PILOTS, TRAFFIC, VIEWS


@dataclass(frozen=True, slots=True)
class Place:
    """wide: over the whole row. map: a map stands between head and words."""

    name: str
    view: str
    wide: bool = False
    map: bool = False


HEAD = Place("head", "")
PLACES = (
    Place("heat", INCIDENTS, wide=True),
    Place("map", INCIDENTS, map=True),
    Place("near", INCIDENTS),
    Place("control", INCIDENTS, wide=True),
    Place("counts", INCIDENTS),
    Place("legs", INCIDENTS),
    Place("records", INCIDENTS, wide=True),
    Place("profile", TRAFFIC, wide=True),
    Place("counters", TRAFFIC),
    Place("passers", TRAFFIC),
    Place("pilots", PILOTS),
    Place("effect", PILOTS),
)


def part(name: str) -> str:
    """The part's name in the page's scripts, and the beginning of its ids."""
    return f"{ids.Trends.ROOT}-{name}"


def layout(t: Translate, who: Principal, map_place: Any, simulated: bool = False) -> html.Div:
    """map_place: the map, which lives as long as the page."""
    sheet = html.Div(
        [
            html.Div(
                [*_stores(HEAD), _problem(HEAD), _stale(t, HEAD), _content(t, HEAD)],
                className="trends__top",
            ),
            html.Div([_section(t, place, map_place) for place in PLACES], className="trends__grid"),
        ],
        id=ids.Trends.ROOT,
        className="trends__sheet panel",
        **{"data-view": INCIDENTS, "data-views": " ".join(VIEWS)},
    )
    return shell.shell(t, who, "trends", [sheet], simulated)


def _section(t: Translate, place: Place, map_place: Any) -> html.Section:
    name = part(place.name)
    look = "trends__picture trends__picture--" + place.name
    return html.Section(
        [
            html.H2(t(f"trends.picture_{place.name}"), id=f"{name}-title"),
            *_stores(place),
            _problem(place),
            _stale(t, place),
            map_place if place.map else None,
            _content(t, place),
            html.Div(id=f"{name}-chart", className="trends__chart"),
            html.Div(id=f"{name}-below", className="trends__below"),
        ],
        className=look + (" trends__picture--wide" if place.wide else ""),
        **{"data-of": place.view, "aria-labelledby": f"{name}-title"},
    )


def _stores(place: Place) -> list[Any]:
    name = part(place.name)
    return [
        dcc.Store(id=f"{name}-asked"),
        dcc.Store(id=f"{name}-answer"),
        html.P(id=f"{name}-said", role="status", className="visually-hidden"),
    ]


def _problem(place: Place) -> html.Div:
    return html.Div(id=f"{part(place.name)}-problem", role="alert", className="trends__problem")


def _stale(t: Translate, place: Place) -> html.P:
    return html.P(
        t("trends.stale"), role="alert", className="banner banner--bad", hidden=True,
        **{"data-trends-stale": part(place.name)},
    )  # fmt: skip


def _content(t: Translate, place: Place) -> html.Div:
    loading = html.P(t("trends.loading"), className="trends__loading")
    return html.Div(loading, id=f"{part(place.name)}-content", className="trends__content")
