"""What a week like this is like, and how far this one is from it.

The weeks before it, at most eight and at least four, in which enough was heard. Counts: as on the
page of trends, exact under ten, wider where weeks scatter more than chance (trends/change.py).
All else: a prediction interval of Student's t, mean +- t s sqrt(1 + 1/m) with m - 1 degrees of
freedom, told as the z of the same surprise; durations by their logarithm and shares by the arcsine
of their root, on which weeks scatter evenly.

s^2 is the variance of the weeks before. Where this week is less sure than those were (fewer cases)
the difference of their squared standard errors is added. s is never less than one step of what is
told, nor than 0.7 of this week's own standard error, nor than all of it where weeks were alike:
four without a miss do not make the first one a surprise. Simulated without any change (see
tests/weekly/test_weekly_usual.py): |z| >= 2 comes in 1 to 5 % of weeks, |z| >= 3 in at most 0.5 %.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import asin, exp, log, pi, sin, sqrt

import numpy as np
from msgspec import structs
from scipy import stats

from dashboard.kpis.figure import LOW_COVERAGE, MIN_COVERAGE, NO_DATA, TOO_FEW, Figure
from dashboard.trends.change import FLAG_Z, USUAL_Z, judge
from dashboard.trends.scatter import BEFORE, LEAST_BEFORE, scatter
from dashboard.weekly.measures import Measure
from dashboard.weekly.summary import DIGITS, Unit, Usual, rounded

RUNNING, NO_HISTORY = "running", "no_history"
MOST_Z = 99.0
ALIKE, UNLIKE = 1.0, 0.7  # of this week's standard error, by whether those before it scatter
Scale = Callable[[float], float]
PLAIN: tuple[Scale, Scale] = (lambda x: max(0.0, x)), (lambda y: max(0.0, y))
# On which figures of a unit scatter evenly, and back.
SCALES: dict[str, tuple[Scale, Scale]] = {
    "ms": (lambda x: log(max(x, 1_000.0)), exp),
    "share": (
        lambda x: asin(sqrt(min(1.0, max(0.0, x)))),
        lambda y: sin(min(pi / 2, max(0.0, y))) ** 2,
    ),
}
Past = Sequence[Figure | None]  # the oldest first; None = nothing is known of that week


def usual_of(measure: Measure, now: Figure, past: Past, running: bool) -> Usual:
    """running: the week is not over; it is not judged."""
    known = [one for one in past if one is not None and heard(one) is not None]
    before = known[-BEFORE:]
    if len(before) < LEAST_BEFORE:
        return Usual(why=NO_HISTORY)
    why = RUNNING if running else _unfit(now)
    if measure.chance == "poisson":
        found = _of_counts(now, known, before)
    else:
        found = _between(measure.unit, now, before, not why)
    middle, low, high, z = found
    told = Usual(
        weeks=len(before),
        middle=rounded(middle, measure.unit),
        low=rounded(low, measure.unit),
        high=rounded(high, measure.unit),
        why=why,
    )
    if not why and now.censored and z < USUAL_Z:  # it may be far more than it is known to be
        return structs.replace(told, why=TOO_FEW)
    return told if why else _marked(measure, told, z)


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
    now: Figure, known: Sequence[Figure], before: Sequence[Figure]
) -> tuple[float, float, float, float]:
    """(middle, low, high, z)"""
    spread = scatter(np.rint([one.value or 0.0 for one in known]).astype(np.int64))
    summed = sum(one.value or 0.0 for one in before)
    one = judge(now.value or 0.0, summed, 1 / len(before), spread)
    return one.expected or 0.0, one.low or 0.0, one.high or 0.0, one.z or 0.0


def _between(
    unit: Unit, now: Figure, before: Sequence[Figure], judged: bool
) -> tuple[float, float, float, float]:
    """(middle, low, high, z). judged False: what is usual does not depend on now."""
    to, back = SCALES.get(unit, PLAIN)
    m, values = len(before), [to(one.value or 0.0) for one in before]
    middle = float(np.mean(values))
    step, centre = 10.0 ** -DIGITS[unit], back(middle)
    least = max(to(centre + step) - to(centre), to(centre) - to(centre - step))
    variance = float(np.var(values, ddof=1))
    if judged:
        own, theirs = _error(now, to), [_error(one, to) for one in before]
        least = max(least, own * (ALIKE if variance < least**2 else UNLIKE))
        variance += max(0.0, own**2 - float(np.mean(np.square(theirs))))
    reach = max(sqrt(variance), least) * sqrt(1 + 1 / m)
    away = (to(now.value or 0.0) - middle) / reach
    z = float(np.copysign(stats.norm.isf(max(stats.t.sf(abs(away), m - 1), 1e-300)), away))
    wide = float(stats.t.isf(stats.norm.sf(USUAL_Z), m - 1)) * reach
    return centre, back(middle - wide), back(middle + wide), z


def _error(figure: Figure, to: Scale) -> float:
    """Standard error of a figure, from its 95 % interval; 0 = it has none."""
    if figure.low is None or figure.high is None:
        return 0.0
    return (to(figure.high) - to(figure.low)) / (2 * float(stats.norm.isf(0.025)))


def _marked(measure: Measure, usual: Usual, z: float) -> Usual:
    told = round(float(np.clip(z, -MOST_Z, MOST_Z)), 2) + 0.0
    if abs(told) < USUAL_Z:
        return structs.replace(usual, z=told)
    more = told > 0
    side = "more" if more else "less"
    if measure.better:
        side = "better" if more == (measure.better == "high") else "worse"
    return structs.replace(usual, z=told, mark="far" if abs(told) >= FLAG_Z else "out", side=side)
