"""Incidents in the areas of a pilot before and after, and what they let anybody say.

A fall is claimed only where both measures show it: the difference (wdd.py), which takes areas of
other sizes per area, and the ratio, which does not depend on how much happens in each. Where they
do not agree, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from statistics import fmean

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from dashboard.coarse import FEW
from dashboard.kpis.choice import Period
from dashboard.pilots.ground import km2_of
from dashboard.pilots.pilot import CONTROL, DISPLACED, DISPLACED_CONTROL, TREATED, Pilot
from dashboard.pilots.power import Power, power_of
from dashboard.pilots.spans import WEEK_MS, Spans
from dashboard.pilots.wdd import NOTHING, Areas, Effect, Pair, Ratio, rate_ratio, wdd
from dashboard.trends.frame import between
from dashboard.usual import OVERDISPERSED, dispersion

PHI_WEEKS = 26  # weeks before the start that tell how much counts scatter
PHI_LEAST = 8
FALL, RISE, MIXED, NO_CHANGE, CANNOT = "fall", "rise", "mixed", "no_change", "cannot"
HIDDEN, NO_INCIDENTS = "hidden", "none"
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Found:
    """Of one area. by_device: those of the counts that came from an alert of a device."""

    km2: float
    before: int | None
    after: int | None
    by_device: tuple[int | None, int | None] = (0, 0)


@dataclass(frozen=True, slots=True)
class Crime:
    """verdict: of the words above. areas: name -> what was found; counts None: not for this role.

    effect: in incidents, as if every area were as large as the treated one and both periods as
    long as the one after. placeless: incidents of both periods that lie nowhere, so in no area.
    phi: how much more counts scatter than chance, 1 where that is not known or not much.
    """

    verdict: str
    areas: Mapping[str, Found]
    effect: Effect | None = None
    ratio: Ratio | None = None
    power: Power | None = None
    phi: float = 1.0
    placeless: int | None = 0
    weighted: bool = False
    per_day: float | None = field(default=None)  # in the treated area, before


def crime_of(  # noqa: PLR0913 - what counts depend on
    frame: pd.DataFrame,
    by_device: Bools,
    pilot: Pilot,
    shapes: Mapping[str, shapely.Geometry],
    spans: Spans,
    coarse: bool = False,
) -> Crime | None:
    """frame: trends/frame.py. by_device: of each of its rows, whether a device raised it.

    coarse: counts under five are not told, nor anything they could be worked out from.
    None: there is nothing to compare (spans.why).
    """
    if spans.before is None or spans.after is None:
        return None
    known_from_ms = int(frame["reported"].min()) if len(frame) else spans.before.to_ms
    if pilot.categories:
        mask = frame["category"].isin(pilot.categories).to_numpy()
        frame, by_device = frame[mask], by_device[mask]
    raised = pd.Series(by_device, frame.index)
    before, after = (between(frame, one.from_ms, one.to_ms) for one in (spans.before, spans.after))
    found = {name: _found(shape, before, after, raised) for name, shape in shapes.items()}
    placeless = int(before["x"].isna().sum() + after["x"].isna().sum())
    n_weeks = min(PHI_WEEKS, (spans.before.to_ms - known_from_ms) // WEEK_MS)
    weeks = [_weekly(frame, shapes[name], spans.before, n_weeks) for name in (TREATED, CONTROL)]
    whole = _crime(found, spans, _phi(weeks), placeless)
    return for_coarse(whole) if coarse else whole


def for_coarse(crime: Crime) -> Crime:
    """One count under five takes all with it: the sums of the others are in the standard error."""
    told = [n for one in crime.areas.values() for n in (one.before, one.after) if n is not None]
    devices = [n for one in crime.areas.values() for n in one.by_device if n is not None]
    rest = [
        n - of
        for one in crime.areas.values()
        for n, of in zip((one.before, one.after), one.by_device, strict=True)
        if n is not None and of is not None
    ]
    if any(0 < n < FEW for n in (*devices, *rest)):
        bare = {k: replace(one, by_device=(None, None)) for k, one in crime.areas.items()}
        crime = replace(crime, areas=bare)
    if crime.placeless is not None and 0 < crime.placeless < FEW:
        crime = replace(crime, placeless=None)
    if not any(0 < n < FEW for n in told):
        return crime
    hidden = {name: Found(one.km2, None, None, (None, None)) for name, one in crime.areas.items()}
    return Crime(HIDDEN, hidden, placeless=None, weighted=crime.weighted)


def _crime(found: Mapping[str, Found], spans: Spans, phi: float, placeless: int) -> Crime:
    areas = _areas(found, spans)
    days = spans.days[0]
    effect, ratio, power = wdd(areas, phi), rate_ratio(areas, phi), power_of(areas, phi)
    weighted = spans.days[0] != spans.days[1]
    weighted |= any(pair.weight != 1.0 for pair in (areas.control, areas.displaced))
    return Crime(
        verdict(effect, ratio, power), found, effect, ratio, power, phi, placeless, weighted,
        areas.treated.before / days,
    )  # fmt: skip


def verdict(effect: Effect, ratio: Ratio | None, power: Power) -> str:
    if ratio is None:
        return NO_INCIDENTS
    falls = (effect.high < 0, ratio.high < 1)
    rises = (effect.low > 0, ratio.low > 1)
    if all(falls):
        return FALL
    if all(rises):
        return RISE
    if any(falls) or any(rises):
        return MIXED
    return NO_CHANGE if power.able else CANNOT


def _areas(found: Mapping[str, Found], spans: Spans) -> Areas:
    """Weights of areas are in sizes of the treated one."""
    size = found[TREATED].km2

    def pair(name: str) -> Pair:
        one = found.get(name)
        if one is None:
            return NOTHING
        return Pair(one.before or 0, one.after or 0, one.km2 / size)

    before, after = spans.weights
    return Areas(
        pair(TREATED), pair(CONTROL), pair(DISPLACED), pair(DISPLACED_CONTROL), before, after
    )


def _found(
    shape: shapely.Geometry, before: pd.DataFrame, after: pd.DataFrame, raised: pd.Series
) -> Found:
    inside = [one[_within(shape, one)] for one in (before, after)]
    first, last = (int(raised[one.index].sum()) for one in inside)
    return Found(km2_of(shape), len(inside[0]), len(inside[1]), (first, last))


def _within(shape: shapely.Geometry, frame: pd.DataFrame) -> Bools:
    shapely.prepare(shape)
    found: Bools = shapely.contains_xy(shape, frame["x"].to_numpy(), frame["y"].to_numpy())
    return found


def _weekly(frame: pd.DataFrame, shape: shapely.Geometry, before: Period, weeks: int) -> list[int]:
    """Incidents of each of so many weeks before the start."""
    past = between(frame, before.to_ms - weeks * WEEK_MS, before.to_ms)
    inside = past[_within(shape, past)]["reported"].to_numpy()
    back = (before.to_ms - 1 - inside) // WEEK_MS
    return np.bincount(back, minlength=weeks).tolist() if weeks else []


def _phi(weeks: Iterable[list[int]]) -> float:
    """Of the treated and the control area together; only what is more than chance may give."""
    told = [counts for counts in weeks if len(counts) >= PHI_LEAST and any(counts)]
    phi = fmean(dispersion(counts) for counts in told) if told else 1.0
    return phi if phi > OVERDISPERSED else 1.0
