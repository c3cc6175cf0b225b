"""Incidents per 1,000 passers, by route and zone, with exact limits of a Poisson rate.

Passers are known by the hour for 92 days and only where there are counters: an incident counts
if it was reported in an hour whose passers are known, so that both are of the same time. A place
is called different from the whole only if its interval leaves the whole's rate out (estimates.py
`rate`, Garwood 1936); all others cannot be told apart and are not ranked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.coarse import hide_few
from dashboard.kpis.choice import Period
from dashboard.kpis.estimates import rate
from dashboard.stream.rollups import HOUR_MS
from dashboard.trends.aoristic import Week
from dashboard.trends.frame import hour_of_week
from dashboard.trends.levels import Bools, Floats
from dashboard.trends.profile import Place, Street
from dashboard.trends.stuck import HOURS
from dashboard.trends.window import hours_in

PER = 1_000
LEAST_KNOWN = 0.5  # of an hour of the week's occurrences in the period
BY_CHANCE = 0.05  # of the places that are alike, so many are told apart all the same
DIMS = ("route", "zone")


@dataclass(frozen=True, slots=True)
class Passed:
    """Of a place. counters 0: nobody is counted there. n None: one to four, or hidden with them;
    then there is no rate. passers: in the hours known, made up for what was not counted.
    known: share of the period's hours so far that these are. rate: per 1,000 passers.
    verdict: more or fewer than the whole, alike, or "" = nothing can be said.
    """

    word: str
    counters: int
    passers: float
    known: float
    n: int | None
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Passers:
    """whole: of all counted places together. rows: told apart first, more before fewer; then
    alike; then those of which nothing can be said; by name within. part: share of the period
    of which hours are kept at all. by_chance: places told apart by chance alone."""

    dim: str
    whole: Passed
    rows: tuple[Passed, ...]
    part: float
    by_chance: float


@dataclass(frozen=True, eq=False)
class Exposure:
    """Passers of a period, as far as it is over and hours are kept."""

    street: Street
    period: Period
    now_ms: int

    @property
    def to_ms(self) -> int:
        return min(self.period.to_ms, self.now_ms)

    @property
    def hours(self) -> float:
        return max(0, self.to_ms - self.period.from_ms) / HOUR_MS

    @property
    def span(self) -> tuple[int, int]:
        ends = np.searchsorted(self.street.hours.start_ms, [self.period.from_ms, self.to_ms])
        return int(ends[0]), int(ends[1])

    @property
    def part(self) -> float:
        """Share of the period's hours so far of which counters' hours are kept."""
        first, after = self.span
        return min(1.0, (after - first) / self.hours) if self.hours else 0.0

    def people(self, members: Bools) -> Floats | None:
        """Of each hour of the span. None: nothing was counted there."""
        first, after = self.span
        share = self.street.hours.share[first:after, members]
        return self.street.people(members, first, after) if (share > 0).any() else None

    def passed(self, word: str, place: Place, incidents: pd.DataFrame) -> Passed:
        members = self.street.members(place)
        people = self.people(members)
        if people is None:
            return Passed(word, int(members.sum()), 0.0, 0.0, 0)
        ok = np.isfinite(people)
        begins_ms = self.street.hours.start_ms[self.span[0]]
        at = (incidents["reported"].to_numpy() - begins_ms) // HOUR_MS
        within = (at >= 0) & (at < len(ok))
        n, known = int(ok[at[within]].sum()), float(ok.sum()) / self.hours
        return Passed(word, int(members.sum()), float(people[ok].sum()), known, n)

    def of_week(self, place: Place) -> Week | None:
        """(7, 24): people who passed in each hour of the week, all of the period so far
        together; nan where fewer than half of those hours are known. None: nothing is known."""
        people = self.people(self.street.members(place))
        if people is None:
            return None
        ok = np.isfinite(people)
        first, after = self.span
        at = hour_of_week(self.street.hours.start_ms[first:after][ok])
        n = np.bincount(at, minlength=HOURS).reshape(7, 24)
        sums = np.bincount(at, people[ok], HOURS).reshape(7, 24)
        occurs = hours_in(self.period.from_ms, self.to_ms)
        enough = (n >= LEAST_KNOWN * occurs) & (n > 0)
        found: Week = np.where(enough, sums / np.maximum(n, 1) * occurs, np.nan)
        return found if enough.any() else None


def passers(
    exposure: Exposure,
    incidents: pd.DataFrame,
    dim: str,
    words: Sequence[str],
    coarse: bool = False,
) -> Passers:
    """incidents: of what is wanted but for the place. dim: of DIMS. words: further places, that
    may be without counters. coarse: counts under five are hidden, as coarse.hide_few does."""
    named = sorted({*words, *exposure.street.foot.counters[dim]} - {""})
    found = [
        exposure.passed(word, Place(**{dim: word}), incidents[(incidents[dim] == word).to_numpy()])
        for word in named
    ]
    counted = [one for one in found if one.passers]
    whole = _whole(counted)
    middle = _judged(whole, None).rate
    shown = hide_few({one.word: one.n or 0 for one in (*counted, whole)}) if coarse else {}
    rows = [_row(one, middle, shown) for one in found]
    chance = BY_CHANCE * sum(row.rate is not None for row in rows)
    ordered = tuple(sorted(rows, key=_order))
    return Passers(dim, _row(whole, None, shown), ordered, exposure.part, chance)


def _whole(counted: Sequence[Passed]) -> Passed:
    known = sum(one.known for one in counted) / len(counted) if counted else 0.0
    return Passed(
        "", sum(one.counters for one in counted), sum(one.passers for one in counted), known,
        sum(one.n or 0 for one in counted),
    )  # fmt: skip


def _judged(one: Passed, whole: float | None) -> Passed:
    if not one.passers or one.n is None:
        return one
    figure = rate(one.n, one.passers / PER)
    verdict = ""
    if whole is not None and figure.low is not None and figure.high is not None:
        verdict = "more" if figure.low > whole else "fewer" if figure.high < whole else "alike"
    return Passed(
        one.word, one.counters, one.passers, one.known, one.n, figure.value, figure.low,
        figure.high, verdict,
    )  # fmt: skip


def _row(one: Passed, whole: float | None, shown: Mapping[str, int | None]) -> Passed:
    if shown.get(one.word, one.n) is None:
        return Passed(one.word, one.counters, one.passers, one.known, None)
    return _judged(one, whole)


def _order(row: Passed) -> tuple[int, float, str]:
    """Only what can be told apart is ranked."""
    rank = ("more", "fewer", "alike", "").index(row.verdict)
    return rank, -(row.rate or 0.0) if rank < 2 else float(row.rate is None), row.word
