"""Weeks: worked out while they run, read as they were sealed afterwards.

Every method raises SourceUnavailable (its key says whether facts are still being loaded).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.city import City
from dashboard.errors import BadChoice
from dashboard.kpis.choice import Choice
from dashboard.site import Site
from dashboard.weekly.summarise import Asked, summarise
from dashboard.weekly.summary import Decision, Sealed, Summary
from dashboard.weekly.week import Week, spans_of
from data_sources.facts.desk import KpiDesk
from data_sources.pilots import PilotDesk


@dataclass(frozen=True, slots=True)
class Shown:
    """A week as it is told. sealed None: provisional, worked out just now. revisions: how many
    there are; decisions: what is asked for, withdrawn ones left out."""

    summary: Summary
    sealed: Sealed | None = None
    revisions: int = 0
    decisions: tuple[Decision, ...] = ()


class WeekDesk:
    def __init__(
        self, kpis: KpiDesk, pilots: PilotDesk, site: Site, city: Callable[[], City]
    ) -> None:
        self.ready = kpis.ready
        self._kpis = kpis
        self._pilots = pilots
        self._site = site
        self._city = city

    @property
    def progress(self) -> float:
        """Of loading, 0 to 1."""
        return self._kpis.progress

    def running(self) -> Week:
        """The week in progress, by the frontier."""
        return Week.at(self._kpis.now_ms())

    async def find(self, week: Week, revision: int = 0) -> Shown:
        """revision 0: the newest. Raises BadChoice for a week to come and one nobody knows."""
        if week > self.running():
            raise BadChoice("weekly.to_come", week=week.word)
        return Shown(await self.work_out(week))

    async def work_out(self, week: Week) -> Summary:
        """From what is known now."""
        city = self._city()
        asked = Asked(week, self._site, city.progress is not None)
        return await self._kpis.pieces(
            Choice(week.period), spans_of(week).periods, "weekly", lambda f: summarise(asked, f)
        )
