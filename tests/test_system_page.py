"""The System page in a real browser, on the whole running control room."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

from tests.conftest import ControlRoom
from tests.live_page import until

Browse = Callable[..., Any]
CALLBACKS = re.compile("/_dash-update-component")


def write(control_room: ControlRoom, stream: str, text: str) -> None:
    control_room.redis().xadd(f"field:{{0}}:{stream}", {"d": text})


def a_bad_status(name: str) -> str:
    return json.dumps({"v": 1, "device_id": name, "ts": "2026-01-01T00:00:00", "state": "ok"})


def test_it_shows_what_was_rejected_and_keeps_what_is_open(
    control_room: ControlRoom, signed_in: Browse
) -> None:
    write(control_room, "status", a_bad_status("FIRST"))
    page = signed_in("operator", "/system")
    first = page.locator("tr", has=page.locator("summary", has_text='"FIRST"')).first
    first.locator("summary").click()
    write(control_room, "status", a_bad_status("SECOND"))
    page.locator("summary", has_text='"SECOND"').first.wait_for()
    assert first.locator("details").evaluate("node => node.open")
    assert "ts" in first.locator(".system__reason").inner_text()
    keys = page.locator("#system-rejected tr").evaluate_all("rows => rows.map(r => r.dataset.key)")
    assert len(keys) == len(set(keys))


def test_a_rejected_message_is_sent_again_and_judged_again(
    control_room: ControlRoom, signed_in: Browse
) -> None:
    name = f"AGAIN-{time.time_ns()}"
    write(control_room, "status", a_bad_status(name))
    page = signed_in("operator", "/system")
    row = page.locator("tr", has=page.locator("summary", has_text=name)).first
    row.wait_for()
    key = row.get_attribute("data-key")
    row.locator("button").click()
    until(page, "document.querySelector('#system-notice').textContent !== ''")
    page.locator(f'tr[data-key="{key}"]').wait_for(state="detached")
    page.locator("tr", has=page.locator("summary", has_text=name)).first.wait_for()


def test_figures_add_up_and_nothing_is_drawn_anew(
    control_room: ControlRoom, signed_in: Browse
) -> None:
    page = signed_in("admin", "/system")
    cell = page.locator('[data-cell="0.registry.accepted"]')
    cell.filter(has_text=re.compile(r"\d")).wait_for()
    before = int(cell.inner_text().replace(",", ""))
    cell.evaluate("node => { node.dataset.kept = 'yes' }")
    device = {"v": 1, "device_id": f"S-{time.time_ns()}", "ts": "2026-11-22T10:00:00Z",
              "kind": "sign", "lon": 126.83, "lat": 37.66}  # fmt: skip
    write(control_room, "registry", json.dumps(device))
    until(
        page,
        "+document.querySelector('[data-cell=\"0.registry.accepted\"]')"
        f".textContent.replace(',', '') > {before}",
    )
    assert cell.get_attribute("data-kept") == "yes"
    figures = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('[data-cell^=\"0.registry.\"]')]"
        ".map(n => [n.dataset.cell.split('.')[2], +n.textContent.replace(',', '') || 0]))"
    )
    parts = ("accepted", "duplicate", "waiting")
    rejected = int(page.locator('[data-cell="0.registry.rejected"]').inner_text())
    assert figures["written"] == sum(figures[name] for name in parts) + rejected
    assert page.locator('[data-cell="fact.durability"]').inner_text().endswith("(always)")


def test_it_fits_a_phone_and_speaks_english(control_room: ControlRoom, signed_in: Browse) -> None:
    page = signed_in("operator", "/system")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator(".shell__who").click()
    page.locator("[data-choose-language=en]").click()
    page.get_by_role("heading", name="Rejected messages").wait_for()
    assert page.title() == "System · Goyang Safe Streets"
    assert page.evaluate("document.documentElement.lang") == "en"


def test_signing_out_elsewhere_leads_back_to_the_sign_in_page(
    control_room: ControlRoom, signed_in: Browse
) -> None:
    page = signed_in("operator", "/system")
    page.context.clear_cookies(name="sid")
    page.wait_for_url(lambda url: "/login?next=%2Fsystem" in url)


def test_old_figures_never_look_like_new_ones(control_room: ControlRoom, signed_in: Browse) -> None:
    page = signed_in("operator", "/system")
    banner = page.locator("[data-system-stale]")
    page.locator('[data-cell="at"]').filter(has_text=re.compile(r"\d")).wait_for()
    assert banner.is_hidden()
    page.route(CALLBACKS, lambda route: route.abort())
    banner.wait_for(state="visible", timeout=20_000)
    page.unroute(CALLBACKS)
    banner.wait_for(state="hidden", timeout=20_000)
