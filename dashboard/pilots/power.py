"""What an evaluation of this size could show at all, told before anybody reads a result into it.

Under no change the treated area expects E = T0 x (after / before); a fall by a share r lowers the
WDD by r E and its variance by as much. It shows, with 80 % power and a two-sided test at 5 %, when
r E >= (z(0.975) + z(0.8)) SE, with the standard error after such a fall: that is what the test is
made with. It grows with the root of the counts, the fall in proportion: so many times more
incidents make it visible (Wheeler & Ratcliffe 2018, on how few counts show anything).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil

from scipy import optimize, stats

from dashboard.pilots.wdd import Areas, Pair, wdd

REALISTIC = 0.20  # a fall of a fifth: about what reviews of street lighting find
POWER = 0.80
Z_TEST = float(stats.norm.ppf(0.975))
Z_POWER = float(stats.norm.ppf(POWER))


@dataclass(frozen=True, slots=True)
class Power:
    """least: the smallest fall (share of what is expected) that would show; None: not even a fall
    to nothing would. able: a fall of a fifth would. times: so many times as many incidents would
    make it show; needed: incidents in the treated area before, at that size. None: no counts."""

    expected: float
    least: float | None
    able: bool
    times: float | None
    needed: int | None


def power_of(areas: Areas, phi: float = 1.0) -> Power:
    scale = areas.after_weight / areas.before_weight
    expected = areas.treated.before * scale
    if expected <= 0:
        return Power(0.0, None, False, None, None)

    def needs(fall: float) -> float:
        """How large the difference must be for it to show."""
        return (Z_TEST + Z_POWER) * wdd(_under(areas, fall), phi).se

    def missing(fall: float) -> float:
        """Below zero: it would show."""
        return needs(fall) - _effect(areas, fall)

    least = _root(missing) if missing(1.0) <= 0 else None
    larger = (needs(REALISTIC) / _effect(areas, REALISTIC)) ** 2
    return Power(
        expected, least, missing(REALISTIC) <= 0, larger, ceil(larger * areas.treated.before)
    )


def _effect(areas: Areas, fall: float) -> float:
    scale = areas.after_weight / areas.before_weight
    return fall * areas.treated.before * scale / (areas.treated.weight * areas.after_weight)


def _root(missing: Callable[[float], float]) -> float:
    return float(optimize.brentq(missing, 1e-9, 1.0))


def _under(areas: Areas, fall: float) -> Areas:
    """The counts that are expected after when nothing but the treated area changes."""
    scale = areas.after_weight / areas.before_weight

    def after(pair: Pair, share: float = 1.0) -> Pair:
        return replace(pair, after=pair.before * scale * share)

    return replace(
        areas,
        treated=after(areas.treated, 1 - fall),
        control=after(areas.control),
        displaced=after(areas.displaced),
        displaced_control=after(areas.displaced_control),
    )
