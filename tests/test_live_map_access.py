"""Everybody can use the live map, from anywhere, without the Internet."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ControlRoom
from tests.field import Field
from tests.live_page import row, until_live, violations

SignIn = Callable[..., Page]


@pytest.fixture
def alert(control_room: ControlRoom) -> str:
    field = Field(control_room.redis())
    field.register("B-0002")
    field.street("L", 5)
    return field.raise_alert("bell", "B-0002", note="by the kiosk")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_no_wcag_violation(signed_in: SignIn, alert: str, theme: str) -> None:
    page = signed_in("duty")
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    until_live(page)
    page.locator(row(alert)).click()
    expect(page.locator("#live-map-detail-more .timeline")).to_be_visible()
    page.keyboard.press("v")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("dialog.keys")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("shows", ["queue", "map", "detail"])
def test_no_wcag_violation_on_a_phone(signed_in: SignIn, alert: str, shows: str) -> None:
    page = signed_in("operator")
    page.set_viewport_size({"width": 390, "height": 844})
    until_live(page)
    page.locator(row(alert)).click()
    page.locator(f"[data-view={shows}]").click()
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_no_request_leaves_the_host(signed_in: SignIn, control_room: ControlRoom) -> None:
    page = signed_in("duty", path="/login")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(control_room.base_url)
    until_live(page)
    hosts = {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(control_room.base_url).netloc}


def test_the_page_weighs_at_most_800_kilobytes(
    signed_in: SignIn, control_room: ControlRoom
) -> None:
    page = signed_in("duty")
    until_live(page)
    page.context.clear_cookies(name="nothing")
    cold = page.context.new_page()
    network = cold.context.new_cdp_session(cold)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    cold.goto(control_room.base_url)
    until_live(cold)
    cold.wait_for_timeout(500)
    assert sum(sizes) <= 800_000
