"""Pilots by naming only what a test cares about, on the ground of the city that is shipped."""

from __future__ import annotations

from typing import Any

from dashboard.pilots.ground import Ground
from dashboard.pilots.pilot import Area, Kept, Pilot
from dashboard.trends.grid import Grid
from tests.builders import SITE

GRID = Grid.of(SITE)
R3, R8 = SITE.route_by_id["R-03"], SITE.route_by_id["R-08"]
GROUND = Ground(SITE, GRID, {"voice": (R3.line[0], R3.line[-1]), "nowhere": ((0.0, 0.0),)})


def a_pilot(**more: Any) -> Pilot:
    said: dict[str, Any] = {
        "id": "P-01", "name": "Brighter lamps", "what": "LED lamps", "start": "2026-11-02",
        "treated": Area(routes=("R-03",)), "control": Area(routes=("R-08",)),
    }  # fmt: skip
    return Pilot(**{**said, **more})


def kept(*pilots: Pilot) -> Kept:
    return Kept(pilots)


def middle(route: Any) -> tuple[float, float]:
    """(lon, lat) of a point of its line."""
    lon, lat = route.line[len(route.line) // 2]
    return float(lon), float(lat)
