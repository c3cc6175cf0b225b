"""One figure against another: better, worse, no clear change, or not enough to say.

A page shows dozens of comparisons, so a change is called clear at 99 %, not at 95.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, inf

from scipy import stats

from dashboard.kpis.figure import HIDDEN, TOO_FEW, Figure, Kpi

LEVEL = 0.01
Z = 2.5758293035489004  # of 99 %, two-sided
WIDER = Z / 1.959963984540054  # than an interval of 95 %
FEW_FOR_PERCENT = 30  # "+100 %" of three is nothing to say
LESS_HEARD = 0.1  # whose coverage is so much lower cannot be called the better one
VISIBLE = 0.0005  # a share without an interval that differs by less looks the same


@dataclass(frozen=True, slots=True)
class Change:
    """This figure against another one.

    verdict: better, worse, same (no clear change), not_enough, none (nothing to compare with);
    where neither direction is good: more, less, same. difference: this - other, in the KPI's
    unit. percent None: counts under 30, shares (their difference is told in points), or no base.
    """

    verdict: str
    difference: float | None = None
    percent: float | None = None


def change(kpi: Kpi, now: Figure, then: Figure | None) -> Change:
    if then is None or now.value is None or then.value is None:
        few = {TOO_FEW, HIDDEN} & {now.why, "" if then is None else then.why}
        return Change("not_enough" if few else "none")
    difference = now.value - then.value
    if not (kpi.enough(now) and kpi.enough(then)) or _is_open(now, then, difference):
        return Change("not_enough", difference)
    percent = _percent(kpi, now, then)
    if not difference or not _is_clear(kpi, now, then):
        return Change("same", difference, percent)
    if _heard_too_little(kpi, now, then, difference):
        return Change("not_enough", difference)
    return Change(_word(kpi, difference), difference, percent)


def _is_open(now: Figure, then: Figure, difference: float) -> bool:
    """The smaller of the two is only known as "at least": it may be the larger one."""
    return then.censored if difference > 0 else now.censored


def _word(kpi: Kpi, difference: float) -> str:
    up = difference > 0
    if not kpi.better:
        return "more" if up else "less"
    return "better" if up == (kpi.better == "high") else "worse"


def _percent(kpi: Kpi, now: Figure, then: Figure) -> float | None:
    if kpi.unit == "share" or min(now.n, then.n) < FEW_FOR_PERCENT:
        return None
    if not now.value or not then.value or now.censored or then.censored:
        return None
    return 100 * (now.value / then.value - 1)


def _is_clear(kpi: Kpi, now: Figure, then: Figure) -> bool:
    if kpi.unit == "count":
        return counts_differ(now.n, then.n, 0.5)
    apart = intervals_differ(now, then)
    exposures = now.parts.get("exposure", 0.0), then.parts.get("exposure", 0.0)
    if kpi.chance not in ("poisson", "between") or not all(exposures):
        return apart
    return apart and counts_differ(now.n, then.n, exposures[0] / sum(exposures))


def counts_differ(now: int, then: int, share: float) -> bool:
    """Exact conditional test: of now + then events, `now` falls to this side with chance `share`
    (its part of the exposure). Source: Przyborowski & Wilenski 1940."""
    both = now + then
    return both > 0 and bool(stats.binomtest(now, both, share).pvalue < LEVEL)


def intervals_differ(now: Figure, then: Figure) -> bool:
    """Whether the difference, with the limits that follow from those of the two, leaves out 0.

    MOVER: low = d - √((a - a_low)² + (b_high - b)²), and high alike. For two Wilson intervals
    this is Newcombe's method 10 (1998); Zou & Donner 2008. Where it is known how much such
    periods differ by themselves (the part "spread"), that comes on top.
    """
    a, b = (now, then) if (now.value or 0) > (then.value or 0) else (then, now)
    difference = (a.value or 0) - (b.value or 0)
    if a.low is None and b.low is None:
        return difference >= VISIBLE
    spread = max(a.parts.get("spread", 0.0), b.parts.get("spread", 0.0))
    return difference > hypot(_below(a), _above(b), Z * spread, Z * spread)


def _below(figure: Figure) -> float:
    return 0.0 if figure.low is None else WIDER * ((figure.value or 0.0) - figure.low)


def _above(figure: Figure) -> float:
    if figure.high is None:
        return 0.0 if figure.low is None else inf
    return WIDER * (figure.high - (figure.value or 0.0))


def _heard_too_little(kpi: Kpi, now: Figure, then: Figure, difference: float) -> bool:
    """Silent devices make no figure better: the better one must be about as well covered."""
    if now.coverage is None or then.coverage is None:
        return False
    more = now.coverage - then.coverage
    if not kpi.better:
        return abs(more) > LESS_HEARD
    now_is_better = (difference > 0) == (kpi.better == "high")
    return more < -LESS_HEARD if now_is_better else more > LESS_HEARD
