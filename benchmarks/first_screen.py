"""6. How long from sign-in to a usable map, and how many bytes does the page transfer?

Each time a new browser with an empty cache, on this machine. Time: from the submit of the
sign-in form to the first devices on the map. Bytes: everything the map page fetches until it
has been quiet for a while, as counted on the wire by Chromium (headers too, fonts too), opened
directly with an empty cache; the WebSocket's messages are told apart.
"""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from benchmarks import naive_page
from benchmarks.browser import browser, context, sign_in, wait_until_drawn
from benchmarks.measure import Row, alone, median, say
from benchmarks.room import Room, control_room

GOAL_MS, GOAL_KB = 1_500, 800
QUIET_MS = 4_000


@dataclass
class Bytes:
    by_kind: Counter[str] = field(default_factory=Counter)
    biggest: Counter[str] = field(default_factory=Counter)
    socket_bytes: int = 0

    @property
    def kb(self) -> float:
        return sum(self.by_kind.values()) / 1000


def measure(folder: Path, times: int = 5, room: Room | None = None) -> list[Row]:
    with (
        nullcontext(room) if room else control_room(folder / "first") as room,
        browser() as chromium,
    ):
        took = [_sign_in(chromium, room.base) for _ in range(times)]
        cookies = _cookies(chromium, room.base)
        _, ours = transferred(chromium, room.base, cookies)
        with naive_page.serving(room.url) as (base, _):
            drawn, naive = transferred(chromium, base, None)
    say(f"first screen: {[round(one) for one in took]} ms, {ours.kb:.0f} KB")
    ms = median(took)
    return [
        Row(
            "sign-in → usable map, empty cache",
            f"≤ {GOAL_MS:,} ms",
            f"{ms:,.0f} ms (worst of {times}: {max(took):,.0f})",
            f"naive page, no sign-in: {drawn:,.0f} ms",
            drawn / ms,
            ms <= GOAL_MS,
            {"median_ms": ms, "all_ms": took, "naive_ms": drawn},
        ),
        Row(
            "map page on the wire, fonts and data included",
            f"≤ {GOAL_KB} KB gzip",
            f"{ours.kb:,.0f} KB ({_shares(ours)})",
            f"naive page {naive.kb:,.0f} KB, and as much data again every second",
            naive.kb / ours.kb,
            ours.kb <= GOAL_KB,
            {"kb": ours.kb, "kb_by_kind": {k: v / 1000 for k, v in ours.by_kind.items()},
             "biggest_kb": {k: v / 1000 for k, v in ours.biggest.most_common(12)},
             "socket_kb": ours.socket_bytes / 1000, "naive_kb": naive.kb},
        ),
    ]  # fmt: skip


def _shares(found: Bytes) -> str:
    return ", ".join(f"{kind.lower()} {n / 1000:,.0f}" for kind, n in found.by_kind.most_common(5))


def _sign_in(chromium: Browser, base: str) -> float:
    with context(chromium) as made:
        page = made.new_page()
        sign_in(page, base)
        drawn, submitted = page.evaluate("[probe.firstDrawn(), probe.submitted()]")
        return float(drawn - submitted)


def _cookies(chromium: Browser, base: str) -> Any:
    with context(chromium) as made:
        sign_in(made.new_page(), base)
        return made.storage_state()


def transferred(chromium: Browser, base: str, cookies: Any) -> tuple[float, Bytes]:
    """ms to devices on the map, and the bytes."""
    found, names = Bytes(), {}
    with context(chromium, storage_state=cookies) as made:
        page = made.new_page()
        cdp = made.new_cdp_session(page)
        cdp.send("Network.enable")

        def note(event: dict[str, Any]) -> None:
            names[event["requestId"]] = (event["type"], urlsplit(event["response"]["url"]).path)

        def count(event: dict[str, Any]) -> None:
            kind, path = names.get(event["requestId"], ("Other", "?"))
            found.by_kind[kind] += int(event["encodedDataLength"])
            found.biggest[path] += int(event["encodedDataLength"])

        def frame(event: dict[str, Any]) -> None:
            found.socket_bytes += len(event["response"]["payloadData"])

        cdp.on("Network.responseReceived", note)
        cdp.on("Network.loadingFinished", count)
        cdp.on("Network.webSocketFrameReceived", frame)
        page.goto(base + "/")
        drawn = wait_until_drawn(page)
        opened = float(page.evaluate("probe.opened()"))
        if cookies:
            page.wait_for_timeout(QUIET_MS)
    return drawn - opened, found


if __name__ == "__main__":
    alone(measure)
