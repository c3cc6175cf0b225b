"""A believable street texture: a jittered grid per town, thinned towards its edge.

Deterministic: the same towns give the same streets. Schematic by nature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import cos, hypot, radians, sin
from typing import Any
from zlib import crc32

from dashboard.geo import Line, Point, metres_per_degree

_REACH_M = 7_000  # no town is longer than this from its first blob
_DROP = 0.10  # share of street pieces left out even in the middle of a town


@dataclass(frozen=True, slots=True)
class Town:
    """A grid with its own axes: u along `angle`, v across it, in metres from `origin`."""

    name: str
    angle: float
    block: tuple[float, float]
    blobs: tuple[tuple[float, float, float, float], ...]  # lon, lat, half axes along u and v

    @property
    def origin(self) -> Point:
        return self.blobs[0][0], self.blobs[0][1]

    def to_uv(self, lon: float, lat: float) -> Point:
        east, north = metres_per_degree(self.origin[1])
        x, y = (lon - self.origin[0]) * east, (lat - self.origin[1]) * north
        c, s = cos(radians(self.angle)), sin(radians(self.angle))
        return x * c + y * s, y * c - x * s

    def to_point(self, u: float, v: float) -> Point:
        east, north = metres_per_degree(self.origin[1])
        c, s = cos(radians(self.angle)), sin(radians(self.angle))
        return self.origin[0] + (u * c - v * s) / east, self.origin[1] + (u * s + v * c) / north

    def depth(self, lon: float, lat: float) -> float:
        """0 in the middle of a blob, 1 at its edge, more outside."""
        u, v = self.to_uv(lon, lat)
        middles = [(self.to_uv(b[0], b[1]), b[2], b[3]) for b in self.blobs]
        return min(hypot((u - mu) / a, (v - mv) / b) for (mu, mv), a, b in middles)


def read_towns(entries: list[dict[str, Any]]) -> list[Town]:
    return [
        Town(e["name"], e["angle"], tuple(e["block"]), tuple(tuple(b) for b in e["blobs"]))
        for e in entries
    ]


def streets(towns: list[Town], buildable: Callable[[float, float], bool]) -> Iterator[Line]:
    for town in towns:
        others = [other for other in towns if other is not town]
        for along_u in (True, False):
            yield from _parallels(town, others, along_u, buildable)


def _parallels(
    town: Town, others: list[Town], along_u: bool, buildable: Callable[[float, float], bool]
) -> Iterator[Line]:
    """All streets of one direction, pieces between crossings joined into lines."""
    run_step, side_step = town.block if along_u else town.block[::-1]
    reach = int(_REACH_M / min(town.block)) + 1
    for row in range(-reach, reach + 1):
        points: list[Point] = []
        for column in range(-reach, reach + 1):
            ends = [
                _crossing(town, along_u, row * side_step, c * run_step)
                for c in (column, column + 1)
            ]
            if _kept(town, others, f"{along_u}{row}/{column}", ends, buildable):
                points = [*points, ends[1]] if points else ends
            elif points:
                yield (points[0], points[-1])
                points = []
        if points:
            yield (points[0], points[-1])


def _crossing(town: Town, along_u: bool, side: float, run: float) -> Point:
    side += (_chance(f"{town.name}{along_u}{side}") - 0.5) * 0.25 * min(town.block)
    return town.to_point(run, side) if along_u else town.to_point(side, run)


def _kept(
    town: Town,
    others: list[Town],
    piece: str,
    ends: list[Point],
    buildable: Callable[[float, float], bool],
) -> bool:
    lon, lat = (ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2
    depth = town.depth(lon, lat)
    if depth > 1.1 or _chance(town.name + piece) < _DROP + max(0.0, depth - 0.75) * 1.6:
        return False
    if not all(buildable(*point) for point in (*ends, (lon, lat))):
        return False
    return all(other.depth(lon, lat) > depth for other in others)


def _chance(text: str) -> float:
    """A fixed "random" number from 0 to 1 for a text."""
    return crc32(text.encode()) / 0xFFFFFFFF
