"""What the server answers to the trends page: refusals in words, each picture by itself, picks."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from callbacks.session import PRINCIPAL
from callbacks.trends import page as trends
from dashboard.errors import BadChoice, SourceUnavailable
from dashboard.principal import Principal
from dashboard.roles import Role
from layouts.trends.address import OWN
from layouts.trends.here import Here, Picture
from layouts.trends.page import HEAD, PLACES, Place
from tests.builders import SITE
from tests.trends.incidents import GRID
from tests.trends.readers import KNOWN, NOW_MS

HEAT = next(place for place in PLACES if place.name == "heat")
CELLS = [GRID.cell_at(int(n)) for n in GRID.inside.nonzero()[0]]


class Desk:
    """Sources with nothing in them, and a city that is told about."""

    def __init__(self, loading: bool = False, **city: Any) -> None:
        self.site, self.trends, self.kpis = SITE, self, self
        self.grid, self.known_from_ms, self.progress = GRID, 0, 0.4
        self.ready = SimpleNamespace(is_set=lambda: not loading)
        said = {"connected": True, "stale_since_ms": 0, **city}
        self.city = SimpleNamespace(**said)

    def known(self) -> dict[str, list[str]]:
        return KNOWN

    def now_ms(self) -> int:
        return NOW_MS


def ask(
    search: str, place: Place = HEAD, role: str = "duty", desk: Desk | None = None
) -> dict[str, Any]:
    mark = PRINCIPAL.set(Principal("someone", Role(role), language="en"))
    sources: Any = desk or Desk()
    try:
        return asyncio.run(trends.answer(sources, place, search, {}))
    finally:
        PRINCIPAL.reset(mark)


def top(told: dict[str, Any]) -> str:
    return str(told["areas"]["trends-head-content"])


@pytest.fixture
def draws(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], list[Here]]:
    """draws(Picture(...)) or draws(an error): what the table of hours then is."""

    def instead(shown: Picture | Exception) -> list[Here]:
        asked: list[Here] = []

        async def draw(_sources: Any, reader: Here) -> Picture:
            asked.append(reader)
            if isinstance(shown, Exception):
                raise shown
            return shown

        monkeypatch.setitem(trends.DRAWN, "heat", draw)
        return asked

    return instead


BAD = {
    "hour=fri-24": "fri-24",
    "cell=999.999": "999.999",
    "category=murder": "murder",
    "code=7": "7",
    "zone=nowhere": "nowhere",
    "route=R-999": "R-999",
    "by=weather": "weather",
    "view=magic": "magic",
    "from=2026-11-10&to=2026-11-01": "2026-11-01",
    "period=2019": "",
    "x=" + 3000 * "x": "",
}


@pytest.mark.parametrize("query", BAD)
def test_a_bad_address_is_a_sentence_above_filters_that_lead_on(query: str) -> None:
    told = ask("?" + query)
    assert BAD[query] in told["problem"] and "<p>" in told["problem"]
    assert told["instead"] and 'name="period"' in top(told)
    assert not re.search(r"trends\.|Traceback", told["problem"])


def test_what_an_address_says_is_never_markup() -> None:
    told = ask("?category=<script>alert(1)</script>")
    assert "<script" not in told["problem"] + str(told["areas"])


@pytest.mark.parametrize("query", BAD)
def test_pictures_of_a_bad_address_are_not_drawn(
    query: str, draws: Callable[[Any], list[Here]]
) -> None:
    asked = draws(Picture())
    told = ask("?" + query, HEAT)
    assert told["idle"] and told["loading"] and asked == []


@pytest.mark.parametrize("role", ["operator", "manager", "executive", "admin"])
def test_codes_are_refused_to_who_may_not_see_them(
    role: str, draws: Callable[[Any], list[Here]]
) -> None:
    asked = draws(Picture())
    for query in ("?code=2", "?by=code"):
        assert "112 codes are not shown to this role" in ask(query, role=role)["problem"]
        assert ask(query, HEAT, role)["idle"]
    assert asked == [] and 'name="code"' not in top(ask("", role=role))
    assert 'name="code"' in top(ask("?code=2")) and not ask("?code=2")["problem"]


def test_a_picture_of_another_view_costs_nothing(draws: Callable[[Any], list[Here]]) -> None:
    asked = draws(Picture())
    assert ask("?view=traffic", HEAT)["idle"] and asked == []
    assert not ask("", HEAT).get("idle") and len(asked) == 1


def test_an_answer_says_what_it_was_asked(draws: Callable[[Any], list[Here]]) -> None:
    """So that the page leaves out one that was overtaken."""
    draws(Picture(above=["hours"], again_ms=5_000))
    told = ask("?hour=fri-22", HEAT)
    assert told["asked"] == "hour=fri-22" and told["query"] == "/trends?hour=fri-22"
    assert told["areas"]["trends-heat-content"] == "hours" and told["again_ms"] == 5_000


def test_trouble_of_one_picture_stays_its_own(draws: Callable[[Any], list[Here]]) -> None:
    draws(SourceUnavailable())
    told = ask("", HEAT)
    assert told["problem"] and "areas" not in told
    draws(BadChoice("trends.unknown_by", value="x"))
    assert "broken down" in ask("", HEAT)["problem"]
    assert not ask("")["problem"]


def test_while_facts_are_loaded_it_says_how_far(draws: Callable[[Any], list[Here]]) -> None:
    draws(SourceUnavailable())
    told = ask("", HEAT, desk=Desk(loading=True))
    assert told["again_ms"] < 5_000 and not told["problem"]


def test_a_feed_that_is_cut_or_silent_is_told_at_the_top() -> None:
    calm = top(ask(""))
    cut = top(ask("", desk=Desk(connected=False)))
    silent = top(ask("", desk=Desk(stale_since_ms=NOW_MS)))
    assert len({calm, cut, silent}) == 3
    assert "kpis__feed" not in calm and "kpis__feed" in cut and "kpis__feed" in silent


# -- picks -----------------------------------------------------------------------------------


def chips(query: str) -> dict[str, str]:
    """Words of each chip -> what is left when it is taken back."""
    found = re.findall(r'<a class="chip trends__pick" href="([^"]*)">([^<]*)<', top(ask(query)))
    return {words: urlsplit(href).query.replace("&amp;", "&") for href, words in found}


def test_every_pick_is_a_chip_that_takes_it_back() -> None:
    shown = chips("?category=theft&code=2&hour=fri-22")
    assert shown == {
        "Fri 22–23": "category=theft&code=2",
        "Theft": "code=2&hour=fri-22",
        "Code 2": "category=theft&hour=fri-22",
    }
    assert chips("?period=28d") == {}


def test_one_link_takes_all_picks_back_and_keeps_the_period() -> None:
    told = top(ask("?period=28d&category=theft&hour=22"))
    assert '<a class="trends__all" href="/trends?period=28d">' in told
    assert "trends__all" not in top(ask("?hour=22"))


def live_map(query: str) -> dict[str, list[str]]:
    [href] = re.findall(r'class="trends__to-map" href="([^"]*)"', top(ask(query)))
    return parse_qs(urlsplit(href.replace("&amp;", "&")).query)


def test_the_live_map_is_asked_for_what_is_chosen() -> None:
    route, zone = KNOWN["route"][0], KNOWN["zone"][0]
    said = live_map(f"?period=7d&route={route}&zone={zone}")
    assert said["route"] == [route] and said["zone"] == [zone] and "days" not in said
    assert "incidents" in said["layers"][0].split(".")
    assert live_map("")["days"] == ["28"]
    cell = CELLS[0]
    lat, lon, _ = map(float, live_map(f"?cell={cell[0]}.{cell[1]}")["at"][0].split(","))
    west, south, east, north = GRID.bounds(cell)
    assert west < lon < east and south < lat < north


def test_a_view_is_a_tab_that_keeps_what_is_chosen() -> None:
    told = top(ask("?category=theft&hour=fri"))
    assert 'href="/trends?view=traffic&amp;category=theft&amp;hour=fri"' in told
    assert told.count('aria-current="page"') == 1


def test_a_form_keeps_what_is_not_in_it() -> None:
    told = top(ask("?leg=drive&hour=fri&cell=" + ".".join(map(str, CELLS[0]))))
    for name in ("leg", "hour", "cell"):
        assert f'name="{name}" type="hidden"' in told
    assert not set(re.findall(r'name="([a-z]+)"', told)) - {
        *OWN, "hour", "cell", "period", "from", "to", "category", "code", "zone", "route"
    }  # fmt: skip
