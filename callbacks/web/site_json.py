"""The base map of a site, as the browser draws it: /live/base."""

from __future__ import annotations

from typing import Any

from dashboard.geo import Line
from dashboard.site import Place, Road, Site


def base_json(site: Site) -> dict[str, Any]:
    return {
        "schematic": site.schematic,
        "outline": _line(site.outline),
        "view": {"lon": site.view.lon, "lat": site.view.lat, "zoom": site.view.zoom},
        "zones": [
            {"code": zone.code, "name_ko": zone.name_ko, "name_en": zone.name_en,
             "polygon": _line(zone.polygon), "center": zone.center}
            for zone in site.zones
        ],
        "routes": [
            {"id": route.id, "name_ko": route.name_ko, "name_en": route.name_en,
             "line": _line(route.line)}
            for route in site.routes
        ],
        "roads": [_road(road) for road in site.roads],
        "rail": [_road(road) for road in site.rail],
        "streets": [_line(street) for street in site.streets],
        "water": [_line(ring) for ring in site.water],
        "stations": [_place(place) for place in site.stations],
        "landmarks": [_place(place) for place in site.landmarks],
    }  # fmt: skip


def _line(points: Line) -> list[tuple[float, float]]:
    return [(round(lon, 6), round(lat, 6)) for lon, lat in points]


def _road(road: Road) -> dict[str, Any]:
    return {"class": road.cls, "name_ko": road.name_ko, "name_en": road.name_en,
            "line": _line(road.line)}  # fmt: skip


def _place(place: Place) -> dict[str, Any]:
    return {"name_ko": place.name_ko, "name_en": place.name_en, "lon": place.lon,
            "lat": place.lat, "kind": place.kind}  # fmt: skip
