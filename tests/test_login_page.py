"""Signing in and out, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dashboard.text import t
from tests.conftest import ControlRoom

Browse = Callable[..., Any]


def test_it_signs_in_by_keyboard_and_goes_where_it_was_asked(
    control_room: ControlRoom, page: Any
) -> None:
    page.goto(f"{control_room.base_url}/system")
    assert page.url.endswith("/login?next=%2Fsystem")
    page.locator("[name=username]:focus").wait_for()  # the page puts the cursor there itself
    page.keyboard.type("operator")
    page.keyboard.press("Tab")
    page.keyboard.type(control_room.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/system")


def test_a_wrong_password_is_told_without_telling_what_was_wrong(
    control_room: ControlRoom, page: Any
) -> None:
    page.goto(f"{control_room.base_url}/login?language=en")
    page.fill("[name=username]", "somebody")
    page.fill("[name=password]", "something")
    page.click("button[type=submit]")
    told = page.get_by_role("alert")
    assert told.inner_text() == "The user name or the password is not right."
    page.get_by_role("link", name=t("shell.language_ko")).click()
    page.get_by_role("button", name=t("login.submit", "ko")).wait_for()


def test_signing_out_ends_the_session_and_back_does_not_return(
    control_room: ControlRoom, signed_in: Browse
) -> None:
    page = signed_in("operator", "/system")
    page.locator(".shell__who").click()
    page.locator("[data-sign-out]").click()
    page.wait_for_url("**/login")
    page.goto(f"{control_room.base_url}/system")
    assert "/login" in page.url


def test_a_theme_is_kept_without_loading_the_page_again(
    control_room: ControlRoom, signed_in: Browse
) -> None:
    page = signed_in("operator", "/system")
    page.evaluate("window.kept = true")
    page.locator(".shell__who").click()
    page.locator("[data-choose-theme=light]").click()
    theme = "document.documentElement.dataset.theme"
    assert page.evaluate(theme) == "light" and page.evaluate("window.kept")
    page.reload()
    assert page.evaluate(theme) == "light"


def test_what_is_not_for_a_role_is_not_in_its_navigation(
    control_room: ControlRoom, signed_in: Browse
) -> None:
    for role, kept_out in (("duty", "system"), ("executive", "orders")):
        page = signed_in(role)
        page.locator(".shell__nav").wait_for()
        named = page.locator(".shell__nav").inner_text().splitlines()
        assert t("shell.nav_live_map", "ko") in named
        assert t(f"shell.nav_{kept_out}", "ko") not in named
        page.goto(f"{control_room.base_url}/{kept_out}")
        assert "403" in page.inner_text("main")
