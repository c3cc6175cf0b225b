"""2b. From a bell press (XADD) until it is on the screen, in the queue and on the map.

A real Chromium, 10,000 devices, 1,000 changes of state a second beside the city's own traffic.
The clock stops in the page after the frame that showed both the row and the marker was handed
to the screen. The same for the naive page, on the same server under the same load.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks import load, naive_page
from benchmarks.browser import browser, context, sign_in, wait_until_drawn
from benchmarks.measure import Row, alone, number, quantile, say
from benchmarks.presses import Hand, new_id
from benchmarks.room import Room, control_room

GOAL_P50_MS, GOAL_P95_MS = 25, 100
CHANGES = 1_000
EVERY_S = 0.3
OPEN = 8  # how many of our presses stay in the queue


def measure(folder: Path, samples: int = 80, room: Room | None = None) -> list[Row]:
    with (
        nullcontext(room) if room else control_room(folder / "screen") as room,
        browser() as chromium,
        load.running(room.url, room.devices, CHANGES, CHANGES),
    ):
        ours = press(our_page(chromium, room), room, samples)
        with naive_page.serving(room.url) as (base, _):
            naive = press(their_page(chromium, base), room, samples // 2)
    p50, p95 = quantile(ours, 0.5), quantile(ours, 0.95)
    ref50, ref95 = quantile(naive, 0.5), quantile(naive, 0.95)
    say(f"field to screen: {p50:.1f} / {p95:.1f} ms, naive {ref50:.0f} / {ref95:.0f}")
    return [
        Row(
            "bell press XADD → on the screen, queue and map; 10,000 devices, 1,000 changes/s",
            f"p50 ≤ {GOAL_P50_MS} ms, p95 ≤ {GOAL_P95_MS} ms",
            f"p50 {number(p50)}, p95 {number(p95)} ms (n {len(ours)})",
            f"naive page {number(ref50)} / {number(ref95)} ms",
            ref50 / p50,
            p50 <= GOAL_P50_MS and p95 <= GOAL_P95_MS,
            {"p50_ms": p50, "p95_ms": p95, "naive_p50_ms": ref50, "naive_p95_ms": ref95,
             "n": len(ours), "all_ms": [round(one, 1) for one in ours]},
        )
    ]  # fmt: skip


def our_page(chromium: Browser, room: Room) -> Page:
    page = context(chromium).new_page()
    sign_in(page, room.base)
    page.wait_for_timeout(2_000)
    return page


def their_page(chromium: Browser, base: str) -> Page:
    page = context(chromium).new_page()
    page.goto(base)
    wait_until_drawn(page)
    page.wait_for_timeout(2_000)
    return page


def press(page: Page, room: Room, samples: int) -> list[float]:
    """ms of each press; one that never came within the wait counts as 10 s."""
    hand, sent = Hand(room.url), {}
    for n in range(samples):
        alert_id = new_id()
        page.evaluate("id => probe.expect(id)", alert_id)
        sent[alert_id] = hand.press_as(alert_id)[1]
        time.sleep(EVERY_S * (1 + n % 7 / 10))  # not in step with anything
        if n >= OPEN:
            hand.close(list(sent)[n - OPEN])
    page.wait_for_timeout(3_000)
    seen = page.evaluate("probe.screen()")
    for alert_id in list(sent)[-OPEN:]:
        hand.close(alert_id)
    page.context.close()
    return [seen.get(alert_id, at + 10_000) - at for alert_id, at in sent.items()]


if __name__ == "__main__":
    alone(measure)
