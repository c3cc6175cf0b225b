"""The hours of a week at a place: who passes, what is usual, which hours stand out.

A place is one counter, a route, a zone or all. The week shown is the last seven whole days of the
period; usual is made of the weeks before it (levels.py), without holidays, gaps and stretches in
which a counter was stuck (stuck.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dashboard.kpis.choice import Period, day_of_ms, start_of
from dashboard.site import Site
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.trends.foot import Foot
from dashboard.trends.frame import hour_of_week
from dashboard.trends.levels import (
    Bools,
    Counted,
    Floats,
    Habit,
    Levels,
    Rule,
    habit_of,
    holidays_of,
    levels_of,
    together,
)
from dashboard.trends.stuck import HOURS, Stuck, stuck_of

BUSY, QUIET = 2.0, 0.25  # times the mean of the week
SURE = 3.0  # standard errors from that mean
MEDIAN_ERROR = 1.2533  # standard error of a median / that of a mean
OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Place:
    """At most one is said; nothing = all counters."""

    counter: str = ""
    route: str = ""
    zone: str = ""


@dataclass(frozen=True, eq=False)
class Street:
    """Hours of all counters up to the last full one, without what stuck counters said.

    sensors: in the order of the columns. stuck: what was left out for it.
    """

    hours: Counted
    sensors: list[str]
    stuck: Stuck
    foot: Foot
    rule: Rule

    @cached_property
    def habit(self) -> Habit:
        return habit_of(self.hours, 0, len(self.hours.start_ms), self.rule.weeks)

    def levels(self, members: Bools, first: int, after: int) -> Levels:
        """Of these counters together, in these hours."""
        hours, habit = self.hours.of(members), self.habit.of(members, first, after)
        return levels_of(hours, first, after, self.rule, habit)

    def people(self, members: Bools, first: int, after: int) -> Floats:
        """The same, only how many they are; nan = not known."""
        of = self.hours.of(members)
        habit = self.habit.of(members, first, after)
        return together(of.people[first:after], of.share[first:after], habit)[0]

    def members(self, place: Place) -> Bools:
        counters = self.foot.counters
        found = np.ones(len(counters), bool)
        if place.counter:
            found &= np.array([one == place.counter for one in self.sensors], bool)
        for name in ("route", "zone"):
            if word := getattr(place, name):
                found &= (counters[name] == word).to_numpy()
        return found


@dataclass(frozen=True, slots=True)
class Run:
    """Hours in a row, on these weekdays (0 = Monday) alike; beyond midnight if they are many.
    people: in an hour of them, usually."""

    weekdays: tuple[int, ...]
    hour: int
    hours: int
    people: float


@dataclass(frozen=True, eq=False)
class Profile:
    """levels: of the 168 hours shown; None: these hours are not kept, or nothing was counted.

    counters: of the place. hour_of_week: of each hour shown. busy, quiet: runs of usual hours
    that stand out against the place's own mean, the most people (the longest) first.
    unlike: hours shown that differ from usual, the most first.
    """

    from_ms: int
    to_ms: int
    counters: int
    levels: Levels | None = None
    hour_of_week: NDArray[np.int64] | None = None
    busy: tuple[Run, ...] = ()
    quiet: tuple[Run, ...] = ()
    unlike: tuple[int, ...] = ()

    @property
    def coverage(self) -> float:
        """Share of the usual people that was seen, over the week."""
        return float(self.levels.coverage.mean()) if self.levels else 0.0

    @property
    def made_up(self) -> float | None:
        """Share of the people told that was made up for what was not counted."""
        if self.levels is None:
            return None
        known = np.isfinite(self.levels.people)
        all_ = float(self.levels.people[known].sum())
        return 1 - float(self.levels.counted[known].sum()) / all_ if all_ else None


def street_of(foot: Foot, site: Site, now_ms: int) -> Street:
    start_ms = foot.people.index.to_numpy(np.int64)
    full = int(np.searchsorted(start_ms, now_ms - HOUR_MS, side="right"))
    people = np.nan_to_num(foot.people.to_numpy(float)[:full])
    share = np.clip(np.nan_to_num(foot.covered.to_numpy(float)[:full]), 0.0, 1.0)
    share = np.where(np.isfinite(foot.people.to_numpy(float)[:full]), share, 0.0)
    people = np.where(share > 0, people, 0.0)
    holiday = holidays_of(start_ms[:full], site.calendar)
    said = Counted(people, share, start_ms[:full], holiday, HOURS)
    sensors = [str(one) for one in foot.counters.index]
    offline = (foot.counters["status"] == OFFLINE).to_numpy()
    stuck = stuck_of(said, sensors, offline)
    kept = ~stuck.mask
    hours = Counted(people * kept, share * kept, said.start_ms, holiday, HOURS)
    return Street(hours, sensors, stuck, foot, Rule.of(site))


def profile(street: Street, place: Place, period: Period, now_ms: int) -> Profile:
    from_ms, to_ms = week_of(period, now_ms)
    members = street.members(place)
    number, hours = int(members.sum()), street.hours
    first = int(np.searchsorted(hours.start_ms, from_ms))
    kept = first < len(hours.start_ms) and hours.start_ms[first] == from_ms
    if not number or not kept or first + HOURS > len(hours.start_ms):
        return Profile(from_ms, to_ms, number)
    levels = street.levels(members, first, first + HOURS)
    if not (levels.coverage > 0).any() and not np.isfinite(levels.usual).any():
        return Profile(from_ms, to_ms, number)
    z = levels.z
    unlike = [at for at in np.flatnonzero(np.abs(z) >= street.rule.usual_z)]
    week_hour = hour_of_week(levels.start_ms)
    order = np.argsort(week_hour)
    usual, error = levels.usual[order], _error(levels)[order]
    return Profile(
        from_ms, to_ms, number, levels, week_hour,
        busy=_runs(usual, _beyond(usual, error, BUSY), lambda run: -run.people * _length(run)),
        quiet=_runs(usual, _beyond(usual, error, QUIET), lambda run: -_length(run)),
        unlike=tuple(sorted((int(at) for at in unlike), key=lambda at: -abs(z[at]))),
    )  # fmt: skip


def week_of(period: Period, now_ms: int) -> tuple[int, int]:
    """The last seven whole days of a period, as far as they are over."""
    end_ms = min(start_of(day_of_ms(period.to_ms)), start_of(day_of_ms(now_ms)))
    return end_ms - 7 * DAY_MS, end_ms


def _error(levels: Levels) -> Floats:
    return MEDIAN_ERROR * levels.scale / np.sqrt(np.maximum(levels.weeks, 1))


def _beyond(usual: Floats, error: Floats, times: float) -> Bools:
    """Hours of the week that are so many times the mean, and surely not the mean itself."""
    known = np.isfinite(usual)
    if known.sum() < HOURS // 2 or not np.nansum(usual):
        return np.zeros(HOURS, bool)
    mean = float(np.nanmean(usual))
    far = np.abs(usual - mean) >= SURE * error
    found: Bools = known & far & ((usual >= times * mean) if times > 1 else (usual <= times * mean))
    return found


def _runs(usual: Floats, found: Bools, key: Callable[[Run], float]) -> tuple[Run, ...]:
    """From Monday on, around the end of the week; days with the same hours together."""
    if found.all() or not found.any():
        return ()
    starts = np.flatnonzero(found & ~np.roll(found, 1))
    alike: dict[tuple[int, int], list[tuple[int, float]]] = {}
    for start in starts:
        length = int(np.argmin(np.roll(found, -start)))
        mean = float(np.roll(usual, -start)[:length].mean())
        alike.setdefault((int(start) % 24, length), []).append((int(start) // 24, mean))
    runs = [
        Run(tuple(day for day, _ in days), hour, length, sum(n for _, n in days) / len(days))
        for (hour, length), days in alike.items()
    ]
    return tuple(sorted(runs, key=key))


def _length(run: Run) -> int:
    return run.hours * len(run.weekdays)
