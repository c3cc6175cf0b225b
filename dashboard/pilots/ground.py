"""Where the areas of a pilot lie: shapes on the plane of trends/grid.py, none within another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely

from dashboard.geo import Point
from dashboard.pilots.pilot import AREAS, INNER, Area, Pilot
from dashboard.records import Registration
from dashboard.site import Site
from dashboard.trends.grid import Grid

KM2 = 1e6  # square metres
OVERLAP = 0.01  # of the smaller one: as far as borders of neighbours are drawn differently
LEAST_M2 = 100.0
# An area around another may hold that one: it is cut out.
APART = (
    ("treated", "control"),
    ("treated", "displaced_control"),
    ("control", "displaced"),
    ("displaced", "displaced_control"),
)


@dataclass(frozen=True, slots=True)
class Ground:
    """devices: pilot id -> where the devices are that are registered under it."""

    site: Site
    grid: Grid
    devices: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)

    def shape(self, area: Area) -> shapely.Geometry:
        """In metres, within the city. Names nobody knows are nowhere."""
        zones, routes = self.site.zone_by_code, self.site.route_by_id
        parts = [self.grid.shape(zones[code].rings) for code in area.zones if code in zones]
        near = [shapely.LineString(self._xy(routes[r].line)) for r in area.routes if r in routes]
        near += [shapely.MultiPoint(self._xy(at)) for p in area.pilots if (at := self._at(p))]
        parts += [one.buffer(area.reach_m) for one in near]
        return shapely.intersection(shapely.union_all(parts), self.grid.city)

    def shapes(self, pilot: Pilot) -> dict[str, shapely.Geometry]:
        """Of its areas; what is in two of them belongs to the first."""
        found: dict[str, shapely.Geometry] = {}
        for name in AREAS:
            if pilot.area(name):
                taken = shapely.union_all(list(found.values()))
                found[name] = shapely.difference(self.shape(pilot.area(name)), taken)
        return found

    def overlaps(self, pilot: Pilot) -> list[tuple[str, str, float]]:
        """Areas that must not share ground and do: their names, and km2 in both."""
        whole = {name: self.shape(pilot.area(name)) for name in pilot.areas}
        for name, inner in INNER.items():
            if name in whole and inner in whole:
                whole[name] = shapely.difference(whole[name], whole[inner])
        shared = [
            (one, other, shapely.intersection(whole[one], whole[other]).area)
            for one, other in APART
            if one in whole and other in whole
        ]
        return [
            (one, other, m2 / KM2)
            for one, other, m2 in shared
            if m2 > OVERLAP * min(whole[one].area, whole[other].area)
        ]

    def _at(self, pilot_id: str) -> tuple[Point, ...]:
        return self.devices.get(pilot_id, ())

    def _xy(self, points: Iterable[Point]) -> np.ndarray:
        lon, lat = np.array(list(points), float).T
        return np.column_stack(self.grid.xy(lon, lat))


def ground_of(site: Site, grid: Grid, registrations: Iterable[Registration]) -> Ground:
    devices: dict[str, list[Point]] = {}
    for one in registrations:
        if one.pilot_id and not one.retired:
            devices.setdefault(one.pilot_id, []).append((one.lon, one.lat))
    return Ground(site, grid, {name: tuple(at) for name, at in sorted(devices.items())})


def km2_of(shape: shapely.Geometry) -> float:
    return float(shape.area) / KM2
