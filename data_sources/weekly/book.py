"""Sealed weeks in Redis: a hash per week, field the number of the revision, value JSON.

A revision is written once and never again; the index of the newest ones is written with it.
What is read is held against its hash, letter by letter as it is kept, so that a field which a
later version adds to a summary breaks no old seal.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from redis.asyncio import Redis

from dashboard.errors import BrokenSeal
from dashboard.weekly import seal
from dashboard.weekly.shown import WeekLine
from dashboard.weekly.summary import Sealed
from data_sources import keys
from data_sources.audit import Audit
from data_sources.reach import reaching
from data_sources.weekly.decisions import Decisions
from data_sources.weekly.lease import Lease

# Revision n goes after n - 1 others: whoever comes second writes nothing.
_APPEND = """
if redis.call('HLEN', KEYS[1]) ~= tonumber(ARGV[1]) - 1 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[3], ARGV[4])
return 1
"""


@dataclass(frozen=True, slots=True)
class Found:
    """sealed None: there is no such revision. revisions: how many there are."""

    sealed: Sealed | None
    revisions: int


class WeekBook:
    """Every method raises SourceUnavailable."""

    def __init__(self, redis: Redis, audit: Audit, now_ms: Callable[[], int]) -> None:
        self._redis: Any = redis
        self.decisions = Decisions(redis, audit, now_ms)
        self.lease = Lease(redis, keys.WEEKLY_LEASE, keys.WEEKLY_LEASE_MS)
        self.now_ms = now_ms

    async def find(self, word: str, revision: int = 0) -> Found:
        """revision 0: the newest. Raises BrokenSeal."""
        with reaching("weeks"):
            revisions = await self._redis.hlen(keys.week(word))
            wanted = revision or revisions
            text = await self._redis.hget(keys.week(word), str(wanted)) if wanted else None
        return Found(decoded(text, word, wanted) if text else None, revisions)

    async def lines(self) -> list[WeekLine]:
        """The newest revision of every sealed week, the newest week first."""
        with reaching("weeks"):
            texts = await self._redis.hvals(keys.WEEKS)
        found = [msgspec.json.decode(text, type=WeekLine) for text in texts]
        return sorted(found, key=lambda line: line.from_ms, reverse=True)

    async def append(self, sealed: Sealed) -> bool:
        """False: another process was first with this revision."""
        summary = sealed.summary
        line = WeekLine(
            summary.week, summary.from_ms, sealed.revision, sealed.sealed_ms, sealed.hash,
            summary.coverage, summary.complete,
        )  # fmt: skip
        values = [sealed.revision, msgspec.json.encode(sealed), summary.week]
        with reaching("weeks"):
            return bool(
                await self._redis.eval(
                    _APPEND, 2, keys.week(summary.week), keys.WEEKS, *values,
                    msgspec.json.encode(line),
                )
            )  # fmt: skip


def decoded(text: bytes, word: str, revision: int) -> Sealed:
    """Raises BrokenSeal for what is not the revision of that week as it was sealed."""
    try:
        kept = json.loads(text)
        sealed = msgspec.convert(kept, Sealed)
        is_whole = seal.hash_of_kept(kept["summary"]) == sealed.hash
    except (ValueError, KeyError, TypeError) as error:  # of JSON, and of types that do not fit
        raise BrokenSeal(week=word, revision=revision) from error
    if not is_whole or (sealed.summary.week, sealed.revision) != (word, revision):
        raise BrokenSeal(week=word, revision=revision)
    return sealed
