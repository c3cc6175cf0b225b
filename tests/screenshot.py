"""`make screenshot`: a running simulation, as a duty officer sees it, into docs/screenshot.png,
and beside it the KPI page, as a manager sees it, into docs/screenshot_kpis.png, the trends of a
year into docs/screenshot_trends.png, and the newest sealed week into docs/screenshot_weekly.png.

Words after it: `light`, `en`, a number of weeks of history (8), a path to write to.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import PASSWORD, ROOT, ControlRoom, chromium, launch
from tests.live_page import until
from tests.visitor import signed_in

TARGET = ROOT / "docs" / "screenshot.png"
HISTORY_S = 1_200
SETTLE_S = 80  # real time after the history: figures of the hour are read once a minute

PAGE_SETTLE_S = 40  # the latency figure forgets how long the page took to load


def main(words: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        weeks = next((word for word in words if word.isdigit()), "8")
        room = launch(Path(folder) / "room", SIMULATOR="1", SIM_HISTORY_WEEKS=weeks)
        try:
            room.wait_until_ready()
            _wait_for_history(room)
            time.sleep(SETTLE_S)
            target = next((Path(word) for word in words if word.endswith(".png")), TARGET)
            _take(room, words, target)
        finally:
            room.stop()
    print(f"wrote {target}")


def _wait_for_history(room: ControlRoom) -> None:
    deadline = time.monotonic() + HISTORY_S
    while time.monotonic() < deadline:
        progress = json.loads(room.redis().get("sim:progress") or b"{}")
        if progress.get("phase") == "live":
            return
        time.sleep(1)
    raise SystemExit(f"no history after {HISTORY_S} s:\n{room.log[-2000:]}")


def _ask_for_help(room: ControlRoom) -> None:
    """A quiet night has an empty queue: three alerts of our own, so that there is one to see."""
    with signed_in(room.base_url, "duty", room.password) as duty:
        for kind, what in (("cctv", "fight"), ("cctv", "abandonment"), ("bell", "bell")):
            [device, *_] = duty.get("/api/v1/devices", params={"kind": kind}).json()["items"]
            message: dict[str, object] = {
                "v": 1,
                "ts": datetime.now(UTC).isoformat(),
                "alert_id": f"screenshot-{what}",
                "type": what,
                "device_id": device["device_id"],
            }
            if kind == "cctv":
                message["confidence"] = 0.87
            room.redis().xadd("field:{0}:alerts", {"d": json.dumps(message)})


def _take(room: ControlRoom, words: list[str], target: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = _page(browser, words, "light" if "light" in words else "dark")
        _sign_in(page, room.base_url, "duty")
        until(page, "(window.liveMap?.inspect?.()?.devices ?? 0) > 0", 60)
        page.wait_for_timeout(PAGE_SETTLE_S * 1_000)
        _ask_for_help(room)
        page.locator("[data-alert-id]").first.click(timeout=30_000)
        page.wait_for_timeout(3_000)  # the map comes to rest
        page.screenshot(path=target)
        _take_kpis(browser, room, words, target.with_stem(f"{target.stem}_kpis"))
        _take_trends(browser, room, words, target.with_stem(f"{target.stem}_trends"))
        _take_weekly(browser, room, words, target.with_stem(f"{target.stem}_weekly"))
        browser.close()


def _take_kpis(browser: Browser, room: ControlRoom, words: list[str], target: Path) -> None:
    """Figures are read on paper and by day: light."""
    page = _page(browser, words, "light")
    _sign_in(page, room.base_url, "manager")
    page.goto(f"{room.base_url}/kpis")
    page.locator(".kpis table").first.wait_for(timeout=60_000)
    page.wait_for_timeout(2_000)
    page.screenshot(path=target)


def _take_trends(browser: Browser, room: ControlRoom, words: list[str], target: Path) -> None:
    page = _page(browser, words, "light")
    _sign_in(page, room.base_url, "duty")
    page.goto(f"{room.base_url}/trends?period=365d")
    page.locator("#trends-near-content table").first.wait_for(timeout=60_000)
    page.wait_for_timeout(4_000)  # the map is drawn
    page.screenshot(path=target)


def _take_weekly(browser: Browser, room: ControlRoom, words: list[str], target: Path) -> None:
    page = _page(browser, words, "light")
    _sign_in(page, room.base_url, "executive")
    page.set_viewport_size({"width": 1200, "height": 1200})
    page.goto(f"{room.base_url}/weekly")
    page.locator(".weekly table").first.wait_for(timeout=60_000)
    page.wait_for_timeout(2_000)
    page.screenshot(path=target)


def _page(browser: Browser, words: list[str], scheme: Literal["light", "dark"]) -> Page:
    context = browser.new_context(
        viewport={"width": 1600, "height": 900},
        locale="en-US" if "en" in words else "ko-KR",
        timezone_id="Asia/Seoul",
        color_scheme=scheme,
    )
    return context.new_page()


def _sign_in(page: Page, base_url: str, user: str) -> None:
    page.goto(f"{base_url}/login")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)


if __name__ == "__main__":
    main(sys.argv[1:])
