"""The table of hours by keyboard, in a browser page without a server."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from dashboard.trends.heat import heat
from dashboard.trends.window import compare
from layouts.trends.heat import heat_picture
from tests.kpis.facts_builder import at
from tests.source_tree import ROOT
from tests.trends.incidents import frame
from tests.trends.pages import html_of, reader

SCRIPT = ROOT / "dashboard" / "assets" / "js" / "trends" / "heat.js"


@pytest.fixture
def table(page: Page) -> Page:
    here = reader()
    incidents = frame({"reported": at(hours=22)})
    picture = heat_picture(here, heat(compare(incidents, here.choice, here.now_ms, 0, "hour")))
    page.set_content(f"<button>before</button>{html_of(picture)}<button>after</button>")
    page.add_script_tag(content=SCRIPT.read_text("utf-8"))
    page.locator(".heat__pick[tabindex='0']").focus()
    return page


def focused(page: Page) -> Any:
    return page.evaluate("document.activeElement.title.split(':')[0]")


def test_arrows_move_from_hour_to_hour_and_to_the_heads(table: Page) -> None:
    steps = {"ArrowRight": "Mon 01–02", "ArrowDown": "Tue 01–02", "End": "Tue 23–24",
             "ArrowRight ": "Tue 23–24", "Home": "Tue, all day", "ArrowUp": "Mon, all day",
             "ArrowLeft": "Mon, all day"}  # fmt: skip
    for key, title in steps.items():
        table.keyboard.press(key.strip())
        assert focused(table) == title
    for key in ("ArrowRight", "ArrowUp"):
        table.keyboard.press(key)
    assert focused(table) == "00–01, every day"


def test_the_table_is_left_by_one_press_of_tab(table: Page) -> None:
    table.keyboard.press("ArrowDown")
    table.keyboard.press("Tab")
    assert table.evaluate("document.activeElement.className").find("heat__pick") < 0
