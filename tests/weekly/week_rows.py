"""The weekly table of facts made by hand, for what looks at its rows."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from dashboard.kpis.choice import Period
from dashboard.kpis.facts import Facts
from dashboard.stream.rollups import DAY_MS
from dashboard.weekly.rows import Known, Times, as_of, rows_of
from dashboard.weekly.summary import Row
from dashboard.weekly.week import Week, spans_of
from tests.kpis.facts_builder import BELL, CAMERA, COUNTER, LIGHT, START_MS, facts, states

WEEK = Week.at(START_MS)
LATER_MS = WEEK.settled_ms + 300 * DAY_MS
UP = {BELL: states(up=7), CAMERA: states(up=7), LIGHT: states(up=7),
      COUNTER: states(up=7, t_in=70, t_out=30, t_ms=7 * DAY_MS)}  # fmt: skip
TARGETS = {"availability": 0.97, "availability:bell": 0.98}
ALL = Known(1, 1)


def the_rows(week: Facts, known: Known = ALL, past: int = 51) -> dict[str, Row]:
    """Of WEEK. All other times are without any record; past: how many weeks before are told."""
    spans = spans_of(WEEK)
    wide = (spans.d28, spans.year, spans.last_year, spans.last_year_week)
    before = spans.past[len(spans.past) - past :]
    times = Times(
        as_of(week),
        *(_as_known(one, week) for one in wide),
        tuple(_as_known(one, week) for one in spans.days),
        tuple(_as_known(one, week) for one in before),
    )
    return {row.key: row for row in rows_of(WEEK, times, known, TARGETS)}


def _as_known(period: Period, week: Facts) -> Facts:
    return replace(_nothing(period), now_ms=week.now_ms, first_ms=week.first_ms)


@cache
def _nothing(period: Period) -> Facts:
    return facts(UP, period)
