"""What a week like this is like, and how far this one is from it.

The weeks before it, at most eight and at least four, in which enough was heard. Counts: as on the
page of trends, exact under ten, wider where weeks scatter more than chance (trends/change.py).
All else: a prediction interval of Student's t, mean +- t s sqrt(1 + 1/m) with m - 1 degrees of
freedom, told as the z of the same surprise; s is never less than the standard error of this week's
own figure, nor than what is told of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
from msgspec import structs
from scipy import stats

from dashboard.kpis.figure import LOW_COVERAGE, MIN_COVERAGE, NO_DATA, Figure
from dashboard.trends.change import FLAG_Z, USUAL_Z, judge
from dashboard.trends.scatter import BEFORE, LEAST_BEFORE, scatter
from dashboard.weekly.measures import Measure
from dashboard.weekly.summary import DIGITS, Unit, Usual, rounded

RUNNING, NO_HISTORY = "running", "no_history"
MOST_Z = 99.0
Past = Sequence[Figure | None]  # the oldest first; None = nothing is known of that week


def usual_of(measure: Measure, now: Figure, past: Past, running: bool) -> Usual:
    """running: the week is not over; it is not judged."""
    known = [value for one in past if (value := heard(one)) is not None]
    before = known[-BEFORE:]
    if len(before) < LEAST_BEFORE:
        return Usual(why=NO_HISTORY)
    if measure.chance == "poisson":
        found = _of_counts(now, known, before)
    else:
        found = _between(measure.unit, now, before)
    middle, low, high, z = found
    told = Usual(
        weeks=len(before),
        middle=rounded(middle, measure.unit),
        low=rounded(low, measure.unit),
        high=rounded(high, measure.unit),
        why=RUNNING if running else _unfit(now),
    )
    return told if told.why else _marked(measure, told, z)


def heard(figure: Figure | None) -> float | None:
    """Its value, where enough was heard to hold others against it."""
    if figure is None or figure.value is None or figure.censored:
        return None
    return None if _unfit(figure) else figure.value


def _unfit(figure: Figure) -> str:
    if figure.value is None:
        return figure.why or NO_DATA
    low = figure.coverage is not None and figure.coverage < MIN_COVERAGE
    return LOW_COVERAGE if low else ""


def _of_counts(
    now: Figure, known: Sequence[float], before: Sequence[float]
) -> tuple[float, float, float, float]:
    """(middle, low, high, z)"""
    spread = scatter(np.rint(np.array(known)).astype(np.int64))
    one = judge(now.value or 0.0, sum(before), 1 / len(before), spread)
    return one.expected or 0.0, one.low or 0.0, one.high or 0.0, one.z or 0.0


def _between(unit: Unit, now: Figure, before: Sequence[float]) -> tuple[float, float, float, float]:
    m, middle = len(before), float(np.mean(before))
    least = max(10.0 ** -DIGITS[unit], _error(now))
    reach = max(float(np.std(before, ddof=1)), least) * sqrt(1 + 1 / m)
    away = ((now.value or 0.0) - middle) / reach
    z = float(np.copysign(stats.norm.isf(max(stats.t.sf(abs(away), m - 1), 1e-300)), away))
    wide = float(stats.t.isf(stats.norm.sf(USUAL_Z), m - 1)) * reach
    most = 1.0 if unit == "share" else float("inf")
    return middle, max(0.0, middle - wide), min(most, middle + wide), z


def _error(figure: Figure) -> float:
    """Standard error of a figure, from its 95 % interval; 0 = it has none."""
    if figure.low is None or figure.high is None:
        return 0.0
    return (figure.high - figure.low) / (2 * float(stats.norm.isf(0.025)))


def _marked(measure: Measure, usual: Usual, z: float) -> Usual:
    told = round(float(np.clip(z, -MOST_Z, MOST_Z)), 2) + 0.0
    if abs(told) < USUAL_Z:
        return structs.replace(usual, z=told)
    more = told > 0
    side = "more" if more else "less"
    if measure.better:
        side = "better" if more == (measure.better == "high") else "worse"
    return structs.replace(usual, z=told, mark="far" if abs(told) >= FLAG_Z else "out", side=side)
