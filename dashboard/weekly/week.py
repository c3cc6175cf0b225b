"""ISO weeks in Korea, Monday to Sunday, and the spans a week is held against.

A year to date is made of whole weeks: from the Monday of week 1 of the ISO year that the week
belongs to, so that 28 December can be part of next year, and week 1 is its own year to date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.errors import BadChoice
from dashboard.kpis.choice import Period, day_of_ms, start_of
from dashboard.stream.rollups import DAY_MS, HOUR_MS

WEEK_MS = 7 * DAY_MS
WEEKS = 52  # of the lines, the week itself included
SETTLES_MS = 6 * HOUR_MS  # after its end a week waits so long for what comes late
YEARS = range(1970, 9999)  # ISO years that have one before and one after them to be told with
_WORD = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """monday: its first day."""

    monday: date

    @classmethod
    def of(cls, word: str) -> Week:
        """2026-W47. Raises BadChoice."""
        match = _WORD.fullmatch(word)
        if match is None or int(match[1]) not in YEARS:
            raise BadChoice("weekly.not_a_week", value=word[:40])
        try:
            return cls(date.fromisocalendar(int(match[1]), int(match[2]), 1))
        except ValueError as error:
            raise BadChoice("weekly.not_a_week", value=word[:40]) from error

    @classmethod
    def at(cls, at_ms: int) -> Week:
        """In which a moment lies."""
        day = day_of_ms(at_ms)
        return cls(day - timedelta(days=day.weekday()))

    @property
    def word(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year:04}-W{number:02}"

    @property
    def year(self) -> int:
        """The ISO year, which is not always that of its Monday."""
        return self.monday.isocalendar()[0]

    @property
    def number(self) -> int:
        return self.monday.isocalendar()[1]

    @property
    def from_ms(self) -> int:
        return start_of(self.monday)

    @property
    def to_ms(self) -> int:
        return self.from_ms + WEEK_MS

    @property
    def settled_ms(self) -> int:
        """From then on it is sealed: 06:00 on the Monday after."""
        return self.to_ms + SETTLES_MS

    @property
    def period(self) -> Period:
        return Period(self.from_ms, self.to_ms, self.word)

    def plus(self, weeks: int) -> Week:
        """Raises OverflowError at the ends of the calendar."""
        return Week(self.monday + timedelta(weeks=weeks))

    def last_year(self) -> Week:
        """The week of the same number; of a week 53 the last one of the year before."""
        year = self.year - 1
        weeks = date(year, 12, 28).isocalendar()[1]
        return Week(date.fromisocalendar(year, min(self.number, weeks), 1))


@dataclass(frozen=True, slots=True)
class Spans:
    """d28 ends with the week. last_year: the same weeks of the ISO year before; last_year_week:
    the last one of these. days: of the week. past: the weeks before it, the oldest first."""

    d28: Period
    year: Period
    last_year: Period
    last_year_week: Period
    days: tuple[Period, ...]
    past: tuple[Period, ...]

    @property
    def periods(self) -> tuple[Period, ...]:
        return self.d28, self.year, self.last_year, self.last_year_week, *self.days, *self.past


def spans_of(week: Week) -> Spans:
    then = week.last_year()
    return Spans(
        Period(week.to_ms - 4 * WEEK_MS, week.to_ms),
        _to_date(week),
        _to_date(then),
        then.period,
        tuple(Period(at, at + DAY_MS) for at in range(week.from_ms, week.to_ms, DAY_MS)),
        tuple(week.plus(-n).period for n in range(WEEKS - 1, 0, -1)),
    )


def _to_date(week: Week) -> Period:
    return Period(start_of(date.fromisocalendar(week.year, 1, 1)), week.to_ms)
