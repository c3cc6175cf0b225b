"""Foot traffic: passages a day, made up for what was not counted; alerts per 10,000 of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, exp, log, sqrt

import numpy as np

from dashboard import usual
from dashboard.kpis.alerts import actual
from dashboard.kpis.estimates import NOTHING, Array, Z, rate
from dashboard.kpis.exposure import (
    COUNTING,
    RAISING,
    SCHEDULED,
    Mask,
    coverage,
    of_kinds,
    span_of,
    working_share,
)
from dashboard.kpis.facts import COLUMN, Facts
from dashboard.kpis.figure import Figure
from dashboard.kpis.groups import Dim
from dashboard.stream.rollups import DAY_MS

ALIKE = 3  # with fewer groups of counters their difference is taken to be:
CV = 0.5  # standard deviation / mean between places
WEEK_MS = 7 * DAY_MS
PER = 10_000


@dataclass(frozen=True, slots=True)
class Passages:
    """counted: seen for certain. all: as if every counter had counted all the time, with its
    relative standard error. coverage: share of the counters' planned time that was counted."""

    counted: float
    all: float
    error: float
    planned: float  # the scheduled time, ms
    coverage: float


def passages(rows: Array) -> Passages | None:
    """rows: (groups of counters, MEASURES). None: nothing was counted at all.

    All = counted / coverage, a ratio estimator: passages per counted time, times scheduled time.
    Its variance is that of the part that was not counted: (1 - C) G/(G-1) Σ(x - R t)² / (Σx)²,
    R = Σx/Σt. Source: Cochran 1977, 6.4, with the correction for a finite population.
    """
    scheduled = rows[:, [COLUMN[name] for name in SCHEDULED]].sum(axis=1)
    people = rows[:, [COLUMN["t_in"], COLUMN["t_out"]]].sum(axis=1)
    covered = rows[:, COLUMN["t_ms"]]
    planned, seen = float(max(scheduled.sum(), covered.sum())), float(covered.sum())
    if seen <= 0:
        return None
    counted, share = float(people.sum()), seen / planned
    error = sqrt(max(0.0, 1 - share) * _scatter(people, covered))
    return Passages(counted, counted / share, error, planned, share)


def traffic(facts: Facts) -> Figure:
    """Per day, with what is usual: the median of earlier weeks that this period does not touch."""
    found, days = passages(facts.sums[of_kinds(facts, COUNTING)]), span_of(facts) / DAY_MS
    if found is None or days <= 0:
        return replace(NOTHING, coverage=0.0)
    low, high = _around(found.all, found.error)
    parts = {"passages": found.counted, **_usual(facts, found)}
    return Figure(found.all / days, n=round(found.counted), coverage=found.coverage, parts=parts,
                  low=max(found.counted, low) / days, high=high / days)  # fmt: skip


def alerts_per_10k(facts: Facts) -> Figure:
    """Alerts of bells and cameras where there are counters / (passages there x share of the
    bells' and cameras' time in working order); var(ln) = that of the alerts + that of passages."""
    counters, raising = _at_counters(facts)
    found, working = passages(facts.sums[counters]), working_share(facts, raising)
    covers = [found.coverage if found else 0.0, coverage(facts, raising) or 0.0]
    if found is None or not found.all or not working:
        return replace(NOTHING, coverage=min(covers))
    alerts = int(raising[actual(facts)["group"]].sum())
    figure = rate(alerts, found.all * working / PER)
    parts = {"alerts": float(alerts), "exposure": found.all * working,
             "passages_per_day": found.all * DAY_MS / span_of(facts)}  # fmt: skip
    return replace(_wider(figure, found.error), coverage=min(covers), parts=parts)


def _at_counters(facts: Facts) -> tuple[Mask, Mask]:
    """Groups of counters, and of bells and cameras in the same zone and route."""
    counters, raising = of_kinds(facts, COUNTING), of_kinds(facts, RAISING)
    counters &= facts.by_group(*SCHEDULED) > 0
    groups = facts.groups
    routes = len(groups.words_of(Dim.ROUTE))
    places = groups.column(Dim.ZONE).astype(np.int64) * routes + groups.column(Dim.ROUTE)
    places = places[: len(facts.mask)]
    return counters, raising & np.isin(places, places[counters])


def _scatter(people: Array, covered: Array) -> float:
    """Variance of the mean rate between groups of counters, relative to it."""
    groups, total = int(np.count_nonzero(covered > 0)), float(people.sum())
    if groups < ALIKE or not total:
        return CV**2 / max(1, groups)
    spread = float(((people - total / float(covered.sum()) * covered) ** 2).sum())
    return groups / (groups - 1) * spread / total**2


def _usual(facts: Facts, found: Passages) -> dict[str, float]:
    """Per day, how far this period is from it, and how much such periods scatter; nothing with
    fewer than three of them. Earlier ones are told for as much counter time as this one has."""
    span, counters = span_of(facts), of_kinds(facts, COUNTING)
    first = max(1, ceil(span / WEEK_MS))  # weeks before, the first that does not overlap
    past = (passages(rows[counters]) for rows in facts.usual[first - 1 : facts.weeks_known])
    alike = [
        usual.HourCount(round(one.all / one.planned * found.planned), 1, 1)
        for one in past
        if one is not None and one.coverage >= usual.MIN_COVERAGE
    ]
    known = usual.usual_of(alike)
    z = known.z(found.all)
    if known.middle is None or z is None:
        return {}
    return {"usual": known.middle * DAY_MS / span, "z": z, "spread": known.scale * DAY_MS / span}


def _around(value: float, error: float) -> tuple[float, float]:
    return value * exp(-Z * error), value * exp(Z * error)


def _wider(figure: Figure, error: float) -> Figure:
    """The interval of a rate whose exposure is itself uncertain."""
    value, low, high = figure.value, figure.low, figure.high
    if value is None or low is None or high is None:
        return figure
    if not value:
        return replace(figure, high=high * exp(Z * error))
    up = sqrt(log(high / value) ** 2 + (Z * error) ** 2)
    down = sqrt(log(value / low) ** 2 + (Z * error) ** 2) if low else 0.0
    return replace(figure, low=value * exp(-down) if low else 0.0, high=value * exp(up))
