"""The devices of the simulated city: which, where, whose, behind which gateway.

The same site, number, seed and partitions give the same city.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from dashboard.site import Site
from data_sources.simulator.places import Spot, quotas, route_spots, street_spots
from data_sources.simulator.traits import Traits, draw_traits

WORDS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "words.json").read_text(encoding="utf-8")
)
HABITS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "habits.json").read_text(encoding="utf-8")
)
# Share of all devices; street lights take the rest.
SHARES = {"bell": 0.17, "cctv": 0.30, "counter": 0.024, "env": 0.016, "logo": 0.02, "sign": 0.03}
# Share of a kind that stands along safe routes.
ON_ROUTES = {"bell": 0.13, "cctv": 0.12, "light": 0.19, "logo": 0.5, "sign": 0.35,
             "counter": 0.3, "env": 0.2}  # fmt: skip
# Share of a kind that talks through a gateway; the others have a line of their own.
BEHIND_GATEWAY = {"light": 1.0, "counter": 1.0, "env": 1.0, "logo": 1.0, "bell": 0.6}
CHILDREN = 37
FIRST_DAY = date(2017, 3, 1)


@dataclass(frozen=True, slots=True)
class Device:
    index: int
    id: str
    kind: str
    lon: float
    lat: float
    name: str
    zone: str
    route: str  # "" off the safe routes
    gateway: str  # "" for its own line
    p: int
    traits: Traits

    @property
    def heartbeat_ms(self) -> int:
        return self.traits.heartbeat_s * 1000


@dataclass(frozen=True)
class City:
    site: Site
    devices: tuple[Device, ...]  # gateways first
    partitions: int

    def of_kind(self, kind: str) -> list[Device]:
        return [device for device in self.devices if device.kind == kind]

    def partition_of(self, zone: str) -> int:
        return partition_of(self.site, zone, self.partitions)


@dataclass(slots=True)
class _Draft:
    kind: str
    spot: Spot
    traits: Traits
    gateway: str = ""


def partition_of(site: Site, zone: str, partitions: int) -> int:
    """Neighbouring codes share a partition, as the areas of field systems would."""
    codes = [z.code for z in site.zones]
    return codes.index(zone) * partitions // len(codes) if zone in codes else 0


def build_city(site: Site, number: int, seed: int, partitions: int = 1) -> City:
    rng = Random(f"{seed}:city")
    counts = _counts(number)
    drafts: list[_Draft] = []
    for kind, n in counts.items():
        if kind == "gateway":
            continue
        on_route = round(n * ON_ROUTES.get(kind, 0.0))
        spots = route_spots(site, on_route, kind, rng) + street_spots(site, n - on_route, rng)
        drafts += [_Draft(kind, s, draw_traits(kind, s, site, rng)) for s in spots]
    gateways = _gateways(drafts, counts["gateway"], site, rng)
    ordered = gateways + sorted(drafts, key=lambda d: (d.kind, d.spot.route or "~", d.spot.zone))
    parts = {z.code: partition_of(site, z.code, partitions) for z in site.zones}
    return City(site, tuple(_named(ordered, parts)), partitions)


def _counts(number: int) -> dict[str, int]:
    """How many of each kind; they add up to `number`."""
    counts = {kind: round(number * share) for kind, share in SHARES.items()}
    left = max(0, number - sum(counts.values()))
    behind = left + sum(counts[k] * s for k, s in BEHIND_GATEWAY.items() if k in counts)
    counts["gateway"] = min(left // 2, max(1, round(behind / (CHILDREN + 1))))
    counts["light"] = left - counts["gateway"]
    return counts


def _gateways(drafts: list[_Draft], number: int, site: Site, rng: Random) -> list[_Draft]:
    """Puts each child behind a gateway near it; children of one gateway share its zone."""
    children = [d for d in drafts if rng.random() < BEHIND_GATEWAY.get(d.kind, 0.0)]
    by_zone: dict[str, list[_Draft]] = {}
    for child in children:
        by_zone.setdefault(child.spot.zone, []).append(child)
    share = quotas(number, {zone: float(len(of)) for zone, of in sorted(by_zone.items())})
    gateways: list[_Draft] = []
    for zone, of in sorted(by_zone.items()):
        for group in _neighbours(of, share[zone]):
            letters = WORDS["letters"]["gateway"]
            gateway_id = f"{letters}-{len(gateways) + 1:02}"
            spot = _middle(group, zone)
            gateways.append(_Draft("gateway", spot, draw_traits("gateway", spot, site, rng)))
            for child in group:
                child.gateway = gateway_id
    return gateways


def _neighbours(drafts: list[_Draft], number: int) -> list[list[_Draft]]:
    """Cuts a zone's children into `number` groups by position: strips, then pieces of strips."""
    if number <= 0:
        return []
    strips = max(1, round(number**0.5))
    by_lon = sorted(drafts, key=lambda d: d.spot.lon)
    groups: list[list[_Draft]] = []
    sizes = quotas(number, {str(i): 1.0 for i in range(strips)})
    start = 0
    for strip, pieces in sizes.items():
        end = len(by_lon) * (sum(list(sizes.values())[: int(strip) + 1])) // number
        by_lat = sorted(by_lon[start:end], key=lambda d: d.spot.lat)
        groups += [by_lat[len(by_lat) * i // pieces : len(by_lat) * (i + 1) // pieces]
                   for i in range(pieces)]  # fmt: skip
        start = end
    return [group for group in groups if group]


def _middle(group: list[_Draft], zone: str) -> Spot:
    """On the pole of its middle child."""
    pole = sorted(group, key=lambda d: (d.spot.lon, d.spot.lat))[len(group) // 2].spot
    return replace(pole, zone=zone, route="", route_name="")


def _named(drafts: list[_Draft], parts: dict[str, int]) -> list[Device]:
    devices: list[Device] = []
    numbers: dict[str, int] = {}
    places: dict[tuple[str, str], int] = {}
    for draft in drafts:
        kind, spot = draft.kind, draft.spot
        numbers[kind] = numbers.get(kind, 0) + 1
        place = (kind, spot.route or spot.zone)
        places[place] = places.get(place, 0) + 1
        digits = 2 if kind == "gateway" else 3 if kind in ("counter", "env") else 4
        devices.append(
            Device(
                index=len(devices),
                id=f"{WORDS['letters'][kind]}-{numbers[kind]:0{digits}}",
                kind=kind,
                lon=spot.lon,
                lat=spot.lat,
                name=_name(kind, spot, places[place]),
                zone=spot.zone,
                route=spot.route,
                gateway=draft.gateway,
                p=parts.get(spot.zone, 0),
                traits=draft.traits,
            )
        )
    return devices


def _name(kind: str, spot: Spot, n: int) -> str:
    word = WORDS["kinds"][kind]
    if spot.route:
        return str(WORDS["on_route"].format(route=spot.route_name, kind=word, n=n))
    return str(WORDS["in_zone"].format(zone=spot.zone_name, kind=word, n=n))


def installed_on(device: Device) -> str:
    return (FIRST_DAY + timedelta(device.traits.age_days)).isoformat()
