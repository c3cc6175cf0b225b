"""Pilots: kept, checked, and evaluated out of incidents and of what KPIs are made of."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from dashboard.errors import BadChoice
from dashboard.kpis.choice import Choice, day_of_ms
from dashboard.pilots.checked import check, check_withdrawn
from dashboard.pilots.evaluation import Evaluation
from dashboard.pilots.ground import Ground, ground_of
from dashboard.pilots.incidents import Crime, crime_of
from dashboard.pilots.outcomes import process_of
from dashboard.pilots.pilot import Kept, Pilot
from dashboard.pilots.spans import Spans, pieces, spans_of
from dashboard.records import Registration
from dashboard.site import Site
from data_sources.facts.desk import KpiDesk
from data_sources.pilots.book import PilotBook
from data_sources.trends.desk import Material, TrendDesk

Registrations = Callable[[], list[Registration]]


class PilotDesk:
    """Every method raises SourceUnavailable. coarse: for a role that sees no exact points."""

    def __init__(
        self,
        book: PilotBook,
        trends: TrendDesk,
        kpis: KpiDesk,
        site: Site,
        registrations: Registrations,
    ) -> None:
        self.book = book
        self._trends = trends
        self._kpis = kpis
        self._site = site
        self._registrations = registrations

    def ground(self) -> Ground:
        return ground_of(self._site, self._trends.grid, self._registrations())

    async def define(self, pilot: Pilot, user: str, address: str) -> Kept:
        """Raises BadPilot."""
        check(pilot, None, self.ground(), self.book.now_ms())
        return await self.book.define(pilot, user, address)

    async def change(self, pilot: Pilot, version: int, user: str, address: str) -> Kept:
        """Raises BadPilot, Conflict, and BadChoice for one nobody knows or that is withdrawn."""
        before = (await self.find(pilot.id)).now
        if before.withdrawn:
            raise BadChoice("pilots.is_withdrawn")
        check(pilot, before, self.ground(), self.book.now_ms())
        return await self.book.change(pilot, version, user, address)

    async def withdraw(
        self, pilot_id: str, why: str, version: int, user: str, address: str
    ) -> Kept:
        """It stays, marked as such. Raises as `change` does."""
        before = (await self.find(pilot_id)).now
        if before.withdrawn:
            raise BadChoice("pilots.is_withdrawn")
        check_withdrawn(why)
        gone = replace(before, withdrawn=why, why=why)
        return await self.book.change(gone, version, user, address)

    async def find(self, pilot_id: str) -> Kept:
        """Raises BadChoice."""
        kept = await self.book.find(pilot_id)
        if kept is None:
            raise BadChoice("pilots.unknown", value=pilot_id[:40])
        return kept

    async def evaluate(
        self, pilot: Pilot, coarse: bool = True, at_ms: int | None = None
    ) -> Evaluation:
        """at_ms: as it could be told then, where that is past; whole days before it count."""
        ground = self.ground()

        def counted(material: Material) -> tuple[Spans, Crime | None]:
            now_ms = material.now_ms if at_ms is None else min(at_ms, material.now_ms)
            spans = spans_of(pilot, now_ms, material.known_from_ms)
            frame = material.incidents
            by_device = material.snapshot.incidents["alert"][frame["row"].to_numpy()]
            shapes = ground.shapes(pilot) if spans.before else {}
            return spans, crime_of(frame, by_device, pilot, shapes, spans, coarse)

        day = "" if at_ms is None else day_of_ms(at_ms).isoformat()
        name = f"pilot {pilot.id} {pilot.version} {coarse} {day}"
        spans, crime = await self._trends.answer(None, name, counted)
        if spans.before is None or spans.after is None:
            return Evaluation(spans)
        first, then = pieces(spans.before), pieces(spans.after)
        outcomes = await self._kpis.pieces(
            Choice(spans.after),
            (spans.before, *first, *then),
            name,
            lambda found: process_of(found, pilot, len(first), coarse),
        )
        return Evaluation(spans, outcomes, crime, self._kpis.known_from_ms())
