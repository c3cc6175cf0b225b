"""Distances and "which zone is this?", fast and without a library.

Points are (lon, lat) degrees; distances are metres on a sphere flattened around the place,
good to 0.1 % within a city.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, hypot, radians
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboard.site import Site

Point = tuple[float, float]
Line = tuple[Point, ...]
Ring = tuple[Point, ...]
_Edge = tuple[float, float, float, float]  # lon, lat of the lower end, slope dlon/dlat, upper lat

M_PER_DEGREE = 111_195.0  # of latitude; mean Earth radius 6,371 km
_CELLS = 160  # of the zone grid along each side


def metres_per_degree(lat: float) -> tuple[float, float]:
    """(east, north) metres of one degree at this latitude."""
    return M_PER_DEGREE * cos(radians(lat)), M_PER_DEGREE


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    east, north = metres_per_degree((lat1 + lat2) / 2)
    return hypot((lon2 - lon1) * east, (lat2 - lat1) * north)


def length_m(line: Line) -> float:
    return sum(distance_m(*a, *b) for a, b in zip(line, line[1:], strict=False))


def point_to_line_m(lon: float, lat: float, line: Line) -> float:
    """Shortest distance to any segment; infinite for an empty line."""
    if len(line) == 1:
        return distance_m(lon, lat, *line[0])
    east, north = metres_per_degree(lat)
    flat = [((x - lon) * east, (y - lat) * north) for x, y in line]
    return min(
        (_origin_to_segment(*a, *b) for a, b in zip(flat, flat[1:], strict=False)),
        default=float("inf"),
    )


def _origin_to_segment(ax: float, ay: float, bx: float, by: float) -> float:
    dx, dy = bx - ax, by - ay
    squared = dx * dx + dy * dy
    share = 0.0 if squared == 0 else min(1.0, max(0.0, -(ax * dx + ay * dy) / squared))
    return hypot(ax + share * dx, ay + share * dy)


def along(line: Line, metres: float) -> Point:
    """The point so far along the line; its ends for anything beyond."""
    left = metres
    for (x1, y1), (x2, y2) in zip(line, line[1:], strict=False):
        step = distance_m(x1, y1, x2, y2)
        if step > 0 and left <= step:
            share = max(0.0, left) / step
            return x1 + share * (x2 - x1), y1 + share * (y2 - y1)
        left -= step
    return line[-1]


def inside(lon: float, lat: float, rings: Sequence[Ring]) -> bool:
    """Even-odd rule over all rings: holes and parts need no special care."""
    return _odd(lon, lat, _edges(rings))


def zone_of(site: Site, lon: float, lat: float) -> str:
    """Code of the zone around a point, "" outside all of them."""
    return site.zone_index.zone_of(lon, lat)


class ZoneIndex:
    """A grid over the zones: most cells lie in one zone, only border cells cast a ray."""

    def __init__(self, zones: Sequence[tuple[str, Sequence[Ring]]]) -> None:
        """zones: code and rings; where zones overlap either may answer."""
        self._edges = [(code, _edges(rings)) for code, rings in zones]
        points = [point for _, rings in zones for ring in rings for point in ring]
        lons, lats = [p[0] for p in points] or [0.0], [p[1] for p in points] or [0.0]
        self._west, self._south = min(lons), min(lats)
        self._per_lon = _CELLS / ((max(lons) - self._west) or 1.0)
        self._per_lat = _CELLS / ((max(lats) - self._south) or 1.0)
        self._east, self._north = max(lons), max(lats)
        self._border: dict[int, list[tuple[str, list[_Edge]]]] = {}
        self._mark_borders(zones)
        self._cells = self._fill()

    def zone_of(self, lon: float, lat: float) -> str:
        if not (self._west <= lon <= self._east and self._south <= lat <= self._north):
            return ""
        cell = self._cell(lon, lat)
        code = self._cells[cell]
        if code is not None:
            return code
        # Official boundaries may overlap or gape by a metre: ask everyone before giving up.
        return self._cast(lon, lat, self._border[cell]) or self._cast(lon, lat, self._edges)

    def _cell(self, lon: float, lat: float) -> int:
        column = min(int((lon - self._west) * self._per_lon), _CELLS - 1)
        row = min(int((lat - self._south) * self._per_lat), _CELLS - 1)
        return row * _CELLS + column

    @staticmethod
    def _cast(lon: float, lat: float, candidates: list[tuple[str, list[_Edge]]]) -> str:
        for code, edges in candidates:
            if _odd(lon, lat, edges):
                return code
        return ""

    def _mark_borders(self, zones: Sequence[tuple[str, Sequence[Ring]]]) -> None:
        for (_, rings), zone in zip(zones, self._edges, strict=True):
            for ring in rings:
                for a, b in zip(ring, (*ring[1:], ring[0]), strict=True):
                    for cell in self._cells_of(a, b):
                        near = self._border.setdefault(cell, [])
                        if not near or near[-1] is not zone:
                            near.append(zone)

    def _cells_of(self, a: Point, b: Point) -> Iterator[int]:
        """Every cell a segment touches, rounding errors included."""
        (x1, y1), (x2, y2) = sorted((self._grid(a), self._grid(b)))
        first, last = int(max(x1 - 1e-6, 0)), min(int(x2 + 1e-6), _CELLS - 1)
        slope = (y2 - y1) / (x2 - x1) if x2 > x1 else 0.0
        for column in range(first, last + 1):
            low, high = (y1, y2)
            if x2 > x1:
                low = y1 + slope * (max(column, x1) - x1)
                high = y1 + slope * (min(column + 1, x2) - x1)
            low, high = min(low, high), max(low, high)
            for row in range(int(max(low - 1e-6, 0)), min(int(high + 1e-6), _CELLS - 1) + 1):
                yield row * _CELLS + column

    def _grid(self, point: Point) -> Point:
        return (point[0] - self._west) * self._per_lon, (point[1] - self._south) * self._per_lat

    def _fill(self) -> list[str | None]:
        """Code per cell; None = border. A border-free neighbour lies in the same zone."""
        cells: list[str | None] = []
        for row in range(_CELLS):
            known: str | None = None
            for column in range(_CELLS):
                if row * _CELLS + column in self._border:
                    known = None
                elif known is None:
                    lon = self._west + (column + 0.5) / self._per_lon
                    lat = self._south + (row + 0.5) / self._per_lat
                    known = self._cast(lon, lat, self._edges)
                cells.append(known)
        return cells


def _edges(rings: Sequence[Ring]) -> list[_Edge]:
    """Edges ready for ray casting; horizontal ones never count."""
    edges = []
    for ring in rings:
        for a, b in zip(ring, (*ring[1:], ring[0]), strict=True):
            (x1, y1), (x2, y2) = (a, b) if a[1] < b[1] else (b, a)
            if y1 != y2:
                edges.append((x1, y1, (x2 - x1) / (y2 - y1), y2))
    return edges


def _odd(lon: float, lat: float, edges: list[_Edge]) -> bool:
    crossed = False
    for x, y, slope, top in edges:
        if y <= lat < top and lon < x + (lat - y) * slope:
            crossed = not crossed
    return crossed
