"""Two weeks side by side: what differs, and whether that is more than weeks differ anyway.

A difference is told as clear at 99 %. It must be larger than weeks scatter, told by the usual
range of the later one (z = d / (sqrt 2 s), s the standard deviation of one week that the range
comes from), and, of counts, than chance gives by itself (the exact conditional test,
Przyborowski & Wilenski 1940). Where no usual range is known, figures with intervals are compared
by these (kpis/compare.py), and the rest is not judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

from dashboard.kpis.compare import Z, counts_differ, intervals_differ
from dashboard.kpis.figure import MIN_COVERAGE, Figure
from dashboard.trends.change import USUAL_Z
from dashboard.weekly.measures import BY_KEY, Measure
from dashboard.weekly.summary import Row, Summary, Told, Usual, rounded

Verdict = Literal["more", "less", "better", "worse", "same", "not_enough", "none"]


@dataclass(frozen=True, slots=True)
class Compared:
    """difference: later - earlier, None where one of them is not known. verdict: same = no
    clear difference; not_enough = cannot be judged; none = nothing to compare."""

    key: str
    earlier: Told
    later: Told
    difference: float | None
    verdict: Verdict


def compare(one: Summary, other: Summary) -> tuple[Compared, ...]:
    """In the order of the table, whichever of the two is given first."""
    earlier, later = sorted((one, other), key=lambda summary: summary.from_ms)
    before = {row.key: row for row in earlier.rows}
    whole = earlier.complete and later.complete
    return tuple(_compared(before[row.key], row, whole) for row in later.rows if row.key in before)


def _compared(earlier: Row, later: Row, whole: bool) -> Compared:
    measure = BY_KEY[later.key]
    then, now = earlier.week, later.week
    if now.value is None or then.value is None:
        return Compared(later.key, then, now, None, "none")
    difference = rounded(now.value - then.value, measure.unit)
    verdict = _verdict(measure, then, now, later.usual) if whole else "not_enough"
    return Compared(later.key, then, now, difference, verdict)


def _verdict(measure: Measure, then: Told, now: Told, usual: Usual) -> Verdict:
    if any(one.at_least or _unheard(one) for one in (then, now)):
        return "not_enough"
    difference = (now.value or 0.0) - (then.value or 0.0)
    if not difference:
        return "same"
    clear = _clear(measure, then, now, usual)
    if clear is None:
        return "not_enough"
    return _word(measure, difference) if clear else "same"


def _clear(measure: Measure, then: Told, now: Told, usual: Usual) -> bool | None:
    """None: nothing tells how much weeks differ."""
    chance = True
    if measure.chance == "poisson":
        chance = counts_differ(round(now.value or 0), round(then.value or 0), 0.5)
    if usual.low is not None and usual.high is not None:
        one_week = (usual.high - usual.low) / (2 * USUAL_Z * sqrt(1 + 1 / usual.weeks))
        away = abs((now.value or 0.0) - (then.value or 0.0))
        return chance and away > Z * sqrt(2) * one_week
    if measure.chance == "poisson":
        return chance
    if now.low is None and now.high is None:
        return None
    return intervals_differ(_figure(now), _figure(then))


def _word(measure: Measure, difference: float) -> Verdict:
    more = difference > 0
    if not measure.better:
        return "more" if more else "less"
    return "better" if more == (measure.better == "high") else "worse"


def _unheard(one: Told) -> bool:
    return one.coverage is not None and one.coverage < MIN_COVERAGE


def _figure(one: Told) -> Figure:
    return Figure(one.value, one.n, one.low, one.high)
