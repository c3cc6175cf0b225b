"""Incident trends in the words of the reading API."""

from __future__ import annotations

from math import isfinite
from typing import Any

from dashboard.trends.change import Counts, Judged, Row
from dashboard.trends.choice import WEEKDAYS
from dashboard.trends.heat import Heat

Json = dict[str, Any]


def hours_json(heat: Heat) -> list[Json]:
    """Hours of the week; for roles without exact points as many taken together as can be told."""
    per_day = 24 // heat.together
    return [
        {
            "key": f"{WEEKDAYS[at // per_day]}-{at % per_day * heat.together}",
            "hours": heat.together,
            **_judged(None if heat.hidden.ravel()[at] else one, 2),
        }
        for at, one in enumerate(heat.judged)
    ]


def counts_json(counts: Counts) -> list[Json]:
    return [row_json(row) for row in counts.rows]


def row_json(row: Row) -> Json:
    """key "": none is known. n null: under five, hidden from this role."""
    told = {**_judged(row.judged, 0), "flag": row.flag}
    z = None if row.z_last_year is None else round(row.z_last_year, 3)
    return {"key": row.key, **told, "last_year": row.last_year, "z_last_year": z}


def _judged(one: Judged | None, places: int) -> Json:
    """expected, low, high, z null: hidden (few before), or no history; flag: more, less or ""."""
    if one is None or not isfinite(one.n):
        nothing = dict.fromkeys(("n", "expected", "low", "high", "z"))
        return {**nothing, "exact": False, "flag": "", "hidden": True}
    n = round(one.n, places) if places else round(one.n)
    ends = {"expected": one.expected, "low": one.low, "high": one.high, "z": one.z}
    told = {name: None if x is None else round(x, 3) for name, x in ends.items()}
    return {"n": n, **told, "exact": one.exact, "flag": one.flag, "hidden": False}
