"""The shipped site and the geometry everything else leans on, recounted by shapely."""

from __future__ import annotations

import gzip
import json
import random
import timeit
from pathlib import Path

import pytest
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import unary_union

from dashboard.errors import BadSettings
from dashboard.geo import along, distance_m, inside, length_m, point_to_line_m, zone_of
from dashboard.site import Site
from data_sources.sites import import_zones, load_site


@pytest.fixture(scope="module")
def site() -> Site:
    return load_site("goyang")


def shapes(site: Site) -> dict[str, Polygon]:
    return {zone.code: Polygon(zone.polygon) for zone in site.zones}


def test_it_has_all_44_dong_with_codes_and_names_in_both_languages(site: Site) -> None:
    assert len(site.zones) == 44 == len({zone.code for zone in site.zones})
    for zone in site.zones:
        assert len(zone.code) == 10 and zone.code.isdigit()
        assert zone.name_ko and zone.name_en.isascii() and zone.population > 0
        assert zone_of(site, *zone.center) == zone.code


def test_owners_have_names_and_a_code_nobody_named_stays_as_it_came(site: Site) -> None:
    assert site.owner_name("guc", "en") == "Goyang Urban Management Corporation"
    assert site.owner_name("guc", "ko") == site.owners["guc"].name_ko
    assert site.owner_name("army", "ko") == "army" and site.owner_name("", "en") == ""


def test_it_fills_the_outline_without_gap_or_overlap(site: Site) -> None:
    outline, zones = Polygon(site.outline), shapes(site)
    assert sum(zone.area for zone in zones.values()) == pytest.approx(outline.area, rel=1e-6)
    together = unary_union(list(zones.values())).area
    assert together == pytest.approx(outline.area, rel=1e-6)
    assert all(len(zone.rings) == 1 for zone in site.zones)


def test_it_finds_the_same_zone_as_shapely(site: Site) -> None:
    rng, zones = random.Random(7), shapes(site)
    west, south, east, north = Polygon(site.outline).bounds
    for _ in range(5_000):
        lon, lat = rng.uniform(west, east), rng.uniform(south, north)
        expected = {code for code, shape in zones.items() if shape.contains(Point(lon, lat))}
        assert {zone_of(site, lon, lat)} == (expected or {""})


def test_it_is_fast_enough_to_ask_for_every_message(site: Site) -> None:
    rng = random.Random(1)
    points = [(rng.uniform(126.68, 126.96), rng.uniform(37.6, 37.72)) for _ in range(1_000)]
    zone_of(site, *points[0])
    best = min(timeit.repeat(lambda: [zone_of(site, *p) for p in points], number=1, repeat=5))
    assert best / 1_000 < 20e-6  # 1-2 microseconds here; room for a busy machine


def test_it_has_stations_in_their_dong(site: Site) -> None:
    expected = {
        "Daehwa": "Daehwa", "Juyeop": "Juyeop", "Madu": "Madu", "Baekseok": "Baekseok",
        "Daegok": "Neunggok", "Hwajeong": "Hwajeong", "Wondang": "Seongsa",
        "Wonheung": "Samsong", "Samsong": "Samsong", "Goksan": "Baekseok",
        "Baengma": "Pungsan", "Ilsan": "Ilsan", "Tanhyeon": "Tanhyeon", "Haengsin": "Haengsin",
        "Gangmae": "Haengsin", "Korea Aerospace Univ.": "Hwajeon", "Jeongbalsan": "Janghang",
    }  # fmt: skip
    names = {zone.code: zone.name_en for zone in site.zones}
    found = {s.name_en: names[zone_of(site, s.lon, s.lat)] for s in site.stations}
    assert len(found) == 20
    assert {n: found[n] for n in expected if not found[n].startswith(expected[n])} == {}


def test_it_has_29_safe_routes_of_walking_length_inside_the_city(site: Site) -> None:
    assert [route.id for route in site.routes] == [f"R-{n:02}" for n in range(1, 30)]
    districts = {"41281": 0, "41285": 0, "41287": 0}
    for route in site.routes:
        assert 400 <= route.length_m <= 1_200 and len(route.line) >= 5
        assert all(zone_of(site, *point) for point in route.line)
        assert route.zones[0] == zone_of(site, *route.line[0])
        districts[route.zones[0][:5]] += 1
    assert list(districts.values()) == [10, 10, 9]


def test_it_stays_small_enough_to_draw_on_sign_in(site: Site) -> None:
    streets = [[round(n, 5) for point in line for n in point] for line in site.streets]
    assert len(gzip.compress(json.dumps(streets).encode())) < 60_000
    drawn = [zone_of(site, *along(line, length_m(line) / 2)) for line in site.streets]
    assert all(drawn.count(zone.code) >= 8 for zone in site.zones)


def test_it_says_it_is_schematic_and_knows_its_rules(site: Site) -> None:
    assert site.schematic
    latching = {name for name, rule in site.alert_types.items() if rule.latching}
    assert latching == {"bell", "sos_app", "scream"}
    assert site.alert_types["bell"].priority == 1 and site.alert_types["gateway_down"].priority == 3
    assert site.kinds["gateway"].heartbeat_s <= 60 and len(site.kinds) == 8
    assert [shift.start for shift in site.shifts] == ["06:00", "14:00", "22:00"]


def test_it_measures_like_a_map() -> None:
    # A degree of latitude is 111.2 km on the mean sphere; a degree of longitude shrinks by cos.
    assert distance_m(126.8, 37.0, 126.8, 38.0) == pytest.approx(111_195, rel=1e-3)
    assert distance_m(126.0, 60.0, 127.0, 60.0) == pytest.approx(111_195 / 2, rel=1e-3)
    line = ((126.80, 37.66), (126.81, 37.66), (126.81, 37.67))
    assert length_m(line) == pytest.approx(distance_m(*line[0], *line[1]) + 1_111.95, rel=1e-3)
    assert point_to_line_m(126.805, 37.661, line) == pytest.approx(111.2, rel=1e-2)
    assert point_to_line_m(126.79, 37.66, line) == pytest.approx(880.4, rel=1e-2)
    assert along(line, 1e9) == line[-1] and along(line, 0) == line[0]
    flat = LineString([(x, y) for x, y in line])
    assert flat.distance(Point(along(line, 300.0))) < 1e-9


def test_it_treats_holes_as_outside() -> None:
    outer = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0))
    hole = ((1.0, 1.0), (1.0, 3.0), (3.0, 3.0), (3.0, 1.0))
    assert inside(0.5, 0.5, [outer, hole]) and not inside(2.0, 2.0, [outer, hole])


def test_it_refuses_an_unknown_site() -> None:
    with pytest.raises(BadSettings, match="SITE='atlantis'"):
        load_site("atlantis")


def geojson(tmp_path: Path, **changes: object) -> Path:
    """Two neighbours, the second a MultiPolygon with a hole and an exclave."""
    left = [[[126.7, 37.6], [126.8, 37.6], [126.8, 37.7], [126.7, 37.7], [126.7, 37.6]]]
    right = [
        [[126.8, 37.6], [126.9, 37.6], [126.9, 37.7], [126.8, 37.7], [126.8, 37.6]],
        [[126.84, 37.64], [126.84, 37.66], [126.86, 37.66], [126.86, 37.64], [126.84, 37.64]],
    ]
    apart = [[[126.92, 37.6], [126.93, 37.6], [126.93, 37.61], [126.92, 37.61], [126.92, 37.6]]]
    features = [
        {"type": "Feature", "properties": {"cd": "4128151000", "nm": "West"},
         "geometry": {"type": "Polygon", "coordinates": left}},
        {"type": "Feature", "properties": {"cd": "9", "nm": "East"} | changes,
         "geometry": {"type": "MultiPolygon", "coordinates": [right, apart]}},
    ]  # fmt: skip
    file = tmp_path / "zones.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return file


def test_it_takes_official_boundaries(tmp_path: Path) -> None:
    out = tmp_path / "mine"
    file = geojson(tmp_path)
    import_zones.main([str(file), "--code", "cd", "--name", "nm", "--out", str(out)])
    site = load_site(str(out))
    assert not site.schematic and len(site.zones) == 2
    assert zone_of(site, 126.75, 37.65) == "4128151000"
    assert site.zone_by_code["4128151000"].name_en == "Jugyo-dong"  # kept from before, by code
    assert zone_of(site, 126.82, 37.65) == "9" == zone_of(site, 126.925, 37.605)
    assert zone_of(site, 126.85, 37.65) == "" == zone_of(site, 126.91, 37.65)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--code", "cd", "--name", "typo"], "lacks property 'typo'"),
        (["--code", "same", "--name", "nm"], "lacks property 'same'"),
    ],
)
def test_it_explains_a_bad_import(tmp_path: Path, flags: list[str], message: str) -> None:
    file = geojson(tmp_path)
    with pytest.raises(SystemExit, match=message):
        import_zones.main([str(file), *flags, "--out", str(tmp_path / "x")])
    with pytest.raises(SystemExit, match="import_zones"):
        import_zones.main([str(tmp_path / "none"), *flags, "--out", str(tmp_path / "x")])
