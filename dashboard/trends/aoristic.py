"""When an incident happened that nobody saw begin: its weight in each hour of the week.

An incident of a known moment weighs 1 in its hour; one that happened somewhere in [a, b) weighs
in each hour the share of [a, b) that lies in it (Ratcliffe 2000; Ashby & Bowers 2013 find it
better than the middle, the start or the end of the interval). Every incident weighs 1 in all.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.stream.rollups import HOUR_MS
from dashboard.trends.frame import hour_of_week, span_of

Week = NDArray[np.float64]  # (7, 24), Monday first, hours in KST


def week_of(frame: pd.DataFrame) -> Week:
    """Summed weights, (7, 24)."""
    start, end, timed = span_of(frame)
    start, end = start[timed], end[timed]
    found = np.zeros(168)
    for hour, weight in pieces(start, end):
        found += np.bincount(hour, weight, 168)
    return found.reshape(7, 24)


def pieces(
    start: NDArray[np.int64], end: NDArray[np.int64]
) -> list[tuple[NDArray[np.int64], Week]]:
    """(hour of week, weight) of each incident in its first hour, its second and so on.

    start <= end; weights over all steps sum to 1 for each.
    """
    length, first = end - start, start // HOUR_MS
    steps = int(((np.maximum(end - 1, start)) // HOUR_MS - first).max(initial=-1)) + 1
    found = []
    for step in range(steps):
        hour_ms = (first + step) * HOUR_MS
        shared = np.minimum(end, hour_ms + HOUR_MS) - np.maximum(start, hour_ms)
        point = 1.0 if step == 0 else 0.0
        weight = np.where(length > 0, np.clip(shared, 0, None) / np.maximum(length, 1), point)
        found.append((hour_of_week(hour_ms), weight))
    return found


def hour_weights(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per incident and hour of the week it may have happened in: columns at (place of
    the incident in the frame), hour (0-167), weight (0, 1]."""
    start, end, timed = span_of(frame)
    at = np.flatnonzero(timed)
    rows = [
        pd.DataFrame({"at": at, "hour": hour, "weight": weight})[weight > 0]
        for hour, weight in pieces(start[timed], end[timed])
    ]
    columns = {"at": at[:0], "hour": at[:0], "weight": np.zeros(0)}
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns)
