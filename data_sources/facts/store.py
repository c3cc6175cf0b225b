"""Loads what KPIs are made of, and keeps it in step with the live stream.

A book belongs to one City. When that is read anew, so is the book; until then the last good one
answers. Records follow the live stream within seconds; the days in progress, and those a delta
names, are read again about once a minute.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from redis.exceptions import RedisError

from dashboard.city import City
from dashboard.deltas import Delta
from dashboard.errors import SourceUnavailable
from dashboard.kpis.choice import KEPT_DAYS
from dashboard.kpis.cube import EMPTY, Cells, joined
from dashboard.records import AlertView, IncidentView, OrderView
from dashboard.site import Site
from dashboard.stream.rollups import HOUR_MS, day_of, hour_of
from data_sources.facts.book import Book
from data_sources.facts.reader import FactReader
from data_sources.live_feed import LiveFeed

log = logging.getLogger(__name__)
TICK_S = 2.0
EVERY_MS = 60_000
HURRY_MS = 8_000  # while history is being written, or days long past change
LEAP_MS = 10 * 60_000  # of feed time within a minute: history is being written
DAYS_AT_ONCE = 30
HOURS_KEPT = 800
RETRY_S = 1.0
AWAY = (RedisError, OSError, asyncio.TimeoutError)
PARTS: tuple[tuple[str, type[AlertView | IncidentView | OrderView]], ...] = (
    ("alerts", AlertView), ("orders", OrderView), ("incidents", IncidentView),
)  # fmt: skip


class FactStore:
    """edition: grows with everything that was taken in. loaded: a first book is complete."""

    def __init__(
        self, feed: LiveFeed, reader: FactReader, site: Site, now_ms: Callable[[], int]
    ) -> None:
        self.loaded = asyncio.Event()
        self.progress = 0.0
        self.edition = 0
        self.reader = reader
        self._feed = feed
        self._now_ms = now_ms
        self._site = site
        self._book: Book | None = None
        self._newest = Book(feed.city, site)
        self._changed: dict[int, set[int]] = {}  # partition -> days to read again
        self._hours: OrderedDict[int, Cells] = OrderedDict()
        self._read_ms = 0
        self._reading: dict[int, set[int]] = {}  # those of them that are being read
        feed.on_delta.append(self.tell)
        feed.on_new_city.append(self._begin_anew)

    @property
    def book(self) -> Book:
        """The last one that is complete. Raises SourceUnavailable before the first."""
        if self._book is None:
            raise Loading()
        return self._book

    @property
    def frontier_ms(self) -> int | None:
        return None if self._book is None else self._book.frontier_ms

    def lacks(self, before_ms: int) -> bool:
        """Whether something is known of the time before that moment which the book has not, or
        not wholly, taken in yet."""
        book = self._book
        if book is None or book is not self._newest or not self._feed.city.connected:
            return True
        pending = [*self._changed.values(), *self._reading.values()]
        days = any(min(of) < day_of(before_ms) for of in pending if of)
        return days or book.waits(before_ms)

    def tell(self, delta: Delta) -> None:
        self._newest.tell(delta)
        if delta.days:
            self._changed.setdefault(delta.partition, set()).update(delta.days)

    async def run(self) -> None:
        """Until cancelled. When Redis is away the last good facts stay."""
        await self._feed.loaded.wait()
        while True:
            try:
                await self._keep_up(self._newest)
            except AWAY as error:
                log.warning("facts not refreshed: %s", error)
                await asyncio.sleep(RETRY_S)

    async def hours(self, book: Book, wanted: Iterable[int]) -> dict[int, Cells]:
        """Cells of hours, of all partitions. Raises SourceUnavailable."""
        found = book.recent_hours(wanted)
        last = hour_of(book.frontier_ms or 0)
        missing = [h for h in wanted if h not in found and h not in self._hours and h <= last]
        if missing:
            try:
                self._hours.update(await self._read_hours(book, missing))
            except AWAY as error:
                raise SourceUnavailable(f"hours: {type(error).__name__}") from error
        found |= {hour: self._hours.get(hour, EMPTY) for hour in wanted if hour not in found}
        while len(self._hours) > HOURS_KEPT:
            self._hours.popitem(last=False)
        return found

    def _begin_anew(self, city: City) -> None:
        self._newest = Book(city, self._site)
        self._changed.clear()

    async def _keep_up(self, book: Book) -> None:
        """Returns when another City has taken this one's place."""
        if not book.complete:
            await self._load(book)
        while book is self._newest:
            if self._is_due():
                await self._refresh(book)
            if await asyncio.to_thread(book.take_waiting):
                self.edition += 1
            await asyncio.sleep(TICK_S)

    async def _load(self, book: Book) -> None:
        steps = Steps(len(self.reader.partitions) * (2 * len(PARTS) + 2))
        for p in self.reader.partitions:
            await self._load_days(book, p, steps)
            for part, kind in PARTS:
                async for records in self.reader.records(p, part, kind):
                    await asyncio.to_thread(book.take_records, records)
                    if book is not self._newest:
                        return
                self.progress = steps.done(2)
        await asyncio.to_thread(book.take_waiting)
        book.complete = True
        self._book, self._read_ms = book, self._now_ms()
        self._hours.clear()
        self.progress = 1.0
        self.edition += 1
        self.loaded.set()
        log.info("facts loaded: %d days, %d MB", len(book.cube), book.nbytes // 1_000_000)

    async def _load_days(self, book: Book, p: int, steps: Steps) -> None:
        """From the newest back, as far as they are kept."""
        frontier_ms = await self.reader.frontier(p)
        if frontier_ms is not None:
            last = day_of(frontier_ms) + 1
            for start in range(last, last - KEPT_DAYS, -DAYS_AT_ONCE):
                days = range(start, start - DAYS_AT_ONCE, -1)
                await self._read(book, p, days, frontier_ms)
                self.progress = steps.part((last - start) / KEPT_DAYS)
        self.progress = steps.done(2)

    def _is_due(self) -> bool:
        age_ms = self._now_ms() - self._read_ms
        return age_ms >= EVERY_MS or (age_ms >= HURRY_MS and self._is_hurried())

    def _is_hurried(self) -> bool:
        """Feed time has leapt since, or days long past have changed."""
        ahead_ms = self._newest.city.watermark_ms - (self._newest.frontier_ms or 0)
        return bool(self._changed) or ahead_ms > LEAP_MS

    async def _refresh(self, book: Book) -> None:
        changed = self._reading = self._changed
        self._changed = {}
        try:
            for p in self.reader.partitions:
                await self._refresh_partition(book, p, changed.get(p, set()))
        except AWAY:
            for p, days in changed.items():
                self._changed.setdefault(p, set()).update(days)
            raise
        finally:
            self._reading = {}
        self._read_ms = self._now_ms()
        self.edition += 1

    async def _refresh_partition(self, book: Book, p: int, changed: set[int]) -> None:
        """Yesterday to tomorrow, what has passed since the last time, and what changed."""
        frontier_ms = await self.reader.frontier(p)
        if frontier_ms is None:
            return
        last = day_of(frontier_ms) + 1
        since = day_of(book.frontier_of(p) or frontier_ms) - 1
        days = sorted(changed | set(range(max(since, last - KEPT_DAYS), last + 1)))
        for start in range(0, len(days), DAYS_AT_ONCE):
            piece = days[start : start + DAYS_AT_ONCE]
            await self._read(book, p, piece, frontier_ms)
        read = set(days)
        for hour in [h for h in self._hours if day_of(h * HOUR_MS) in read]:
            del self._hours[hour]

    async def _read(self, book: Book, p: int, days: Sequence[int], frontier_ms: int) -> None:
        """The hours around the frontier belong to the day in progress."""
        hour = hour_of(frontier_ms)
        around = [hour - 1, hour, hour + 1] if day_of(frontier_ms) in days else []
        await asyncio.to_thread(book.take_sums, await self.reader.sums(p, days, around))

    async def _read_hours(self, book: Book, hours: list[int]) -> dict[int, Cells]:
        found: dict[int, list[Cells]] = {hour: [] for hour in hours}
        for p in self.reader.partitions:
            sums = await self.reader.sums(p, [], hours)
            for hour, cells in (await asyncio.to_thread(book.hours, sums)).items():
                found[hour].append(cells)
        return {hour: joined(cells) for hour, cells in found.items()}


class Loading(SourceUnavailable):
    key = "kpis.loading"


class Steps:
    """How far a work of so many steps is, 0 to 1."""

    def __init__(self, number: int) -> None:
        self._number, self._done = number, 0

    def done(self, steps: int) -> float:
        self._done += steps
        return self._done / self._number

    def part(self, of_next: float) -> float:
        return (self._done + of_next) / self._number
