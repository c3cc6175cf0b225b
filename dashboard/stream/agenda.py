"""Whose turn it is when: for each name the earliest moment something may happen to it."""

from __future__ import annotations

import heapq
from collections.abc import Iterator


class Agenda:
    """A moment that was put off is met for nothing; one that was brought forward is not missed."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, str]] = []
        self._earliest: dict[str, int] = {}

    def expect(self, name: str, at_ms: int) -> None:
        if at_ms < self._earliest.get(name, at_ms + 1):
            self._earliest[name] = at_ms
            heapq.heappush(self._heap, (at_ms, name))

    def until(self, last_ms: int) -> Iterator[str]:
        """Names whose moment has come, also those expected meanwhile."""
        while self._heap and self._heap[0][0] <= last_ms:
            at_ms, name = heapq.heappop(self._heap)
            if self._earliest.get(name) == at_ms:
                del self._earliest[name]
                yield name
