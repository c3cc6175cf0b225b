"""Replace a site's zones by official boundaries.

    python -m data_sources.sites.import_zones FILE.geojson --code PROP --name PROP --site goyang

FILE holds polygons in WGS84 (lon, lat), one per zone; PROP names the properties that hold the
10-digit code and the Korean name. English names and population are kept from the zones that
are replaced, by code (--name-en PROP overrides). Borders are simplified together
(--simplify-m, default 5), so neighbours keep sharing them. Writes zones.json into the site's
folder, or a whole site into --out DIR, to be used as SITE=DIR.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from dashboard.errors import BadSettings
from dashboard.geo import M_PER_DEGREE
from data_sources.sites import site_folder
from data_sources.sites.build import rings_of, write_json

_OUTLINE_M = 20.0  # the city's outline is only drawn: coarser is enough


def main(argv: list[str] | None = None) -> None:
    args = _arguments(argv)
    folder = site_folder(args.site)
    try:
        zones = import_zones(args, json.loads((folder / "zones.json").read_text("utf-8")))
    except (BadSettings, OSError, ValueError) as error:
        raise SystemExit(f"import_zones: {error}") from error
    out = Path(args.out) if args.out else folder
    _copy_site(folder, out)
    write_json(out / "zones.json", zones)


def _copy_site(folder: Path, out: Path) -> None:
    """A new folder becomes a whole site: SITE=<that folder> starts with it."""
    out.mkdir(parents=True, exist_ok=True)
    if not (out / "city.json").exists():
        for file in folder.glob("*.*"):
            shutil.copy(file, out / file.name)


def import_zones(args: argparse.Namespace, before: dict[str, Any]) -> dict[str, Any]:
    """Raises BadSettings naming the feature and what is wrong with it."""
    collection = json.loads(Path(args.file).read_text("utf-8"))
    features = collection.get("features") if isinstance(collection, dict) else None
    if not features:
        raise BadSettings(f"{args.file}: not a GeoJSON FeatureCollection with features")
    shapes = [_polygon(feature, number) for number, feature in enumerate(features, 1)]
    shapes = _simplified(shapes, args.simplify_m / M_PER_DEGREE)
    known = {zone["code"]: zone for zone in before["zones"]}
    zones = [_zone(f, s, args, known) for f, s in zip(features, shapes, strict=True)]
    if len({zone["code"] for zone in zones}) < len(zones):
        raise BadSettings(f"{args.file}: property {args.code!r} is not unique")
    outline = shapely.union_all(shapes).buffer(0).simplify(_OUTLINE_M / M_PER_DEGREE)
    return {
        "schematic": False,
        "source": args.source or Path(args.file).name,
        "outline": rings_of(outline)[0],
        "zones": zones,
    }


def _polygon(feature: dict[str, Any], number: int) -> BaseGeometry:
    geometry = feature.get("geometry") or {}
    if geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise BadSettings(f"feature {number}: expected a Polygon or MultiPolygon")
    west, south, east, north = shape(geometry).bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadSettings(f"feature {number}: coordinates are not WGS84 degrees (lon, lat)")
    return shapely.make_valid(shape(geometry))


def _simplified(shapes: list[BaseGeometry], tolerance: float) -> list[BaseGeometry]:
    """Shared borders stay shared where the file's own borders match."""
    if tolerance <= 0:
        return shapes
    return list(shapely.coverage_simplify(shapes, tolerance))


def _zone(
    feature: dict[str, Any], area: BaseGeometry, args: argparse.Namespace, known: dict[str, Any]
) -> dict[str, Any]:
    properties = feature.get("properties") or {}
    missing = [name for name in (args.code, args.name) if not properties.get(name)]
    if missing:
        raise BadSettings(f"a feature lacks property {missing[0]!r}; it has {sorted(properties)}")
    code, name = str(properties[args.code]), str(properties[args.name])
    old = known.get(code, {})
    middle = area.centroid if area.contains(area.centroid) else area.representative_point()
    return {
        "code": code,
        "name_ko": name,
        "name_en": str(properties.get(args.name_en) or old.get("name_en") or name),
        "center": [round(middle.x, 6), round(middle.y, 6)],
        "population": old.get("population", 0),
        "rings": rings_of(area),
    }


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m data_sources.sites.import_zones")
    parser.add_argument("file", help="GeoJSON of polygons, WGS84")
    parser.add_argument("--code", required=True, help="property with the zone's code")
    parser.add_argument("--name", required=True, help="property with the zone's name")
    parser.add_argument("--name-en", default="", help="property with the English name")
    parser.add_argument("--site", default="goyang", help="site whose zones are replaced")
    parser.add_argument("--out", default="", help="folder to write to instead of the site's")
    parser.add_argument("--simplify-m", type=float, default=5.0, help="0 keeps every point")
    parser.add_argument("--source", default="", help="attribution to keep with the zones")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
