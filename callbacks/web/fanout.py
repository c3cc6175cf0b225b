"""From one follower to all browsers: each message is made once per precision and queued.

A browser that cannot keep up loses its place in the queue, not messages: it is told to come
back with its cursor and is given what it missed from the ring of recent messages.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dashboard.browser_json import delta_texts, encode, feed_json
from dashboard.change import Change
from dashboard.city import City

if TYPE_CHECKING:
    from data_sources.sources import Sources

QUEUED = 500  # messages a slow browser may be behind
RING_BYTES = 16 * 1024 * 1024
TOGETHER_S = 0.05  # status changes travel together; alerts never wait
PER_BROWSER_S = 0.0005  # with many browsers a little longer, but
TOGETHER_MOST_S = 0.1
HISTORY_S = 0.5
FEED_MS = 1_900
TOO_SLOW, LOADED_ANEW = 4000, 4001


@dataclass(eq=False)
class Browser:
    exact: bool
    queue: asyncio.Queue[str | int] = field(default_factory=lambda: asyncio.Queue(QUEUED))

    def put(self, text: str) -> bool:
        """False when the queue is full: then only the close code is left in it."""
        try:
            self.queue.put_nowait(text)
        except asyncio.QueueFull:
            self.end(TOO_SLOW)
            return False
        return True

    def end(self, code: int) -> None:
        """An int in the queue is the code to close the socket with."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(code)


class Ring:
    """The last messages by sequence number, as much as fits into RING_BYTES."""

    def __init__(self) -> None:
        self._kept: deque[tuple[int, str, str]] = deque()
        self._size = 0

    def add(self, seq: int, exact: str, coarse: str) -> None:
        self._kept.append((seq, exact, coarse))
        self._size += len(exact) + len(coarse)
        while self._size > RING_BYTES:
            _, *texts = self._kept.popleft()
            self._size -= sum(map(len, texts))

    def after(self, seq: int, last: int, exact: bool) -> list[str] | None:
        """What came after seq, up to last; None when some of it is forgotten."""
        if seq == last:
            return []
        if not self._kept or seq > last or seq + 1 < self._kept[0][0]:
            return None
        return [text if exact else veiled for at, text, veiled in self._kept if at > seq]

    def clear(self) -> None:
        self._kept.clear()
        self._size = 0


class Fanout:
    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._ring = Ring()
        self._pending = Change()
        self._timer: asyncio.TimerHandle | None = None
        self._sent_at = 0.0
        self._feed_at = 0
        self._traffic = False
        self._connected = False  # as browsers were told last
        self.browsers: set[Browser] = set()
        self.messages = 0  # sent to browsers since the start, for /metrics
        sources.feed.on_change.append(self.take)
        sources.feed.on_new_city.append(self._start_anew)
        sources.figures.on_traffic.append(self._tell_traffic)

    def join(self, city: str, seq: int, exact: bool) -> Browser:
        """The queue begins with hello and everything after the cursor (city, seq)."""
        browser, now = Browser(exact), self._sources.city
        missed = self._ring.after(seq, now.seq, exact) if city == now.id else None
        known = missed is not None and len(missed) < QUEUED - 1
        browser.put(encode({"t": "hello", "city": now.id, "seq": now.seq, "resync": not known}))
        if missed is None or not known:
            browser.queue.put_nowait(LOADED_ANEW)
            return browser
        for text in missed:
            browser.put(text)
        self.browsers.add(browser)
        return browser

    def leave(self, browser: Browser) -> None:
        self.browsers.discard(browser)

    def take(self, change: Change) -> None:
        """Sends at once what somebody waits for; lets the rest gather for a moment."""
        self._pending.add(change)
        loop = asyncio.get_running_loop()
        wait_s = self._wait_s()
        awaited = change.urgent and (wait_s < HISTORY_S or bool(change.outcomes))
        if awaited or loop.time() - self._sent_at >= wait_s:
            self._flush()
        elif self._timer is None:
            self._timer = loop.call_at(self._sent_at + wait_s, self._flush)

    def _wait_s(self) -> float:
        """While the simulator writes weeks of history nobody waits for any of its alerts."""
        progress = self._sources.city.progress
        if progress is not None and progress.get("phase") == "history":
            return HISTORY_S
        return min(TOGETHER_MOST_S, max(TOGETHER_S, len(self.browsers) * PER_BROWSER_S))

    def measured(self) -> dict[str, Any]:
        """What only this process knows of itself, for FeedJson."""
        canary, now = self._sources.canary, self._sources.now_ms()
        where = "screen"
        n, (p50, p95) = canary.to_screen.quantiles(now, 0.5, 0.95)
        if not n:
            n, (p50, p95) = canary.to_web.quantiles(now, 0.5, 0.95)
            where = "web"
        return {
            "latency_p50": p50, "latency_p95": p95, "latency_n": n,
            "latency_to": where if n else None, "browsers": len(self.browsers),
        }  # fmt: skip

    def feed(self) -> dict[str, Any]:
        return feed_json(self._sources.city, self._sources.now_ms(), self.measured())

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        parts = self._parts()
        change, self._pending = self._pending, Change()
        if not change and not parts:
            return
        if change.feed and "feed" not in parts:
            self._pending.feed, change.feed = True, False  # goes with a later message
            if not change:
                return
        self._send(change, parts)

    def _parts(self) -> dict[str, Any]:
        change, now = self._pending, self._sources.now_ms()
        parts: dict[str, Any] = {}
        connected = self._sources.city.connected
        turned = change.all_statuses or connected != self._connected
        if change.feed and (turned or now - self._feed_at >= FEED_MS):
            parts["feed"], self._feed_at, self._connected = self.feed(), now, connected
        if self._traffic:
            parts["traffic"], self._traffic = self._sources.figures.traffic, False
        return parts

    def _send(self, change: Change, parts: dict[str, Any]) -> None:
        city = self._sources.city
        city.seq += 1
        self._sent_at = asyncio.get_running_loop().time()
        exact, coarse = delta_texts(city, change, self._sources.veil, parts)
        self._ring.add(city.seq, exact, coarse)
        self.messages += len(self.browsers)
        slow = [b for b in self.browsers if not b.put(exact if b.exact else coarse)]
        self.browsers.difference_update(slow)

    def _tell_traffic(self) -> None:
        self._traffic = True
        self.take(Change(at_ms=self._sources.now_ms()))

    def _start_anew(self, _city: City) -> None:
        self._ring.clear()
        self._pending = Change()
        for browser in self.browsers:
            browser.end(LOADED_ANEW)
        self.browsers.clear()
