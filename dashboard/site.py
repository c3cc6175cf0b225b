"""What is known of the place before any message arrives: zones, safe routes, rules.

Points are (lon, lat) in WGS84 degrees. Rings are open: the first point is not repeated.
Files are read by data_sources.sites.load_site.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dashboard.geo import Line, Point, Ring, ZoneIndex, length_m


@dataclass(frozen=True, slots=True)
class Zone:
    """An administrative dong."""

    code: str
    name_ko: str
    name_en: str
    polygon: Ring  # outer ring of the largest part: what is drawn
    rings: tuple[Ring, ...]  # every part and hole; inside = inside an odd number of rings
    center: Point
    population: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """A safe route; zones are the codes it passes through, in order."""

    id: str
    name_ko: str
    name_en: str
    line: Line
    zones: tuple[str, ...]
    character: str = "street"  # station, park or street: shapes the simulated foot traffic

    @property
    def length_m(self) -> float:
        return length_m(self.line)


@dataclass(frozen=True, slots=True)
class Road:
    cls: str  # motorway, main, street
    name_ko: str
    name_en: str
    line: Line


@dataclass(frozen=True, slots=True)
class Place:
    """A station or a landmark."""

    name_ko: str
    name_en: str
    lon: float
    lat: float
    kind: str


@dataclass(frozen=True, slots=True)
class View:
    lon: float
    lat: float
    zoom: int


@dataclass(frozen=True, slots=True)
class Shift:
    """Local times "HH:MM"; end before start means the next day."""

    id: str
    name_ko: str
    name_en: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for devices; the registry gives a code."""

    name_ko: str
    name_en: str


@dataclass(frozen=True, slots=True)
class KindRule:
    heartbeat_s: float  # expected seconds between signs of life, unless the registry says other


@dataclass(frozen=True, slots=True)
class AlertRule:
    """priority 1 (now) to 4 (next working day); a latching alert never clears by itself."""

    priority: int
    latching: bool
    respond_s: int  # time an operator has to take it


@dataclass(frozen=True, slots=True)
class OrderRules:
    """When trouble becomes work, and when work is done."""

    fault_after_min: int = 30
    outage_after_min: int = 240
    gateway_after_min: int = 15
    verify_after_min: int = 30  # good beats for so long prove a repair
    reopen_days: int = 30  # failing again within so long reopens the order


@dataclass(frozen=True, slots=True)
class Contract:
    """What a vendor owes for the kinds it maintains. "" as kind = every kind.

    repair_h: hours from opening to repair, of the calendar: "always", or "working" (site
    working_from to working_to on days that are neither weekend nor holiday).
    parts_h: so many hours more, once, when parts are awaited.
    """

    vendor: str
    kind: str
    repair_h: float
    calendar: str = "working"
    parts_h: float = 0.0
    target: float = 0.95  # share of rounds to be met


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working hours as KST "HH:MM"; country names the public holidays, extra adds ISO dates."""

    working_from: str = "09:00"
    working_to: str = "18:00"
    country: str = "KR"
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Thresholds:
    feed_stale_s: int = 30  # no message at all for so long: the feed, not the devices, is silent
    settle_grace_s: int = 60  # disorder up to this changes no figure
    lit_margin_min: int = 10  # night: so long after sunset to as long before sunrise
    near_m: int = 100  # "around here" of an alert or device
    usual_z: float = 3.0  # foot traffic beyond this is quiet or busy
    usual_weeks: int = 8
    flood_per_10min: int = 10  # alerts; more is a flood (ISA-18.2)
    battery_low: float = 0.2
    battery_critical: float = 0.1


@dataclass(frozen=True, eq=False)
class Site:
    name: str
    name_ko: str
    name_en: str
    schematic: bool  # True: zones are drawn for orientation, not official boundaries
    zones: tuple[Zone, ...]
    routes: tuple[Route, ...]
    outline: Ring
    view: View
    roads: tuple[Road, ...] = ()
    streets: tuple[Line, ...] = ()  # texture of built-up areas, schematic
    rail: tuple[Road, ...] = ()
    water: tuple[Ring, ...] = ()
    stations: tuple[Place, ...] = ()
    landmarks: tuple[Place, ...] = ()
    kinds: Mapping[str, KindRule] = field(default_factory=dict)
    alert_types: Mapping[str, AlertRule] = field(default_factory=dict)
    shifts: tuple[Shift, ...] = ()
    thresholds: Thresholds = Thresholds()
    order_rules: OrderRules = OrderRules()
    contracts: tuple[Contract, ...] = ()
    calendar: Calendar = Calendar()
    inspection_days: Mapping[str, int] = field(default_factory=dict)  # kind -> at least so often
    targets: Mapping[str, float] = field(default_factory=dict)  # KPI key or "key:kind" -> value
    owners: Mapping[str, Owner] = field(default_factory=dict)  # by their code in the registry

    @cached_property
    def zone_index(self) -> ZoneIndex:
        return ZoneIndex([(zone.code, zone.rings) for zone in self.zones])

    @cached_property
    def zone_by_code(self) -> dict[str, Zone]:
        return {zone.code: zone for zone in self.zones}

    @cached_property
    def route_by_id(self) -> dict[str, Route]:
        return {route.id: route for route in self.routes}

    def owner_name(self, code: str, language: str) -> str:
        """In the reader's language; a code nobody named stays as it came."""
        owner = self.owners.get(code)
        if owner is None:
            return code
        return owner.name_ko if language == "ko" else owner.name_en
