"""Pilots in a real browser: defined by keyboard alone, wrong words beside their fields, nothing
typed lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dashboard.kpis.choice import day_of_ms
from dashboard.stream.rollups import DAY_MS
from tests.conftest import ControlRoom, launch
from tests.live_page import until, violations
from tests.live_room import now_ms
from tests.waiting import wait_for_history

Browse = Callable[..., Any]
FORM = "[data-pilots-form=define]"
FOCUSED = "document.activeElement"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlRoom]:
    folder = tmp_path_factory.mktemp("pilots") / "room"
    room = launch(folder, SIMULATOR="1", SIM_DEVICES="120", SIM_HISTORY_WEEKS="3")
    try:
        room.wait_until_ready()
        wait_for_history(room)
        yield room
    finally:
        room.stop()


@pytest.fixture
def look(city: ControlRoom, signed_in: Browse) -> Browse:
    """look("manager") is the view of pilots once its list is there."""

    def at(role: str = "manager", query: str = "") -> Any:
        page = signed_in(role, f"/trends?view=pilots{query}", city.base_url)
        page.locator("#trends-pilots-content .trends__explained").wait_for()
        return page

    return at


def tab_to(page: Any, expression: str, most: int = 60) -> None:
    """Presses Tab until what is focused is as the expression says."""
    for _ in range(most):
        if page.evaluate(f"() => Boolean({expression})"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by keyboard: {expression}")


def choose(page: Any, area: str, route: str) -> None:
    """A route of an area: its list is opened and the box ticked, by keyboard."""
    list_ = f"{FOCUSED}.parentElement.querySelector('[name=\"{area}.routes\"]')"
    tab_to(page, f"{FOCUSED}.tagName === 'SUMMARY' && {list_}")
    page.keyboard.press("Enter")
    tab_to(page, f"{FOCUSED}.name === '{area}.routes' && {FOCUSED}.value === '{route}'")
    page.keyboard.press("Space")


def test_a_pilot_is_defined_by_keyboard(look: Browse) -> None:
    page = look()
    page.locator("h1").focus()
    tab_to(page, f"{FOCUSED}.matches('.pilots__opener')")
    page.keyboard.press("Enter")
    tab_to(page, f"{FOCUSED}.name === 'name'")
    page.keyboard.type("Brighter lamps")
    page.keyboard.press("Enter")  # sent too early: told beside each field
    wrong = page.locator(f"{FORM} .field__error:visible")
    wrong.first.wait_for()
    assert wrong.count() == 4  # what, first day, treated, control
    until(page, f"{FOCUSED}.name === 'what'")
    described = f"document.getElementById({FOCUSED}.getAttribute('aria-describedby')).innerText"
    assert page.evaluate(f"() => {described}")
    assert page.locator(f"{FORM} [name=name]").input_value() == "Brighter lamps"
    page.keyboard.type("LED lamps")
    page.keyboard.press("Tab")
    today = page.locator(f"{FORM} [name=start]").get_attribute("max")
    page.locator(f"{FORM} [name=start]").fill(f"{today[:8]}01")
    choose(page, "treated", "R-03")
    choose(page, "control", "R-08")
    tab_to(page, f"{FOCUSED}.name === 'outcomes' && {FOCUSED}.value === 'lit'")
    page.keyboard.press("Space")
    tab_to(page, f"{FOCUSED}.matches('{FORM} [type=submit]')")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "pilot=P-" in url)
    page.locator("#trends-effect-content h3").first.wait_for()
    assert "Brighter lamps" in page.locator("#trends-effect-content h3").first.inner_text()
    page.locator(".pilots__table a", has_text="Brighter lamps").wait_for()
    assert not page.locator("#trends-pilots-content details.pilots__forms").evaluate("n => n.open")


def test_nothing_typed_is_lost_by_an_update(look: Browse) -> None:
    page = look()
    page.locator(".pilots__opener").first.click()
    page.locator(f"{FORM} [name=name]").fill("Half a")
    page.locator(f"{FORM} .pilots__list summary").first.click()
    page.locator(f"{FORM} [name='treated.zones']").first.check()
    with page.expect_response(lambda answer: "_dash-update" in answer.url):
        page.evaluate("() => window.trends.refresh('pilots')")
    page.wait_for_timeout(300)
    assert page.locator(f"{FORM} [name=name]").input_value() == "Half a"
    assert page.locator(f"{FORM} [name='treated.zones']").first.is_checked()
    assert page.locator(".pilots__forms").first.evaluate("n => n.open")


def test_who_is_second_is_told_and_keeps_what_was_typed(look: Browse, city: ControlRoom) -> None:
    page = look()
    made = page.evaluate(
        POST,
        {
            "name": "Bells",
            "what": "AI bells",
            "start": day_of_ms(now_ms() - 20 * DAY_MS).isoformat(),
            "treated": {"routes": ["R-20"]},
            "control": {"routes": ["R-22"]},
        },
    )
    page.goto(f"{city.base_url}/trends?view=pilots&pilot={made['pilot_id']}")
    page.locator("#trends-effect-content .pilots__opener").first.click()
    form = page.locator("#trends-effect-content [data-pilots-form=change]")
    form.locator("[name=why]").fill("mine")
    first = {k: made[k] for k in ("name", "what", "start", "treated", "control")}
    page.evaluate(POST, {**first, "pilot_id": made["pilot_id"], "version": 1, "why": "theirs"})
    form.locator("[type=submit]").click()
    says = form.locator("[data-says]")
    until(page, "document.querySelector('#trends-effect-content .form__says--bad')?.textContent")
    assert "manager" in says.inner_text()
    assert form.locator("[name=why]").input_value() == "mine"
    form.locator("[type=submit]").click()  # knowing what was first, it is put in its place
    page.locator("#trends-effect-content [data-key=history] summary", has_text="3").wait_for()


POST = """async (asked) => {
  const csrf = document.cookie.split("; ").find((one) => one.startsWith("csrf=")).slice(5);
  const answer = await fetch("/api/v1/pilots", {
    method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify(asked),
  });
  return answer.json();
}"""


def test_it_fits_a_phone_and_everybody_can_read_it(look: Browse) -> None:
    page = look()
    listed = page.evaluate("async () => (await (await fetch('/api/v1/pilots')).json()).items")
    assert json.dumps(listed)
    page = look(query=f"&pilot={listed[0]['pilot_id']}" if listed else "")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".pilots__opener").first.click()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert not violations(page)


def test_who_may_not_define_sees_no_form(look: Browse) -> None:
    page = look("executive")
    assert page.locator("[data-pilots-form]").count() == 0
