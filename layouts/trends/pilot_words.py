"""Pilots in words: their areas, their days, what they are judged by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import html

from dashboard.pilots.pilot import Area, Pilot
from layouts.kpis import words
from layouts.trends.here import Here


def area_words(here: Here, area: Area) -> str:
    """ "Janghang 2, R-07 Lake path (within 150 m)"."""
    near = [here.route(word) for word in area.routes]
    near += [here.t("pilots.devices_of", pilot=word) for word in area.pilots]
    said = [here.zone(code) for code in area.zones]
    if near:
        reach = here.t("pilots.within", metres=area.reach_m)
        said.append(f"{', '.join(near)} ({reach})")
    return ", ".join(said)


def days_words(here: Here, pilot: Pilot) -> str:
    since = words.day(here.t, pilot.first)
    first = here.t("kpis.day_of_year", year=pilot.first.year, day=since)
    if pilot.last is None:
        return here.t("pilots.since", day=first)
    last = words.day(here.t, pilot.last)
    last = here.t("kpis.day_of_year", year=pilot.last.year, day=last)
    return here.t("pilots.from_to", first=first, last=last)


def outcome_words(here: Here, names: Iterable[str]) -> str:
    return ", ".join(here.t(f"pilots.outcome_{name}") for name in names)


def category_words(here: Here, names: Iterable[str]) -> str:
    return ", ".join(here.t(f"live_map.category_{name}") for name in names)


def note(said: Any, careful: bool = False) -> html.P:
    look = "trends__note pilots__careful" if careful else "trends__note"
    return html.P(said, className=look)
