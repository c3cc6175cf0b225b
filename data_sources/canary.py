"""The canary: a message that travels the whole way, so that latency is measured, not claimed.

Written to every partition every few seconds, passed on by the worker in its deltas, drawn by
the browsers, answered by them. Field to screen is the time until an answer is back here: an
upper bound, with the way back in it. Field to web, until it is in this process, is known even
without a browser.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from dashboard.change import Change
from dashboard.latency import Latencies
from data_sources import keys

log = logging.getLogger(__name__)
EVERY_S = 5.0
KEPT = 1_000  # entries of the canary stream, and canaries remembered here
TOO_OLD_MS = 60_000  # a tab in the background answers when it is looked at again


class Canary:
    def __init__(
        self, redis: Redis, partitions: int, process: str, now_ms: Callable[[], int]
    ) -> None:
        self._redis: Any = redis
        self._partitions = range(partitions)
        self._process = process
        self._now_ms = now_ms
        self._sent: OrderedDict[str, int] = OrderedDict()
        self._n = 0
        self.to_web = Latencies()
        self.to_screen = Latencies()

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self._release()
            except (RedisError, OSError) as error:
                log.debug("canary not sent: %s", error)

    def take(self, change: Change) -> None:
        """Keeps only this process's own canaries in the change: browsers answer to us alone."""
        now = self._now_ms()
        change.canaries = [one for one in change.canaries if one[0] in self._sent]
        for name, _ in change.canaries:
            self.to_web.add(now, now - self._sent[name])

    def seen(self, name: str) -> None:
        """A browser has drawn the frame it came with."""
        now, sent = self._now_ms(), self._sent.get(name)
        if sent is not None and now - sent < TOO_OLD_MS:
            self.to_screen.add(now, now - sent)

    async def _release(self) -> None:
        for p in self._partitions:
            self._n += 1
            name, sent = f"{self._process}-{self._n}", self._now_ms()
            self._sent[name] = sent
            message = msgspec.json.encode({"id": name, "ts": sent})
            await self._redis.xadd(keys.canary(p), {"d": message}, maxlen=KEPT, approximate=True)
        while len(self._sent) > KEPT:
            self._sent.popitem(last=False)
