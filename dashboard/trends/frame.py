"""Incidents as a DataFrame, and the part of them a choice asks for.

Columns of an incident frame, one row per incident that really happened (no tests, no exercises),
newest revision, times in UTC epoch ms, NONE (-1) = not known or not yet:

    reported, dispatched, arrived, closed   int64
    start, end     int64, when it happened: equal = a moment; an interval [start, end); NONE both
                   = not said (it is then taken to have happened when it was reported)
    category       categorical over CATEGORIES; zone, route: categorical, "" = none
    code           int8, 112 code 0-4, -1 = none
    lon, lat, x, y float64, degrees and metres (grid.py); nan = no place
    cell           int64, number of its cell in the grid, -1 = none
    row            int64, its place among the ids of the facts it came from
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.kpis.facts import CATEGORIES, NONE, Table
from dashboard.kpis.groups import Dim, Groups
from dashboard.stream.rollups import DAY_MS, HOUR_MS, KST_MS
from dashboard.trends.choice import HourPick, TrendChoice
from dashboard.trends.grid import Grid

LONGEST_MS = DAY_MS  # an interval beyond this says nothing about the time of day
_MONDAY_H = 3 * 24  # 1970-01-01 was a Thursday
_TIMES = ("reported", "dispatched", "arrived", "closed", "start", "end")
Bools = NDArray[np.bool_]


def incident_frame(incidents: Table, groups: Groups, grid: Grid) -> pd.DataFrame:
    """incidents: rows of facts.INCIDENT."""
    rows = np.flatnonzero(incidents["actual"])
    found = incidents[rows]
    x, y = grid.xy(found["lon"], found["lat"])
    group = found["group"]
    columns = {name: found[name].astype(np.int64) for name in _TIMES}
    frame = pd.DataFrame(
        {
            **columns,
            "category": pd.Categorical.from_codes(found["category"], categories=CATEGORIES),
            "code": found["code112"],
            "zone": _words(groups, Dim.ZONE, group),
            "route": _words(groups, Dim.ROUTE, group),
            "lon": found["lon"], "lat": found["lat"], "x": x, "y": y,
            "cell": grid.cells(x, y), "row": rows,
        }
    )  # fmt: skip
    frame.attrs["columns"] = grid.columns  # of the grid, for picking a cell
    return frame


def chosen(frame: pd.DataFrame, choice: TrendChoice, now_ms: int, *but: str) -> pd.DataFrame:
    """Reported within the period, up to now_ms, and of what is wanted and picked.

    but: names of filters and picks that are not followed, as TrendChoice.without.
    """
    end_ms = min(choice.period.to_ms, now_ms)
    return wanted(between(frame, choice.period.from_ms, end_ms), choice, *but)


def between(frame: pd.DataFrame, from_ms: int, to_ms: int) -> pd.DataFrame:
    """Reported in [from_ms, to_ms)."""
    reported = frame["reported"].to_numpy()
    return frame[(reported >= from_ms) & (reported < to_ms)]


def wanted(frame: pd.DataFrame, choice: TrendChoice, *but: str) -> pd.DataFrame:
    """Of any time, of what is wanted and picked."""
    choice = choice.without(*but)
    mask = np.ones(len(frame), bool)
    for name, word in choice.wanted.items():
        column = frame[name]
        mask &= (column == (int(word) if name == "code" else word)).to_numpy()
    if choice.cell is not None:
        mask &= _in_cell(frame, choice)
    if choice.hour is not None:
        mask &= may_be_in(frame, choice.hour)
    return frame[mask]


def span_of(frame: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64], Bools]:
    """(start, end, timed) of each incident: what was said, else the moment it was reported.

    timed: False for intervals of more than 24 hours and for those that end before they begin:
    they say nothing about the time of day.
    """
    start, end = frame["start"].to_numpy(), frame["end"].to_numpy()
    reported = frame["reported"].to_numpy()
    one = np.where(start == NONE, end, start)
    start = np.where(one == NONE, reported, one)
    end = np.where((end == NONE) | (one == NONE), start, end)
    length = end - start
    return start, end, (length >= 0) & (length <= LONGEST_MS)


def may_be_in(frame: pd.DataFrame, pick: HourPick) -> Bools:
    """Incidents that happened, or may have happened, in these hours of the week."""
    start, end, timed = span_of(frame)
    first, last = hour_of_week(start), np.maximum(end - 1, start)
    hours = last // HOUR_MS - start // HOUR_MS  # further hours the interval touches: up to 24
    found = np.zeros(len(frame), bool)
    table = np.array([pick.has(hour) for hour in range(168)])
    for step in range(int(hours[timed].max(initial=0)) + 1):
        found |= (step <= hours) & table[(first + step) % 168]
    return found & timed


def hour_of_week(at_ms: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 = Monday 00:00 in Korea."""
    return ((at_ms + KST_MS) // HOUR_MS + _MONDAY_H) % 168


def _in_cell(frame: pd.DataFrame, choice: TrendChoice) -> Bools:
    """cell is (column, row); frames keep the number, whose width only the grid knows."""
    number = frame.attrs["columns"] * choice.cell[1] + choice.cell[0] if choice.cell else -2
    mask: Bools = (frame["cell"] == number).to_numpy()
    return mask


def _words(groups: Groups, dim: Dim, group: NDArray[np.int32]) -> pd.Categorical:
    words: Sequence[str] = groups.words_of(dim)
    return pd.Categorical.from_codes(groups.column(dim)[group], categories=list(words))
