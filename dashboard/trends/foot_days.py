"""Foot traffic by KST day out of daily sums, which are kept longer than hours of single counters.

What is known of a day are sums by group (zone, route, vendor …), so a group stands where levels.py
says counter: its share of a day is the time that was counted of the time its counters were
scheduled to count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.kpis.exposure import SCHEDULED
from dashboard.kpis.groups import Dim, Groups
from dashboard.records import Kind
from dashboard.site import Calendar
from dashboard.stream.rollups import DAY_MS, KST_MS
from dashboard.trends.levels import Bools, Counted, Floats, holidays_of

COLUMNS = ("t_in", "t_out", "t_ms", *SCHEDULED)
PER_WEEK = 7


@dataclass(frozen=True, eq=False)
class FootDays:
    """groups: that count people, in the order of the columns of counted."""

    counted: Counted
    zones: tuple[str, ...]
    routes: tuple[str, ...]

    def members(self, zone: str = "", route: str = "") -> Bools:
        found = np.ones(len(self.zones), bool)
        for word, words in ((zone, self.zones), (route, self.routes)):
            if word:
                found &= np.array([one == word for one in words], bool)
        return found


def foot_days(sums: Floats, first_day: int, groups: Groups, calendar: Calendar) -> FootDays:
    """sums: (days, groups of counters, COLUMNS). first_day: of the KST calendar, since
    1970-01-01."""
    counting = groups.mask(kind=Kind.COUNTER)
    people, covered = sums[:, :, 0] + sums[:, :, 1], sums[:, :, 2]
    scheduled = np.maximum(sums[:, :, 3:].sum(axis=2), covered)
    share = np.where(covered > 0, covered / np.maximum(scheduled, 1.0), 0.0)
    start_ms = (first_day + np.arange(len(sums), dtype=np.int64)) * DAY_MS - KST_MS
    holiday = holidays_of(start_ms, calendar)
    words = [groups.words_of(dim) for dim in (Dim.ZONE, Dim.ROUTE)]
    codes = [groups.column(dim)[counting] for dim in (Dim.ZONE, Dim.ROUTE)]
    zones, routes = (
        tuple(names[code] for code in of) for names, of in zip(words, codes, strict=True)
    )
    people = np.where(covered > 0, people, 0.0)
    return FootDays(Counted(people, share, start_ms, holiday, PER_WEEK), zones, routes)
