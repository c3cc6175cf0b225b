"""Charts in a real browser, under the policy that all our pages have."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from dashboard.text import t
from tests import source_tree
from tests.chart_room import open_room
from tests.live_page import until, until_live, violations

VENDOR = source_tree.ROOT / "dashboard" / "assets" / "vendor"
DRAWN = "document.querySelectorAll('.js-plotly-plot .main-svg').length >= 10"
LINE = "#charts-lines .scatterlayer .js-line"
GRAPH = "document.querySelector('#charts-lines .js-plotly-plot')"
RANGE = f"{GRAPH}._fullLayout.xaxis.range.join()"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with open_room() as address:
        yield address


@pytest.fixture
def charts_page(page: Page, address: str) -> Page:
    page.said = []  # type: ignore[attr-defined]
    page.asked = []  # type: ignore[attr-defined]
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(address)
    until(page, DRAWN)
    return page


def stroke(page: Page) -> Any:
    return page.locator(LINE).last.evaluate("node => getComputedStyle(node).stroke")


def test_what_is_vendored_is_what_the_list_says() -> None:
    said = (VENDOR / "README.md").read_text("utf-8")
    [(name, digest)] = re.findall(r"`(plotly-[\w.]+)` \(.*file sha256 `([0-9a-f]{64})`", said)
    assert hashlib.sha256((VENDOR / "plotly" / name).read_bytes()).hexdigest() == digest
    assert (VENDOR / "plotly" / "LICENSE.txt").read_text("utf-8").startswith("MIT License")


def test_charts_are_drawn_with_our_small_plotly_and_break_no_policy(
    charts_page: Any, address: str
) -> None:
    page = charts_page
    assert page.said == []
    [plotly] = [url for url in page.asked if "plotly" in url]
    assert plotly.startswith(address.removesuffix("/charts") + "/assets/vendor/plotly/")
    assert {url.split("/")[2] for url in page.asked if url.startswith("http")} == {
        address.split("/")[2]
    }
    titles = page.locator("#charts-lines .modebar-btn").evaluate_all(
        "buttons => buttons.map(button => button.getAttribute('aria-label'))"
    )
    assert len(titles) == 2 and not [title for title in titles if re.search("[a-z]{4}", title)]


def test_the_live_map_loads_no_plotly(signed_in: Callable[..., Page]) -> None:
    page = signed_in("duty")
    until_live(page)
    names = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    assert any("/assets/js/charts.js" in name for name in names)
    assert not [name for name in names if "plotly" in name]


def test_a_switch_of_theme_and_printing_change_the_colours(charts_page: Page) -> None:
    page = charts_page
    light = stroke(page)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    until(page, f"getComputedStyle([...document.querySelectorAll('{LINE}')].at(-1)).stroke"
                f" !== '{light}'")  # fmt: skip
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert stroke(page) == light, "paper is light"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert stroke(page) != light


def test_new_figures_leave_the_zoom_as_it_was(charts_page: Page) -> None:
    page = charts_page
    whole = page.evaluate(RANGE)
    box = page.locator("#charts-lines .nsewdrag").first.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 300, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 600, middle, steps=4)
    page.mouse.up()
    until(page, f"{RANGE} !== '{whole}'")
    zoomed = page.evaluate(RANGE)
    page.evaluate("dash_clientside.set_props('charts-tick', {data: 0.01})")
    until(page, f"{GRAPH}.data.length === 2")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert page.evaluate(RANGE) == zoomed


def test_the_picture_is_saved_as_svg(charts_page: Page, tmp_path: Path) -> None:
    page = charts_page
    page.locator("#charts-lines").hover()
    with page.expect_download() as saved:
        page.locator("#charts-lines .modebar-btn").first.click()
    saved.value.save_as(tmp_path / "chart.svg")
    assert (tmp_path / "chart.svg").read_text("utf-8").startswith("<svg")
    assert not [words for words in page.said if "Content Security" in words]  # type: ignore[attr-defined]


def test_charts_are_for_everyone_at_any_width(charts_page: Page) -> None:
    page = charts_page
    page.locator("summary", has_text=t("charts.as_table", "ko")).first.click()
    assert page.locator("#charts-lines").locator("xpath=ancestor::figure").get_by_role(
        "row"
    ).count() == 53  # fmt: skip
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    until(page, f"{GRAPH}.clientWidth < 390")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
