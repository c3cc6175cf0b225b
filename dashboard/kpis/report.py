"""A row of the KPI page: the figure, what it is compared with, its target and its course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.kpis.breakdown import Breakdown, Part, breakdown
from dashboard.kpis.choice import Period, start_of
from dashboard.kpis.compare import Change, change
from dashboard.kpis.facts import Facts
from dashboard.kpis.figure import Figure, Kpi
from dashboard.stream.rollups import DAY_MS, HOUR_MS

__all__ = ["Breakdown", "Change", "Part", "Row", "breakdown", "pieces_of", "row"]

FEWEST, MOST = 7, 14  # pieces of a period


@dataclass(frozen=True, slots=True)
class Row:
    """meets None: no target, or its side cannot be told (too few, or within the interval)."""

    kpi: Kpi
    figure: Figure
    previous: Figure | None
    last_year: Figure | None
    since_previous: Change
    since_last_year: Change
    target: float | None
    meets: bool | None
    series: tuple[tuple[int, int, Figure], ...]  # from_ms, to_ms, figure; the period in pieces


def row(  # noqa: PLR0913 - all that a row tells
    kpi: Kpi,
    facts: Facts,
    previous: Facts | None,
    last_year: Facts | None,
    pieces: Sequence[Facts],
    target: float | None,
) -> Row:
    """previous, last_year: None = nothing is known from then."""
    figure = kpi.value(facts)
    before = None if previous is None else kpi.value(previous)
    year_ago = None if last_year is None else kpi.value(last_year)
    series = [(one.period.from_ms, one.period.to_ms, kpi.value(one)) for one in pieces]
    return Row(
        kpi, figure, before, year_ago, change(kpi, figure, before), change(kpi, figure, year_ago),
        target, meets(kpi, figure, target), tuple(series),
    )  # fmt: skip


def meets(kpi: Kpi, figure: Figure, target: float | None) -> bool | None:
    """Whether a target is met, if the interval lies wholly on one side of it."""
    value = figure.value
    if target is None or value is None or not kpi.better or not kpi.enough(figure):
        return None
    plain = figure.low is None and figure.high is None
    low, high = (value, value) if plain else (figure.low, figure.high)
    above = low is not None and low >= target
    below = high is not None and high <= target
    if above == below:  # across the target, or just on it
        return True if above else None
    return above == (kpi.better == "high")


def pieces_of(period: Period, now_ms: int) -> list[Period]:
    """The period in 7 to 14 pieces of whole days (months of a year, hours of a few days), as
    equal as the calendar allows; those wholly in the future are left out."""
    borders = _months(period) or _steps(period)
    pairs = zip(borders, borders[1:], strict=False)
    return [Period(from_ms, to_ms) for from_ms, to_ms in pairs if from_ms < now_ms]


def _months(period: Period) -> list[int]:
    first, last = period.first, period.last
    whole = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    if not whole or first.year != last.year or not period.whole_days:
        return []
    return [start_of(first.replace(month=month)) for month in range(1, 13)] + [period.to_ms]


def _steps(period: Period) -> list[int]:
    length_ms = period.to_ms - period.from_ms
    unit_ms = DAY_MS if period.whole_days and length_ms >= FEWEST * DAY_MS else HOUR_MS
    n = max(1, length_ms // unit_ms)
    even = [step for step in range(1, n + 1) if n % step == 0 and FEWEST <= n // step <= MOST]
    pieces = n // even[0] if even else min(n, MOST - 1)
    return [period.from_ms + round(k * n / pieces) * unit_ms for k in range(pieces)] + [
        period.to_ms
    ]
