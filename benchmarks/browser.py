"""A real Chromium with a probe inside every page, and what it says of its own work."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from tests.conftest import PASSWORD, chromium

PROBE = Path(__file__).parent / "probe.js"
SIZE = {"width": 1600, "height": 950}
DRAWN_MS = 60_000
MAP = "#live-map-map, #naive-map"


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--enable-precise-memory-info"]
        )
        try:
            yield found
        finally:
            found.close()


def context(browser: Browser, **options: Any) -> BrowserContext:
    made = browser.new_context(
        viewport=SIZE, locale="ko-KR", timezone_id="Asia/Seoul", color_scheme="dark", **options
    )
    made.add_init_script(path=PROBE)
    return made


def sign_in(page: Page, base: str, role: str = "duty") -> None:
    """Until devices are on the map."""
    page.goto(f"{base}/login")
    page.fill("input[name=username]", role)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    wait_until_drawn(page)


def wait_until_drawn(page: Page) -> float:
    """When the first devices were on the screen, epoch ms."""
    page.wait_for_url(lambda url: "/login" not in url)
    page.wait_for_function("() => window.probe?.firstDrawn()", timeout=DRAWN_MS)
    return float(page.evaluate("probe.firstDrawn()"))


class Busy(NamedTuple):
    """ms per second: by the clock, and of processor time (the thread may have had to wait)."""

    wall_ms: float
    cpu_ms: float


class Meter:
    """Main-thread time and heap of a page, as Chromium counts them."""

    def __init__(self, page: Page) -> None:
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.send("HeapProfiler.enable")
        self._cdp.send("Performance.enable")

    def _read(self) -> dict[str, float]:
        found = self._cdp.send("Performance.getMetrics")["metrics"]
        return {one["name"]: one["value"] for one in found}

    def busy(self, seconds: float) -> Busy:
        """Time of all tasks on the page's main thread: half of the time by each clock."""
        return Busy(self._rate("timeTicks", seconds / 2), self._rate("threadTicks", seconds / 2))

    def deltas_per_s(self, page: Page, seconds: float) -> float:
        """Messages on the WebSocket that change devices. Apart from the others: looking costs."""
        found: list[str] = []
        self._cdp.send("Network.enable")
        self._cdp.on("Network.webSocketFrameReceived",
                     lambda event: found.append(event["response"]["payloadData"]))  # fmt: skip
        page.wait_for_timeout(1000 * seconds)
        self._cdp.send("Network.disable")
        return sum('"d":[' in text and '"d":[]' not in text for text in found) / seconds

    def _rate(self, clock: str, seconds: float) -> float:
        self._cdp.send("Performance.disable")
        self._cdp.send("Performance.enable", {"timeDomain": clock})
        before, began = self._read()["TaskDuration"], time.monotonic()
        time.sleep(seconds)
        after, took = self._read()["TaskDuration"], time.monotonic() - began
        return 1000 * (after - before) / took

    def heap_mb(self) -> float:
        """Of script objects, after collecting garbage."""
        self._cdp.send("HeapProfiler.collectGarbage")
        return self._read()["JSHeapUsedSize"] / 1e6


def pan(page: Page, rounds: int = 3) -> list[float]:
    """Drags the map to and fro by mouse; ms from frame to frame meanwhile."""
    box = page.locator(MAP).first.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate("probe.startFrames()")
    for _ in range(rounds):
        for direction in (1, -1):
            page.mouse.move(x - direction * 200, y)
            page.mouse.down()
            page.mouse.move(x + direction * 200, y + direction * 80, steps=50)
            page.mouse.up()
            page.wait_for_timeout(100)
    return [float(gap) for gap in page.evaluate("probe.stopFrames()")]
