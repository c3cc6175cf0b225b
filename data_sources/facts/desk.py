"""Answers pages and tools: figures of a choice, what they are made of, and one device's year.

Every method raises SourceUnavailable (its key says whether facts are still being loaded) and
BadChoice. coarse: for a role that sees no exact points; it is the default.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from dashboard.errors import BadChoice, SourceUnavailable
from dashboard.kpis.breakdown import Breakdown, breakdown
from dashboard.kpis.choice import Choice, Period
from dashboard.kpis.device_year import DeviceYear
from dashboard.kpis.figure import Kpi
from dashboard.kpis.for_role import for_role
from dashboard.kpis.gather import Gathered
from dashboard.kpis.groups import DIMS, Dim
from dashboard.kpis.indicators import BY_KEY, KPIS, applies, target_of
from dashboard.kpis.members import Asked, Members, inspected, members_of, round_names
from dashboard.kpis.ranked import RankedRepair, WorstDevice
from dashboard.kpis.report import Row, row
from dashboard.kpis.scorecard import VendorScore, vendors
from dashboard.records import Kind, OrderView
from dashboard.site import Site
from data_sources.facts.device_file import DeviceFile
from data_sources.facts.lists import Lists
from data_sources.facts.store import FactStore
from data_sources.facts.transitions import Transitions
from data_sources.facts.workroom import Workroom

WORST, REPAIRS = 50, 100
T = TypeVar("T")


class KpiDesk:
    def __init__(self, store: FactStore, site: Site, now_ms: Callable[[], int]) -> None:
        self.ready = store.loaded
        self._store = store
        self._site = site
        self._room = Workroom(store, now_ms)
        self._transitions = Transitions(store.reader, now_ms)
        self._lists = Lists(self._room, self._transitions, now_ms)
        self._file = DeviceFile(store.reader)

    async def run(self) -> None:
        """Until cancelled: loads facts and keeps them in step."""
        await asyncio.gather(self._store.run(), self._warm())

    async def _warm(self) -> None:
        """So that the first to ask for a year of changes does not wait for them to be read."""
        await self.ready.wait()
        with contextlib.suppress(SourceUnavailable):
            await self._transitions.table(self._store.book.city, self.now_ms())

    @property
    def progress(self) -> float:
        """Of loading, 0 to 1."""
        return self._store.progress

    def now_ms(self) -> int:
        """The frontier; before anything was counted, the clock."""
        return self._room.now_ms()

    def known_from_ms(self) -> int:
        """Beginning of the first day anything was counted in, 0 = nothing yet."""
        return self._store.book.cube.first_ms if self.ready.is_set() else 0

    @property
    def edition(self) -> int:
        """Grows with everything that was taken in."""
        return self._store.edition

    def lacks(self, before_ms: int) -> bool:
        """Whether something is known of the time before that moment which figures do not, or not
        wholly, tell yet."""
        return self._store.lacks(before_ms)

    def is_behind(self, at_ms: int) -> bool:
        """Whether a part of the city has not been counted up to that moment."""
        return self._store.book.is_behind(at_ms)

    def known(self) -> dict[str, list[str]]:
        """The words of each dimension that can be chosen: of the site, and those that occur."""
        found = {dim: set[str]() for dim in DIMS}
        if self.ready.is_set():
            words = self._store.book.tables.groups.words_of
            found = {dim: set(words(dim)) - {""} for dim in DIMS}
        found[Dim.KIND] |= {kind.value for kind in Kind}
        found[Dim.ZONE] |= set(self._site.zone_by_code)
        found[Dim.ROUTE] |= set(self._site.route_by_id)
        return {dim.value: sorted(words) for dim, words in found.items()}

    async def report(self, choice: Choice, coarse: bool = True) -> list[Row]:
        """Every KPI that makes sense for the choice, in the order of the table."""
        wanted = [kpi for kpi in KPIS if applies(kpi, choice.wanted)]
        rows = await self._room.answer(choice, "report", self._rows(choice, wanted))
        return [for_role(one, coarse) for one in rows]

    async def row(self, choice: Choice, key: str, coarse: bool = True) -> Row:
        kpi = kpi_of(key)
        rows = await self._room.answer(choice, f"row {key}", self._rows(choice, [kpi]))
        return for_role(rows[0], coarse)

    async def breakdown(
        self, choice: Choice, key: str, dim: Dim | str, coarse: bool = True
    ) -> Breakdown:
        kpi, by = kpi_of(key), dim_of(key, dim)
        return await self._room.answer(
            choice,
            f"breakdown {key} {by} {coarse}",
            lambda found: breakdown(kpi, found.facts, by, coarse),
        )

    async def pieces(
        self, choice: Choice, pieces: Sequence[Period], what: str, make: Callable[[Gathered], T]
    ) -> T:
        """make(facts of the choice and of these pieces), once for all who ask for `what`."""

        async def work() -> T:
            return await self._room.work(make, await self._room.gather(choice, pieces))

        return await self._room.once(choice, what, work)

    async def vendors(self, choice: Choice) -> list[VendorScore]:
        """Each against all of them, also when only one is asked for."""
        wanted = dict(choice.wanted)
        one = wanted.pop(Dim.VENDOR, "")
        every = Choice(choice.period, wanted)
        scores = await self._room.answer(every, "vendors", lambda found: vendors(found.facts))
        return [score for score in scores if one in ("", score.vendor)]

    async def worst(self, choice: Choice, limit: int = WORST) -> list[WorstDevice]:
        """Devices that were down longest."""
        return await self._lists.worst(choice, limit)

    async def repairs(self, choice: Choice, limit: int = REPAIRS) -> list[RankedRepair]:
        """What to repair first, of what is open now."""
        return await self._lists.repairs(choice, limit)

    async def members(
        self, choice: Choice, key: str, limit: int, coarse: bool = True, named: bool = True
    ) -> Members:
        """What a figure is made of. named False: this role may not know which devices."""
        kpi = kpi_of(key)
        records = self._store.book.city.devices.registrations
        asked = Asked(limit, coarse, named, lambda n: records[n].device_id)
        if kpi.of == "feeds":
            return await self._lists.days(choice, kpi, limit)
        if key == "inspections_overdue":
            return await self._room.work(inspected, await self._room.gathered(choice), asked)
        if kpi.of == "devices":
            return await self._lists.devices(choice, key, limit, named)
        return await self._room.work(members_of, kpi, await self._room.gathered(choice), asked)

    async def orders(self, choice: Choice, key: str, limit: int) -> list[tuple[OrderView, int]]:
        """Orders with the numbers of their rounds that a figure is made of; of one that is not
        made of orders, all that were open at some time of the period. Read from Redis."""
        found = await self._room.gathered(choice)
        kpi = BY_KEY.get(key)
        names = await self._room.work(round_names, kpi, found, limit)
        return await self._file.orders(self._store.reader.partitions, names)

    async def device_year(self, device_id: str, to_ms: int, exact: bool = False) -> DeviceYear:
        """exact False: without alerts, and of its messages only what it says of itself."""
        book = self._store.book
        at = book.city.devices.index.get(device_id)
        if at is None:
            raise BadChoice("choice.unknown_device", value=device_id[:40])
        return await self._file.year(book, at, to_ms, exact)

    def _rows(self, choice: Choice, kpis: Sequence[Kpi]) -> Callable[[Gathered], list[Row]]:
        kind, targets = choice.wanted.get(Dim.KIND, ""), self._site.targets

        def rows(of: Gathered) -> list[Row]:
            return [
                row(kpi, of.facts, of.previous, of.last_year, of.pieces,
                    target_of(targets, kpi.key, kind))
                for kpi in kpis
            ]  # fmt: skip

        return rows


def kpi_of(key: str) -> Kpi:
    if key not in BY_KEY:
        raise BadChoice("choice.unknown_kpi", value=key[:40])
    return BY_KEY[key]


def dim_of(key: str, word: Dim | str) -> Dim:
    """Raises BadChoice for a dimension this KPI cannot be broken down by."""
    if word not in kpi_of(key).dims:
        raise BadChoice("choice.unknown_dim", value=str(word)[:40])
    return Dim(word)
