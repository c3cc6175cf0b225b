"""The table: every measure of the week, of the spans around it, and of the 52 weeks to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from msgspec import structs

from dashboard.kpis.choice import day_of_ms
from dashboard.kpis.facts import NONE, Facts
from dashboard.kpis.figure import Figure
from dashboard.kpis.indicators import target_of
from dashboard.weekly.measures import MEASURES, Measure
from dashboard.weekly.summary import NOT_KNOWN, NOT_SUMMED, Row, Told, rounded
from dashboard.weekly.usual import heard, usual_of
from dashboard.weekly.week import SETTLES_MS, Week

PART_UNIT = {"p90": "ms"}  # of those that are not counts


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Beginning of the first KST day in which anything was counted, and the moment the first
    incident was reported; 0 = none."""

    counted_from_ms: int
    incidents_from_ms: int

    def of(self, measure: Measure) -> int:
        return self.incidents_from_ms if measure.of == "incidents" else self.counted_from_ms


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """Facts of the week and of week.Spans, each as of its end (as_of)."""

    week: Facts
    d28: Facts
    year: Facts
    last_year: Facts
    last_year_week: Facts
    days: tuple[Facts, ...]
    past: tuple[Facts, ...]


def as_of(facts: Facts) -> Facts:
    """What was found out about its alerts after it had settled is not known to a week: it is
    told once, and later weeks are told by themselves."""
    closed = facts.alerts["closed"]
    late = (closed == NONE) | (closed >= facts.period.to_ms + SETTLES_MS)
    if not late.any():
        return facts
    alerts = facts.alerts.copy()
    alerts["verdict"] = np.where(late, 0, alerts["verdict"])
    return replace(facts, alerts=alerts)


def rows_of(
    week: Week, times: Times, known: Known, targets: Mapping[str, float]
) -> tuple[Row, ...]:
    """targets: of the site, by KPI (kpis/indicators.py target_of)."""
    running = times.week.end_ms < week.to_ms
    return tuple(_row(one, times, known, targets, running) for one in MEASURES)


def _row(
    measure: Measure, times: Times, known: Known, targets: Mapping[str, float], running: bool
) -> Row:
    from_ms = known.of(measure)

    def whole(facts: Facts) -> Figure | None:
        """None: not all of its time is known."""
        return measure.value(facts) if 0 < from_ms <= facts.period.from_ms else None

    now = measure.value(times.week)
    past = [whole(facts) for facts in times.past]
    told_now = _since(measure, times.week, from_ms)
    last = None if told_now.value is None else now.value if running else heard(now)
    values = [*(heard(one) for one in past), last]
    summed = Told(None, why=NOT_SUMMED) if measure.census else None
    return Row(
        key=measure.key,
        week=told_now,
        d28=summed or _since(measure, times.d28, from_ms),
        year=summed or _since(measure, times.year, from_ms),
        last_year=summed or told(measure, whole(times.last_year)),
        last_year_week=told(measure, whole(times.last_year_week)),
        usual=usual_of(measure, now, past, running),
        line=tuple(rounded(value, measure.unit) for value in values),
        target=target_of(targets, measure.kpi, measure.kind) if measure.kpi else None,
    )


def _since(measure: Measure, facts: Facts, from_ms: int) -> Told:
    """Of as much of the span as is known."""
    if not from_ms or from_ms >= facts.end_ms:
        return Told(None, why=NOT_KNOWN)
    found = told(measure, measure.value(facts))
    if from_ms <= facts.period.from_ms:
        return found
    return structs.replace(found, since=day_of_ms(from_ms).isoformat())


def told(measure: Measure, figure: Figure | None) -> Told:
    """As it is told: rounded."""
    if figure is None:
        return Told(None, why=NOT_KNOWN)
    parts = {
        name: rounded(float(figure.parts[name]), PART_UNIT.get(name, "count")) or 0.0
        for name in measure.shown
        if name in figure.parts
    }
    low, value, high = (rounded(x, measure.unit) for x in (figure.low, figure.value, figure.high))
    covered = rounded(figure.coverage, "share")
    return Told(value, figure.n, low, high, covered, figure.censored, parts, figure.why)
