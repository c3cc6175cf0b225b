"""`make screenshot`: a running simulation, as a duty officer sees it, into docs/screenshot.png.

With arguments `light` or `en` the page is shown so.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from conftest import PASSWORD, ROOT, ControlRoom, chromium, launch

TARGET = ROOT / "docs" / "screenshot.png"
HISTORY_S = 600
SETTLE_S = 20  # real time after the history: some alerts of now, a latency figure


def main(words: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        room = launch(Path(folder) / "room", SIMULATOR="1", SIM_HISTORY_WEEKS="8")
        try:
            room.wait_until_ready()
            _wait_for_history(room)
            time.sleep(SETTLE_S)
            _take(room, words)
        finally:
            room.stop()
    print(f"wrote {TARGET}")


def _wait_for_history(room: ControlRoom) -> None:
    deadline = time.monotonic() + HISTORY_S
    while time.monotonic() < deadline:
        progress = json.loads(room.redis().get("sim:progress") or b"{}")
        if progress.get("phase") == "live":
            return
        time.sleep(1)
    raise SystemExit(f"no history after {HISTORY_S} s:\n{room.log[-2000:]}")


def _take(room: ControlRoom, words: list[str]) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": 1600, "height": 900},
            locale="en-US" if "en" in words else "ko-KR",
            timezone_id="Asia/Seoul",
            color_scheme="light" if "light" in words else "dark",
        )
        page = context.new_page()
        _sign_in(page, room.base_url)
        page.locator("[data-alert-id]").first.click(timeout=30_000)
        page.wait_for_timeout(3_000)  # the map comes to rest
        page.screenshot(path=TARGET)
        browser.close()


def _sign_in(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/login")
    page.fill("input[name=username]", "duty")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_function("() => window.liveMap && window.liveMap.inspect().devices > 0")


if __name__ == "__main__":
    main(sys.argv[1:])
