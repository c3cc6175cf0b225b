"""Towns through the real thing, and weeks as they are told at their end; of the year also as they
were told when they were due to be sealed."""

from __future__ import annotations

from functools import cache

from dashboard.weekly.summarise import summarise
from dashboard.weekly.summary import Summary
from dashboard.weekly.week import Week
from tests.kpis.recount import room as small_room
from tests.kpis.recount.room import Room
from tests.kpis.recount.town import Sent
from tests.weekly.recount.kept import Kept, asked
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
            self.sealed[week.word] = summarise(
                *asked(self._book(), week, self.frontier_ms, year().site)
            )
            del self._stored

    def kept(self) -> Kept:
        p = self.picture
        days = {number for kind, number, _ in self._shelf if kind == "d"}
        records = [*p.alerts.values(), *p.incidents.values(), *self._orders.values()]
        sums = self._sums(days, {self.frontier_ms // 3_600_000})
        return Kept(self.frontier_ms, list(p.registrations.values()), sums, records)


@cache
def year_room() -> YearRoom:
    return YearRoom()


@cache
def told(word: str, town: str = "year") -> Summary:
    room = year_room() if town == "year" else small_room.room()
    return summarise(*asked(room.book, Week.of(word), room.frontier_ms, year().site))
