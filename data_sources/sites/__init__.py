"""The files that describe a city, read into one Site.

A site is a folder beside this file, named by SITE, or any folder given by its path:
city.json (rules), lines.json (what is drawn), routes.json, and what build.py or
import_zones.py writes: zones.json, streets.json.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dashboard.contracts import check
from dashboard.errors import BadSettings
from dashboard.geo import Line, ZoneIndex, along, length_m
from dashboard.site import (
    AlertRule,
    Calendar,
    Contract,
    KindRule,
    OrderRules,
    Owner,
    Place,
    Road,
    Route,
    Shift,
    Site,
    Thresholds,
    View,
    Zone,
)

_HERE = Path(__file__).parent
_ROUTE_STEP_M = 25.0


def site_folder(name: str) -> Path:
    """Raises BadSettings if there is no such site."""
    for folder in (_HERE / name, Path(name)):
        if name and (folder / "city.json").is_file():
            return folder
    raise BadSettings(f"SITE={name!r}: no city.json in data_sources/sites/{name} or in {name}/")


def load_site(name: str) -> Site:
    folder = site_folder(name)
    city, drawn = _json(folder / "city.json"), _json(folder / "lines.json")
    zoned = _json(folder / "zones.json")
    zones = tuple(_zone(entry) for entry in zoned["zones"])
    index = ZoneIndex([(zone.code, zone.rings) for zone in zones])
    contracts = tuple(Contract(**entry) for entry in city.get("contracts", ()))
    site = Site(
        name=folder.name,
        name_ko=city["name_ko"],
        name_en=city["name_en"],
        schematic=zoned["schematic"],
        zones=zones,
        routes=tuple(_route(entry, index) for entry in _json(folder / "routes.json")["routes"]),
        outline=to_line(zoned["outline"]),
        view=View(**city["view"]),
        roads=tuple(_road(entry) for entry in drawn["roads"]),
        streets=tuple(_street(entry) for entry in _json(folder / "streets.json")["streets"]),
        rail=tuple(_road({"cls": "rail", **entry}) for entry in drawn["rail"]),
        water=tuple(to_line(ring) for ring in drawn["water"]),
        stations=tuple(Place(**entry) for entry in drawn["stations"]),
        landmarks=tuple(Place(**entry) for entry in drawn["landmarks"]),
        kinds={name: KindRule(**rule) for name, rule in city["kinds"].items()},
        alert_types={name: AlertRule(**rule) for name, rule in city["alert_types"].items()},
        shifts=tuple(Shift(**entry) for entry in city["shifts"]),
        thresholds=Thresholds(**city["thresholds"]),
        order_rules=OrderRules(**city.get("order_rules", {})),
        contracts=contracts,
        calendar=_calendar(city.get("calendar", {}), contracts),
        inspection_days=city.get("inspection_days", {}),
        targets=city.get("targets", {}),
        owners={code: Owner(**names) for code, names in city.get("owners", {}).items()},
    )
    site.__dict__["zone_index"] = index  # already built: cached_property keeps it here
    return site


def _calendar(entry: dict[str, Any], contracts: tuple[Contract, ...]) -> Calendar:
    """Raises BadSettings: what can never fall due would only show once something breaks."""
    calendar = Calendar(**{**entry, "extra": tuple(entry.get("extra", ()))})
    try:
        check(calendar, contracts)
    except ValueError as error:
        raise BadSettings(f"city.json: {error}") from error
    return calendar


def _json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def to_line(points: list[list[float]]) -> Line:
    return tuple((lon, lat) for lon, lat in points)


def _street(numbers: list[int]) -> Line:
    """[lon, lat, lon, lat, ...] in units of 1e-5 degrees."""
    return tuple((numbers[i] / 1e5, numbers[i + 1] / 1e5) for i in range(0, len(numbers), 2))


def _zone(entry: dict[str, Any]) -> Zone:
    """The first ring is the outer one of the largest part."""
    rings = tuple(to_line(ring) for ring in entry["rings"])
    return Zone(
        code=entry["code"],
        name_ko=entry["name_ko"],
        name_en=entry["name_en"],
        polygon=rings[0],
        rings=rings,
        center=(entry["center"][0], entry["center"][1]),
        population=entry.get("population", 0),
    )


def _road(entry: dict[str, Any]) -> Road:
    return Road(entry["cls"], entry["name_ko"], entry["name_en"], to_line(entry["line"]))


def _route(entry: dict[str, Any], index: ZoneIndex) -> Route:
    line = to_line(entry["line"])
    steps = int(length_m(line) / _ROUTE_STEP_M) + 1
    passed = (index.zone_of(*along(line, step * _ROUTE_STEP_M)) for step in range(steps + 1))
    zones = tuple(dict.fromkeys(code for code in passed if code))
    return Route(entry["id"], entry["name_ko"], entry["name_en"], line, zones, entry["character"])
