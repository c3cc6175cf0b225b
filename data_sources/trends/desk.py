"""Works out pictures of trends: in threads, one at a time, once for all who ask for the same.

    heat = await sources.trends.answer(choice, "heat", lambda m: heat_of(m.incidents, ...))

Raises SourceUnavailable (its key says whether facts are still being loaded) and BadChoice.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import pandas as pd

from dashboard.errors import SourceUnavailable
from dashboard.kpis.choice import Period
from dashboard.kpis.groups import Dim
from dashboard.kpis.tables import Snapshot
from dashboard.site import Site
from dashboard.trends.choice import TrendChoice
from dashboard.trends.foot_days import FootDays
from dashboard.trends.frame import incident_frame
from dashboard.trends.grid import Grid
from dashboard.trends.profile import Street, street_of
from data_sources.facts.answers import Answers
from data_sources.facts.store import FactStore
from data_sources.trends.foot_reader import FootReader
from data_sources.trends.jobs import Jobs

FRESH_MS = 15_000  # an answer is good for so long although there is news
ANSWERS = 200
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Material:
    """What pictures are made of, at one moment.

    incidents: trends/frame.py says what its columns are. now_ms: the frontier, nothing after it
    is known. known_from_ms: when the first incident was reported; 0 = there is none.
    snapshot: the facts the frame came from; its `row` is a place in snapshot.incident_ids.
    """

    incidents: pd.DataFrame
    grid: Grid
    site: Site
    snapshot: Snapshot
    now_ms: int

    @property
    def known_from_ms(self) -> int:
        return int(self.incidents["reported"].min()) if len(self.incidents) else 0


class TrendDesk:
    def __init__(
        self, store: FactStore, site: Site, now_ms: Callable[[], int], foot: FootReader
    ) -> None:
        self.ready = store.loaded
        self.foot = foot.foot  # await foot(): hours of every counter
        self.jobs = Jobs(now_ms)
        self._store = store
        self._site = site
        self._now_ms = now_ms
        self._answers = Answers(ANSWERS, FRESH_MS, now_ms)
        self._one = asyncio.Semaphore(1)
        self._framed: tuple[Snapshot, pd.DataFrame] | None = None
        self._street: Street | None = None
        self.known_from_ms = 0  # when the first incident known was reported, as last asked for

    @cached_property
    def grid(self) -> Grid:
        return Grid.of(self._site)

    @property
    def progress(self) -> float:
        """Of loading, 0 to 1."""
        return self._store.progress

    def now_ms(self) -> int:
        """The frontier; before anything was counted, the clock."""
        return self._store.frontier_ms or self._now_ms()

    def known(self) -> dict[str, list[str]]:
        """Words of zones and routes that can be chosen: of the site, and those that occur."""
        found = {"zone": set(self._site.zone_by_code), "route": set(self._site.route_by_id)}
        if self.ready.is_set():
            words = self._store.book.tables.groups.words_of
            found["zone"] |= set(words(Dim.ZONE)) - {""}
            found["route"] |= set(words(Dim.ROUTE)) - {""}
        return {name: sorted(words) for name, words in found.items()}

    async def run(self) -> None:
        """Until cancelled. So that the first to ask does not wait for what takes longest."""
        await self.ready.wait()
        with contextlib.suppress(SourceUnavailable):
            await self.answer(None, "warm", lambda material: material.known_from_ms)
            await self.street()
        await asyncio.Event().wait()

    async def answer(
        self, choice: TrendChoice | None, what: str, make: Callable[[Material], T]
    ) -> T:
        """make(material) in a thread. what: names everything else the answer depends on."""
        book = self._store.book

        async def work() -> T:
            async with self._one:
                return await asyncio.to_thread(lambda: make(self._material()))

        key = id(book), what, key_of(choice)
        return await self._answers.get(key, self._store.edition, work)

    async def street(self) -> Street:
        """Hours of all counters, looked over for stuck ones once for each time they are read."""
        foot = await self.foot()
        async with self._one:
            known = self._street
            if known is None or known.foot is not foot:
                known = await asyncio.to_thread(street_of, foot, self._site, self.now_ms())
                self._street = known
            return known

    async def foot_days(self, first: int, after: int) -> FootDays:
        """Of these KST days (since 1970-01-01), by group."""
        book, calendar = self._store.book, self._site.calendar
        return await asyncio.to_thread(book.foot_days, range(first, after), calendar)

    def _material(self) -> Material:
        """In a thread, one at a time."""
        snapshot, _ = self._store.book.look()
        if self._framed is None or self._framed[0] is not snapshot:
            frame = incident_frame(snapshot.incidents, snapshot.groups, self.grid)
            self._framed = snapshot, frame
        found = Material(self._framed[1], self.grid, self._site, snapshot, self.now_ms())
        self.known_from_ms = found.known_from_ms
        return found


def key_of(choice: TrendChoice | None) -> Hashable:
    if choice is None:
        return None
    wanted: Mapping[str, str] = choice.wanted
    period: Period = choice.period
    words: Sequence[tuple[str, str]] = sorted(wanted.items())
    return period.from_ms, period.to_ms, period.word, tuple(words), choice.hour, choice.cell
