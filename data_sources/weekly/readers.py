"""Who gets the week by mail, in Redis: a hash, field the reader's id, value his record.

Addresses are personal: they are in this hash and nowhere else. Ids are made of them with the
secret that all processes share, so that somebody who is removed and added again is the same
reader, and does not get a week twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import msgspec
from redis.asyncio import Redis

from dashboard.addresses import checked_address, same_person
from dashboard.errors import BadChoice
from dashboard.text import LANGUAGES
from dashboard.weekly.mailing import Reader
from data_sources import keys
from data_sources.audit import Audit
from data_sources.reach import reaching

MOST = 200


class WeekReaders:
    """Every method raises SourceUnavailable. user, origin: who does it and from where."""

    def __init__(self, redis: Redis, audit: Audit, now_ms: Callable[[], int]) -> None:
        self._redis: Any = redis
        self._audit = audit
        self._now_ms = now_ms

    async def all(self) -> list[Reader]:
        """In the order they were added."""
        with reaching("readers"):
            fields = await self._redis.hgetall(keys.WEEKLY_READERS)
        found = [msgspec.json.decode(text, type=Reader) for text in fields.values()]
        return sorted(found, key=lambda one: (one.at_ms, one.id))

    async def ids(self) -> frozenset[str]:
        with reaching("readers"):
            found = await self._redis.hkeys(keys.WEEKLY_READERS)
        return frozenset(name.decode() for name in found)

    async def add(self, address: str, language: str, user: str, origin: str) -> Reader:
        """Raises BadChoice for what is no address, and for one that is there already."""
        address = checked_address(address)
        if language not in LANGUAGES:
            raise BadChoice("weekly_mail.bad_language")
        if len(await self.ids()) >= MOST:
            raise BadChoice("weekly_mail.too_many", most=MOST)
        made = Reader(await self._id_of(address), address, language, user, self._now_ms())
        with reaching("readers"):
            added = await self._redis.hsetnx(
                keys.WEEKLY_READERS, made.id, msgspec.json.encode(made)
            )
        if not added:
            raise BadChoice("weekly_mail.already")
        await self._audit.write("weekly_reader_added", user, origin, reader=made.id)
        return made

    async def remove(self, reader_id: str, user: str, origin: str) -> None:
        """Raises BadChoice for one nobody knows."""
        with reaching("readers"):
            removed = await self._redis.hdel(keys.WEEKLY_READERS, reader_id)
        if not removed:
            raise BadChoice("weekly_mail.unknown_reader")
        await self._audit.write("weekly_reader_removed", user, origin, reader=reader_id)

    async def _id_of(self, address: str) -> str:
        name = same_person(address).encode()
        return blake2b(
            name, key=await self._secret(), digest_size=8, person=b"week reader"
        ).hexdigest()

    async def _secret(self) -> bytes:
        """Made by whichever web process was first (Sources.start)."""
        with reaching("readers"):
            await self._redis.set(keys.COARSE_SECRET, secrets.token_hex(32), nx=True)
            kept: bytes = await self._redis.get(keys.COARSE_SECRET)
        return kept[:64]
