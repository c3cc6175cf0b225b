"""The frame of the trends page: a place for every picture; which belong to a view is in PLACES.

Places are in the order they are read in; where they stand on a wide screen is in trends.css.

Twin: callbacks/trends. A picture is a part of assets/js/sheet.js: it asks and is answered by
itself, so one that takes longer holds up no other.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from dash import dcc, html

from dashboard import ids
from dashboard.principal import Principal
from dashboard.text import Translate
from layouts import shell
from layouts.trends.address import INCIDENTS, PILOTS, TRAFFIC, VIEWS

Column = Literal["top", "left", "right", "foot"]  # top and foot: over the whole width


@dataclass(frozen=True, slots=True)
class Place:
    """map: the map stands below the first words."""

    name: str
    view: str
    column: Column = "top"
    map: bool = False


HEAD = Place("head", "")
PLACES = (
    Place("heat", INCIDENTS, "left"),
    Place("control", INCIDENTS, "left"),
    Place("counts", INCIDENTS, "left"),
    Place("map", INCIDENTS, "right", map=True),
    Place("near", INCIDENTS, "right"),
    Place("legs", INCIDENTS, "foot"),
    Place("records", INCIDENTS, "foot"),
    Place("profile", TRAFFIC, "top"),
    Place("counters", TRAFFIC, "left"),
    Place("passers", TRAFFIC, "right"),
    Place("pilots", PILOTS, "left"),
    Place("effect", PILOTS, "right"),
)


def part(name: str) -> str:
    """The part's name in the page's scripts, and the beginning of its ids."""
    return f"{ids.Trends.ROOT}-{name}"


def layout(
    t: Translate, who: Principal, drawn: Container[str], map_place: Any, simulated: bool = False
) -> html.Div:
    """drawn: names of the pictures there are. map_place: the map, which lives as long as the
    page."""
    shown = [place for place in PLACES if place.name in drawn]
    views = [
        _view(t, view, [place for place in shown if place.view == view], map_place)
        for view in VIEWS
    ]
    top = [*_stores(HEAD), _problem(HEAD), _stale(t, HEAD), _content(t, HEAD)]
    sheet = html.Div(
        [html.Div(top, className="trends__top"), *views],
        id=ids.Trends.ROOT,
        className="trends__sheet panel",
        **{"data-view": INCIDENTS, "data-views": " ".join(VIEWS)},
    )
    return shell.shell(t, who, "trends", [sheet], simulated)


def _view(t: Translate, view: str, places: Sequence[Place], map_place: Any) -> html.Div:
    columns = [
        html.Div(sections, className=f"trends__column trends__column--{column}")
        for column in get_args(Column)
        if (sections := [_section(t, p, map_place) for p in places if p.column == column])
    ]
    return html.Div(columns, className=f"trends__grid trends__grid--{view}", **{"data-of": view})


def _section(t: Translate, place: Place, map_place: Any) -> html.Section:
    name = part(place.name)
    look = "trends__picture trends__picture--" + place.name
    return html.Section(
        [
            html.H2(t(f"trends.picture_{place.name}"), id=f"{name}-title"),
            *_stores(place),
            _problem(place),
            _stale(t, place),
            _content(t, place),
            map_place if place.map else None,
            html.Div(id=f"{name}-chart", className="trends__chart"),
            html.Div(id=f"{name}-below", className="trends__below"),
        ],
        className=look,
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
    return html.Div(
        note(t("trends.loading")), id=f"{part(place.name)}-content", className="trends__content"
    )


def note(words: str) -> html.P:
    """Instead of a picture."""
    return html.P(words, className="trends__loading")
