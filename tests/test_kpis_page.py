"""The KPI page in a real browser, on a control room with two weeks of simulated history."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import ControlRoom, launch
from tests.live_page import until, violations
from tests.waiting import wait_for_history

Browse = Callable[..., Any]
CALLBACKS = re.compile("/_dash-update-component")
REFRESH = "document.dispatchEvent(new CustomEvent('kpis:refresh'))"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlRoom]:
    folder = tmp_path_factory.mktemp("kpis") / "room"
    room = launch(folder, SIMULATOR="1", SIM_DEVICES="120", SIM_HISTORY_WEEKS="2")
    try:
        room.wait_until_ready()
        wait_for_history(room)
        yield room
    finally:
        room.stop()


@pytest.fixture
def look(city: ControlRoom, signed_in: Browse) -> Browse:
    """look("manager", "?kind=bell") is the page once it shows something."""

    def at(role: str = "manager", query: str = "", path: str = "/kpis") -> Any:
        page = signed_in(role, path + query, city.base_url)
        page.locator("h1, .kpis__problem p").first.wait_for()
        return page

    return at


def test_the_table_is_there_and_a_name_leads_to_what_it_is_made_of(look: Browse) -> None:
    page = look()
    row = page.locator("tr[data-key=availability]")
    assert re.fullmatch(r"\d+\.\d+%", row.locator(".kpis__value b").inner_text())
    assert row.locator("svg .spark__line").count() == 1
    row.locator(".kpis__name").click()
    page.locator(".kpis__figure b").wait_for()
    page.locator("#kpis-line .main-svg").first.wait_for()
    device = page.locator(".kpis__id").first
    assert device.get_attribute("href") == f"/device?id={device.inner_text()}"
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.go_back()
    page.locator("tr[data-key=availability]").wait_for()
    assert page.locator("#kpis-line .main-svg").count() == 0
    page.go_forward()
    page.locator("#kpis-line .main-svg").first.wait_for()


def test_a_filter_is_an_address_that_can_be_shared_and_taken_back(look: Browse) -> None:
    page = look()
    page.locator("select[name=kind]").select_option("bell")
    page.locator(".kpis__filter--set").wait_for()
    assert page.url.endswith("/kpis?kind=bell")
    assert page.locator(".kpis__note").first.inner_text().count(",") > 3  # what does not apply
    page.reload()
    page.locator("tr[data-key=availability]").wait_for()
    assert page.locator("select[name=kind]").input_value() == "bell"
    page.locator(".kpis__clear").click()
    until(page, "!document.querySelector('.kpis__filter--set')")
    assert page.locator("select[name=kind]").input_value() == ""
    page.go_back()
    until(page, "document.querySelector('select[name=kind]').value === 'bell'")


def test_nonsense_is_a_sentence_and_the_last_good_page_stays(look: Browse) -> None:
    page = look(query="?period=7d")
    page.locator("select[name=period]").select_option("days")
    assert page.evaluate("document.activeElement.name") == "from"
    page.locator("input[name=from]").fill("2026-05-04")
    page.locator("input[name=to]").fill("2026-05-01")
    page.locator(".kpis__apply").click()
    problem = page.locator(".kpis__problem p").first
    problem.wait_for()
    assert "2026-05-01" in problem.inner_text()
    assert page.locator("tr[data-key=availability]").count() == 1
    page.locator(".kpis__problem a").click()
    until(page, "document.querySelector('.kpis__problem').textContent === ''")


def test_an_address_of_nonsense_still_has_filters_that_lead_on(look: Browse) -> None:
    page = look(query="?zone=nowhere")
    page.locator(".kpis__problem p").first.wait_for()
    assert page.locator(".kpis__kept:visible").count() == 0  # nothing was there before
    page.locator("select[name=period]").select_option("7d")
    page.locator("tr[data-key=availability]").wait_for()
    assert page.url.endswith("/kpis?period=7d")
    until(page, "document.querySelector('.kpis__problem').textContent === ''")


def test_new_figures_move_nothing_a_person_has_in_hand(look: Browse) -> None:
    page = look(query="?kpi=availability&by=zone&period=today")
    page.locator("#kpis-bars .main-svg").first.wait_for()
    page.locator(".chart__details").first.evaluate("node => { node.open = true }")
    page.locator("[data-tool=saved] summary").click()
    page.locator("[data-save-view] input").fill("half a na")
    page.evaluate("window.scrollTo(0, 120); document.querySelector('.js-plotly-plot').kept = 1")
    answers: list[Any] = []
    page.on("response", lambda r: answers.append(r) if CALLBACKS.search(r.url) else None)
    page.evaluate(REFRESH)
    page.wait_for_timeout(50)
    deadline = time.monotonic() + 15
    while not answers:
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)
    page.wait_for_timeout(500)
    assert page.locator("[data-save-view] input").input_value() == "half a na"
    assert page.evaluate("document.activeElement.name") == "name"
    assert page.locator(".chart__details").first.evaluate("node => node.open")
    assert page.evaluate("window.scrollY") == 120
    assert page.evaluate("document.querySelector('.js-plotly-plot').kept") == 1


def test_a_view_is_saved_under_a_name_and_forgotten_again(look: Browse) -> None:
    page = look(query="?kind=bell")
    page.locator("[data-tool=saved] summary").click()
    page.locator("[data-save-view] input").fill("Bells")
    page.locator("[data-save-view] button").click()
    saved = page.locator(".kpis__view a")
    saved.wait_for()
    assert saved.get_attribute("href") == "/kpis?kind=bell"
    page.locator("[data-forget-view]").click()
    saved.wait_for(state="detached")
    page.keyboard.press("Escape")
    assert not page.locator("[data-tool=saved]").evaluate("node => node.open")


def test_an_export_wants_a_reason(look: Browse) -> None:
    page = look(query="?kpi=mttr&by=vendor")
    page.locator("[data-tool=export] summary").click()
    reason = page.locator("[data-export] input[name=reason]")
    page.locator("[data-export] button").click()
    assert reason.evaluate("node => node.validity.valueMissing")
    reason.fill("for the council")
    with page.expect_download() as download:
        page.locator("[data-export] button").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_executives_see_groups_and_no_devices(look: Browse) -> None:
    page = look("executive", "?kpi=availability")
    page.locator("#kpis-bars .main-svg").first.wait_for()
    assert page.locator(".kpis__id, [data-tool=export]").count() == 0
    page = look("executive", "?view=worst")
    assert page.locator(".kpis__problem p").first.inner_text()
    assert page.locator("tbody tr").count() == 0


def test_definitions_are_linked_and_found(look: Browse) -> None:
    page = look()
    page.locator("tr[data-key=sla] .kpis__define").click()
    entry = page.locator("#sla")
    entry.wait_for()
    assert page.url.endswith("/kpis/definitions#sla")
    until(page, "document.getElementById('sla').getBoundingClientRect().top < 200")
    entry.locator("h3 a").click()
    page.locator(".kpis__figure").wait_for()
    assert "/kpis?kpi=sla" in page.url


def test_an_answer_that_does_not_come_is_asked_for_again(look: Browse) -> None:
    page = look()
    page.route(CALLBACKS, lambda route: route.abort())
    page.locator("tr[data-key=sla] .kpis__name").click()
    page.locator("[data-kpis-stale]").wait_for(state="visible", timeout=20_000)
    page.unroute(CALLBACKS)
    page.locator(".kpis__figure").wait_for(timeout=20_000)
    page.locator("[data-kpis-stale]").wait_for(state="hidden", timeout=20_000)


@pytest.mark.parametrize(
    "query", ["", "?kpi=sla&by=vendor", "?view=vendors", "?view=worst", "?view=repairs"]
)
def test_it_fits_a_phone_and_everybody_can_read_it(look: Browse, query: str) -> None:
    page = look(query=query)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert violations(page) == []


def test_the_whole_table_is_readable_on_a_desk(look: Browse) -> None:
    page = look(query="?kpi=availability")
    page.locator("#kpis-line .main-svg").first.wait_for()
    page.locator("[data-tool=export] summary").click()
    assert violations(page) == []
    page.locator(".kpis__back").click()
    page.locator("tr[data-key=availability]").wait_for()
    assert violations(page) == []


def test_definitions_are_readable_too(look: Browse) -> None:
    page = look(path="/kpis/definitions")
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
