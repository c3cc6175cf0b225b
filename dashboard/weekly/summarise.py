"""From facts to a week: everything that is told of it, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.kpis.choice import day_of_ms
from dashboard.kpis.exposure import SCHEDULED, coverage, span_of, time_in
from dashboard.kpis.facts import Table
from dashboard.kpis.gather import Gathered
from dashboard.site import Site
from dashboard.stream.rollups import DAY_MS
from dashboard.weekly.caveats import caveats_of
from dashboard.weekly.gaps import gaps_of
from dashboard.weekly.routes import routes_of
from dashboard.weekly.rows import Known, Times, as_of, rows_of
from dashboard.weekly.sentences import sentences
from dashboard.weekly.summary import Inputs, PilotLine, Summary, rounded
from dashboard.weekly.vendors import vendor_lines
from dashboard.weekly.week import Week

DAYS = 7
EVERY = ("s0", "s1", "s2", "s3", "s4")  # a device is always in one of them


@dataclass(frozen=True, slots=True)
class Asked:
    """simulated: no field is connected."""

    week: Week
    site: Site
    simulated: bool
    pilots: tuple[PilotLine, ...] = ()


def summarise(asked: Asked, found: Gathered) -> Summary:
    """found: facts of the week, with the periods of week.spans_of as its pieces."""
    week, site = asked.week, asked.site
    times = times_of(found)
    known = known_of(found)
    facts = times.week
    complete = facts.now_ms >= week.settled_ms
    rows = rows_of(week, times, known, site.targets)
    routes = routes_of(facts, site)
    gaps = gaps_of(times.days)
    heard = rounded(coverage(facts), "share")
    inputs = inputs_of(times, known)
    said = sentences(rows, routes, gaps, heard, facts.end_ms < week.to_ms)
    return Summary(
        week=week.word, from_ms=week.from_ms, to_ms=week.to_ms,
        known_to_ms=week.to_ms if complete else max(week.from_ms, facts.end_ms),
        complete=complete, simulated=asked.simulated, coverage=heard,
        routes_in_all=len(site.routes), inputs=inputs, said=said, rows=rows, routes=routes,
        vendors=vendor_lines(facts), pilots=asked.pilots, gaps=gaps,
        caveats=caveats_of(asked.simulated, rows, routes, heard, complete),
    )  # fmt: skip


def times_of(found: Gathered) -> Times:
    d28, year, last_year, last_week, *rest = (as_of(one) for one in found.pieces)
    days, past = tuple(rest[:DAYS]), tuple(rest[DAYS:])
    return Times(as_of(found.facts), d28, year, last_year, last_week, days, past)


def known_of(found: Gathered) -> Known:
    """Incidents are known from the first one reported on."""
    return Known(found.facts.first_ms, _first_of(found.tables.incidents))


def _first_of(incidents: Table) -> int:
    reported = incidents["reported"][incidents["actual"]]
    return int(reported.min()) if len(reported) else 0


def inputs_of(times: Times, known: Known) -> Inputs:
    facts = times.week
    spans: Sequence[int] = [one.period.from_ms for one in (times.last_year, *times.past)]
    first_ms = max(min(spans), known.counted_from_ms or facts.period.from_ms)
    alerts, incidents = facts.alerts["actual"], facts.incidents["actual"]
    return Inputs(
        first_day=day_of_ms(first_ms).isoformat(),
        last_day=day_of_ms(facts.period.to_ms - 1).isoformat(),
        counted_from=_day(known.counted_from_ms),
        incidents_from=_day(known.incidents_from_ms),
        devices=round(time_in(facts, EVERY) / span_of(facts)) if span_of(facts) else 0,
        device_days=round(time_in(facts, SCHEDULED) / DAY_MS, 1),
        alerts=int(np.count_nonzero(alerts)),
        incidents=int(np.count_nonzero(incidents)),
        orders=len(facts.rounds),
        partitions=facts.feeds,
    )


def _day(at_ms: int) -> str:
    return day_of_ms(at_ms).isoformat() if at_ms else ""
