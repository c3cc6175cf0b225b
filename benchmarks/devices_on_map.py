"""4. How many devices does the map carry?

Once a second so many devices change. Measured in a real Chromium (headless, without a GPU),
1600x950, zoom 13, where each device is drawn by itself: processor time of the page's main thread
per second with updates less that without (all of it for the naive page, which knows no rest);
frames while the map is dragged and the updates go on; time from opening the page to devices on
it; script heap after collecting garbage, after the measurement. The naive page: at 10,000 only.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks import load, naive_page
from benchmarks.browser import Busy, Meter, browser, context, pan, sign_in, wait_until_drawn
from benchmarks.measure import Row, alone, median, number, say
from benchmarks.room import Room, control_room, simulator_paused

VIEW = "/?at=37.65,126.8,13"
GOALS = {10_000: 9, 100_000: 16}  # ms of main thread per update
SECONDS = 20.0
GOAL_PAN_MS, GOAL_MARKERS_MS, GOAL_HEAP_MB = 50, 1_000, 10


@dataclass
class Found:
    main: Busy  # with one update a second
    idle: Busy  # without updates
    deltas: float  # in how many pieces an update arrives, each drawn by itself
    pan_ms: list[float]
    markers_ms: list[float]
    heap_mb: float
    heap_after_mb: float

    @property
    def update_ms(self) -> float:
        """What the updates add to the page's other work, of the main thread's processor time:
        by the clock, the difference of two figures on a busy machine means nothing."""
        return self.main.cpu_ms - self.idle.cpu_ms

    @property
    def worst_pan_ms(self) -> float:
        return max(self.pan_ms)


def ours(chromium: Browser, room: Room, changes: int, seconds: float) -> Found:
    page = context(chromium).new_page()
    sign_in(page, room.base)
    address = room.base + VIEW
    return _page(page, address, room, changes, seconds)


def naive(chromium: Browser, room: Room, changes: int, seconds: float, *words: str) -> Found:
    with naive_page.serving(room.url, *words) as (base, _):
        page = context(chromium).new_page()
        return _page(page, base, room, changes, seconds)


def _page(page: Page, address: str, room: Room, changes: int, seconds: float) -> Found:
    opened = [_open(page, address) for _ in range(3)]
    page.wait_for_timeout(3_000)
    meter = Meter(page)
    heap = meter.heap_mb()
    idle = meter.busy(seconds / 2)
    with simulator_paused(room), load.running(room.url, room.devices, 0, changes, "--burst"):
        time.sleep(2.5)
        main = meter.busy(seconds)
        deltas = meter.deltas_per_s(page, seconds / 4)
        gaps = pan(page)
    after = meter.heap_mb()
    page.context.close()
    return Found(main, idle, deltas, gaps, opened, heap, after)


def _open(page: Page, address: str) -> float:
    """ms from the start of the navigation to devices on the screen."""
    page.goto("about:blank")
    page.goto(address)
    drawn = wait_until_drawn(page)
    return drawn - float(page.evaluate("probe.opened()"))


def at_ten_thousand(
    folder: Path, seconds: float = SECONDS, room: Room | None = None
) -> list[Found]:
    """Ours, the naive page, and the naive page with a dot per device, at 10,000."""
    with nullcontext(room) if room else control_room(folder / "ten") as room, browser() as chromium:
        return [
            ours(chromium, room, 200, seconds),
            naive(chromium, room, 200, seconds / 2),
            naive(chromium, room, 200, seconds / 2, "dots"),
        ]


def large(folder: Path, seconds: float, devices: int) -> Found:
    with control_room(folder / "hundred", devices) as room, browser() as chromium:
        return ours(chromium, room, devices // 50, seconds)


def measure(
    folder: Path, seconds: float = SECONDS, small: list[Found] | None = None,
    devices: int = 100_000,
) -> list[Row]:  # fmt: skip
    """small: what was found at 10,000, if it was measured already."""
    ten, clustered, dots = small or at_ten_thousand(folder, seconds)
    hundred = large(folder, seconds, devices)
    return [
        _main_row(10_000, 200, ten, clustered, dots),
        _main_row(devices, devices // 50, hundred, clustered, dots),
        _pan_row(hundred, ten, clustered, dots, devices),
        _row("open page → devices on the map", "markers_ms", GOAL_MARKERS_MS, "ms", devices,
             median(hundred.markers_ms), median(ten.markers_ms), median(clustered.markers_ms)),
        _row("script heap", "heap_mb", GOAL_HEAP_MB, "MB", devices,
             hundred.heap_after_mb, ten.heap_after_mb, clustered.heap_after_mb),
    ]  # fmt: skip


def _main_row(n: int, changes: int, found: Found, clustered: Found, dots: Found) -> Row:
    say(f"map {n}: {found.main}, {found.deltas:.1f} pieces, idle {found.idle}")
    goal, ms = GOALS.get(n, 16), found.update_ms
    return Row(
        f"main thread per update, {n:,} devices, {changes:,} changes, zoom 13",
        f"≤ {goal} ms",
        f"{number(ms)} ms of processor time, drawn in {found.deltas:.1f} pieces (whole page "
        f"{number(found.main.cpu_ms)} a second, {number(found.idle.cpu_ms)} without updates)",
        f"naive at 10,000/200: clustered {number(clustered.main.cpu_ms)}, dots "
        f"{number(dots.main.cpu_ms)} ms",
        clustered.main.cpu_ms / ms,
        ms <= goal,
        {
            "update_ms": ms,
            "main_ms": found.main.wall_ms,
            "main_cpu_ms": found.main.cpu_ms,
            "idle_ms": found.idle.wall_ms,
            "idle_cpu_ms": found.idle.cpu_ms,
            "deltas_per_update": found.deltas,
            "naive_ms": clustered.main.wall_ms,
            "naive_dots_ms": dots.main.wall_ms,
            "naive_cpu_ms": clustered.main.cpu_ms,
            "naive_dots_cpu_ms": dots.main.cpu_ms,
        },
    )


def _pan_row(found: Found, ten: Found, clustered: Found, dots: Found, devices: int) -> Row:
    return Row(
        f"worst frame while panning, {devices:,} devices",
        f"≤ {GOAL_PAN_MS} ms, median 16.7",
        f"{number(found.worst_pan_ms)} ms, median {number(median(found.pan_ms))} "
        f"(at 10,000: {number(ten.worst_pan_ms)})",
        f"naive at 10,000: clustered {number(clustered.worst_pan_ms)}, dots "
        f"{number(dots.worst_pan_ms)} ms",
        clustered.worst_pan_ms / found.worst_pan_ms,
        found.worst_pan_ms <= GOAL_PAN_MS and median(found.pan_ms) <= 17.5,
        {"worst_ms": found.worst_pan_ms, "median_ms": median(found.pan_ms),
         "frames_over_50_ms": sum(gap > 50 for gap in found.pan_ms), "frames": len(found.pan_ms),
         "at_10k_worst_ms": ten.worst_pan_ms, "naive_worst_ms": clustered.worst_pan_ms,
         "naive_dots_worst_ms": dots.worst_pan_ms},
    )  # fmt: skip


def _row(
    what: str, name: str, goal: float, unit: str, devices: int,
    found: float, ten: float, reference: float,
) -> Row:  # fmt: skip
    return Row(
        f"{what}, {devices:,} devices", f"≤ {goal:,} {unit}",
        f"{number(found)} {unit} (at 10,000: {number(ten)})",
        f"naive at 10,000: {number(reference)} {unit}",
        reference / found, found <= goal,
        {name: found, f"at_10k_{name}": ten, f"naive_{name}": reference},
    )  # fmt: skip


if __name__ == "__main__":
    alone(measure)
