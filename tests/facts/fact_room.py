"""A fact store on a real server, and a worker in the same process that fills it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest
import redis

from dashboard.city import City
from dashboard.config import Settings
from dashboard.kpis.choice import Choice, Period
from dashboard.kpis.facts import COLUMN, Facts
from dashboard.kpis.gather import Known, plan_of
from dashboard.kpis.groups import Groups
from dashboard.stream.rollups import DAY_MS, HOUR_MS, KST_MS, Group, day_of
from data_sources import keys
from data_sources.connect import open_async
from data_sources.facts.reader import FactReader
from data_sources.facts.store import FactStore
from data_sources.live_feed import BLOCK_MS, LiveFeed
from data_sources.worker import Worker
from tests.builders import SITE

STATES = ("s0", "s1", "s2", "s3", "s4")
_CELL = msgspec.msgpack.Decoder(dict[int, dict[str, int]])


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class FactRoom:
    """async with FactRoom(url) as room: the store has loaded; it follows until the end."""

    def __init__(self, url: str, partitions: int = 1) -> None:
        self._clients = open_async(url), open_async(url, block_ms=BLOCK_MS)
        self.feed = LiveFeed(
            self._clients[1], lambda name: City(name, partitions), partitions, now_ms
        )
        self.reader = FactReader(self._clients[0], partitions)
        self.store = FactStore(self.feed, self.reader, SITE, now_ms)
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> FactRoom:
        self._tasks = [asyncio.create_task(work()) for work in (self.feed.run, self.store.run)]
        await asyncio.wait_for(self.store.loaded.wait(), 20)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for client in self._clients:
            await client.aclose()

    async def facts(self, from_ms: int, to_ms: int, **wanted: str) -> Facts:
        book = self.store.book
        now = book.frontier_ms or now_ms()
        known = Known(now, book.cube.first, now - 92 * DAY_MS)
        plan = plan_of(Choice(Period(from_ms, to_ms), wanted), [], known)
        return book.gather(plan, await self.store.hours(book, plan.hours)).facts

    async def until(self, true: Callable[[], Any], timeout_s: float = 15) -> None:
        deadline = time.monotonic() + timeout_s
        while not true():
            assert time.monotonic() < deadline, "waited in vain"
            await asyncio.sleep(0.02)


def take_in(client: redis.Redis, partitions: int = 1, turns: int = 30) -> None:
    """A worker takes in what was written, settles it as far as it can, and goes away."""
    worker = Worker(client, Settings(simulator=False, partitions=partitions), SITE)
    for _ in range(turns):
        worker.turn()
        if _quiet(worker, partitions):
            break
    worker.release()


def _quiet(worker: Worker, partitions: int) -> bool:
    """Everything is read, and settling has arrived a grace behind the newest message."""
    if len(worker.owned) < partitions:
        return False
    clocks = [owned.picture.clock for owned in worker.owned.values()]
    written = [
        (worker._redis.xrevrange(keys.stream(p, name), count=1), owned.store.positions[name])
        for p, owned in worker.owned.items()
        for name in keys.STREAMS
    ]
    read = all(not newest or newest[0][0] == at for newest, at in written)
    return read and all(c.watermark_ms - c.frontier_ms <= 60_000 for c in clocks if c.frontier_ms)


def recount(client: redis.Redis, kind: str, p: int = 0) -> dict[tuple[int, Group, str], int]:
    """Everything the worker's cells hold, projection and all: (day or hour, group, measure)."""
    stored = {int(n): packed for n, packed in client.hgetall(keys.state(p, "groups")).items()}
    groups = {n: Group(*msgspec.msgpack.decode(packed)) for n, packed in stored.items()}
    found: dict[tuple[int, Group, str], int] = {}
    for name in client.scan_iter(f"roll:{{{p}}}:{kind}:*"):
        at = int(name.rpartition(b":")[2])
        for packed in client.hgetall(name).values():
            for number, measures in _CELL.decode(packed).items():
                for measure, value in measures.items():
                    if measure in COLUMN:
                        found[at, groups[number], measure] = value
    return found


def as_dict(sums: np.ndarray, groups: Groups) -> dict[tuple[Group, str], float]:
    return {
        (groups.groups[g], measure): sums[g, column]
        for g in range(len(groups))
        for measure, column in COLUMN.items()
        if sums[g, column]
    }


def hour_floor(at_ms: int) -> int:
    return at_ms // HOUR_MS * HOUR_MS


def lately() -> tuple[int, int]:
    """From three days ago to the end of today, in Korea."""
    today = day_of(now_ms())
    return (today - 3) * DAY_MS - KST_MS, (today + 1) * DAY_MS - KST_MS


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store looks for news all the time."""
    for name, value in (("TICK_S", 0.05), ("HURRY_MS", 0), ("EVERY_MS", 300), ("RETRY_S", 0.1)):
        monkeypatch.setattr(f"data_sources.facts.store.{name}", value)
