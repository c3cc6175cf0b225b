"""Answers that are worked out once, however many people ask, and kept for a moment."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Answers:
    """most: how many are kept. fresh_ms: how long one is good although there is news."""

    def __init__(self, most: int, fresh_ms: int, now_ms: Callable[[], int]) -> None:
        self._most = most
        self._fresh_ms = fresh_ms
        self._now_ms = now_ms
        self._kept: OrderedDict[Hashable, tuple[int, int, asyncio.Task[Any]]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def clear(self) -> None:
        self._kept.clear()

    async def get(self, key: Hashable, edition: int, make: Callable[[], Awaitable[T]]) -> T:
        """edition: grows with everything the answer may depend on, 0 = nobody knows.

        Who goes away does not take the work from others who wait for it; what fails is not kept.
        """
        known = self._kept.get(key)
        if known is None or not self._good(known, edition):
            task = asyncio.create_task(_run(make))
            known = self._kept[key] = (self._now_ms(), edition, task)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        try:
            answer: T = await asyncio.shield(known[2])
        except Exception:
            if self._kept.get(key) is known:
                del self._kept[key]
            raise
        return answer

    def _good(self, known: tuple[int, int, asyncio.Task[Any]], edition: int) -> bool:
        made_ms, of, task = known
        if task.cancelled():
            return False
        fresh = self._now_ms() - made_ms < self._fresh_ms
        return fresh or not task.done() or (edition > 0 and of == edition)


async def _run(make: Callable[[], Awaitable[T]]) -> T:
    return await make()
