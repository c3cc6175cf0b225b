"""Definitions of pilots in Redis: a hash, field the pilot's id, value JSON of every version.

Nothing is ever deleted: a pilot that is given up is kept as withdrawn, and what was changed stays
beside what it was. Every change is on record in the log of access as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace
from redis.asyncio import Redis

from dashboard.errors import BadChoice, Conflict
from dashboard.pilots.pilot import Kept, Pilot
from data_sources import keys
from data_sources.audit import Audit
from data_sources.reach import reaching

MOST_ID = 9_999
# Puts a value in the place of the very one that was read; "" = of none.
_SWAP = """
local now = redis.call('HGET', KEYS[1], ARGV[1])
if (now or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
"""


class PilotBook:
    """Every method raises SourceUnavailable. user, address: who does it and from where."""

    def __init__(self, redis: Redis, audit: Audit, now_ms: Callable[[], int]) -> None:
        self._redis: Any = redis
        self._audit = audit
        self.now_ms = now_ms

    async def all(self) -> list[Kept]:
        """The newest pilot first."""
        with reaching("pilots"):
            fields = await self._redis.hgetall(keys.PILOTS)
        found = [_decoded(text) for text in fields.values()]
        return sorted(found, key=lambda kept: (kept.now.start, kept.now.id), reverse=True)

    async def find(self, pilot_id: str) -> Kept | None:
        text = await self._read(pilot_id)
        return _decoded(text) if text else None

    async def define(self, pilot: Pilot, user: str, address: str) -> Kept:
        """Under the next free id."""
        number = len(await self.all()) + 1
        while number <= MOST_ID:
            first = self._signed(pilot, user, id=f"P-{number:02}", version=1, why="")
            kept = Kept((first,))
            if await self._swap(first.id, b"", kept):
                await self._on_record("defined", kept, user, address)
                return kept
            number += 1
        raise BadChoice("pilots.too_many", most=MOST_ID)

    async def change(self, pilot: Pilot, version: int, user: str, address: str) -> Kept:
        """pilot.id says which; version: the one that was seen. Raises BadChoice for a pilot
        nobody knows, Conflict when it is another version by now."""
        text = await self._read(pilot.id)
        if not text:
            raise BadChoice("pilots.unknown", value=pilot.id[:40])
        before = _decoded(text)
        if before.now.version != version:
            raise _conflict(before)
        after = Kept((*before.versions, self._signed(pilot, user, version=version + 1)))
        if not await self._swap(pilot.id, text, after):
            first = await self.find(pilot.id)
            raise _conflict(first or before)
        await self._on_record("withdrawn" if pilot.withdrawn else "changed", after, user, address)
        return after

    async def _read(self, pilot_id: str) -> bytes:
        with reaching("pilots"):
            return await self._redis.hget(keys.PILOTS, pilot_id) or b""

    async def _swap(self, pilot_id: str, before: bytes, after: Kept) -> bool:
        value = msgspec.json.encode(after)
        with reaching("pilots"):
            return bool(await self._redis.eval(_SWAP, 1, keys.PILOTS, pilot_id, before, value))

    async def _on_record(self, what: str, kept: Kept, user: str, address: str) -> None:
        now = kept.now
        why = now.withdrawn or now.why
        details: dict[str, str | int] = {"pilot": now.id, "version": now.version, "why": why}
        await self._audit.write(f"pilot_{what}", user, address, **details)

    def _signed(self, pilot: Pilot, user: str, **more: Any) -> Pilot:
        return replace(pilot, defined_by=user, defined_ms=self.now_ms(), **more)


def _decoded(text: bytes) -> Kept:
    return msgspec.json.decode(text, type=Kept)


def _conflict(kept: Kept) -> Conflict:
    now = kept.now
    return Conflict(by=now.defined_by, at_ms=now.defined_ms, version=now.version)
