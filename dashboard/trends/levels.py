"""People who passed a place, step by step, against the same step of the weeks before.

A place has several counters, and some were silent. What they would have counted is made up by a
ratio: x = Σ people / c, c = Σ u_i share_i / Σ u_i, where u_i is the mean a counter is used to at
this step of the week and share_i how much of the step it counted. So c, the stated coverage, is
the share of the usual people that was seen, not of the counters: when the one busy counter of a
street dies, scaling by counters would call the street quiet. If everybody comes f times as often
as usual, x is f Σ u_i whichever counters are silent (Cochran 1977, 6.4: ratio estimator).

Usual: median of those weeks; scale max(1.4826 MAD, sqrt(max(median, 1))); band median ± z scale
(DOMAIN 6). Left out of it: holidays, and steps of which less than half was seen. What was made
up scatters more than what was counted: below full coverage the root is of max(median, 1) / c.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from dashboard.contracts import is_holiday
from dashboard.site import Calendar, Site
from dashboard.stream.rollups import day_of
from dashboard.usual import MAD_TO_SIGMA, MIN_COVERAGE, MIN_WEEKS

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
RATIO_FROM = 10  # a ratio to less than this is noise
FEW = 5  # people: fewer are told as "<5"
LEVELS = ("quiet", "usual", "busy", "unknown", "holiday")


@dataclass(frozen=True, slots=True)
class Rule:
    """usual is made of so many weeks before; further from it than usual_z is quiet or busy."""

    weeks: int
    usual_z: float

    @classmethod
    def of(cls, site: Site) -> Rule:
        return cls(site.thresholds.usual_weeks, site.thresholds.usual_z)


@dataclass(frozen=True, eq=False)
class Counted:
    """people, share: (steps, counters); share of the step that was counted well, 0 to 1; people
    0 where share is 0. start_ms, holiday: (steps). per_week: steps in a week, 168 or 7."""

    people: Floats
    share: Floats
    start_ms: NDArray[np.int64]
    holiday: Bools
    per_week: int

    def of(self, members: Bools) -> Counted:
        """Of some counters only."""
        return Counted(
            self.people[:, members], self.share[:, members], self.start_ms, self.holiday,
            self.per_week,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Levels:
    """Of each step asked for; nan = not known.

    people: as if every counter had counted all the time; nan with too little coverage. counted:
    of them seen for certain. usual, low, high: nan with fewer than three weeks. weeks: how many
    there are. holiday: such a step is not judged.
    """

    start_ms: NDArray[np.int64]
    people: Floats
    counted: Floats
    coverage: Floats
    usual: Floats
    scale: Floats
    weeks: NDArray[np.int64]
    holiday: Bools
    usual_z: float

    @property
    def low(self) -> Floats:
        return np.maximum(0.0, self.usual - self.usual_z * self.scale)

    @property
    def high(self) -> Floats:
        return self.usual + self.usual_z * self.scale

    @property
    def z(self) -> Floats:
        """nan on holidays, too."""
        return np.where(self.holiday, np.nan, (self.people - self.usual) / self.scale)

    @property
    def words(self) -> list[str]:
        """Of LEVELS."""
        found = []
        for z, holiday in zip(self.z, self.holiday, strict=True):
            word = "quiet" if z <= -self.usual_z else "busy" if z >= self.usual_z else "usual"
            found.append("holiday" if holiday else word if isfinite(z) else "unknown")
        return found

    def ratio(self, at: int) -> float | None:
        """To usual; None where usual is too small for it, or one of them is not known."""
        usual, people = float(self.usual[at]), float(self.people[at])
        return people / usual if usual >= RATIO_FROM and isfinite(people) else None


@dataclass(frozen=True, eq=False)
class Habit:
    """What each counter is used to at each step. mean: of the weeks before it, 0 = not known.
    member: counters that belong to their place then, known for three weeks; where nobody is,
    there is no history."""

    mean: Floats
    member: Bools

    def of(self, members: Bools, first: int = 0, after: int | None = None) -> Habit:
        return Habit(self.mean[first:after, members], self.member[first:after, members])


def habit_of(counted: Counted, first: int, after: int, weeks: int) -> Habit:
    """Of the steps [first, after)."""
    begin = max(0, first - weeks * counted.per_week)
    share = counted.share[begin:after]
    well = (share >= MIN_COVERAGE) & ~counted.holiday[begin:after, None]
    rate = np.divide(counted.people[begin:after], share, out=np.zeros(share.shape), where=well)
    total = np.zeros((after - first, share.shape[1]))
    known = np.zeros(total.shape, np.int16)
    for week in range(1, weeks + 1):
        to, past = _shifted(counted, first, after, week)
        total[to] += rate[past.start - begin : past.stop - begin]
        known[to] += well[past.start - begin : past.stop - begin]
    member = known >= MIN_WEEKS
    return Habit(np.where(member, total / np.maximum(known, 1), 0.0), member)


def together(people: Floats, share: Floats, habit: Habit) -> tuple[Floats, Floats, Floats]:
    """(people, counted, coverage) of all these counters: made up, seen for certain, and the
    share of the usual people that was seen."""
    member, weight = _weights(habit)
    coverage = (weight * share).sum(axis=1)
    seen = np.where(member, people, 0.0).sum(axis=1)
    return _made_up(seen, coverage), seen, coverage


def levels_of(
    counted: Counted, first: int, after: int, rule: Rule, habit: Habit | None = None
) -> Levels:
    """Of the steps [first, after), each against up to so many weeks before it. habit: of these
    steps, if it is known already."""
    habit = habit or habit_of(counted, first, after, rule.weeks)
    people, seen, coverage = together(
        counted.people[first:after], counted.share[first:after], habit
    )
    before = np.full((rule.weeks, after - first), np.nan)
    for week in range(1, rule.weeks + 1):
        to, past = _shifted(counted, first, after, week)
        of = Habit(habit.mean[to], habit.member[to])
        found, _, _ = together(counted.people[past], counted.share[past], of)
        before[week - 1, to] = np.where(counted.holiday[past], np.nan, found)
    before[:, ~habit.member.any(axis=1)] = np.nan
    usual, scale, n = band_of(before)
    return Levels(
        counted.start_ms[first:after], people, seen, coverage, usual,
        _wider(scale, usual, coverage), n, counted.holiday[first:after], rule.usual_z,
    )  # fmt: skip


def own_levels(counted: Counted, at: int, rule: Rule) -> Levels:
    """Of every counter by itself, at one step."""
    steps = at - counted.per_week * np.arange(1, rule.weeks + 1)
    steps = steps[steps >= 0]
    steps = steps[~counted.holiday[steps]]
    usual, scale, n = band_of(_made_up(counted.people[steps], counted.share[steps]))
    people, share = counted.people[at], counted.share[at]
    return Levels(
        np.full(len(share), counted.start_ms[at]), _made_up(people, share), people, share, usual,
        _wider(scale, usual, share), n, np.full(len(share), counted.holiday[at]),
        rule.usual_z,
    )  # fmt: skip


def band_of(values: Floats) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """(median, scale, n) along the first axis, without nan; nan with fewer than three."""
    n = np.isfinite(values).sum(axis=0)
    middle = np.where(n >= MIN_WEEKS, median_of(values), np.nan)
    mad = median_of(np.abs(values - middle))
    return middle, np.maximum(MAD_TO_SIGMA * mad, np.sqrt(np.maximum(middle, 1.0))), n


def median_of(values: Floats) -> Floats:
    """Along the first axis, without nan; nan of nothing. (numpy's own takes ten times as long.)"""
    n = np.isfinite(values).sum(axis=0)
    if not len(values):
        return np.full(values.shape[1:], np.nan)
    ordered = np.sort(values, axis=0)  # nan come last
    lower = np.take_along_axis(ordered, np.maximum(n - 1, 0)[None] // 2, axis=0)[0]
    upper = np.take_along_axis(ordered, np.minimum(n // 2, len(values) - 1)[None], axis=0)[0]
    middle: Floats = np.where(n % 2, lower, (lower + upper) / 2)
    return middle


def holidays_of(start_ms: Sequence[int] | NDArray[np.int64], calendar: Calendar) -> Bools:
    """Steps that lie on a public holiday, or on a day the site adds to them."""
    days = [day_of(int(at)) for at in start_ms]
    found = {day: is_holiday(day, calendar) for day in set(days)}
    return np.array([found[day] for day in days], bool)


def _shifted(counted: Counted, first: int, after: int, week: int) -> tuple[slice, slice]:
    """Steps of [first, after) that have one so many weeks before, and those, as slices."""
    shift = week * counted.per_week
    begin = max(first, shift)
    if begin >= after:
        return slice(0, 0), slice(0, 0)
    return slice(begin - first, after - first), slice(begin - shift, after - shift)


def _weights(habit: Habit) -> tuple[Bools, Floats]:
    """(members, weights): weights of a step sum to one: what each counter is used to. Where
    that is nothing at all (a street at four in the morning), or not known yet, each alike."""
    member = np.where(habit.member.any(axis=1, keepdims=True), habit.member, True)
    total = habit.mean.sum(axis=1, keepdims=True)
    alike = member / np.maximum(member.sum(axis=1, keepdims=True), 1)
    return member, np.where(total > 0, habit.mean / np.where(total > 0, total, 1.0), alike)


def _wider(scale: Floats, usual: Floats, coverage: Floats) -> Floats:
    chance = np.sqrt(np.maximum(usual, 1.0) / np.clip(coverage, MIN_COVERAGE, 1.0))
    return np.maximum(scale, chance)


def _made_up(people: Floats, coverage: Floats) -> Floats:
    enough = coverage >= MIN_COVERAGE
    return np.where(enough, people / np.where(enough, coverage, 1.0), np.nan)
