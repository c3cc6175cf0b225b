"""Towns through the real thing, and weeks as they are told at their end; of the year also as they
were told when they were due to be sealed."""

from __future__ import annotations

from functools import cache

from dashboard.kpis.choice import Choice
from dashboard.kpis.gather import Gathered, Known, plan_of
from dashboard.weekly.summarise import Asked, summarise
from dashboard.weekly.summary import Summary
from dashboard.weekly.week import Week, spans_of
from data_sources.facts.book import Book
from tests.kpis.recount import room as small_room
from tests.kpis.recount.room import Room
from tests.kpis.recount.town import Sent
from tests.weekly.recount.year import OVER_MS, year

# Worked out in the middle of the year too, as soon as they had settled.
SEALED = ("2026-W46", "2026-W47", "2026-W49", "2026-W51", "2027-W01")


class YearRoom(Room):
    """sealed: by the word of a week."""

    def __init__(self) -> None:
        self.sealed: dict[str, Summary] = {}
        self._due = [Week.of(word) for word in SEALED]
        super().__init__(year(), OVER_MS)

    def _take(self, batch: list[Sent], now_ms: int) -> None:
        super()._take(batch, now_ms)
        while self._due and self.frontier_ms >= self._due[0].settled_ms:
            week = self._due.pop(0)
            self.sealed[week.word] = work_out(self, week, self._book())
            del self._stored


def work_out(room: Room, week: Week, book: Book | None = None) -> Summary:
    found = gathered(room, week, book)
    return summarise(Asked(week, room.picture.site, simulated=False), found)


def gathered(room: Room, week: Week, book: Book | None = None) -> Gathered:
    """As data_sources/weekly/desk.py has it. book None: at the end."""
    book = book or room.book
    known = Known(room.frontier_ms, book.cube.first, 0)
    plan = plan_of(Choice(week.period), spans_of(week).periods, known)
    return book.gather(plan, book.hours(room._sums([], plan.hours)))


@cache
def year_room() -> YearRoom:
    return YearRoom()


@cache
def told(word: str, town: str = "year") -> Summary:
    return work_out(year_room() if town == "year" else small_room.room(), Week.of(word))
