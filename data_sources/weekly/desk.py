"""Weeks: worked out while they run, read as they were sealed afterwards.

Every method raises SourceUnavailable (its key says whether facts are still being loaded).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from dashboard.city import City
from dashboard.kpis.choice import Choice, day_of_ms
from dashboard.pilots.evaluation import Evaluation
from dashboard.pilots.pilot import Pilot
from dashboard.site import Site
from dashboard.weekly.pilots import pilot_line, pilots_of
from dashboard.weekly.shown import Shown as Shown
from dashboard.weekly.shown import UnknownWeek, WeekLine
from dashboard.weekly.summarise import Asked, summarise
from dashboard.weekly.summary import Decision, PilotLine, Sealed, Summary
from dashboard.weekly.week import Week, spans_of
from data_sources.facts.answers import Answers
from data_sources.facts.desk import KpiDesk
from data_sources.pilots import PilotDesk
from data_sources.weekly.book import WeekBook
from data_sources.weekly.sealing import Sealer, first_week

EVALUATED_MS = 3_600_000  # an evaluation is good for so long while a week is provisional
EVALUATIONS = 60
Evaluated = Callable[[Pilot, int], Awaitable[Evaluation]]


class WeekDesk:
    def __init__(
        self,
        book: WeekBook,
        kpis: KpiDesk,
        pilots: PilotDesk,
        site: Site,
        city: Callable[[], City],
    ) -> None:
        self.ready = kpis.ready
        self.book = book
        self._kpis = kpis
        self._pilots = pilots
        self._site = site
        self._city = city
        self._sealer = Sealer(book, kpis, city, self.work_out)
        self._evaluations = Answers(EVALUATIONS, EVALUATED_MS, book.now_ms)
        self.lease = book.lease  # of whoever seals and sends

    @property
    def progress(self) -> float:
        """Of loading, 0 to 1."""
        return self._kpis.progress

    def running(self) -> Week:
        """The week in progress, by the frontier."""
        return Week.at(self._kpis.now_ms())

    async def find(self, week: Week, revision: int = 0) -> Shown:
        """As it was sealed; the newest revision for revision 0, and before there is one as it is
        known now. Raises UnknownWeek for one to come, one before anything was counted and a
        revision that there is not; BrokenSeal."""
        found = await self.book.find(week.word, revision)
        sealed = found.sealed
        if sealed is None and revision:
            raise UnknownWeek("weekly.unknown_revision", week=week.word, revision=revision)
        if sealed is None:
            self._check(week)
        summary = sealed.summary if sealed else await self._provisional(week)
        asked_for = await self.book.decisions.of(week.word)
        return Shown(summary, sealed, found.revisions, asked_for)

    async def archive(self) -> list[WeekLine]:
        """Every week that is known, the newest first: those not sealed as well."""
        lines = {line.week: line for line in await self.book.lines()}
        week, now_ms = self.running(), self._kpis.now_ms()
        while week >= first_week(self._kpis):
            line = WeekLine(week.word, week.from_ms, complete=now_ms >= week.settled_ms)
            lines.setdefault(week.word, line)
            week = week.plus(-1)
        return sorted(lines.values(), key=lambda line: line.from_ms, reverse=True)

    async def ask(self, week: Week, text: str, user: str, address: str) -> Decision:
        """Raises BadChoice, and UnknownWeek as `find` does."""
        await self._known(week)
        return await self.book.decisions.ask(week.word, text, user, address)

    async def withdraw(self, week: Week, decision_id: str, user: str, address: str) -> Decision:
        """Raises UnknownWeek for a decision nobody knows, Conflict when somebody was first."""
        return await self.book.decisions.withdraw(week.word, decision_id, user, address)

    async def seal_due(self) -> list[Sealed]:
        """Seals what is due; for the holder of the lease alone, but harmless if two do it."""
        return await self._sealer.seal_due()

    async def work_out(self, week: Week) -> Summary:
        """From all that is known now."""
        return await self._made("weekly sealed", week, await self._ran_in(week, self._evaluated))

    async def _provisional(self, week: Week) -> Summary:
        """The same, but that what pilots changed may be an hour old."""
        return await self._made("weekly", week, await self._ran_in(week, self._remembered))

    async def _made(self, what: str, week: Week, pilots: tuple[PilotLine, ...]) -> Summary:
        asked = Asked(week, self._site, self._city().progress is not None, pilots)
        return await self._kpis.pieces(
            Choice(week.period), spans_of(week).periods, what, lambda f: summarise(asked, f)
        )

    async def _ran_in(self, week: Week, evaluated: Evaluated) -> tuple[PilotLine, ...]:
        """Pilots, as of its end."""
        at_ms = min(week.to_ms, self._kpis.now_ms())
        ran = pilots_of(await self._pilots.book.all(), week, at_ms)
        found = [await evaluated(pilot, at_ms) for pilot in ran]
        return tuple(pilot_line(p, one, at_ms) for p, one in zip(ran, found, strict=True))

    async def _evaluated(self, pilot: Pilot, at_ms: int) -> Evaluation:
        return await self._pilots.evaluate(pilot, at_ms=at_ms)

    async def _remembered(self, pilot: Pilot, at_ms: int) -> Evaluation:
        """Whole days are compared, so that it is the same all day but for what comes in late."""
        key = self._kpis.known_from_ms(), pilot.id, pilot.version, day_of_ms(at_ms)
        return await self._evaluations.get(key, 0, lambda: self._evaluated(pilot, at_ms))

    async def _known(self, week: Week) -> None:
        if not (await self.book.find(week.word)).revisions:
            self._check(week)

    def _check(self, week: Week) -> None:
        """Raises UnknownWeek. While facts are being loaded nobody can tell the first week."""
        if week > self.running():
            raise UnknownWeek("weekly.to_come", week=week.word)
        if self.ready.is_set() and week < first_week(self._kpis):
            raise UnknownWeek("weekly.unknown_week", week=week.word)
