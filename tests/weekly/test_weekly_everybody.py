"""The week for everybody: on a desk, on a phone, in both languages, and on paper."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ControlRoom
from tests.live_page import violations
from tests.weekly.sealed_room import SECOND, THIRD

Browse = Callable[..., Page]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    ("role", "path"),
    [("manager", f"/weekly?week={THIRD}"), ("executive", f"/weekly?week={SECOND}&with={THIRD}"),
     ("executive", "/weekly/archive")],
)  # fmt: skip
def test_everybody_can_read_it_on_a_desk_and_on_a_phone(
    sealed_room: ControlRoom, signed_in: Browse, role: str, path: str, language: str
) -> None:
    page = signed_in(role, "/kpis", sealed_room.base_url)
    page.context.add_cookies([{"name": "language", "value": language, "url": sealed_room.base_url}])
    page.goto(sealed_room.base_url + path)
    page.locator("h1").wait_for()
    assert page.locator("html").get_attribute("lang") == language
    for details in page.locator("main details").all():
        details.evaluate("node => { node.open = true }")
    for theme, width in (("light", 1920), ("dark", 390)):
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert beyond(page) == [], f"{theme} {width}"
        assert violations(page) == [], f"{theme} {width}"
    line = page.locator("main svg").first
    if "/archive" not in path and "with" not in path:
        assert (line.bounding_box() or {})["width"] > 300  # on a phone the lines stay


def beyond(page: Page) -> list[str]:
    """What is seen and does not fit the width of the page."""
    return page.evaluate(
        """() => [...document.querySelectorAll("main *")]
            .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
            .filter((node) => !node.closest(".visually-hidden, thead"))
            .map((node) => node.outerHTML.slice(0, 80))"""
    )


def test_on_paper_it_is_light_and_has_nothing_to_press(look: Browse) -> None:
    page = look("manager")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.emulate_media(media="print")
    for gone in (".weekly__tools", ".weekly__form", ".shell__nav", ".weekly__withdraw"):
        for node in page.locator(gone).all():
            expect(node).to_be_hidden()
    colours = page.evaluate(
        """() => ["h1", ".weekly__say a", ".weekly__part--vendors a"].map((one) =>
            getComputedStyle(document.querySelector(one)).color)"""
    )
    assert all(sum(map(int, re.findall(r"\d+", colour)[:3])) < 200 for colour in colours)
    link = page.locator(".weekly__say a").first
    underlined = link.evaluate("node => getComputedStyle(node).textDecorationLine")
    assert underlined == "underline"
    spark = page.locator("#r-bell_presses svg")
    assert (spark.bounding_box() or {})["width"] > 60


def test_on_paper_every_figure_is_unfolded_and_then_folded_again(look: Browse) -> None:
    page = look()
    others = page.locator(".weekly__others")
    assert not others.evaluate("node => node.open")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert others.evaluate("node => node.open")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not others.evaluate("node => node.open")
