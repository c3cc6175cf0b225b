"""Pilots in the words of the API: times are RFC 3339 UTC, days ISO dates of Korea, durations
milliseconds; null for what cannot be said."""

from __future__ import annotations

from math import isfinite
from typing import Any

import msgspec

from dashboard.api_json import rfc3339
from dashboard.kpis.choice import Period
from dashboard.kpis_json import figure_json
from dashboard.pilots.change import Change
from dashboard.pilots.evaluation import Evaluation
from dashboard.pilots.incidents import Crime
from dashboard.pilots.outcomes import Outcome
from dashboard.pilots.pilot import AREAS, Area, Kept, Pilot, differing
from dashboard.pilots.wdd import Effect, Ratio

Json = dict[str, Any]
GROUPS = ("treated_before", "treated_after", "control_before", "control_after")


def kept_json(kept: Kept) -> Json:
    """The newest version, and what was changed when."""
    before = (None, *kept.versions)
    pairs = zip(before, kept.versions, strict=False)
    history = [
        {
            "version": one.version,
            "by": one.defined_by,
            "at": rfc3339(one.defined_ms),
            "why": one.why or None,
            "changed": [] if last is None else list(differing(last, one)),
            "withdrawn": bool(one.withdrawn),
            "definition": definition_json(one),
        }
        for last, one in pairs
    ]
    now = kept.now
    return {
        "pilot_id": now.id,
        "version": now.version,
        "defined_by": kept.versions[0].defined_by,
        "defined_at": rfc3339(kept.versions[0].defined_ms),
        "withdrawn": now.withdrawn or None,
        **definition_json(now),
        "history": history,
    }


def definition_json(pilot: Pilot) -> Json:
    areas = {name: area_json(pilot.area(name)) for name in AREAS}
    return {
        "name": pilot.name,
        "what": pilot.what,
        "start": pilot.start,
        "end": pilot.end or None,
        **{name: told if pilot.area(name) else None for name, told in areas.items()},
        "outcomes": list(pilot.outcomes),
        "categories": list(pilot.categories),
    }


def area_json(area: Area) -> Json:
    told: Json = msgspec.to_builtins(area)
    return told


def evaluation_json(found: Evaluation) -> Json:
    spans, crime = found.spans, found.crime
    return {
        "compared": None if spans.why else {
            "before": _days(spans.before), "after": _days(spans.after),
            "same_season": spans.same_season,
        },
        "why": spans.why or None,
        "process": [_outcome(one) for one in found.process],
        "incidents": None if crime is None else _crime(crime),
    }  # fmt: skip


def _days(period: Period | None) -> Json | None:
    if period is None:
        return None
    return {"first": str(period.first), "last": str(period.last)}


def _outcome(one: Outcome) -> Json:
    figures = {
        name: {k: v for k, v in figure_json(figure).items() if k != "parts"}
        for name, figure in zip(GROUPS, one.figures, strict=True)
    }
    change = None if one.change is None else _change(one.change)
    return {"key": one.key, "unit": one.unit, **figures, "change": change, "why": one.why or None}


def _change(change: Change) -> Json:
    return {
        "of": "ratio" if change.ratio else "difference",
        "value": _number(change.value),
        "low": _number(change.low),
        "high": _number(change.high),
        "side": change.side or None,
    }


def _crime(crime: Crime) -> Json:
    power = crime.power
    areas = {
        name: {
            "km2": round(one.km2, 3), "before": one.before, "after": one.after,
            "by_device_before": one.by_device[0], "by_device_after": one.by_device[1],
        }
        for name, one in crime.areas.items()
    }  # fmt: skip
    return {
        "verdict": crime.verdict,
        "areas": areas,
        "wdd": None if crime.effect is None else _effect(crime.effect),
        "ratio": None if crime.ratio is None else _ratio(crime.ratio),
        "dispersion": _number(crime.phi),
        "without_place": crime.placeless,
        "power": None if power is None else {
            "shows_a_fall_of_20_percent": power.able,
            "smallest_fall": _number(power.least),
            "times_as_many_incidents": _number(power.times),
            "incidents_before_needed": power.needed,
        },
    }  # fmt: skip


def _effect(effect: Effect) -> Json:
    names = ("value", "se", "low", "high", "z", "p")
    return {name: _number(getattr(effect, name)) for name in names}


def _ratio(ratio: Ratio) -> Json:
    numbers = {name: _number(getattr(ratio, name)) for name in ("value", "low", "high")}
    return {**numbers, "halves_added": ratio.corrected}


def _number(x: float | None) -> float | None:
    return None if x is None or not isfinite(x) else float(x)
