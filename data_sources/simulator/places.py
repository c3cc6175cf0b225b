"""Where devices stand: evenly along the safe routes, and along the streets of every zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import cos, pi, sin
from random import Random

from dashboard.geo import Line, Point, along, length_m, metres_per_degree, zone_of
from dashboard.site import Site, Zone

_SAMPLE_M = 24.0  # along streets: two poles are seldom closer


@dataclass(frozen=True, slots=True)
class Spot:
    lon: float
    lat: float
    zone: str
    route: str
    route_name: str = ""
    zone_name: str = ""


def quotas(number: int, weights: dict[str, float]) -> dict[str, int]:
    """Shares `number` out by weight; they add up (largest remainder)."""
    total = sum(weights.values())
    if total <= 0:
        return dict.fromkeys(weights, 0)
    exact = {key: number * weight / total for key, weight in weights.items()}
    shares = {key: int(value) for key, value in exact.items()}
    missing = number - sum(shares.values())
    for key in sorted(exact, key=lambda k: (shares[k] - exact[k], k))[:missing]:
        shares[key] += 1
    return shares


def route_spots(site: Site, number: int, kind: str, rng: Random) -> list[Spot]:
    """At equal distances along all routes, a few metres to one side."""
    shares = quotas(number, {route.id: route.length_m for route in site.routes})
    spots = []
    for route in site.routes:
        n = shares[route.id]
        for i in range(n):
            metres = route.length_m * (i + 0.5 + rng.uniform(-0.12, 0.12)) / n
            lon, lat = _aside(along(route.line, metres), rng)
            zone = site.zone_by_code[zone_of(site, lon, lat) or route.zones[0]]
            spots.append(Spot(lon, lat, zone.code, route.id, route.name_ko, zone.name_ko))
    return spots


def street_spots(site: Site, number: int, rng: Random) -> list[Spot]:
    """Over the zones by population (damped, so that rural ones are not bare)."""
    shares, poles = quotas(number, _weights(site)), _street_poles(site)
    spots = []
    for zone in site.zones:
        found = poles.get(zone.code) or [zone.center]
        for i in range(shares[zone.code]):
            # Each pass takes every pole once, in a fixed random order, before any is used twice.
            if i % len(found) == 0:
                order = rng.sample(found, len(found))
            spots.append(_street_spot(site, order[i % len(found)], zone, rng))
    return spots


def a_street_spot(site: Site, rng: Random) -> Spot:
    weights = _weights(site)
    code = rng.choices(list(weights), list(weights.values()))[0]
    zone = site.zone_by_code[code]
    return _street_spot(site, rng.choice(_street_poles(site).get(code) or [zone.center]), zone, rng)


def _street_spot(site: Site, pole: Point, zone: Zone, rng: Random) -> Spot:
    """Its zone is the one it stands in, which may be the neighbour's."""
    lon, lat = _aside(pole, rng)
    there = site.zone_by_code.get(zone_of(site, lon, lat), zone)
    return Spot(lon, lat, there.code, "", "", there.name_ko)


@cache
def _weights(site: Site) -> dict[str, float]:
    return {zone.code: max(zone.population, 1) ** 0.8 for zone in site.zones}


@cache
def _street_poles(site: Site) -> dict[str, list[Point]]:
    """Points along the streets of each zone."""
    poles: dict[str, list[Point]] = {}
    for line in site.streets:
        for point in _points(line):
            code = zone_of(site, *point)
            if code:
                poles.setdefault(code, []).append(point)
    return poles


def _points(line: Line) -> Iterator[Point]:
    whole = length_m(line)
    for i in range(int(whole // _SAMPLE_M)):
        yield along(line, (i + 0.5) * _SAMPLE_M)


def _aside(point: Point, rng: Random) -> Point:
    """A few metres off the middle of the street."""
    east, north = metres_per_degree(point[1])
    angle, metres = rng.uniform(0, 2 * pi), rng.uniform(2.0, 7.0)
    lon, lat = point[0] + metres * cos(angle) / east, point[1] + metres * sin(angle) / north
    return round(lon, 6), round(lat, 6)
