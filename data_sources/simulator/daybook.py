"""Things that are planned a KST day at a time and then asked for by the moment."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache

from data_sources.simulator.entry import DAY, Entry, day_of


class Daybook:
    """write(day): all messages of what begins on that day, also those sent up to `spill` later."""

    def __init__(self, write: Callable[[int], list[Entry]], spill_ms: int = 2 * DAY) -> None:
        def sorted_page(day: int) -> tuple[list[int], list[Entry]]:
            entries = sorted(write(day))
            return [entry.at_ms for entry in entries], entries

        self._spill_ms = spill_ms
        self._page = lru_cache(maxsize=4 + spill_ms // DAY)(sorted_page)

    def between(self, from_ms: int, to_ms: int) -> list[Entry]:
        """What is sent in [from_ms, to_ms), in order of time."""
        found: list[Entry] = []
        for day in range(day_of(from_ms - self._spill_ms), day_of(to_ms) + 1):
            times, entries = self._page(day)
            found += entries[bisect_left(times, from_ms) : bisect_left(times, to_ms)]
        return sorted(found)
