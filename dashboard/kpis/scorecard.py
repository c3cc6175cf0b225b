"""Vendors side by side, each against what its own mix of devices lets one expect.

A vendor of gateways is not worse than one of signs because gateways fail more often: expected
figures are those of the whole city's devices of the same kinds (indirect standardisation).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.kpis.estimates import Array
from dashboard.kpis.facts import Facts
from dashboard.kpis.figure import Figure, Kpi
from dashboard.kpis.funnel import (
    LEVELS,
    Limits,
    Outside,
    Side,
    limits_of_rate,
    limits_of_share,
    place,
)
from dashboard.kpis.groups import NOWHERE, Dim
from dashboard.kpis.indicators import BY_KEY
from dashboard.stream.rollups import DAY_MS

SCORED = ("availability", "mtbf", "mttr", "sla", "repeat_failures", "backlog")
FEW_DEVICES = 20  # of a vendor; with fewer it is not ranked
_RANKS = {"": 0, "95": 1, "99.8": 3}


@dataclass(frozen=True, slots=True)
class VendorScore:
    """figures, and for some of them what to expect of the vendor's mix and on which side of
    chance it lies (outside, side). enough: ranked; else there is too little to say."""

    vendor: str
    devices: int
    device_days: float
    figures: Mapping[str, Figure]
    expected: Mapping[str, float]
    judged: Mapping[str, tuple[Outside, Side]]
    enough: bool


def vendors(facts: Facts) -> list[VendorScore]:
    """Those that need attention first, those with little data last."""
    column = facts.groups.column(Dim.VENDOR)[: len(facts.mask)]
    words = facts.groups.words_of(Dim.VENDOR)
    mix = _Mix.of(facts)
    whole = {key: BY_KEY[key].value(facts) for key in SCORED}
    codes = np.unique(column[facts.mask]).tolist()
    scores = [
        _score(words[code], facts.of(column == code), mix, whole)
        for code in codes
        if words[code] != NOWHERE
    ]
    return sorted([score for score in scores if _has_data(score)], key=_order)


@dataclass(frozen=True, slots=True, eq=False)
class _Mix:
    """What the city's devices do, at each group's kind: share of time up, failures per ms up."""

    up: Array
    failing: Array
    outage_ms: float

    @classmethod
    def of(cls, facts: Facts) -> _Mix:
        kinds = facts.groups.column(Dim.KIND)[: len(facts.mask)]
        up, down, fail = (
            _by(kinds, facts.by_group(*m)) for m in (("s0",), ("s3", "s4"), ("fail",))
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            share, failing = np.nan_to_num(up / (up + down)), np.nan_to_num(fail / up, posinf=0.0)
        outage = BY_KEY["availability"].value(facts).parts["outage_ms"]
        return cls(share[kinds], failing[kinds], outage)


def _by(kinds: NDArray[np.int32], values: Array) -> Array:
    return np.bincount(kinds, values).astype(np.float64)


def _score(vendor: str, own: Facts, mix: _Mix, whole: Mapping[str, Figure]) -> VendorScore:
    figures = {key: BY_KEY[key].value(own) for key in SCORED}
    up, times = own.by_group("s0"), own.by_group("s0", "s3", "s4")
    expected: dict[str, float] = {}
    judged: dict[str, tuple[Outside, Side]] = {}
    if times.sum() > 0:
        expected["availability"] = float((mix.up * times).sum() / times.sum())
        n = float(times.sum()) / (2 * mix.outage_ms)
        limits = _shares(expected["availability"], n)
        judged["availability"] = _placed("availability", figures["availability"], limits)
    failing = float((mix.failing * up).sum() / up.sum()) if up.sum() > 0 else 0.0
    if failing:
        expected["mtbf"] = 1 / failing
        judged["mtbf"] = _by_failures(figures["mtbf"], failing, float(up.sum()))
    for key in ("sla", "repeat_failures"):
        theta = whole[key].value
        if theta is not None and figures[key].n:
            judged[key] = _placed(key, figures[key], _shares(theta, figures[key].n))
    devices, days = figures["availability"].n, float(times.sum()) / DAY_MS
    enough = devices >= FEW_DEVICES and BY_KEY["availability"].enough(figures["availability"])
    return VendorScore(vendor, devices, days, figures, expected, judged, enough)


def _shares(theta: float, n: float) -> list[Limits]:
    return [limits_of_share(np.array([theta]), np.array([n]), level)[0] for level in LEVELS]


def _placed(key: str, figure: Figure, limits: list[Limits]) -> tuple[Outside, Side]:
    if figure.value is None:
        return "", ""
    return place(BY_KEY[key], figure.value, limits[0], limits[1])


def _by_failures(figure: Figure, failing: float, up_ms: float) -> tuple[Outside, Side]:
    """Judged by the failures, of which a lower rate is better, not by the time between them."""
    exposure = np.array([up_ms])
    limits = [limits_of_rate(np.array([failing]), exposure, level)[0] for level in LEVELS]
    rate = Kpi("mtbf", "devices", "rate", "low", BY_KEY["mtbf"].value)
    return place(rate, figure.n / up_ms, limits[0], limits[1])


def _has_data(score: VendorScore) -> bool:
    return score.device_days > 0 or bool(score.figures["backlog"].n)


def _order(score: VendorScore) -> tuple[bool, int, float, str]:
    signs = {"worse": -1, "better": 1, "": 0}
    points = sum(signs[side] * _RANKS[outside] for outside, side in score.judged.values())
    up = score.figures["availability"].value
    return not score.enough, points, 0.0 if up is None else up, score.vendor
