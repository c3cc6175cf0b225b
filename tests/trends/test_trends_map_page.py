"""The map of the trends page in a real browser: drawn, picked on, and never moved by an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dashboard.text import translator
from tests.conftest import ControlRoom, launch
from tests.live_page import until, violations
from tests.waiting import wait_for_history

Browse = Callable[..., Any]
DRAWN = "window.trendsMap?.inspect()?.cells && trendsMap.inspect().shapes && trendsMap.page.seen"
# The busiest cell away from safe routes, which would be picked instead.
BUSY = """
(() => {
  trendsMap.page.map.setZoom(14, { animate: false });
  const far = ([x, y]) => Math.min(...trendsMap.page.routes.flatMap((route) =>
    route.line.map(([a, b]) => Math.hypot(a - x, b - y) * 256 * 2 ** 14)));
  const [west, south, dx, dy, columns] = trendsMap.page.data.grid;
  const middle = (n) => liveMap.mercator(west + ((n % columns) + 0.5) * dx,
    south + (Math.floor(n / columns) + 0.5) * dy);
  const cells = [...trendsMap.page.cells].filter(([n, cell]) => cell.n && far(middle(n)) > 60);
  const [number] = cells.sort((a, b) => b[1].n - a[1].n)[0];
  const [lng, lat] = liveMap.unmercator(...middle(number));
  trendsMap.page.map.setView([lat, lng], 14, { animate: false });
  return number;
})()
"""
INK = """
(() => {
  const canvas = document.querySelector(".leaflet-trends-pane canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0, painted = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at + 3]) { painted++; sum += data[at]; }
  return painted ? [painted, Math.round(sum / painted)] : null;
})()
"""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlRoom]:
    folder = tmp_path_factory.mktemp("trends_map") / "room"
    few = {"SIM_DEVICES": "120", "SIM_HISTORY_WEEKS": "2", "SIM_INCIDENTS": "150"}
    room = launch(folder, SIMULATOR="1", **few)
    try:
        room.wait_until_ready()
        wait_for_history(room)
        yield room
    finally:
        room.stop()


@pytest.fixture
def look(city: ControlRoom, signed_in: Browse) -> Browse:
    """look("manager", "?surface=kde") is the page once its map is drawn."""

    def at(role: str = "duty", query: str = "", drawn: str = DRAWN) -> Any:
        page = signed_in(role, "/trends" + query, city.base_url)
        until(page, drawn)
        if page.locator("#trends-map-canvas").is_visible():
            page.locator("#trends-map-canvas").scroll_into_view_if_needed()
        return page

    return at


def seen(page: Any) -> Any:
    return page.evaluate("() => trendsMap.inspect()")


def spot(page: Any, number: int) -> list[float]:
    return page.evaluate("(number) => trendsMap.spot(number)", number)


def test_the_ground_and_hot_spots_are_drawn_and_told_in_words(look: Browse) -> None:
    page = look()
    assert until(page, INK)[0] > 500
    found = seen(page)
    assert found["hot"] > 0 and found["density"] is False
    assert "q < 0.05" in page.locator("#trends-map-content").inner_text()
    assert not [one for one in violations(page) if "map" in one]


def test_a_click_picks_a_cell_the_others_follow_and_back_takes_it_back(look: Browse) -> None:
    page = look()
    number = page.evaluate(BUSY)
    page.locator("#trends-records-content .trends__note").first.wait_for()
    view, scroll = seen(page)["view"], page.evaluate("scrollY")
    page.mouse.click(*spot(page, number))
    page.locator(".records__table").wait_for()
    column = page.evaluate("() => trendsMap.page.data.grid[4]")
    assert page.url.endswith(f"/trends?cell={number % column}.{number // column}")
    until(page, "document.querySelector('.trends__picks .chip')")
    assert seen(page)["picked"] == number and seen(page)["cells"] > 1
    assert seen(page)["view"] == view and page.evaluate("scrollY") == scroll
    page.go_back()
    until(page, "trendsMap.inspect().picked === null")
    until(page, "!document.querySelector('.trends__picks .chip')")
    page.go_forward()
    until(page, f"trendsMap.page.data.picked === {number}")
    page.mouse.click(*spot(page, number))
    until(page, "trendsMap.page.data.picked === null")
    assert page.url.endswith("/trends")


def test_an_answer_moves_nobody(look: Browse) -> None:
    page = look()
    page.evaluate("() => trendsMap.page.map.setView([37.68, 126.77], 14.5, { animate: false })")
    page.evaluate("() => { trendsMap.page.data.old = true; trends.refresh('map'); }")
    until(page, "trendsMap.page.data.old === undefined")
    lat, lng, zoom = seen(page)["view"]
    assert (round(lat, 4), round(lng, 4), zoom) == (37.68, 126.77, 14.5)


def test_the_keyboard_goes_from_cell_to_cell_and_picks(look: Browse) -> None:
    page = look()
    page.locator("#trends-map-canvas").focus()
    said = "document.querySelector('[data-trends-map=say]').textContent"
    page.keyboard.press("ArrowRight")
    first, columns = seen(page)["cursor"], page.evaluate("() => trendsMap.page.data.grid[4]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    assert seen(page)["cursor"] == first + 1 + columns
    assert re.search(r"\d+\.\d+ · ", page.evaluate(said))
    scroll = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    until(page, f"trendsMap.page.data.picked === {first + 1 + columns}")
    assert "cell=" in page.url and page.evaluate("scrollY") == scroll
    assert page.evaluate("document.activeElement.id") == "trends-map-canvas"
    page.keyboard.press("Enter")
    until(page, "trendsMap.page.data.picked === null")
    page.keyboard.press("Escape")
    assert seen(page)["cursor"] is None
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") != "trends-map-canvas"


def test_the_pointer_is_told_what_is_under_it(look: Browse) -> None:
    page = look()
    number = page.evaluate(BUSY)
    n = page.evaluate("(number) => trendsMap.page.cells.get(number).n", number)
    page.mouse.move(*spot(page, number))
    tip = page.locator("[data-trends-map=tip]")
    tip.wait_for()
    assert str(n) in tip.inner_text()


def test_a_safe_route_is_picked_on_the_map(look: Browse) -> None:
    page = look()
    page.evaluate("""() => {
      const { map, routes } = trendsMap.page, [lng, lat] = liveMap.unmercator(...routes[0].line[1]);
      map.setView([lat, lng], 15, { animate: false });
    }""")
    box = page.locator("#trends-map-canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    until(page, "trendsMap.page.data.route")
    assert re.search(r"[?&]route=R-\d+$", page.url)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    until(page, "!trendsMap.page.data.route")


def test_density_is_an_address_and_follows_the_theme(look: Browse) -> None:
    page = look()
    page.locator(".trends__picture--map .kpis__tab").nth(1).click()
    until(page, "trendsMap.inspect().density")
    assert page.url.endswith("?surface=kde")
    theme = "document.documentElement.setAttribute('data-theme', '{}')"
    page.evaluate(f"() => {theme.format('dark')}")
    painted, red = until(page, f"(({INK}) ?? [0, 0])[1] > 160 && {INK}")
    page.evaluate(f"() => {theme.format('light')}")
    assert until(page, f"(({INK}) ?? [0, 999])[1] < {red - 20} && {INK}")[0] == painted > 100


def test_a_map_made_out_of_sight_shows_the_city_once_it_is_seen(look: Browse) -> None:
    page = look(query="?view=traffic", drawn="window.trendsMap?.page?.home")
    assert seen(page)["cells"] == 0
    page.locator(".kpis__tabs .kpis__tab").first.click()
    until(page, DRAWN)
    inside = "trendsMap.page.map.getBounds().contains(trendsMap.page.home)"
    until(page, inside)
    assert seen(page)["view"][2] >= 9.5


def test_another_page_and_back_again_draws_it_anew(look: Browse) -> None:
    page = look()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.locator("a[href='/kpis']").first.click()
    until(page, "document.querySelector('.kpis__table, .kpis__loading') && !window.trendsMap.page")
    page.go_back()
    until(page, DRAWN)
    until(page, INK)
    assert not problems


def test_a_role_without_exact_points_gets_no_few_and_no_q(look: Browse) -> None:
    page = look("manager")
    cells = page.evaluate("() => [...trendsMap.page.cells.values()]")
    assert all(cell["n"] is None or cell["n"] == 0 or cell["n"] >= 5 for cell in cells)
    assert any(cell["n"] is None for cell in cells) and not any(cell.get("q") for cell in cells)
    words = page.locator("#trends-map-below").inner_text()
    assert translator("ko")("trends_where.hidden", few=5) in words


def test_on_a_phone_one_finger_scrolls_the_page(city: ControlRoom, look: Browse) -> None:
    page = look()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    assert page.evaluate("() => trendsMap.page.map.scrollWheelZoom.enabled()") is False
