"""The trends page in a real browser, on a control room with a simulated year of incidents."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from data_sources import keys
from tests.conftest import ControlRoom, launch
from tests.live_page import until, violations
from tests.waiting import wait_for_history

Browse = Callable[..., Any]
CALLBACKS = re.compile("/_dash-update-component")
CELL = ".heat__cell:not(.heat__cell--0) .heat__pick"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlRoom]:
    folder = tmp_path_factory.mktemp("trends") / "room"
    room = launch(folder, SIMULATOR="1", SIM_DEVICES="120", SIM_HISTORY_WEEKS="2")
    try:
        room.wait_until_ready()
        wait_for_history(room)
        yield room
    finally:
        room.stop()


@pytest.fixture
def look(city: ControlRoom, signed_in: Browse) -> Browse:
    """look("manager", "?hour=fri-22") is the page once it shows its table of hours, if any."""

    def at(role: str = "duty", query: str = "", shows: str = ".heat__table") -> Any:
        page = signed_in(role, "/trends" + query, city.base_url)
        page.locator(shows).first.wait_for()
        return page

    return at


def records(page: Any) -> int:
    return int(page.locator(".records__table tbody tr").count())


def looked_at(room: ControlRoom) -> list[dict[str, Any]]:
    entries = [json.loads(fields[b"d"]) for _, fields in room.redis().xrange(keys.AUDIT)]
    return [entry for entry in entries if "incidents" in entry]


def test_the_page_is_found_and_says_of_when_and_that_it_is_simulated(look: Browse) -> None:
    page = look()
    assert page.locator(".shell__link--here").get_attribute("aria-current") == "page"
    assert page.locator(".chip--simulated").count() == 1
    assert page.locator("select[name=period]").input_value() == "91d"
    assert re.search(r"\d\d\.\d\d \d\d:\d\d", page.locator(".kpis__seal").inner_text())
    page.locator("#trends-legs-plot .main-svg").first.wait_for()


def test_an_hour_picked_in_one_picture_is_followed_by_the_others(
    look: Browse, city: ControlRoom
) -> None:
    page = look()
    page.locator("#trends-records-content .trends__note").first.wait_for()
    all_hours = page.locator("#trends-legs-content").inner_text()
    before = len(looked_at(city))
    page.evaluate("window.scrollTo(0, 100)")
    page.locator(CELL).first.click()
    page.locator(".records__table").wait_for()
    assert re.search(r"[?&]hour=[a-z]{3}-\d+$", page.url)
    assert page.evaluate("window.scrollY") == 100  # a pick moves nobody
    until(page, "document.querySelector('.trends__picks .chip')")
    assert page.locator("#trends-legs-content").inner_text() != all_hours
    assert page.locator(".heat__cell--picked").count() == 1
    shown = page.locator(".records__table tbody tr").first.get_attribute("data-key")
    entry = looked_at(city)[before]
    assert shown in entry["incidents"].split() and entry["user"] == "duty"
    page.go_back()
    until(page, "!document.querySelector('.trends__picks .chip')")
    until(page, "!document.querySelector('.records__table')")
    page.go_forward()
    page.locator(".records__table").wait_for()
    page.locator(".trends__picks .chip").click()
    until(page, "!document.querySelector('.heat__cell--picked')")
    assert page.url.endswith("/trends")


def test_a_cell_picked_again_is_taken_back(look: Browse) -> None:
    page = look(query="?hour=fri-22")
    page.locator(".heat__cell--picked .heat__pick").click()
    until(page, "!document.querySelector('.heat__cell--picked')")
    assert page.url.endswith("/trends")


def test_a_filter_is_an_address_that_keeps_the_picks(look: Browse) -> None:
    page = look(query="?hour=fri")
    page.locator("select[name=category]").select_option("theft")
    page.locator(".kpis__filter--set").wait_for()
    assert page.url.endswith("/trends?category=theft&hour=fri")
    until(page, "document.querySelectorAll('.trends__picks .chip').length === 2")
    page.reload()
    page.locator(".records__table").wait_for()
    assert page.locator("select[name=category]").input_value() == "theft"
    page.locator(".trends__all").click()
    until(page, "!document.querySelector('.trends__picks .chip')")
    assert page.url.endswith("/trends")


def test_days_by_hand_are_a_period(look: Browse) -> None:
    page = look()
    page.locator("select[name=period]").select_option("days")
    first = page.locator("input[name=to]").get_attribute("max")
    page.locator("input[name=from]").fill(first)
    page.locator("input[name=to]").fill(first)
    page.locator(".kpis__apply").click()
    until(page, f"location.search === '?from={first}&to={first}'")
    until(page, "document.querySelector('select[name=period]').value === 'days'")


def test_a_record_leads_to_the_live_map_at_its_place(look: Browse) -> None:
    page = look(query="?period=7d&category=theft", shows=".records__table")
    link = page.locator(".records__on_map a").first
    at = re.search(r"at=([\d.]+),([\d.]+),17", link.get_attribute("href"))
    assert at is not None
    link.click()
    until(page, "window.liveMap && liveMap.page && liveMap.page.map")
    lat, lon = page.evaluate(
        "() => { const at = liveMap.page.map.getCenter(); return [at.lat, at.lng]; }"
    )
    assert (lat, lon) == pytest.approx((float(at[1]), float(at[2])), abs=1e-3)
    assert page.evaluate("liveMap.page.layers.has('incidents')")


def test_a_bad_address_is_told_and_filters_lead_on(look: Browse) -> None:
    page = look(query="?hour=fri-99", shows=".trends__problem p")
    assert "fri-99" in page.locator(".trends__problem p").first.inner_text()
    assert page.locator(".kpis__kept:visible").count() == 0
    assert page.locator(".heat__table").count() == 0
    page.locator("select[name=period]").select_option("28d")
    page.locator(".heat__table").wait_for()
    assert page.url.endswith("/trends?period=28d")
    until(page, "document.querySelector('#trends-head-problem').textContent === ''")


def test_what_was_shown_stays_under_a_bad_address(look: Browse) -> None:
    page = look(query="?period=28d")
    page.evaluate("window.trends.go('/trends?cell=999.999')")
    page.locator(".trends__problem p").first.wait_for()
    assert page.locator(".heat__table").count() == 1
    assert page.locator("select[name=period]").input_value() == "28d"
    assert page.locator(".kpis__kept:visible").count() == 1


@pytest.mark.parametrize("role", ["manager", "executive"])
def test_roles_without_exact_points_see_no_record_and_no_code(
    look: Browse, city: ControlRoom, role: str
) -> None:
    before = len(looked_at(city))
    page = look(role, "?hour=fri-22")
    page.locator("#trends-records-content .trends__note").wait_for()
    assert records(page) == 0 and page.locator("select[name=code]").count() == 0
    assert len(looked_at(city)) == before


def test_only_who_may_see_codes_is_asked_for_one(look: Browse) -> None:
    assert look("duty").locator("select[name=code] option").count() == 6
    page = look("operator", "?code=2", shows=".trends__problem p")
    assert page.locator(".heat__table").count() == 0


def test_a_late_answer_never_overwrites_a_newer_one(look: Browse) -> None:
    """The first question about hours of Friday is held up until Saturday was answered."""
    page = look()
    held: list[Any] = []

    def hold(route: Any) -> None:
        late = "trends-heat-answer" in route.request.post_data and "hour=fri" in (
            route.request.post_data
        )
        held.append(route) if late else route.continue_()

    page.route(CALLBACKS, hold)
    page.evaluate("window.trends.go('/trends?hour=fri')")
    deadline = time.monotonic() + 15
    while not held:
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)
    page.evaluate("window.trends.go('/trends?hour=sat')")
    until(page, "document.querySelectorAll('.heat__cell--picked').length === 24")
    row = "document.querySelector('.heat__cell--picked').parentElement.rowIndex"
    assert page.evaluate(row) == 6
    held[0].continue_()
    page.wait_for_timeout(1_000)
    assert page.evaluate(row) == 6


def test_pictures_that_are_not_answered_are_marked_old_and_asked_for_again(look: Browse) -> None:
    page = look()
    mark = page.locator("[data-trends-stale=trends-heat]")
    page.route(CALLBACKS, lambda route: route.abort())
    page.locator(CELL).first.click()
    mark.wait_for(state="visible", timeout=20_000)
    assert page.locator(".heat__table").count() == 1  # the last good one
    page.unroute(CALLBACKS)
    mark.wait_for(state="hidden", timeout=20_000)
    page.locator(".heat__cell--picked").wait_for(timeout=20_000)


def test_the_table_of_hours_is_one_stop_for_the_keyboard(look: Browse) -> None:
    page = look()
    page.locator(".heat__pick[tabindex='0'], .heat__pick:not([tabindex='-1'])").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    picked = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    page.locator(".heat__cell--picked").first.wait_for()
    assert page.url.endswith(picked)
    assert page.evaluate("document.activeElement.className").startswith("heat__pick")


@pytest.mark.parametrize("query", ["", "?category=theft&hour=fri", "?view=traffic", "?view=pilots"])
def test_it_fits_a_phone_and_everybody_can_read_it(look: Browse, query: str) -> None:
    page = look(query=query, shows=".trends__bar")
    page.wait_for_timeout(1_500)
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert violations(page) == []
