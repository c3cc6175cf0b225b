"""The work orders page in a real browser: lists, what belongs to the person, who may see it."""

from __future__ import annotations

from typing import Any

import httpx

from dashboard.text import t
from data_sources import keys
from tests import visitor
from tests.conftest import ControlRoom
from tests.live_page import until, violations
from tests.orders.visits import CALLBACKS, ROW, Open
from tests.test_api_orders import act, order_of

# -- reading -------------------------------------------------------------------------------------


def test_conditions_live_in_the_address(visit: Open) -> None:
    page = visit("manager")
    page.locator("select[name=kind]").select_option("bell")
    until(page, "document.querySelectorAll('.orders__row').length === 1")
    assert page.url.endswith("/orders?kind=bell")
    assert page.locator(".orders__hidden").inner_text() == "7 hidden"
    page.locator(".orders__search").type("nothing like it")
    page.locator("[data-orders=empty]").wait_for()
    page.get_by_role("link", name="Clear all").click()
    until(page, "document.querySelectorAll('.orders__row').length === 8")
    assert page.locator(".orders__search").input_value() == ""
    page.go_back()
    page.go_back()
    until(page, "document.querySelectorAll('.orders__row').length === 1")
    page.reload()
    until(page, "document.querySelectorAll('.orders__row').length === 1")
    assert page.locator("select[name=kind]").input_value() == "bell"


def test_an_address_that_cannot_be_says_so_and_leads_back(visit: Open) -> None:
    page = visit("manager", "/orders?zone=9")
    page.get_by_text(t("choice.unknown_zone", "en", value="9")).wait_for()
    page.get_by_role("link", name="Clear all").click()
    page.locator(".orders__row").first.wait_for()


def test_it_is_readable_for_everyone(visit: Open) -> None:
    for theme in ("dark", "light"):
        page = visit("manager", "/orders?kind=light")
        page.evaluate("name => (document.documentElement.dataset.theme = name)", theme)
        assert violations(page) == []
        page.locator(ROW.format("L-0")).click()
        page.locator("[data-orders-act=assign]").click()
        assert violations(page) == []


def test_on_a_phone_the_order_lies_over_the_list(visit: Open) -> None:
    page = visit("manager", language="ko")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator(ROW.format("L-0")).click()
    page.locator("#orders-detail h2").wait_for()
    assert page.evaluate("document.querySelector('.orders__list').inert")
    assert violations(page) == []
    page.locator("[data-orders-close]").click()
    assert page.locator("#orders-detail").is_hidden()
    assert page.evaluate("document.activeElement.closest('tr').dataset.key").startswith("W-L-0")


def test_old_lists_never_look_like_new_ones(visit: Open) -> None:
    page = visit("manager")
    page.route(CALLBACKS, lambda route: route.abort())
    page.locator("[data-orders=stale]").wait_for(state="visible", timeout=30_000)
    page.unroute(CALLBACKS)
    page.locator("[data-orders=stale]").wait_for(state="hidden", timeout=30_000)


def test_from_an_order_to_its_device_and_back(visit: Open) -> None:
    page = visit("manager")
    page.locator(ROW.format("L-0")).click()
    page.get_by_role("link", name="The device's year").click()
    page.wait_for_url("**/device?id=L-0")
    page.go_back()
    page.locator(".orders__row--chosen").wait_for()


# -- what belongs to the person ------------------------------------------------------------------


def test_an_update_leaves_alone_what_a_person_is_doing(visit: Open, api: httpx.Client) -> None:
    page = visit("manager", "/orders?kind=light")
    other = page.locator(ROW.format("L-1"))
    other.evaluate("node => { node.kept = 'yes' }")
    page.locator(ROW.format("L-2")).click()
    page.locator("[data-orders-act=note]").click()
    page.keyboard.type("half a sent")
    assert act(api, order_of(api, "L-1"), "parts", action_id="p1").status_code == 200
    other.locator(".orders__changed").wait_for()
    assert other.evaluate("node => node.kept") == "yes"
    assert other.locator(".orders__step").inner_text() == t("orders.step_parts", "en")
    assert page.evaluate("document.activeElement.value") == "half a sent"
    assert act(api, order_of(api, "L-2"), "note", note="by him", action_id="n1").status_code == 200
    page.locator(".orders__story").get_by_text("by him").wait_for()
    assert page.evaluate("document.activeElement.value") == "half a sent"
    page.locator(ROW.format("L-3")).click()
    page.locator("#orders-detail").get_by_text("L-3 · light 3").wait_for()
    page.locator(ROW.format("L-2")).click()
    page.locator("#orders-detail").get_by_text("L-2 · light 2").wait_for()
    page.locator("[data-orders-act=note]").click()
    assert page.evaluate("document.activeElement.value") == "half a sent"


def test_the_open_row_stays_when_it_no_longer_fits(visit: Open, api: httpx.Client) -> None:
    page = visit("manager", "/orders?step=assigned")
    row = page.locator(ROW.format("L-4"))
    row.click()
    assert act(api, order_of(api, "L-4"), "parts", action_id="p4").status_code == 200
    row.get_by_text("no longer meets the conditions").wait_for()
    page.keyboard.press("Escape")
    page.locator(ROW.format("L-3")).click()
    row.wait_for(state="detached")


# -- who may -------------------------------------------------------------------------------------


def a_request(search: object, part: str = "list") -> dict[str, object]:
    """What the renderer posts for the list, or for the detail."""
    outputs = [f"orders-{part}.data-orders-{part}", f"orders-{part}.data-mark"]
    outputs += ["orders-list.data-orders-feed"] if part == "list" else []
    asked: dict[str, Any] = visitor.callback(outputs, "shell-location.search", search)
    asked["inputs"].append({"id": "orders-tick", "property": "data", "value": 1})
    asked["state"] = [{"id": f"orders-{part}", "property": "data-mark", "value": [search]}]
    return asked


def test_whatever_a_browser_says_is_answered(room: ControlRoom) -> None:
    strange = (
        None,
        17,
        [],
        {"a": 1},
        "?" + "x" * 5_000,
        "?page=\u0663",
        "?q=%00%ff%f0%9f",
        "?age=5",
        "?order=%3Cscript%3E",
        "?order=W-L-none-0",
        "?" + "&".join(f"a{n}=1" for n in range(99)),
    )
    with visitor.signed_in(room.base_url, "duty", room.password) as http:
        for search in strange:
            for part in ("list", "detail"):
                answer = http.post(visitor.UPDATE, json=a_request(search, part))
                assert answer.status_code == 200, (search, part)
                assert "<script" not in answer.text


def test_a_duty_officer_reads_and_cannot_forge_an_action(
    room: ControlRoom, visit: Open, api: httpx.Client
) -> None:
    page = visit("duty")
    page.locator(ROW.format("L-3")).click()
    page.locator("#orders-detail").get_by_text("L-3 · light 3").wait_for()
    assert page.locator("[data-orders-act]").count() == 0
    order, written = order_of(api, "L-3"), room.redis().xlen(keys.stream(0, "actions"))
    sent = page.evaluate(
        "order => orders.send(order.order_id, {action: 'repaired', version: order.version,"
        " action_id: orders.actionId()})",
        order,
    )
    assert sent == {"ok": False, "words": t("orders.js_refused", "en"), "again": False}
    assert order_of(api, "L-3") == order
    assert room.redis().xlen(keys.stream(0, "actions")) == written


def test_an_executive_has_no_such_page_nor_what_is_behind_it(
    room: ControlRoom, signed_in: Open
) -> None:
    page = signed_in("executive", "/", room.base_url)
    assert page.get_by_role("link", name=t("shell.nav_orders", "ko")).count() == 0
    page.goto(f"{room.base_url}/orders")
    page.get_by_text(t("errors.page_403", "ko")).wait_for()
    asked = a_request("")
    with visitor.signed_in(room.base_url, "executive", room.password) as http:
        assert http.post(visitor.UPDATE, json=asked).status_code == 403
        export = {"kind": "orders", "format": "csv", "reason": "curiosity", "query": ""}
        assert http.post("/kpis/export", json=export).status_code == 403
    with visitor.signed_in(room.base_url, "manager", room.password) as http:
        assert http.post(visitor.UPDATE, json=asked).status_code == 200


def test_the_list_leaves_as_a_file_with_a_reason(visit: Open) -> None:
    page = visit("manager", "/orders?kind=bell")
    page.locator("[data-tool=export] summary").click()
    page.locator("[data-tool=export] [name=reason]").fill("meeting with vendors")
    page.locator("[data-tool=export] [value=csv]").check()
    with page.expect_download() as file:
        page.locator("[data-tool=export] [type=submit]").click()
    text = file.value.path().read_text("utf-8-sig")
    assert "B-1" in text and "L-1" not in text


def test_a_view_is_kept_under_a_name(visit: Open) -> None:
    page = visit("manager", "/orders?kind=bell&age=0")
    page.locator("[data-tool=saved] summary").click()
    page.locator("[data-save-view] input").fill("bells of today")
    page.locator("[data-save-view] button").click()
    page.goto(page.url.split("?")[0])
    page.locator("[data-tool=saved] summary").click()
    page.get_by_role("link", name="bells of today").click()
    page.wait_for_url("**/orders?age=0&kind=bell")
