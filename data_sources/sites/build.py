"""python -m data_sources.sites.build [SITE]: writes the generated files of a schematic site.

zones.json    dong as Voronoi cells of their centroids (dong.csv), cut by the outline
streets.json  the street texture of built-up areas (towns.json)

A site with official boundaries (import_zones.py) does not need its zones built.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

from shapely.affinity import scale
from shapely.geometry import MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import voronoi_diagram

from dashboard.geo import Line, inside, metres_per_degree
from data_sources.sites import site_folder, to_line
from data_sources.sites.streets import read_towns, streets


def main() -> None:
    folder = site_folder(sys.argv[1] if len(sys.argv) > 1 else "goyang")
    write_json(folder / "zones.json", build_zones(folder))
    write_json(folder / "streets.json", build_streets(folder))


def build_zones(folder: Path) -> dict[str, Any]:
    city = _json(folder / "city.json")
    with (folder / "dong.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    cells = voronoi_cells([(float(r["lon"]), float(r["lat"])) for r in rows], city["outline"])
    zones = [_zone(row, cell) for row, cell in zip(rows, cells, strict=True)]
    return {"schematic": True, "source": "built", "outline": city["outline"], "zones": zones}


def voronoi_cells(centers: list[tuple[float, float]], outline: list[Any]) -> list[BaseGeometry]:
    """One cell per center, in order. Worked in metres, or north would look longer than east."""
    east, north = metres_per_degree(sum(lat for _, lat in centers) / len(centers))
    city = Polygon([(lon * east, lat * north) for lon, lat in outline])
    flat = [Point(lon * east, lat * north) for lon, lat in centers]
    # A large envelope, or outer cells would end before the outline does.
    found = voronoi_diagram(MultiPoint(flat), envelope=city.buffer(100_000).envelope)
    cells = []
    for center in flat:
        cell = next(cell for cell in found.geoms if cell.covers(center)).intersection(city)
        cells.append(scale(cell, 1 / east, 1 / north, origin=(0, 0)))
    return cells


def rings_of(shape: BaseGeometry, digits: int = 6) -> list[list[list[float]]]:
    """Open rings, the outer ring of the largest part first. Lines and points are dropped."""
    parts = [part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon)]
    parts.sort(key=lambda part: -part.area)
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return [[[round(x, digits), round(y, digits)] for x, y in ring.coords[:-1]] for ring in rings]


def _zone(row: dict[str, str], cell: BaseGeometry) -> dict[str, Any]:
    return {
        "code": row["code"],
        "name_ko": row["name_ko"],
        "name_en": row["name_en"],
        "center": [float(row["lon"]), float(row["lat"])],
        "population": int(row["population"]),
        "rings": rings_of(cell, digits=7),
    }


def build_streets(folder: Path) -> dict[str, Any]:
    city, drawn = _json(folder / "city.json"), _json(folder / "lines.json")
    outline = to_line(city["outline"])
    water = [to_line(ring) for ring in drawn["water"]]

    def buildable(lon: float, lat: float) -> bool:
        return inside(lon, lat, [outline]) and not any(inside(lon, lat, [w]) for w in water)

    lines = streets(read_towns(_json(folder / "towns.json")["towns"]), buildable)
    return {"schematic": True, "unit": "1e-5 degrees", "streets": [_compact(s) for s in lines]}


def _compact(line: Line) -> list[int]:
    return [round(number * 1e5) for point in line for number in point]


def _json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def write_json(file: Path, content: dict[str, Any]) -> None:
    """One list entry per line, so that changes are readable in a diff."""
    parts = []
    for key, value in content.items():
        if isinstance(value, list) and key != "outline":
            rows = ",\n".join(json.dumps(v, ensure_ascii=False) for v in value)
            parts.append(f'"{key}": [\n{rows}\n]')
        else:
            parts.append(f'"{key}": {json.dumps(value, ensure_ascii=False)}')
    file.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
    print(f"wrote {file}")


if __name__ == "__main__":
    main()
