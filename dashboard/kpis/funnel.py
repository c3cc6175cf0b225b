"""Who is out of the ordinary: groups against what chance alone would do with groups so small.

Limits about the whole's value θ at a group's exposure E: θ ± z √(θ/E) for events, exact Poisson
below ten expected; θ ± z √(θ(1-θ)/n) for shares, exact binomial below ten. z = 1.96 and 3.09.
Source: DOMAIN 5; Spiegelhalter 2005.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from dashboard.kpis.estimates import Array
from dashboard.kpis.figure import Figure, Kpi
from dashboard.stream.rollups import DAY_MS

Outside = Literal["", "95", "99.8"]
Side = Literal["", "better", "worse"]
Limits = tuple[float, float]
LEVELS: dict[Outside, tuple[float, float]] = {"95": (1.96, 0.025), "99.8": (3.09, 0.001)}
FEW = 10  # expected events or cases below which the normal distribution is no good


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """outside: the widest limits it is beyond. side: "" also where neither direction is good."""

    word: str
    exposure: float
    value: float
    limits_95: Limits
    limits_998: Limits
    outside: Outside = ""
    side: Side = ""


@dataclass(frozen=True, slots=True)
class Funnel:
    """unit: what exposure counts. Points in the order given."""

    overall: float
    unit: Literal["cases", "device_days", "passages"]
    points: tuple[FunnelPoint, ...]


def funnel(kpi: Kpi, whole: Figure, parts: Sequence[tuple[str, Figure]]) -> Funnel | None:
    """None where chance has no such form (waiting times, counts of what is open)."""
    known = [(word, part) for word, part in parts if part.value is not None]
    form = _FORMS.get(kpi.chance)
    if form is None or not known or whole.value is None:
        return None
    if kpi.chance == "poisson" and not whole.value:  # no events at all
        return None
    exposures, limits = form(whole, [part for _, part in known])
    points = [
        FunnelPoint(word, float(e), part.value or 0.0, a, b, *place(kpi, part.value or 0.0, a, b))
        for (word, part), e, a, b in zip(
            known, exposures, limits["95"], limits["99.8"], strict=True
        )
    ]
    return Funnel(whole.value, _unit(kpi), tuple(points))


def place(kpi: Kpi, value: float, at_95: Limits, at_998: Limits) -> tuple[Outside, Side]:
    side: Side = ""
    if kpi.better:
        side = "better" if (value > at_95[1]) == (kpi.better == "high") else "worse"
    if not at_998[0] <= value <= at_998[1]:
        return "99.8", side
    return ("", "") if at_95[0] <= value <= at_95[1] else ("95", side)


def limits_of_share(theta: Array, n: Array, level: Outside) -> list[Limits]:
    """theta, n: one of each per group; n need not be whole."""
    z, tail = LEVELS[level]
    reach = z * np.sqrt(theta * (1 - theta) / n)
    low, high = np.maximum(theta - reach, 0.0), np.minimum(theta + reach, 1.0)
    few = np.minimum(n * theta, n * (1 - theta)) < FEW
    if few.any():
        cases = np.maximum(1, np.round(n[few]))
        low[few] = stats.binom.ppf(tail, cases, theta[few]) / cases
        high[few] = stats.binom.ppf(1 - tail, cases, theta[few]) / cases
    return list(zip(low.tolist(), high.tolist(), strict=True))


def limits_of_rate(theta: Array, exposure: Array, level: Outside) -> list[Limits]:
    z, tail = LEVELS[level]
    reach = z * np.sqrt(theta / exposure)
    low, high = np.maximum(theta - reach, 0.0), theta + reach
    few = theta * exposure < FEW
    if few.any():
        expected = theta[few] * exposure[few]
        low[few] = stats.poisson.ppf(tail, expected) / exposure[few]
        high[few] = stats.poisson.ppf(1 - tail, expected) / exposure[few]
    return list(zip(low.tolist(), high.tolist(), strict=True))


_Formed = tuple[Array, Mapping[Outside, list[Limits]]]  # exposures as told, limits per level


def _cases(whole: Figure, parts: Sequence[Figure]) -> _Formed:
    n = np.array([max(1, part.n) for part in parts], np.float64)
    theta = np.full(len(n), whole.value)
    return n, {level: limits_of_share(theta, n, level) for level in LEVELS}


def _events(whole: Figure, parts: Sequence[Figure]) -> _Formed:
    told = _exposures(parts)
    per = whole.n / (whole.value or 1.0) / whole.parts["exposure"]  # the rate's unit of exposure
    theta = np.full(len(told), whole.value)
    return told, {level: limits_of_rate(theta, told * per, level) for level in LEVELS}


def _time(whole: Figure, parts: Sequence[Figure]) -> _Formed:
    """Independent pieces of device time: twice the mean outage each (see time_share)."""
    told = _exposures(parts)
    n = told / (2 * whole.parts["outage_ms"])
    theta = np.full(len(told), whole.value)
    return told / DAY_MS, {level: limits_of_share(theta, n, level) for level in LEVELS}


def _exposures(parts: Sequence[Figure]) -> Array:
    return np.array([max(1.0, part.parts.get("exposure", 0.0)) for part in parts], np.float64)


_FORMS: dict[str, Callable[[Figure, Sequence[Figure]], _Formed]] = {
    "binomial": _cases,
    "poisson": _events,
    "time": _time,
}


def _unit(kpi: Kpi) -> Literal["cases", "device_days", "passages"]:
    if kpi.chance == "binomial":
        return "cases"
    return "passages" if kpi.section == "traffic" else "device_days"
