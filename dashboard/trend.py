"""Incidents of the last days against the weeks before: in all, per day, per cell, per zone.

Counts go by the time an incident was reported, in KST days. Tests and exercises do not count. The
total is judged as on the page of trends (trends/change.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, floor, radians
from typing import Any

import numpy as np

from dashboard.coarse import hide_few
from dashboard.records import IncidentView
from dashboard.trends.change import judge
from dashboard.trends.scatter import scatter
from dashboard.usual import change_z

DAY_MS = 86_400_000
KST_MS = 9 * 3_600_000
BEFORE_DAYS = 56
MIN_BEFORE_DAYS = 14  # fewer say nothing about what to expect
CELL_M = 250.0
_M_PER_DEGREE = 111_195.0

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """The last `days` up to now, and the days before them that are known."""

    days: int
    start_ms: int
    end_ms: int
    before_ms: int  # start of the weeks before

    @property
    def before_days(self) -> float:
        return (self.start_ms - self.before_ms) / DAY_MS

    @property
    def periods(self) -> float:
        """How many times the span fits into the weeks before; 0 = too little is known."""
        enough = self.before_days >= MIN_BEFORE_DAYS
        return self.before_days / self.days if enough else 0.0


def span_of(incidents: Iterable[IncidentView], days: int, now_ms: int) -> Span:
    """Only whole days before the span that are known count: from the first incident on."""
    start = now_ms - days * DAY_MS
    first = min((one.reported_ms for one in incidents), default=start)
    known_days = max(0, (start - first) // DAY_MS)
    return Span(days, start, now_ms, start - min(BEFORE_DAYS, known_days) * DAY_MS)


def trend(incidents: Iterable[IncidentView], days: int, now_ms: int, exact: bool) -> dict[str, Any]:
    """The answer of /live/incidents. With exact False: zones instead of cells, few hidden."""
    actual = [one for one in incidents if one.cap_status == "Actual" and one.reported_ms <= now_ms]
    span = span_of(actual, days, now_ms)
    late = [one for one in actual if one.reported_ms >= span.start_ms]
    before = [one for one in actual if span.before_ms <= one.reported_ms < span.start_ms]
    categories = Counter(one.category for one in late)
    answer = {
        "days": days,
        "before_days": round(span.before_days),
        **_total(span, len(late), before),
        "daily": _daily(span, late, before),
        "by_category": dict(categories) if exact else hide_few(categories),
    }
    zones = _zones(span, late, before)
    if exact:
        return answer | {"cells": _cells(span, late, before), "zones": zones}
    shown = hide_few({code: row["n"] for code, row in zones.items()})
    return answer | {
        "cells": [],
        "zones": {
            code: row if shown[code] is not None else {"n": None, "expected": None, "z": None}
            for code, row in zones.items()
        },
    }


def _total(span: Span, n: int, before: list[IncidentView]) -> dict[str, Any]:
    if not span.periods:
        return {"total": n, "expected": None, "low": None, "high": None, "z": None}
    spread = scatter(np.array(_weekly(span, before)))
    one = judge(n, len(before), 1 / span.periods, spread)
    ends = {"expected": one.expected, "low": one.low, "high": one.high, "z": one.z}
    return {"total": n, **{name: _r(value or 0.0) for name, value in ends.items()}}


def _weekly(span: Span, before: list[IncidentView]) -> list[int]:
    weeks = int(span.before_days // 7)
    counts = Counter((span.start_ms - 1 - one.reported_ms) // (7 * DAY_MS) for one in before)
    return [counts[week] for week in reversed(range(weeks))]


def _daily(
    span: Span, late: list[IncidentView], before: list[IncidentView]
) -> list[tuple[int, int, float | None]]:
    """(start of the KST day, n, expected on this weekday); the first and last day are parts."""
    counts = Counter(map(_day, late))
    weekdays = Counter(_day(one) % 7 for one in before)
    days = range(kst_day(span.start_ms), kst_day(span.end_ms) + 1)
    weeks = span.before_days / 7
    return [
        (
            day * DAY_MS - KST_MS,
            counts[day],
            _r(weekdays[day % 7] / weeks) if span.periods else None,
        )
        for day in days
    ]


def _cells(span: Span, late: list[IncidentView], before: list[IncidentView]) -> list[list[Any]]:
    """[lon0, lat0, lon1, lat1, n, expected, z] of every cell with an incident now or before.

    Cells that are empty now are sent too: who joins cells needs all that was expected there.
    """
    expected = Counter(cell for one in before if (cell := cell_of(one)) is not None)
    counts = Counter(cell for one in late if (cell := cell_of(one)) is not None)
    return [
        [*corners(cell), counts[cell], *_against(span, counts[cell], expected[cell])]
        for cell in sorted({*counts, *expected})
    ]


def _zones(
    span: Span, late: list[IncidentView], before: list[IncidentView]
) -> dict[str, dict[str, Any]]:
    expected = Counter(one.zone for one in before)
    counts = Counter(one.zone for one in late if one.zone)
    rows: dict[str, dict[str, Any]] = {}
    for code, n in sorted(counts.items()):
        mu, z = _against(span, n, expected[code])
        rows[code] = {"n": n, "expected": mu, "z": z}
    return rows


def _against(span: Span, n: int, before: int) -> tuple[float | None, float | None]:
    if not span.periods:
        return None, None
    mu = before / span.periods
    return _r(mu), _r(change_z(n, mu, span.periods))


def cell_of(one: IncidentView) -> Cell | None:
    """Column and row of the 250 m grid; rows first, for a row's width depends on its latitude."""
    if one.lon is None or one.lat is None:
        return None
    row = floor(one.lat * _M_PER_DEGREE / CELL_M)
    return row, floor(one.lon / _width(row))


def corners(cell: Cell) -> tuple[float, float, float, float]:
    row, column = cell
    width, height = _width(row), CELL_M / _M_PER_DEGREE
    west, south = column * width, row * height
    return round(west, 6), round(south, 6), round(west + width, 6), round(south + height, 6)


def _width(row: int) -> float:
    """Degrees of longitude of a cell; the same for 200 rows (50 km), so columns line up."""
    latitude = (row // 200 * 200 + 100) * CELL_M / _M_PER_DEGREE
    return CELL_M / (_M_PER_DEGREE * cos(radians(latitude)))


def kst_day(ms: int) -> int:
    return (ms + KST_MS) // DAY_MS


def _day(one: IncidentView) -> int:
    return kst_day(one.reported_ms)


def _r(value: float) -> float:
    return round(value, 2)
