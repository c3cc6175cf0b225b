"""What is picked, each to be taken back by itself or all at once, and the way to the live map."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.kpis.choice import Period
from dashboard.text import Translate
from dashboard.trends.choice import FILTERS
from dashboard.trends.grid import word_of
from layouts.trends.address import PILOTS
from layouts.trends.here import Here
from layouts.trends.hours import hours_word

DAY_MS = 86_400_000


def picks(here: Here, live_map: str) -> html.Div:
    """live_map: its address with what is chosen."""
    named = [] if here.address.view == PILOTS else picked(here)
    parts: list[Any] = []
    if named:
        parts.append(html.Span(here.t("trends.picked"), className="trends__picked"))
    parts += [_chip(here.t, words, here.address.without(name)) for name, words in named]
    if len(named) > 1:
        every = here.address.without(*(name for name, _ in named))
        parts.append(html.A(here.t("trends.take_all_back"), href=every, className="trends__all"))
    href = {"href": live_map, "title": _reach(here.t, here.choice.period)}
    parts.append(html.A(here.t("trends.live_map"), className="trends__to-map", **href))
    return html.Div(parts, className="trends__picks")


def picked(here: Here) -> list[tuple[str, str]]:
    """Names of filters and picks, and what is chosen in words; hours and cell first."""
    choice, found = here.choice, []
    if choice.hour is not None:
        found.append(("hour", hours_word(here.t, choice.hour)))
    if choice.cell is not None:
        found.append(("cell", here.t("trends.cell", cell=word_of(choice.cell))))
    wanted = choice.wanted
    return found + [(name, name_of(here, name, wanted[name])) for name in FILTERS if name in wanted]


def name_of(here: Here, name: str, word: str) -> str:
    """The word of a filter, as it is read."""
    if name == "zone":
        return here.zone(word)
    if name == "route":
        return here.route(word)
    if name == "code":
        return here.t("trends.code", code=word)
    return here.t(f"live_map.category_{word}")


def _reach(t: Translate, period: Period) -> str:
    """The live map goes back one week or four, whatever the period."""
    long = period.to_ms - period.from_ms > 7 * DAY_MS
    return t("trends.live_map_reach", days=28 if long else 7)


def _chip(t: Translate, words: str, without: str) -> html.A:
    back = html.Span("×", className="trends__back", **{"aria-hidden": "true"})
    hint = html.Span(f": {t('trends.take_back')}", className="visually-hidden")
    return html.A([words, hint, back], href=without, className="chip trends__pick")
