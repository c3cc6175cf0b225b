"""The live map beside its alerts: devices out of service, and sound that is blocked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import ControlRoom
from tests.field import Field
from tests.live_page import Line, sign_in_behind, until, until_live

SignIn = Callable[..., Page]


@pytest.fixture
def field(control_room: ControlRoom) -> Field:
    return Field(control_room.redis())


def test_an_operator_takes_a_device_out_of_service_and_back(
    signed_in: SignIn, field: Field
) -> None:
    field.register("L-8001", "light")
    page = signed_in("operator")
    until_live(page)
    until(page, "liveMap.inspect('L-8001') === 'ok'")
    page.evaluate("() => liveMap.page.selection.choose('device', 'L-8001')")
    page.locator("[data-service=out]").click()
    page.locator("#service-reason").fill("inspection")
    page.locator("[data-live=service-form] button[type=submit]").click()
    until(page, "liveMap.inspect('L-8001') === 'out_of_service'")
    page.locator("[data-service=back]").click()
    until(page, "liveMap.inspect('L-8001') === 'ok'")


BLOCKED_SOUND = """window.AudioContext = class {
  state = "suspended";
  resume() {
    if (!window.allowed) return new Promise(() => {});
    this.state = "running";
    return Promise.resolve();
  }
};"""


def test_sound_that_the_browser_blocks_is_told_and_can_be_allowed(
    control_room: ControlRoom, browser: Browser
) -> None:
    page = sign_in_behind(Line(), control_room, browser, "duty", BLOCKED_SOUND)
    banner = page.locator("[data-banner=sound]")
    expect(banner).to_be_visible()
    page.evaluate("() => { window.allowed = true; }")
    banner.locator("button").click()
    expect(banner).to_have_count(0)
    page.context.close()
