"""8. How long does the first start take, on a fresh data directory, with eight weeks of history?

`python app.py` after its dependencies are installed: seconds until /readyz, until a signed-in
browser shows a moving map (the history may still be running: registered devices are drawn at
once), and until the history is complete.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.browser import browser, context, sign_in
from benchmarks.measure import Row, alone, number, say
from benchmarks.room import Room, client, progress, start, wait_for_history

WEEKS = 8
GOAL_S = 60


@contextmanager
def started(
    folder: Path, devices: int = 10_000, weeks: int = WEEKS
) -> Iterator[tuple[Room, list[Row]]]:
    """The room goes on running, for whatever else is to be measured in it."""
    with browser() as chromium, context(chromium) as made:
        page = made.new_page()
        began = time.monotonic()
        room = start(folder / "first-run", devices, weeks)
        try:
            seconds = _wait(room, page, began)
        except BaseException:
            room.app.stop()
            raise
    try:
        wait_for_history(room)
        yield room, _rows(seconds, weeks, devices, _messages(room))
    finally:
        room.app.stop()


def _wait(room: Room, page: Page, began: float) -> dict[str, float]:
    room.app.wait_until_ready()
    seconds = {"ready": time.monotonic() - began}
    watcher = threading.Thread(target=_watch, args=(room, began, seconds), daemon=True)
    watcher.start()
    sign_in(page, room.base)
    seconds["map"] = time.monotonic() - began
    page.goto("about:blank")  # what a page costs while the history is told is not the question
    watcher.join(600)
    return seconds


def _watch(room: Room, began: float, seconds: dict[str, float]) -> None:
    while progress(room).get("phase") != "live":
        time.sleep(0.1)
    seconds["history"] = time.monotonic() - began


def _messages(room: Room) -> int:
    """Written so far, to all streams; none is trimmed before the first hour is over."""
    redis = client(room)
    return sum(int(redis.xlen(key)) for key in redis.scan_iter(match="field:*", count=1000))


def _rows(seconds: dict[str, float], weeks: int, devices: int, messages: int) -> list[Row]:
    say(f"first run: {seconds}, {messages:,} messages")
    whole = seconds["history"]
    return [
        Row(
            f"first run → moving map, {weeks} weeks of history behind it, {devices:,} devices",
            f"≤ {GOAL_S} s",
            f"{number(whole)} s for the whole history ({messages:,} messages); /readyz after "
            f"{number(seconds['ready'])} s, devices on the map after {number(seconds['map'])} s",
            "",
            None,
            whole <= GOAL_S,
            {**{f"{name}_s": value for name, value in seconds.items()}, "messages": messages},
        )
    ]


def measure(folder: Path) -> list[Row]:
    with started(folder) as (_, rows):
        return rows


if __name__ == "__main__":
    alone(measure)
