"""Where something is, in terms of what stands around it: a grid over the devices.

Points are micro-degrees (1e-6 degree) as in the device columns; distances are metres.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot

from dashboard.geo import metres_per_degree

NEAR_M = 300.0  # a device further away says nothing about a place
_CELL = 1_000  # micro-degrees: about 110 m north, 90 m east in Goyang
_ROW = 1 << 32


@dataclass(frozen=True, slots=True)
class Neighbour:
    index: int
    metres: float


class PlaceGrid:
    """Device indices by cell. `put` again moves a device."""

    def __init__(self) -> None:
        self._cells: dict[int, list[int]] = {}
        self._at: dict[int, tuple[int, int]] = {}

    def put(self, index: int, lon: int, lat: int) -> None:
        before = self._at.get(index)
        if before == (lon, lat):
            return
        if before is not None:
            self._cells[_cell(*before)].remove(index)
        self._at[index] = (lon, lat)
        self._cells.setdefault(_cell(lon, lat), []).append(index)

    def around(self, lon: int, lat: int, radius_m: float) -> list[Neighbour]:
        """Devices within the radius, nearest first."""
        east, north = metres_per_degree(lat / 1e6)
        found = []
        for index in self._candidates(lon, lat, radius_m / east, radius_m / north):
            x, y = self._at[index]
            metres = hypot((x - lon) * east, (y - lat) * north) / 1e6
            if metres <= radius_m:
                found.append(Neighbour(index, metres))
        return sorted(found, key=lambda neighbour: neighbour.metres)

    def nearest(self, lon: int, lat: int, within_m: float = NEAR_M) -> Neighbour | None:
        """None when nothing stands within that distance. Looks close by first."""
        for radius_m in (within_m / 6, within_m):
            if found := self.around(lon, lat, radius_m):
                return found[0]
        return None

    def _candidates(self, lon: int, lat: int, east: float, north: float) -> Iterator[int]:
        """east, north: reach in degrees."""
        wide, high = int(east * 1e6), int(north * 1e6)
        for row in range((lat - high) // _CELL, (lat + high) // _CELL + 1):
            for column in range((lon - wide) // _CELL, (lon + wide) // _CELL + 1):
                yield from self._cells.get(row * _ROW + column, ())


def _cell(lon: int, lat: int) -> int:
    return lat // _CELL * _ROW + lon // _CELL
