"""Operators' actions: written into the same river as everything else, outcome awaited.

The action id is the idempotency key: asking again with one that is under way waits for the
same outcome, and one that is known is answered from memory. None means "not confirmed": the
action may or may not have been taken, so it is never shown as done.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import suppress
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from dashboard.change import Change
from dashboard.records import ActionOutcome
from data_sources import keys

PATIENCE_S = 2.0
REMEMBERED = 10_000  # outcomes


class Actions:
    """redis: a client that never repeats a command by itself."""

    def __init__(self, redis: Redis, patience_s: float = PATIENCE_S) -> None:
        self._redis: Any = redis
        self._patience_s = patience_s
        self._waiting: dict[str, asyncio.Future[ActionOutcome]] = {}
        self._known: OrderedDict[str, ActionOutcome] = OrderedDict()

    async def submit(self, partition: int, action: dict[str, Any]) -> ActionOutcome | None:
        """action: as the worker reads it, with its action_id."""
        action_id = action["action_id"]
        if (known := self._known.get(action_id)) is not None:
            return known
        waiting = self._waiting.get(action_id)
        first = waiting is None
        if waiting is None:
            waiting = self._waiting[action_id] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._patience_s):
                if first:
                    await self._write(partition, action)
                return await asyncio.shield(waiting)
        except TimeoutError:
            return self._known.get(action_id)
        finally:
            if first:
                self._waiting.pop(action_id, None)

    def take(self, change: Change) -> None:
        """Outcomes of all processes' actions, as they come in from the live stream."""
        for outcome in change.outcomes:
            self._known[outcome.action_id] = outcome
            waiting = self._waiting.get(outcome.action_id)
            if waiting is not None and not waiting.done():
                waiting.set_result(outcome)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    async def _write(self, partition: int, action: dict[str, Any]) -> None:
        packed = msgspec.json.encode(action)
        with suppress(RedisError, OSError):  # it may be written all the same: the outcome tells
            await self._redis.xadd(keys.stream(partition, "actions"), {"d": packed})
