"""Where facts of a choice are gathered: in threads, one thing at a time, kept for a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Any, TypeVar

from dashboard.errors import BadChoice, SourceUnavailable
from dashboard.kpis.choice import Choice, Period
from dashboard.kpis.gather import Gathered, Known, plan_of, without_edges
from dashboard.kpis.report import pieces_of
from dashboard.stream.rollups import DAY_MS
from data_sources import keys
from data_sources.facts.answers import Answers
from data_sources.facts.book import Book
from data_sources.facts.store import FactStore

FRESH_MS = 15_000  # an answer is good for so long although there is news
GATHERED, ANSWERS = 6, 100  # facts of a choice are some megabytes, answers are small
T = TypeVar("T")


class Workroom:
    def __init__(self, store: FactStore, now_ms: Callable[[], int]) -> None:
        self.store = store
        self._now_ms = now_ms
        self._gathered = Answers(GATHERED, FRESH_MS, now_ms)
        self._answers = Answers(ANSWERS, FRESH_MS, now_ms)
        self._one = asyncio.Semaphore(1)

    def now_ms(self) -> int:
        """The frontier; before anything was counted, the clock."""
        return self.store.frontier_ms or self._now_ms()

    async def answer(self, choice: Choice, what: str, make: Callable[[Gathered], T]) -> T:
        """make(facts of the choice), once for all who ask for `what` of it."""

        async def work() -> T:
            return await self.work(make, await self.gathered(choice))

        return await self.once(choice, what, work)

    async def once(self, choice: Choice, what: str, make: Callable[[], Awaitable[T]]) -> T:
        key = id(self.store.book), what, _key(choice)
        return await self._answers.get(key, self.store.edition, make)

    async def gathered(self, choice: Choice) -> Gathered:
        pieces = pieces_of(choice.period, self.now_ms())
        key = id(self.store.book), _key(choice)
        return await self._gathered.get(
            key, self.store.edition, lambda: self.gather(choice, pieces)
        )

    async def gather(self, choice: Choice, pieces: Sequence[Period]) -> Gathered:
        """Not kept. Raises BadChoice when hours are asked for that are gone."""
        book = self.store.book
        known = self._known(book)
        if not known.has_hours((choice.period.from_ms, choice.period.to_ms)):
            raise BadChoice("choice.hours_gone", days=keys.HOURLY_DAYS)
        plan = plan_of(choice, pieces, known)
        try:
            hours = await self.store.hours(book, plan.hours)
        except SourceUnavailable:  # what is compared is worth less than an answer
            plan = without_edges(plan)
            hours = await self.store.hours(book, plan.hours)
        return await self.work(book.gather, plan, hours)

    async def work(self, do: Callable[..., T], *arguments: Any) -> T:
        """In a thread, when nothing else heavy is being done."""
        async with self._one:
            return await asyncio.to_thread(do, *arguments)

    def _known(self, book: Book) -> Known:
        now_ms = book.frontier_ms or self._now_ms()
        return Known(now_ms, book.cube.first, now_ms - keys.HOURLY_DAYS * DAY_MS)


def _key(choice: Choice) -> Hashable:
    period = choice.period
    return period.from_ms, period.to_ms, period.word, tuple(sorted(choice.wanted.items()))
