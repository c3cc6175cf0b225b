"""The days of a pilot that are compared: as many before its start as have passed since.

At most a year before: more would be another time. Where less is known of before, that is
compared, and every count is divided by how long its period is.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.kpis.choice import Period, start_of
from dashboard.pilots.pilot import Pilot
from dashboard.stream.rollups import DAY_MS, KST_MS
from dashboard.trends.window import midnight_after

YEAR_DAYS = 365
SEASON_DAYS = 30  # whole years apart, give or take so much, are the same season
WEEK_MS = 7 * DAY_MS
FEWEST, MOST = 4, 13  # pieces of a period
NOT_BEGUN, TOO_SOON, NO_HISTORY = "not_begun", "too_soon", "no_history"


@dataclass(frozen=True, slots=True)
class Spans:
    """before, after: whole KST days. why: NOT_BEGUN, TOO_SOON or NO_HISTORY; "" = both are
    there."""

    before: Period | None = None
    after: Period | None = None
    why: str = ""

    @property
    def days(self) -> tuple[int, int]:
        """Before and after."""
        return _days(self.before), _days(self.after)

    @property
    def weights(self) -> tuple[float, float]:
        """Lengths of before and after, in lengths of after."""
        before, after = self.days
        return before / after, 1.0

    @property
    def same_season(self) -> bool:
        """Both are of about a whole year."""
        return all(abs(days - YEAR_DAYS) <= SEASON_DAYS for days in self.days)


def spans_of(pilot: Pilot, now_ms: int, known_from_ms: int) -> Spans:
    """known_from_ms: when the first incident was reported, 0 = none ever."""
    start_ms = start_of(pilot.first)
    end_ms = _midnight_before(now_ms)
    if pilot.last is not None:
        end_ms = min(end_ms, start_of(pilot.last) + DAY_MS)  # the last of all days has no next
    if now_ms < start_ms:
        return Spans(why=NOT_BEGUN)
    if end_ms <= start_ms:
        return Spans(why=TOO_SOON)
    after = Period(start_ms, end_ms)
    length_ms = min(end_ms - start_ms, YEAR_DAYS * DAY_MS)
    from_ms = max(start_ms - length_ms, midnight_after(known_from_ms))
    if not known_from_ms or from_ms >= start_ms:
        return Spans(after=after, why=NO_HISTORY)
    return Spans(Period(from_ms, start_ms), after)


def pieces(period: Period) -> tuple[Period, ...]:
    """Whole weeks of it, in 4 to 13 pieces as equal as weeks allow; () when it is shorter.
    Days left over at its end are in none."""
    weeks = (period.to_ms - period.from_ms) // WEEK_MS
    if weeks < FEWEST:
        return ()
    n = min(weeks, MOST)
    borders = [period.from_ms + weeks * k // n * WEEK_MS for k in range(n + 1)]
    return tuple(Period(a, b) for a, b in zip(borders, borders[1:], strict=False))


def _days(period: Period | None) -> int:
    return 0 if period is None else (period.to_ms - period.from_ms) // DAY_MS


def _midnight_before(at_ms: int) -> int:
    """The KST midnight at or before a moment."""
    return (at_ms + KST_MS) // DAY_MS * DAY_MS - KST_MS
