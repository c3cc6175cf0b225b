"""Seals weeks that are over, and weeks whose figures turn out to be others.

A week is due when all that is known reaches the hours it settles in. A part of the city that has
not come so far (a worker that catches up, a dead feed) is waited for, but not for long: the feed
may stay dead, and then its time is unknown in the week and the revision that has it comes later.

Sealed weeks are worked out again: the newest often, those of a year once a day, since what comes
in later is mostly about days just past. No week is worked out while facts are being taken in.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping

from dashboard.city import City
from dashboard.errors import SourceUnavailable
from dashboard.stream.rollups import DAY_MS
from dashboard.weekly import seal
from dashboard.weekly.shown import WeekLine
from dashboard.weekly.summary import Sealed, Summary
from dashboard.weekly.week import WEEKS, Week
from data_sources.facts.desk import KpiDesk
from data_sources.weekly.book import WeekBook

log = logging.getLogger(__name__)
MINUTE_MS = 60_000
PATIENCE_MS = 30 * MINUTE_MS  # with a part of the city that is behind
NEWEST = 9  # weeks that the usual range of the newest one is made of, and itself
NEWEST_EVERY_MS = 10 * MINUTE_MS
YEAR_EVERY_MS = DAY_MS
AGAIN_AT_ONCE = 10  # weeks worked out again in one turn
AFTER_ERROR_MS = 10 * MINUTE_MS
REST_S = 0.1  # between two weeks, for whoever else wants to work something out


class Sealer:
    """work_out: from what is known now."""

    def __init__(
        self,
        book: WeekBook,
        kpis: KpiDesk,
        city: Callable[[], City],
        work_out: Callable[[Week], Awaitable[Summary]],
    ) -> None:
        self._book = book
        self._kpis = kpis
        self._city = city
        self._work_out = work_out
        self._looked: dict[str, tuple[int, int]] = {}  # week -> when, at which edition
        self._failed: dict[str, int] = {}
        self._behind: dict[str, int] = {}  # week -> since when a part of the city is waited for

    async def seal_due(self) -> list[Sealed]:
        """What was sealed just now: weeks that were due, the oldest first, then revisions."""
        found: list[Sealed] = []
        if not self._can_tell():
            return found
        lines = {line.week: line for line in await self._book.lines()}
        for week in [*self._due(lines), *self._to_look_at(lines)]:
            if self._kpis.lacks(week.settled_ms):
                continue  # later
            if (one := await self._try(week)) is not None:
                found.append(one)
            await asyncio.sleep(REST_S)
        return found

    def _can_tell(self) -> bool:
        """Not while simulated history is being written, nor before anything was counted."""
        written = (self._city().progress or {}).get("phase") == "history"
        return self._kpis.known_from_ms() > 0 and not written

    def _due(self, lines: Mapping[str, WeekLine]) -> Iterator[Week]:
        now_ms = self._kpis.now_ms()
        week = first_week(self._kpis)
        while week.settled_ms <= now_ms:
            if week.word not in lines and not self._rests(week) and self._is_settled(week):
                yield week
            week = week.plus(1)

    def _is_settled(self, week: Week) -> bool:
        if not self._kpis.is_behind(week.settled_ms):
            return True
        now_ms = self._book.now_ms()
        return now_ms - self._behind.setdefault(week.word, now_ms) >= PATIENCE_MS

    def _to_look_at(self, lines: Mapping[str, WeekLine]) -> list[Week]:
        """Sealed weeks to be worked out again now, those first that waited longest."""
        words = sorted(lines, reverse=True)[:WEEKS]
        waiting = [word for at, word in enumerate(words) if self._is_stale(word, at < NEWEST)]
        waiting.sort(key=lambda word: self._looked.get(word, (0, 0))[0])
        weeks = [Week.of(word) for word in waiting]
        known = [w for w in weeks if w >= first_week(self._kpis) and not self._rests(w)]
        return known[:AGAIN_AT_ONCE]

    def _is_stale(self, word: str, is_new: bool) -> bool:
        looked_ms, edition = self._looked.get(word, (0, -1))
        every_ms = NEWEST_EVERY_MS if is_new else YEAR_EVERY_MS
        is_old = self._book.now_ms() - looked_ms >= every_ms
        return is_old and edition != self._kpis.edition

    def _rests(self, week: Week) -> bool:
        """It failed a moment ago: the others go on without it."""
        failed_ms = self._failed.get(week.word)
        return failed_ms is not None and self._book.now_ms() - failed_ms < AFTER_ERROR_MS

    async def _try(self, week: Week) -> Sealed | None:
        """Raises SourceUnavailable; of anything else that is wrong with a week the log tells."""
        try:
            return await self._seal(week)
        except SourceUnavailable:
            raise
        except Exception:
            log.exception("week %s not sealed", week.word)
            self._failed[week.word] = self._book.now_ms()
            return None

    async def _seal(self, week: Week) -> Sealed | None:
        """None: nothing to be sealed, or another process was first."""
        edition, now_ms = self._kpis.edition, self._book.now_ms()
        before = (await self._book.find(week.word)).sealed
        after = await self._work_out(week)
        if self._kpis.lacks(week.settled_ms) or not after.complete:
            return None  # may be partly from before, partly from after: later
        self._looked[week.word] = now_ms, edition
        if before is not None and not is_other(before.summary, after):
            return None
        one = seal.sealed(after, before, now_ms, self._city().watermark_ms)
        if not await self._book.append(one):
            return None
        log.info("week %s sealed, revision %d, %s", week.word, one.revision, one.hash)
        return one


def first_week(kpis: KpiDesk) -> Week:
    """In which something was counted first; the running one while nothing was."""
    return Week.at(kpis.known_from_ms() or kpis.now_ms())


def is_other(before: Summary, after: Summary) -> bool:
    """Whether it is worth a revision: its own figures differ, and not because days of it are no
    longer kept."""
    first_day = max(before.inputs.counted_from, _first_day(before))
    return after.inputs.counted_from <= first_day and seal.differs(before, after)


def _first_day(summary: Summary) -> str:
    return Week.of(summary.week).monday.isoformat()
