"""Sums per KST day and group in memory, and their sums over any windows of time.

A day holds only what is not zero, so that a year of ten thousand devices is about ten megabytes.
Windows that do not begin and end at midnight in Korea take the hours at their edges from cells
given with the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.kpis.facts import COLUMN, MEASURES
from dashboard.stream.projection import beyond
from dashboard.stream.rollups import DAY_MS, HOUR_MS, KST_MS, Cell, Group
from dashboard.sun import Night

WIDTH = len(MEASURES)
Window = tuple[int, int]  # [from_ms, to_ms)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Values other than zero. at = group * WIDTH + measure; a place may occur more than once."""

    at: NDArray[np.int32]
    n: NDArray[np.float64]

    @property
    def nbytes(self) -> int:
        return int(self.at.nbytes + self.n.nbytes)


EMPTY = Cells(np.empty(0, np.int32), np.empty(0, np.float64))


def pack(zones: Iterable[Cell], numbers: Sequence[int]) -> Cells:
    """zones: rollup cells of one hour or day. numbers: from their group numbers to ours."""
    at: list[int] = []
    n: list[int] = []
    find = COLUMN.get
    for cell in zones:
        for group, measures in cell.items():
            if group >= len(numbers):
                continue  # of a group nobody knows: better without than no figures at all
            row = numbers[group] * WIDTH
            for name, value in measures.items():
                column = find(name)
                if column is not None:
                    at.append(row + column)
                    n.append(value)
    return Cells(np.array(at, np.int32), np.array(n, np.float64))


def still_to_come(
    counts: Mapping[int, Sequence[int]], groups: Sequence[Group], frontier_ms: int, night: Night
) -> Cell:
    """What the cells of the hour and the day in progress hold of the time after the frontier, to
    be added to them: with a minus. counts: group number -> as stored with the frontier."""
    return {
        number: {
            name: -ms for name, ms in beyond(groups[number].kind, of, frontier_ms, night).items()
        }
        for number, of in counts.items()
    }


def joined(pieces: Sequence[Cells]) -> Cells:
    if len(pieces) < 2:
        return pieces[0] if pieces else EMPTY
    return Cells(
        np.concatenate([one.at for one in pieces]), np.concatenate([one.n for one in pieces])
    )


def split(window: Window) -> tuple[range, list[tuple[int, float]]]:
    """The whole KST days of a window, and the hours at its edges as (hour, share of it)."""
    from_ms, to_ms = window
    first, after = -(-(from_ms + KST_MS) // DAY_MS), (to_ms + KST_MS) // DAY_MS
    if first > after:
        return range(first, first), _hours(from_ms, to_ms)
    head = _hours(from_ms, first * DAY_MS - KST_MS)
    return range(first, after), head + _hours(after * DAY_MS - KST_MS, to_ms)


def edge_hours(windows: Iterable[Window]) -> set[int]:
    """Hours (epoch ms // 3,600,000) whose cells `Cube.sums` wants to be given."""
    return {hour for window in windows for hour, _ in split(window)[1]}


class Cube:
    def __init__(self) -> None:
        self._days: dict[int, dict[int, Cells]] = {}  # day -> partition

    def __len__(self) -> int:
        return len(self._days)

    @property
    def nbytes(self) -> int:
        return sum(cells.nbytes for of in self._days.values() for cells in of.values())

    @property
    def first(self) -> int | None:
        """The first day anything was counted in."""
        return min(self._days, default=None)

    @property
    def first_ms(self) -> int:
        """Its beginning; 0 = nothing was counted yet."""
        return 0 if self.first is None else self.first * DAY_MS - KST_MS

    def put(self, day: int, partition: int, cells: Cells) -> None:
        """Replaces what was known of a day of a partition."""
        if len(cells.at):
            self._days.setdefault(day, {})[partition] = cells
        elif day in self._days:
            self._days[day].pop(partition, None)
            if not self._days[day]:
                del self._days[day]

    def forget(self, before: int) -> None:
        """Drops days before this one."""
        for day in [day for day in self._days if day < before]:
            del self._days[day]

    def daily(
        self, days: range, wanted: NDArray[np.bool_], columns: Sequence[str]
    ) -> NDArray[np.float64]:
        """(days, wanted groups, columns): a few measures of a few groups, day by day."""
        row, column = np.full(len(wanted), -1), np.full(WIDTH, -1)
        row[wanted] = np.arange(wanted.sum())
        column[[COLUMN[name] for name in columns]] = np.arange(len(columns))
        found = np.zeros((len(days), int(wanted.sum()), len(columns)))
        for at, day in enumerate(days):
            for cells in self._days.get(day, {}).values():
                to = row[cells.at // WIDTH], column[cells.at % WIDTH]
                ours = (to[0] >= 0) & (to[1] >= 0)
                np.add.at(found[at], (to[0][ours], to[1][ours]), cells.n[ours])
        return found

    def sums(
        self, windows: Sequence[Window], groups: int, hours: Mapping[int, Cells]
    ) -> NDArray[np.float64]:
        """(windows, groups, MEASURES). groups: how many there are; every number is below it.

        Windows may overlap: each day is read once however many there are.
        """
        parts = [split(window) for window in windows]
        found = self._whole_days([days for days, _ in parts], groups * WIDTH)
        for row, (_, edges) in zip(found, parts, strict=True):
            for hour, share in edges:
                cells = hours.get(hour, EMPTY)
                np.add.at(row, cells.at, cells.n * share)
        return found.reshape(len(windows), groups, WIDTH)

    def _whole_days(self, ranges: Sequence[range], size: int) -> NDArray[np.float64]:
        """Sums between neighbouring borders, added up from the left; whole numbers below 2^53,
        so that a difference of two is exact."""
        borders = sorted({border for of in ranges for border in (of.start, of.stop)})
        upto = np.zeros((max(1, len(borders)), size))
        for at, (start, stop) in enumerate(zip(borders, borders[1:], strict=False)):
            upto[at + 1] = upto[at]
            if any(of.start <= start and stop <= of.stop for of in ranges):
                upto[at + 1] += self._between(start, stop, size)
        place = {border: at for at, border in enumerate(borders)}
        starts = [place[of.start] for of in ranges]
        stops = [place[of.stop] for of in ranges]
        result: NDArray[np.float64] = upto[stops] - upto[starts]
        return result

    def _between(self, start: int, stop: int, size: int) -> NDArray[Any]:
        days = (self._days.get(day) for day in range(start, stop))
        cells = joined([one for of in days if of for one in of.values()])
        return np.bincount(cells.at, cells.n, size)


def _hours(from_ms: int, to_ms: int) -> list[tuple[int, float]]:
    found = []
    for hour in range(from_ms // HOUR_MS, -(-to_ms // HOUR_MS)):
        start = max(from_ms, hour * HOUR_MS)
        found.append((hour, (min(to_ms, (hour + 1) * HOUR_MS) - start) / HOUR_MS))
    return found
