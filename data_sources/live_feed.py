"""The follower: keeps this process's City in step with the worker's live streams.

Order matters: the tail of the streams first, then the snapshot, then everything after that
tail. When Redis is away the last picture stays, marked as disconnected, and the follower goes
on from its cursor as soon as it can. Only if the entry at the cursor is gone, because Redis
lost data or trimmed beyond it, is everything read anew, as a new City with a new id.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
from collections.abc import Callable
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from dashboard.change import Change
from dashboard.city import City
from dashboard.deltas import Delta
from data_sources import keys
from data_sources.state_reader import StateReader

log = logging.getLogger(__name__)
BLOCK_MS = 1_000
BATCH = 500
TICK_S = 1.0
RETRY_S = (0.1, 0.2, 0.5, 1.0)
AWAY = (RedisError, OSError, asyncio.TimeoutError)

Listener = Callable[[Change], None]


class LiveFeed:
    """redis: a client that may block BLOCK_MS. new_city builds an empty City of a given id."""

    def __init__(
        self, redis: Redis, new_city: Callable[[str], City], partitions: int,
        now_ms: Callable[[], int],
    ) -> None:  # fmt: skip
        self._redis: Any = redis
        self._state = StateReader(redis)
        self._new_city = new_city
        self._partitions = range(partitions)
        self._now_ms = now_ms
        self._decode = msgspec.msgpack.Decoder(Delta).decode
        self._cursors: dict[int, str] = {}
        self.city = new_city(_fresh_id())
        self.loaded = asyncio.Event()
        self.on_change: list[Listener] = []
        self.on_delta: list[Callable[[Delta], None]] = []  # each, once the City has it
        self.on_new_city: list[Callable[[City], None]] = []

    async def run(self) -> None:
        """Until cancelled. Never gives up."""
        tries = 0
        while True:
            try:
                await self._catch_up()
                tries = 0
                await self._follow()
            except AWAY as error:
                if self.city.connected:
                    log.warning("lost Redis: %s", error)
                self._set_connected(False)
            await asyncio.sleep(RETRY_S[min(tries, len(RETRY_S) - 1)])
            tries += 1

    async def tick(self) -> None:
        """Once a second, beside run(): silence of workers and the simulator's progress."""
        while True:
            await asyncio.sleep(TICK_S)
            change = self.city.check_silence(self._now_ms())
            try:
                await self._read_progress(change)
            except AWAY:
                self._set_connected(False)
            self._tell(change)

    async def _catch_up(self) -> None:
        """Makes sure the City and the cursors belong together."""
        if not self.loaded.is_set() or not await self._continues():
            await self._load()
        self._set_connected(True)

    async def _continues(self) -> bool:
        return all([await self._state.holds(p, self._cursors[p]) for p in self._partitions])

    async def _load(self) -> None:
        city = self._new_city(_fresh_id())
        tails = {p: await self._state.tail(p) for p in self._partitions}
        cursors = {p: cursor for p, (cursor, _) in tails.items()}
        for p in self._partitions:
            city.watermarks[p] = max(0, tails[p][1])  # before any message it is far below
            loaded = await self._state.load(p)
            await asyncio.to_thread(city.load, loaded)
            del loaded
        city.progress = await self._progress()
        gc.freeze()  # so much that stays: no use in looking through it again and again
        now = self._now_ms()
        city.heard_ms = dict.fromkeys(self._partitions, now)
        city.check_silence(now)
        self._cursors, self.city, city.connected = cursors, city, True
        self.loaded.set()
        log.info("city loaded: %d devices, %d alerts", len(city.devices), len(city.alerts))
        for listener in self.on_new_city:
            listener(city)

    async def _follow(self) -> None:
        """Raises RedisError when the connection goes; returns when the streams were lost."""
        names = {keys.live(p).encode(): p for p in self._partitions}
        while True:
            arguments = [*names, *(self._cursors[p] for p in names.values())]
            reply = await self._redis.execute_command(
                "XREAD", "COUNT", BATCH, "BLOCK", BLOCK_MS, "STREAMS", *arguments
            )
            self._set_connected(True)  # another command of ours may have failed meanwhile
            if reply:
                self._take(names, reply)
                await asyncio.sleep(0)  # a backlog must not hold up the browsers
            elif self._silent() and not await self._continues():
                return

    def _take(self, names: dict[bytes, int], reply: Any) -> None:
        """One Change for everything that arrived together."""
        now, change = self._now_ms(), Change()
        rows = reply.items() if isinstance(reply, dict) else reply
        for name, entries in rows:
            p = names[bytes(name)]
            for entry_id, fields in _entries(entries):
                self._apply(fields[b"d"], now, change)
                self._cursors[p] = entry_id.decode()
        self._tell(change)

    def _apply(self, packed: bytes, now: int, change: Change) -> None:
        """A delta nobody can read is skipped: the next ones are absolute and still count."""
        try:
            delta = self._decode(packed)
        except msgspec.DecodeError as error:
            log.error("unreadable delta skipped: %s", error)
            return
        self.city.apply(delta, now, change)
        for listener in self.on_delta:
            listener(delta)

    def _silent(self) -> bool:
        return self.city.worker_silent_since(self._now_ms()) is not None

    async def _read_progress(self, change: Change) -> None:
        progress = await self._progress()
        if progress != self.city.progress:
            self.city.progress, change.progress = progress, True

    async def _progress(self) -> dict[str, Any] | None:
        packed = await self._redis.get(keys.SIM_PROGRESS)
        return msgspec.json.decode(packed) if packed else None

    def _set_connected(self, connected: bool) -> None:
        if self.city.connected != connected:
            self.city.connected = connected
            self._tell(Change(at_ms=self._now_ms(), feed=True))

    def _tell(self, change: Change) -> None:
        if change:
            for listener in self.on_change:
                listener(change)


def _entries(entries: Any) -> Any:
    """redis-py wraps the entries of a stream in one more list when it speaks RESP3."""
    return entries[0] if entries and isinstance(entries[0][0], list | tuple) else entries


def _fresh_id() -> str:
    return secrets.token_hex(6)
