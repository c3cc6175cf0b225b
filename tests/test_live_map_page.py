"""The live map in a real browser on a real embedded server: what a duty officer does with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.conftest import ControlRoom
from tests.field import Field
from tests.live_page import Line, marker, row, sign_in_behind, until, until_live, view

SignIn = Callable[..., Page]


@pytest.fixture
def field(control_room: ControlRoom) -> Field:
    return Field(control_room.redis())


@pytest.fixture
def officer(signed_in: SignIn) -> Page:
    page = signed_in("duty")
    until_live(page)
    return page


@pytest.fixture
def bell(field: Field) -> str:
    return field.register("B-0001")


@pytest.fixture
def press(field: Field, bell: str) -> Iterator[Callable[[], str]]:
    """Presses the bell; what is still open afterwards is closed by no one, so ids are new."""
    yield lambda: field.raise_alert("bell", bell)


def test_a_bell_press_appears_in_queue_and_on_the_map(
    officer: Page, press: Callable[[], str]
) -> None:
    alert = press()
    expect(officer.locator(row(alert))).to_have_attribute("data-state", "unacknowledged")
    expect(officer.locator(row(alert))).to_have_attribute("data-priority", "1")
    expect(officer.locator(marker(alert))).to_be_visible()


def test_it_is_acknowledged_by_keyboard_alone(officer: Page, press: Callable[[], str]) -> None:
    alert = press()
    expect(officer.locator(row(alert))).to_be_visible()
    choose_by_keyboard(officer, alert)
    officer.keyboard.press("Enter")
    expect(officer.locator(row(alert))).to_have_attribute("data-state", "acknowledged")
    expect(officer.locator(row(alert))).to_contain_text("duty")


def test_it_is_closed_with_a_verdict_by_keyboard(officer: Page, press: Callable[[], str]) -> None:
    alert = press()
    expect(officer.locator(row(alert))).to_be_visible()
    choose_by_keyboard(officer, alert)
    officer.keyboard.press("Enter")
    expect(officer.locator(row(alert))).to_have_attribute("data-state", "acknowledged")
    officer.keyboard.press("v")
    officer.keyboard.press("3")
    officer.locator("[data-form=close] button[type=submit]").press("Enter")
    expect(officer.locator(row(alert))).to_have_count(0)
    officer.locator("[data-queue-tab=closed]").click()
    expect(officer.locator(row(alert))).to_have_attribute("data-state", "closed")


def test_who_takes_and_closes_at_once_is_not_made_to_wait_for_the_first_answer(
    officer: Page, press: Callable[[], str]
) -> None:
    """The row changes by the live line before the answer is there; no key is swallowed."""
    alert, held = press(), []

    def hold(route: Route) -> None:
        held.append((route, route.fetch())) if not held else route.continue_()

    officer.route("**/api/v1/alerts/*/actions", hold)
    expect(officer.locator(row(alert))).to_be_visible()
    choose_by_keyboard(officer, alert)
    officer.keyboard.press("Enter")
    expect(officer.locator(row(alert))).to_have_attribute("data-state", "acknowledged")
    for key in ("v", "3", "Enter"):
        officer.keyboard.press(key)
    expect(officer.locator(row(alert))).to_have_attribute("data-state", "acknowledged")
    [(route, answer)] = held
    route.fulfill(response=answer)
    expect(officer.locator(row(alert))).to_have_count(0)


def choose_by_keyboard(page: Page, alert: str) -> None:
    """N until the alert is the selected one."""
    for _ in range(60):
        page.keyboard.press("n")
        if page.evaluate("() => liveMap.page.selection.current().id") == alert:
            return
    raise AssertionError("N never came to the alert")


def test_a_second_officer_sees_it_and_loses_the_race_with_a_message(
    officer: Page, control_room: ControlRoom, browser: object, press: Callable[[], str]
) -> None:
    line = Line()
    second = sign_in_behind(line, control_room, browser, "operator")
    alert = press()
    for page in (officer, second):
        page.locator(row(alert)).click()
        expect(page.locator("[data-action=acknowledge]")).to_be_visible()
    line.held = True  # what the first does has not reached the second's screen yet
    officer.locator("[data-action=acknowledge]").click()
    expect(officer.locator(row(alert))).to_have_attribute("data-state", "acknowledged")
    second.locator("[data-action=acknowledge]").click()
    expect(second.locator("[data-live=form-says]")).to_contain_text("duty")
    expect(second.locator("[data-live=form-says]")).to_have_class("form__says form__says--bad")
    second.context.close()


def test_a_cut_connection_is_told_and_nothing_is_missed(
    control_room: ControlRoom, browser: object, press: Callable[[], str]
) -> None:
    line = Line()
    page = sign_in_behind(line, control_room, browser, "duty")
    line.break_now()
    expect(page.locator("[data-banner=disconnected]")).to_be_visible()
    alert = press()
    line.cut = False
    expect(page.locator("[data-banner=disconnected]")).to_have_count(0, timeout=10_000)
    expect(page.locator(row(alert))).to_be_visible()
    page.context.close()


def test_a_hundred_deltas_leave_the_view_untouched(officer: Page, field: Field) -> None:
    street = field.street("L", 20)
    until(officer, f"liveMap.inspect('{street[-1]}') === 'ok'")
    officer.evaluate("() => liveMap.page.map.setView([37.66, 126.78], 14.25, {animate: false})")
    officer.locator("[data-layer=traffic]").click()
    before, cursor = view(officer), officer.evaluate("() => liveMap.inspect().cursor")
    for n in range(100):
        field.tell(street[n % 20], "fault" if n // 20 % 2 == 0 else "ok")
        officer.wait_for_timeout(30)
    field.tell(street[0], "fault")
    until(officer, f"liveMap.inspect('{street[0]}') === 'fault'")
    assert officer.evaluate("() => liveMap.inspect().cursor") - cursor >= 50
    assert view(officer) == before
    expect(officer.locator("[data-layer=traffic]")).to_have_attribute("aria-pressed", "false")


def test_a_fault_is_drawn_and_counted(officer: Page, field: Field) -> None:
    field.register("L-9001", "light")
    until(officer, "liveMap.inspect('L-9001') === 'ok'")
    before = officer.evaluate("() => liveMap.inspect().byStatus.fault")
    field.tell("L-9001", "fault")
    until(officer, "liveMap.inspect('L-9001') === 'fault'")
    assert officer.evaluate("() => liveMap.inspect().byStatus.fault") == before + 1


def test_what_is_typed_survives_updates_of_the_same_alert(
    officer: Page, signed_in: SignIn, press: Callable[[], str]
) -> None:
    alert = press()
    officer.locator(row(alert)).click()
    officer.locator("[data-action=note]").click()
    officer.locator("#form-note").fill("patrol car is")
    second = signed_in("operator")
    until_live(second)
    second.locator(row(alert)).click()
    second.locator("[data-action=acknowledge]").click()
    expect(officer.locator(row(alert))).to_have_attribute("data-state", "acknowledged")
    expect(officer.locator("#form-note")).to_have_value("patrol car is")
    expect(officer.locator("#form-note")).to_be_focused()


def test_reload_theme_and_language_keep_view_filter_and_selection(
    officer: Page, press: Callable[[], str]
) -> None:
    alert = press()
    officer.locator(row(alert)).click()
    officer.evaluate("() => liveMap.page.map.setView([37.67, 126.785], 15, {animate: false})")
    officer.locator("[data-layer=problems]").click()
    until(officer, "location.search.includes('problems=1') && location.search.includes('sel=')")
    before = view(officer)

    officer.locator(".shell__who").click()
    officer.locator("[data-choose-theme=light]").click()
    assert view(officer) == before
    officer.locator("[data-choose-language=en]").click()
    until(officer, "document.documentElement.lang === 'en'")
    until_live(officer)
    officer.reload()
    until_live(officer)

    assert view(officer) == pytest.approx(before, abs=1e-4)
    expect(officer.locator("[data-layer=problems]")).to_have_attribute("aria-pressed", "true")
    expect(officer.locator(f"{row(alert)} button")).to_have_attribute("aria-current", "true")
    expect(officer.locator("#live-map-detail h2")).to_contain_text("Emergency bell pressed")


def test_search_finds_a_device_and_opens_its_detail(officer: Page, field: Field) -> None:
    field.register("C-7777", "cctv")
    until(officer, "liveMap.inspect('C-7777') === 'ok'")
    officer.keyboard.press("/")
    officer.keyboard.type("c-7777")
    officer.keyboard.press("Enter")
    expect(officer.locator("#live-map-detail")).to_contain_text("C-7777")


def test_an_executive_is_shown_no_point_and_no_form(
    signed_in: SignIn, press: Callable[[], str]
) -> None:
    page = signed_in("executive")
    until_live(page)
    press()
    first = page.locator(".queue__row[data-priority='1']").first
    expect(first).to_be_visible()
    first.click()
    expect(page.locator(".form__actions")).to_be_hidden()
    expect(page.locator("[data-alert-marker]")).to_have_count(0)
