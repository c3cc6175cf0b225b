"""Decisions asked for on the page of a week, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.text import translator
from tests import visitor
from tests.conftest import ControlRoom
from tests.weekly.sealed_room import THIRD

Browse = Callable[..., Page]
REFRESH = "window.dash_clientside.set_props('weekly-asked', { data: { at: Date.now() } })"
said = translator("ko")


def test_a_manager_asks_for_a_decision_and_takes_it_back(
    sealed_room: ControlRoom, look: Browse
) -> None:
    page = look("manager")
    field = page.locator("#weekly-decision-text")
    ask = page.locator("[data-weekly-ask] [type=submit]")
    ask.click()
    expect(page.locator("[data-says]")).to_have_text(said("weekly_page.empty"))
    assert page.evaluate("document.activeElement.id") == "weekly-decision-text"
    field.fill("Two lamps of R-07,\n beyond the contract")
    ask.click()
    asked = page.locator(".weekly__asked")
    expect(asked).to_have_text("Two lamps of R-07, beyond the contract")
    expect(field).to_have_value("")
    reader = look("executive")
    expect(reader.locator(".weekly__asked")).to_have_count(1)
    expect(reader.locator("#decisions")).to_contain_text("manager, 20")
    page.locator("[data-withdraw]").click()
    expect(asked).to_have_count(0)
    audit = [json.loads(fields[b"d"]) for _, fields in sealed_room.redis().xrange("audit")]
    told = [one for one in audit if one["what"].startswith("decision_")]
    assert {one["what"] for one in told} == {"decision_asked", "decision_withdrawn"}
    assert "lamps" not in json.dumps(told)


def test_what_is_typed_survives_that_the_page_is_drawn_anew(
    sealed_room: ControlRoom, look: Browse
) -> None:
    page = look("manager")
    field = page.locator("#weekly-decision-text")
    field.fill("half a tho")
    page.locator(".weekly__others summary").click()
    with visitor.signed_in(sealed_room.base_url, "manager", sealed_room.password) as other:
        kept = other.post(f"/api/v1/weeks/{THIRD}/decisions", json={"text": "from elsewhere"})
    assert kept.status_code == 200
    page.evaluate(REFRESH)
    expect(page.locator(".weekly__asked")).to_have_text("from elsewhere")
    expect(field).to_have_value("half a tho")
    assert page.locator(".weekly__others").evaluate("node => node.open")
    page.locator("[data-withdraw]").click()
    expect(page.locator(".weekly__asked")).to_have_count(0)
    expect(field).to_have_value("half a tho")


def test_words_that_were_not_sent_are_still_there(look: Browse) -> None:
    page = look("manager")
    page.route("**/decisions", lambda route: route.abort())
    page.locator("#weekly-decision-text").fill("Do it.")
    page.locator("[data-weekly-ask] [type=submit]").click()
    expect(page.locator("[data-says]")).to_have_text(said("weekly_page.failed"))
    expect(page.locator("#weekly-decision-text")).to_have_value("Do it.")


@pytest.mark.parametrize("role", ["executive", "duty", "operator", "admin"])
def test_nobody_else_has_the_form_or_the_right(
    sealed_room: ControlRoom, look: Browse, role: str
) -> None:
    page = look(role)
    expect(page.locator("#decisions")).to_be_visible()
    assert page.locator("[data-weekly-ask], [data-withdraw]").count() == 0
    with visitor.signed_in(sealed_room.base_url, role, sealed_room.password) as someone:
        refused = someone.post(f"/api/v1/weeks/{THIRD}/decisions", json={"text": "x"})
    assert refused.status_code == 403
