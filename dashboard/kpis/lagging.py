"""Partitions that stand still while the others go on: a field feed, or its worker, is dead.

What happens there is not counted before it speaks again. Until then nobody can know how its
devices are, and that is what is counted: unknown, in the time between its frontier and the
newest one. Else the part of the city that is cut off would make the rest look complete.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.kpis.cube import Window
from dashboard.kpis.facts import COLUMN
from dashboard.records import Kind, Status
from dashboard.stream.rollups import Group
from dashboard.sun import Night

LAG_MS = 5 * 60_000  # less is the ordinary unevenness of feeds
S2, Q2, PAUSE = COLUMN["s2"], COLUMN["q2"], COLUMN["pause_ms"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A partition at its frontier. devices: group -> devices that are not out of service."""

    frontier_ms: int
    devices: Mapping[int, int]


def standing(
    frontier_ms: int, counts: Mapping[int, Sequence[int]], numbers: Sequence[int]
) -> Standing:
    """counts: as stored with the frontier. numbers: from their group numbers to ours."""
    devices: dict[int, int] = {}
    for group, of in counts.items():
        n = sum(of[: len(Status)]) - of[Status.OUT_OF_SERVICE]
        if n and group < len(numbers):
            devices[numbers[group]] = devices.get(numbers[group], 0) + n
    return Standing(frontier_ms, devices)


def add_lag(
    sums: NDArray[np.float64],
    windows: Sequence[Window],
    partitions: Sequence[Standing],
    groups: Sequence[Group],
    night: Night,
) -> None:
    """sums: (windows, groups, MEASURES), changed in place."""
    now_ms = max((one.frontier_ms for one in partitions), default=0)
    behind = [one for one in partitions if now_ms - one.frontier_ms > LAG_MS]
    feed = groups.index(Group()) if behind and Group() in groups else None
    for row, (from_ms, to_ms) in zip(sums, windows, strict=True):
        for one in behind:
            start, end = max(from_ms, one.frontier_ms), min(to_ms, now_ms)
            if start < end:
                _add(row, one, groups, (end - start, night(start, end)))
                if feed is not None:
                    row[feed, PAUSE] += end - start


def _add(
    row: NDArray[np.float64], one: Standing, groups: Sequence[Group], spans: tuple[int, int]
) -> None:
    for group, n in one.devices.items():
        row[group, S2] += n * spans[0]
        if groups[group].kind == Kind.LIGHT:
            row[group, Q2] += n * spans[1]
