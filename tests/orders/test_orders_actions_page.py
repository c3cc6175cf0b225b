"""What a person does about a work order, in a real browser with a worker behind it."""

from __future__ import annotations

import re
from typing import Any

import httpx

from dashboard.text import t
from tests.live_page import until
from tests.orders.visits import CALLBACKS, ROW, Open
from tests.test_api_orders import act, order_of

ACTIONS = re.compile("/api/v1/orders/.*/actions")
SAYS = "[data-orders=form-says]"


def says(page: Any, key: str) -> None:
    """Waits for the form to say one of its texts, whatever it fills in."""
    pattern = re.escape(t(f"orders.{key}", "en")).replace(r"\{to\}", ".+")
    pattern = re.sub(r"\\\{\w+\\\}", ".+", pattern)
    page.locator(SAYS).filter(has_text=re.compile(pattern)).wait_for()


def test_a_repair_is_reported_from_the_keyboard_alone(visit: Open, api: httpx.Client) -> None:
    page = visit("manager", "/orders?kind=light")
    page.locator(".orders__open").first.focus()
    page.keyboard.press("End")
    key = page.evaluate("document.activeElement.closest('tr').dataset.key")
    page.keyboard.press("Enter")
    until(page, "document.activeElement.matches('.button--primary')")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+Enter")
    says(page, "js_done_repaired")
    page.locator(".orders__standing").get_by_text("Being verified").wait_for()
    assert api.get(f"/api/v1/orders/{key}").json()["state"] == "repaired"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('tr').dataset.key") == key


def test_a_bell_is_given_to_another_vendor(visit: Open, api: httpx.Client) -> None:
    page = visit("operator")
    page.locator(ROW.format("B-1")).click()
    page.locator("[data-orders-act=assign]").click()
    page.locator("[data-orders-form=assign] [type=submit]").click()
    says(page, "js_missing_to")
    page.locator("[data-orders-form=assign] select").select_option("Maru")
    page.locator("[data-orders-form=assign] [type=submit]").click()
    says(page, "js_done_assign")
    assert order_of(api, "B-1")["assignee"] == "Maru"
    assert page.locator("[data-orders-act=cancel]").is_hidden()


def test_the_second_learns_who_was_first_and_sees_the_new_state(
    visit: Open, api: httpx.Client
) -> None:
    page = visit("manager")
    page.locator(ROW.format("L-5")).click()
    page.locator("[data-orders-act=parts]").click()
    page.route(CALLBACKS, lambda route: route.abort())
    assert act(api, order_of(api, "L-5"), "repaired", action_id="r5").status_code == 200
    page.keyboard.press("Control+Enter")
    says(page, "js_first_repaired")
    assert "operator" in page.locator(SAYS).inner_text()
    page.unroute(CALLBACKS)
    page.locator(".orders__standing").get_by_text("Being verified").wait_for(timeout=30_000)


def test_what_nobody_confirmed_is_not_shown_as_done_and_counts_once(
    visit: Open, api: httpx.Client
) -> None:
    page = visit("manager")
    page.locator(ROW.format("L-0")).click()
    page.locator("[data-orders-act=note]").click()
    page.keyboard.type("key at the kiosk")
    asked: list[str] = []

    def late(route: Any) -> None:
        """The action gets there; its answer does not."""
        asked.append(route.request.post_data_json["action_id"])
        route.fetch()
        route.fulfill(status=504, json={"error": "not_confirmed"})

    page.route(ACTIONS, late)
    page.keyboard.press("Control+Enter")
    says(page, "js_not_confirmed")
    page.unroute(ACTIONS)
    with page.expect_request(ACTIONS) as again:
        page.locator("[data-orders-again]").click()
    says(page, "js_done_note")
    assert again.value.post_data_json["action_id"] == asked[0]
    notes = [e for e in order_of(api, "L-0")["history"] if e["what"] == "note"]
    assert len(notes) == 1
