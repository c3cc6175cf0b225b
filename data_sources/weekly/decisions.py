"""What managers ask executives to decide, week by week: kept in Redis for good.

A decision that is withdrawn stays, marked as such. The log of access has who, when and which
one, never the words.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace
from redis.asyncio import Redis

from dashboard.errors import BadChoice, Conflict
from dashboard.weekly.shown import UnknownWeek
from dashboard.weekly.summary import Decision
from data_sources import keys
from data_sources.audit import Audit
from data_sources.reach import reaching

MOST_STANDING = 8
LONGEST = 300
_ASK = """
local standing = 0
for _, text in ipairs(redis.call('HVALS', KEYS[1])) do
  if cjson.decode(text).withdrawn_by == '' then standing = standing + 1 end
end
if standing >= tonumber(ARGV[3]) then return 0 end
return redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
"""
# In the place of the very one that was read.
_SWAP = """
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
"""


class Decisions:
    """Every method raises SourceUnavailable. user, address: who does it and from where."""

    def __init__(self, redis: Redis, audit: Audit, now_ms: Callable[[], int]) -> None:
        self._redis: Any = redis
        self._audit = audit
        self._now_ms = now_ms

    async def of(self, word: str) -> tuple[Decision, ...]:
        """The oldest first, withdrawn ones as well."""
        with reaching("decisions"):
            texts = await self._redis.hvals(keys.week_decisions(word))
        found = [msgspec.json.decode(text, type=Decision) for text in texts]
        return tuple(sorted(found, key=lambda one: (one.at_ms, one.id)))

    async def ask(self, word: str, text: str, user: str, address: str) -> Decision:
        """Raises BadChoice for words that cannot be, and for too many that stand."""
        said = " ".join(text.split())  # it is told in one line
        if not 1 <= len(said) <= LONGEST or not said.isprintable():
            raise BadChoice("weekly.decision_text", longest=LONGEST)
        decision = Decision(secrets.token_hex(4), said, user, self._now_ms())
        values = [decision.id, msgspec.json.encode(decision), MOST_STANDING]
        with reaching("decisions"):
            is_kept = await self._redis.eval(_ASK, 1, keys.week_decisions(word), *values)
        if not is_kept:
            raise BadChoice("weekly.too_many_decisions", most=MOST_STANDING)
        await self._audit.write("decision_asked", user, address, week=word, decision=decision.id)
        return decision

    async def withdraw(self, word: str, decision_id: str, user: str, address: str) -> Decision:
        """Raises UnknownWeek for one nobody knows, Conflict when somebody was first."""
        key = keys.week_decisions(word)
        with reaching("decisions"):
            text = await self._redis.hget(key, decision_id)
        if not text:
            raise UnknownWeek("weekly.unknown_decision", value=decision_id[:40])
        before = msgspec.json.decode(text, type=Decision)
        if before.withdrawn_by:
            raise _conflict(before)
        after = replace(before, withdrawn_by=user, withdrawn_ms=self._now_ms())
        values = [decision_id, text, msgspec.json.encode(after)]
        with reaching("decisions"):
            is_ours = await self._redis.eval(_SWAP, 1, key, *values)
        if not is_ours:
            raise _conflict(next(one for one in await self.of(word) if one.id == decision_id))
        await self._audit.write("decision_withdrawn", user, address, week=word, decision=after.id)
        return after


def _conflict(first: Decision) -> Conflict:
    return Conflict(by=first.withdrawn_by, at_ms=first.withdrawn_ms)
