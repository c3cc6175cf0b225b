"""Foot traffic in the words of the reading API: times are RFC 3339 UTC, shares 0 to 1."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np

from dashboard.api_json import rfc3339
from dashboard.stream.rollups import day_of
from dashboard.trends.levels import FEW, Bools, Levels

Json = dict[str, Any]


def rows_json(levels: Levels, by_day: bool) -> list[Json]:
    """people null: too little was counted, or few. What is usually few is null, too."""
    few = np.round(levels.people) < FEW  # nan is not
    few |= np.zeros(len(few), bool) if by_day else _lone(levels, few)
    words = levels.words
    return [
        {
            "start": rfc3339(int(start)),
            "people": None if few[at] else _whole(levels.people[at]),
            "few": bool(few[at]),
            "coverage": round(float(levels.coverage[at]), 4),
            **_usual(levels, at),
            "level": words[at],
        }
        for at, start in enumerate(levels.start_ms)
    ]


def _usual(levels: Levels, at: int) -> Json:
    usual = float(levels.usual[at])
    if not isfinite(usual) or round(usual) < FEW:
        return {"usual": None, "low": None, "high": None}
    ends = {"low": levels.low[at], "high": levels.high[at]}
    return {"usual": round(usual, 1), **{name: round(float(x), 1) for name, x in ends.items()}}


def _lone(levels: Levels, few: Bools) -> Bools:
    """The day's sum is to be had: where only one hour of it is few, the next smallest is hidden
    with it."""
    also = np.zeros(len(few), bool)
    day = np.array([day_of(int(at)) for at in levels.start_ms])
    for one in np.unique(day[few]):
        of = day == one
        if (few & of).sum() == 1 and (
            rest := np.flatnonzero(of & ~few & np.isfinite(levels.people))
        ).size:
            also[rest[np.argmin(levels.people[rest])]] = True
    return also


def _whole(x: float) -> int | None:
    return round(float(x)) if isfinite(x) else None
