"""The plane trends are worked out on: metres east and north of the city, and square cells.

Flat around the middle of the city, good to 0.1 % within it (dashboard/geo.py). A cell's word is
"<column>.<row>", counted from the south-west; cells of 250 m hold 25 of 50 m.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np
import shapely
from numpy.typing import NDArray

from dashboard.errors import BadChoice
from dashboard.geo import Ring, metres_per_degree
from dashboard.site import Site

CELL_M, FINE_M = 250.0, 50.0
Cell = tuple[int, int]  # column, row
Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Grid:
    """west, south: degrees of the corner where x = y = 0. inside: shapes that are the city."""

    west: float
    south: float
    east_m: float  # metres of a degree of longitude, of latitude
    north_m: float
    columns: int
    rows: int
    city: shapely.Geometry

    @classmethod
    def of(cls, site: Site) -> Grid:
        rings = [ring for zone in site.zones for ring in zone.rings] or [site.outline]
        lons, lats = np.array([point for ring in rings for point in ring]).T
        east_m, north_m = metres_per_degree(float(lats.min() + lats.max()) / 2)
        west, south = float(lons.min()), float(lats.min())

        def plane(ring: object) -> shapely.Geometry:
            return _plane(ring, (west, south), (east_m, north_m))

        zones = [_even_odd([plane(ring) for ring in zone.rings]) for zone in site.zones] or [
            plane(site.outline)
        ]
        width, height = (lons.max() - west) * east_m, (lats.max() - south) * north_m
        return cls(
            west, south, east_m, north_m,
            ceil(width / CELL_M), ceil(height / CELL_M), shapely.union_all(zones),
        )  # fmt: skip

    def xy(self, lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
        """Metres; nan stays nan."""
        return (lon - self.west) * self.east_m, (lat - self.south) * self.north_m

    def lonlat(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        return self.west + x / self.east_m, self.south + y / self.north_m

    def shape(self, rings: Iterable[Ring]) -> shapely.Geometry:
        """Of a zone, in metres."""
        corner, scale = (self.west, self.south), (self.east_m, self.north_m)
        return _even_odd([_plane(ring, corner, scale) for ring in rings])

    def cells(self, x: Numbers, y: Numbers) -> NDArray[np.int64]:
        """row * columns + column of each point; -1 without a place or outside the grid."""
        known = np.isfinite(x) & np.isfinite(y)
        column = np.floor(np.where(known, x, -1.0) / CELL_M).astype(np.int64)
        row = np.floor(np.where(known, y, -1.0) / CELL_M).astype(np.int64)
        within = known & (column >= 0) & (row >= 0) & (column < self.columns) & (row < self.rows)
        return np.where(within, row * self.columns + column, -1)

    def number_of(self, cell: Cell) -> int:
        return cell[1] * self.columns + cell[0]

    def cell_at(self, number: int) -> Cell:
        return number % self.columns, number // self.columns

    def bounds(self, cell: Cell) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        edges = np.array([cell, (cell[0] + 1, cell[1] + 1)]) * CELL_M
        lon, lat = self.lonlat(edges[:, 0], edges[:, 1])
        return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])

    @cached_property
    def inside(self) -> Mask:
        """(rows * columns): cells whose middle, or any part of the edge, is in the city."""
        return self._mask(CELL_M, self.columns, self.rows, CELL_M / 2)

    @cached_property
    def fine_inside(self) -> Mask:
        """(5 rows, 5 columns): the cells of 50 m whose middle is in the city."""
        by = round(CELL_M / FINE_M)
        mask = self._mask(FINE_M, by * self.columns, by * self.rows, 0.0)
        return mask.reshape(by * self.rows, by * self.columns)

    def _mask(self, side: float, columns: int, rows: int, reach: float) -> Mask:
        x, y = np.meshgrid((np.arange(columns) + 0.5) * side, (np.arange(rows) + 0.5) * side)
        shape = self.city.buffer(reach) if reach else self.city
        shapely.prepare(shape)
        mask: Mask = shapely.contains_xy(shape, x.ravel(), y.ravel())
        return mask


def word_of(cell: Cell) -> str:
    return f"{cell[0]}.{cell[1]}"


def cell_of(word: str, grid: Grid) -> Cell:
    """Raises BadChoice for what is no cell of the city."""
    column, _, row = word.partition(".")
    if column.isascii() and row.isascii() and column.isdigit() and row.isdigit():
        cell = int(column[:6]), int(row[:6])
        within = cell[0] < grid.columns and cell[1] < grid.rows
        if within and grid.inside[grid.number_of(cell)]:
            return cell
    raise BadChoice("trends.unknown_cell", value=word[:40])


def _plane(ring: object, corner: object, scale: object) -> shapely.Geometry:
    return shapely.make_valid(shapely.Polygon((np.array(ring) - corner) * scale))


def _even_odd(rings: list[shapely.Geometry]) -> shapely.Geometry:
    """Parts and holes alike: inside an odd number of rings."""
    shape = shapely.Polygon()
    for ring in rings:
        shape = shapely.symmetric_difference(shape, ring)
    return shape
