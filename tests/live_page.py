"""What browser tests ask of the live map page. Expressions go through evaluate, which the
page's strict CSP allows; Playwright's wait_for_function would need unsafe-eval."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, WebSocketRoute

from tests.conftest import ControlRoom

AXE = (Path(__file__).parent / "vendor" / "axe" / "axe.min.js").read_text("utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def until(page: Page, expression: str, timeout_s: float = 15.0) -> Any:
    """The first value of a JavaScript expression that is true."""
    deadline = time.monotonic() + timeout_s
    while True:
        if value := page.evaluate(f"() => {expression}"):
            return value
        assert time.monotonic() < deadline, f"never true: {expression}"
        time.sleep(0.02)


def until_live(page: Page) -> None:
    until(page, "window.liveMap && liveMap.inspect().cursor !== null")
    until(page, "document.querySelector('[data-live=dot]') && liveMap.page.city.link === 'up'")


def row(alert_id: str) -> str:
    return f'.queue__row[data-alert-id="{alert_id}"]'


def marker(alert_id: str) -> str:
    return f'[data-alert-marker="{alert_id}"]'


def view(page: Page) -> list[float]:
    at = "liveMap.page.map.getCenter()"
    return page.evaluate(f"() => [{at}.lat, {at}.lng, liveMap.page.map.getZoom()]")


def violations(page: Page) -> list[str]:
    """WCAG 2.2 AA violations as 'rule: first element'."""
    page.evaluate(AXE)
    found = page.evaluate("(tags) => axe.run({runOnly: tags})", WCAG)["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


class Line:
    """The page's live connection, which a test can hold up or cut. Make it before signing in."""

    def __init__(self) -> None:
        self.held = self.cut = False
        self._open: list[WebSocketRoute] = []

    def watch(self, page: Page) -> None:
        page.route_web_socket("**/live?**", self._connect)

    def _connect(self, route: WebSocketRoute) -> None:
        if self.cut:
            route.close()
            return
        self._open.append(route)
        server = route.connect_to_server()
        server.on_message(lambda message: None if self.held else route.send(message))

    def break_now(self) -> None:
        """From now on every connection is refused, and the one there is ends."""
        self.cut = True
        for route in self._open:
            route.close()
        self._open.clear()


def sign_in_behind(
    line: Line, room: ControlRoom, browser: Browser, role: str, before: str = ""
) -> Page:
    """A page whose live connection the test has in its hand; `before` runs ahead of its scripts."""
    context = browser.new_context(locale="ko-KR", viewport={"width": 1600, "height": 900})
    page = context.new_page()
    page.add_init_script(before)
    line.watch(page)
    page.goto(f"{room.base_url}/login")
    page.fill("input[name=username]", role)
    page.fill("input[name=password]", room.password)
    page.click("button[type=submit]")
    until_live(page)
    return page
