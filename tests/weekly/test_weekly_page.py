"""The page of a week, two weeks and the archive in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from dashboard.text import translator
from dashboard.weekly.compare import compare
from dashboard.weekly.week import Week
from layouts.weekly import words
from tests import visitor
from tests.conftest import ControlRoom
from tests.live_page import until
from tests.weekly.sealed_room import FIRST, SECOND, THIRD, first_week, second_week

Browse = Callable[..., Page]
REFRESH = "window.dash_clientside.set_props('weekly-asked', { data: { at: Date.now() } })"
CALLBACKS = re.compile("/_dash-update-component")
said = translator("ko")


def week(word: str) -> str:
    return words.week_name(said, word)


def test_it_opens_on_the_newest_week_that_is_sealed(look: Browse) -> None:
    page = look()
    expect(page.locator("h1")).to_have_text(said("weekly_page.title", week=week(THIRD)))
    assert page.title().startswith(page.locator("h1").inner_text())
    expect(page.locator(".shell__link--here")).to_have_text(said("shell.nav_weekly"))
    expect(page.locator(".weekly__say p")).to_have_count(3)
    expect(page.locator("#r-bell_presses .weekly__week")).to_have_text("112")
    assert page.locator("#r-bell_presses svg path").get_attribute("d")


def test_a_figure_leads_to_its_definition_and_back(look: Browse) -> None:
    page = look()
    page.locator(".weekly__say a", has_text="186").click()
    assert page.url.endswith("#d-backlog")
    until(page, "document.getElementById('d-backlog').getBoundingClientRect().top < innerHeight")
    assert page.evaluate("document.querySelector(':target').id") == "d-backlog"
    page.locator("#d-backlog h3 a").click()
    until(page, "document.querySelector(':target').id === 'r-backlog'")
    page.wait_for_timeout(500)
    assert page.locator("[data-busy]").count() == 0, "an anchor asks the server nothing"
    page.go_back()
    page.go_back()
    page.wait_for_timeout(500)
    assert "#" not in page.url and page.locator("[data-busy]").count() == 0


def test_a_link_from_elsewhere_finds_its_definition(look: Browse) -> None:
    page = look(query=f"?week={THIRD}#d-sla")
    until(page, "document.getElementById('d-sla').getBoundingClientRect().top < innerHeight / 2")


def test_weeks_are_gone_through_without_loading_the_page_again(look: Browse) -> None:
    page = look()
    page.evaluate("window.same = 1")
    page.locator(".weekly__tool--earlier").click()
    expect(page.locator("h1")).to_contain_text(week(SECOND))
    assert page.url.endswith(f"/weekly?week={SECOND}")
    page.go_back()
    expect(page.locator("h1")).to_contain_text(week(THIRD))
    assert page.evaluate("window.same") == 1


def test_revisions_are_there_and_an_old_one_says_that_it_is(look: Browse) -> None:
    page = look()
    expect(page.locator("#revisions tbody tr").first).to_contain_text("5")
    page.locator("#revisions nav a", has_text="1").click()
    page.locator(".weekly__standing").wait_for()
    expect(page.locator("#r-bell_presses .weekly__week")).to_have_text("40")
    page.locator(".weekly__standing a").click()
    expect(page.locator("#r-bell_presses .weekly__week")).to_have_text("112")


def test_a_week_in_progress_is_asked_again_and_a_sealed_one_is_not(look: Browse) -> None:
    page = look()
    assert again_ms(page) > 10**9
    running = Week.at(page.evaluate("Date.now()")).word
    page = look(query=f"?week={running}")
    expect(page.locator(".weekly__provisional")).to_have_text(said("weekly_page.provisional"))
    assert again_ms(page) == 60_000


def again_ms(page: Page) -> int:
    with page.expect_response(CALLBACKS) as answered:
        page.evaluate(REFRESH)
    return int(answered.value.json()["response"]["weekly-answer"]["data"]["again_ms"])


# -- two weeks, the archive ----------------------------------------------------------------------


def test_any_two_weeks_of_the_archive_are_held_against_each_other(look: Browse) -> None:
    page = look(path="/weekly/archive")
    expect(page.locator("tbody tr")).to_have_count(4)  # and the one in progress
    page.locator(f"input[name=week][value='{FIRST}']").check()
    page.locator(f"input[name=with][value='{SECOND}']").check()
    page.locator("[data-compare] button").click()
    page.locator(".weekly__compared").wait_for()
    assert page.url.endswith(f"/weekly?week={FIRST}&with={SECOND}")
    row = page.locator("tr[data-key=bell_presses]")
    judged = compare(first_week(), second_week())
    expect(row.locator("td").nth(2)).to_contain_text("−28")
    expect(row.locator(".weekly__verdict")).to_contain_text(
        said(f"weekly_page.verdict_{judged[0].verdict}")
    )
    row.locator("th a").click()
    expect(page.locator("h1")).to_contain_text(week(SECOND))
    until(page, "document.getElementById('d-bell_presses').getBoundingClientRect().top < 400")


def test_nonsense_is_a_sentence_with_a_way_out(look: Browse) -> None:
    page = look(query="?week=2026-W54")
    problem = page.locator(".weekly__problem")
    expect(problem).to_contain_text("2026-W54")
    assert page.locator(".weekly__sheet").count() == 0
    problem.locator("a").first.click()
    expect(page.locator("h1")).to_contain_text(week(THIRD))
    expect(problem).to_be_empty()
    for query in (f"?week={THIRD}&with={THIRD}", f"?week={THIRD}&revision=9", "?week=9999-W52"):
        page = look(query=query)
        assert page.locator(".weekly__problem p").first.inner_text()


def test_what_was_there_stays_when_what_is_asked_next_cannot_be(look: Browse) -> None:
    page = look()
    page.evaluate("history.pushState({}, '', '/weekly?week=2026-W99')")
    page.evaluate("window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'))")
    expect(page.locator(".weekly__problem")).to_contain_text("2026-W99")
    expect(page.locator("h1")).to_contain_text(week(THIRD))


def test_a_callback_is_for_those_who_may_see_the_week(sealed_room: ControlRoom) -> None:
    asked: dict[str, Any] = {
        "output": "weekly-answer.data",
        "outputs": {"id": "weekly-answer", "property": "data"},
        "inputs": [
            {"id": "shell-location", "property": "search", "value": ""},
            {"id": "weekly-asked", "property": "data"},
        ],
        "state": [{"id": "shell-location", "property": "pathname", "value": "/weekly"}],
        "changedPropIds": ["shell-location.search"],
    }
    with visitor.signed_in(sealed_room.base_url, "executive", sealed_room.password) as someone:
        answer = someone.post(visitor.UPDATE, json=asked)
    assert answer.status_code == 200
    told = answer.json()["response"]["weekly-answer"]["data"]
    assert set(told.get("areas", told)) == {"weekly-content"}, told
