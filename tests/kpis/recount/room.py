"""The town's messages through the real thing: worker's core, stored cells, book of facts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property

import msgspec

from dashboard.city import City
from dashboard.deltas import Delta
from dashboard.kpis.choice import Choice, Period
from dashboard.kpis.facts import Facts
from dashboard.kpis.gather import Known, plan_of
from dashboard.records import OrderView
from dashboard.stream import pipeline
from dashboard.stream.picture import Picture
from dashboard.stream.rollups import Cell, Place
from data_sources.facts.book import Book
from data_sources.facts.reader import Sums
from tests.kpis.recount.town import OVER_MS, Sent, Town, town

SECOND_MS = 1_000
_pack = msgspec.msgpack.Encoder().encode


class Room:
    """What a control room knows of the town at over_ms."""

    def __init__(self, told: Town, over_ms: int = OVER_MS) -> None:
        self._over_ms = over_ms
        self._shelf: dict[Place, Cell] = {}
        self._orders: dict[str, OrderView] = {}
        self.picture = Picture(told.site, lambda place: self._shelf.get(place, {}))
        for batch in told.batches:
            self._take(batch, batch[-1].arrived_ms)
        for n in range(20):
            self._take([], over_ms + n * SECOND_MS)
        self.book = self._book()

    def facts(self, from_ms: int, to_ms: int, **wanted: str) -> Facts:
        period = Period(from_ms, to_ms)
        known = Known(self.frontier_ms, self.book.cube.first, 0)
        plan = plan_of(Choice(period, wanted), [], known)
        return self.book.gather(plan, self.book.hours(self._sums([], plan.hours))).facts

    @property
    def frontier_ms(self) -> int:
        return self.picture.ledger.frontier_ms

    def _take(self, batch: list[Sent], now_ms: int) -> None:
        entries = [
            (one.stream, f"{one.arrived_ms}-{n}".encode(), one.raw) for n, one in enumerate(batch)
        ]
        entries.sort(key=lambda entry: entry[0] not in pipeline.OVERTAKING)
        pipeline.advance(self.picture, entries, now_ms, drained=True)
        for place in self.picture.rollups.dirty:
            self._shelf[place] = self.picture.rollups.cell(place)
        self._orders |= self.picture.workshop.shelf.orders  # old ones are put away there
        pipeline.done(self.picture)

    @cached_property
    def _stored(self) -> dict[tuple[str, int], list[bytes]]:
        stored: dict[tuple[str, int], list[bytes]] = {}
        for (kind, number, _), cell in self._shelf.items():
            stored.setdefault((kind, number), []).append(_pack(cell))
        return stored

    def _book(self) -> Book:
        p, city = self.picture, City("town")
        now_ms = self._over_ms
        city.apply(Delta(0, now_ms, now_ms, list(p.registrations.values())), now_ms)
        book = Book(city, p.site)
        days = {number for kind, number, _ in self._shelf if kind == "d"}
        book.take_sums(self._sums(days, {self.frontier_ms // 3_600_000}))
        book.take_records([*p.alerts.values(), *p.incidents.values(), *self._orders.values()])
        return book

    def _sums(self, days: Iterator[int], hours: Iterator[int]) -> Sums:
        """As they lie in Redis."""
        ledger, groups, stored = self.picture.ledger, self.picture.rollups.groups, self._stored
        return Sums(
            0, self.frontier_ms,
            {day: stored.get(("d", day), []) for day in days},
            {hour: stored.get(("h", hour), []) for hour in hours},
            {str(n).encode(): _pack(counts) for n, counts in ledger.now_counts.items()},
            {str(n).encode(): _pack(tuple(group)) for n, group in enumerate(groups)},
        )  # fmt: skip


@cache
def room(dead_share: float = 0.0) -> Room:
    return Room(town(dead_share))
