"""What a pilot may be: words, days, places, and no two areas on the same ground."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as some
from msgspec.structs import replace

from dashboard.kpis.choice import start_of
from dashboard.pilots.checked import NAME_LENGTH, BadPilot, check, check_withdrawn
from dashboard.pilots.ground import Ground, ground_of
from dashboard.pilots.pilot import AREAS, REACHES, Area, Kept, Pilot, differing
from dashboard.records import Registration
from dashboard.stream.rollups import HOUR_MS
from dashboard.text import translator
from tests.builders import SITE
from tests.pilots.pilots import GRID, GROUND, a_pilot

NOW_MS = start_of(date(2026, 11, 25)) + 9 * HOUR_MS
ZONE = SITE.zones[0].code


def problems(pilot: Pilot, before: Pilot | None = None, ground: Ground = GROUND) -> dict[str, str]:
    """Field -> text key, of what is wrong."""
    try:
        check(pilot, before, ground, NOW_MS)
    except BadPilot as error:
        for language in ("ko", "en"):  # every reason has its words
            for one in error.problems:
                assert "{" not in translator(language)(one.key, **one.values)
        return {one.field: one.key for one in error.problems}
    return {}


def test_a_pilot_with_two_places_and_a_first_day_may_be() -> None:
    assert problems(a_pilot()) == {}
    assert problems(a_pilot(start="2026-11-25", end="2027-11-25")) == {}


@pytest.mark.parametrize(
    ("wrong", "field", "key"),
    [
        ({"name": ""}, "name", "pilots.name_missing"),
        ({"name": "x" * (NAME_LENGTH + 1)}, "name", "pilots.too_long"),
        ({"name": "a\x00b"}, "name", "pilots.too_long"),
        ({"what": ""}, "what", "pilots.what_missing"),
        ({"start": ""}, "start", "pilots.start_missing"),
        ({"start": "20261102"}, "start", "pilots.start_missing"),
        ({"start": "2027-11-27"}, "start", "pilots.start_future"),
        ({"start": "2020-01-01"}, "start", "pilots.start_too_old"),
        ({"end": "soon"}, "end", "pilots.no_date"),
        ({"end": "2026-11-01"}, "end", "pilots.end_before_start"),
        ({"treated": Area()}, "treated", "pilots.nothing_treated"),
        ({"control": Area()}, "control", "pilots.nothing_to_compare"),
        ({"control": Area(zones=("99",))}, "control", "pilots.unknown_zone"),
        ({"control": Area(routes=("R-99",))}, "control", "pilots.unknown_route"),
        ({"treated": Area(pilots=("x",))}, "treated", "pilots.unknown_pilot"),
        ({"control": Area(routes=("R-08",) * 201)}, "control", "pilots.too_many"),
        ({"control": Area(routes=("R-08",), reach_m=151)}, "control", "pilots.bad_reach"),
        ({"displaced": Area(zones=(ZONE,))}, "displaced_control", "pilots.around_treated_alone"),
        ({"displaced_control": Area(zones=(ZONE,))}, "displaced", "pilots.around_control_alone"),
        ({"outcomes": ("crime",)}, "outcomes", "pilots.unknown_outcome"),
        ({"categories": ("alien",)}, "categories", "pilots.unknown_category"),
        ({"treated": Area(pilots=("nowhere",))}, "treated", "pilots.no_ground"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(wrong: dict[str, Any], field: str, key: str) -> (
    None
):  # fmt: skip
    assert problems(a_pilot(**wrong))[field] == key


def test_everything_that_is_wrong_is_told_at_once() -> None:
    found = problems(a_pilot(name="", start="", control=Area()))
    assert set(found) == {"name", "start", "control"}


def test_a_change_says_why() -> None:
    before = a_pilot(version=1)
    assert problems(a_pilot(), before) == {"why": "pilots.why_missing"}
    assert problems(a_pilot(why="the lamps came later"), before) == {}
    for why in ("", "x" * 301, "\x00"):
        with pytest.raises(BadPilot):
            check_withdrawn(why)


# -- areas -----------------------------------------------------------------------------------


def test_no_two_areas_share_ground() -> None:
    same = Area(routes=("R-03",))
    assert problems(a_pilot(control=same)) == {"control": "pilots.overlap_treated"}
    inside = Area(pilots=("voice",))  # devices on the treated route
    assert problems(a_pilot(control=inside)) == {"control": "pilots.overlap_treated"}
    zone = Area(zones=SITE.route_by_id["R-03"].zones)
    assert problems(a_pilot(control=zone)) == {"control": "pilots.overlap_treated"}


def test_an_area_around_another_holds_it_and_nothing_of_the_rest() -> None:
    around = Area(routes=("R-03",), reach_m=300)
    beside = Area(routes=("R-08",), reach_m=300)
    good = a_pilot(displaced=around, displaced_control=beside)
    assert problems(good) == {}
    swapped = a_pilot(displaced=beside, displaced_control=around)
    assert set(problems(swapped)) == {"displaced", "displaced_control"}
    twice = a_pilot(displaced=around, displaced_control=around)
    assert set(problems(twice)) == {"displaced_control"}


def test_an_area_around_another_that_is_no_larger_has_no_ground() -> None:
    around = a_pilot(displaced=Area(routes=("R-03",)), displaced_control=Area(zones=(ZONE,)))
    assert problems(around)["displaced"] == "pilots.no_ground"


def test_the_inner_area_is_cut_out_of_the_one_around_it() -> None:
    pilot = a_pilot(
        displaced=Area(routes=("R-03",), reach_m=300),
        displaced_control=Area(routes=("R-08",), reach_m=300),
    )
    shapes = GROUND.shapes(pilot)
    assert list(shapes) == list(AREAS)
    ring = shapely.union(shapes["treated"], shapes["displaced"])
    assert ring.area == pytest.approx(GROUND.shape(pilot.displaced).area, rel=1e-6)
    assert shapes["displaced"].area < ring.area


names = some.sets(some.sampled_from([zone.code for zone in SITE.zones]), max_size=4)
routes = some.sets(some.sampled_from([route.id for route in SITE.routes]), max_size=3)
areas = some.builds(
    lambda z, r, m: Area(tuple(sorted(z)), tuple(sorted(r)), (), m),
    names, routes, some.sampled_from(REACHES),
)  # fmt: skip


@given(areas, areas, areas, areas)
def test_shapes_never_share_ground_whatever_is_asked(
    treated: Area, control: Area, around: Area, around_control: Area
) -> None:
    pilot = a_pilot(
        treated=treated, control=control, displaced=around, displaced_control=around_control
    )
    shapes = list(GROUND.shapes(pilot).values())
    for at, one in enumerate(shapes):
        for other in shapes[at + 1 :]:
            assert shapely.intersection(one, other).area < 1.0  # square metres
        assert shapely.difference(one, GRID.city).area < 1.0


def test_a_reach_is_as_wide_as_it_says() -> None:
    line = GROUND.shape(Area(routes=("R-03",), reach_m=50))
    lon, lat = SITE.route_by_id["R-03"].line[1]
    x, y = (lon - GRID.west) * GRID.east_m, (lat - GRID.south) * GRID.north_m
    assert shapely.contains_xy(line, x, y)
    assert line.area < GROUND.shape(Area(routes=("R-03",), reach_m=100)).area


def test_retired_devices_and_those_of_no_pilot_are_no_ground() -> None:
    records = [
        Registration("B-1", 1, "bell", 126.78, 37.66, pilot_id="voice"),
        Registration("B-2", 1, "bell", 126.79, 37.66, pilot_id="voice", retired=True),
        Registration("B-3", 1, "bell", 126.80, 37.66),
    ]
    assert ground_of(SITE, GRID, records).devices == {"voice": ((126.78, 37.66),)}


# -- versions --------------------------------------------------------------------------------


def test_what_decides_results_is_told_from_what_does_not() -> None:
    first = a_pilot(outcomes=("lit", "night"))
    assert differing(first, replace(first, name="x", what="y", why="z", version=2)) == ()
    assert differing(first, replace(first, outcomes=("night", "lit"))) == ()
    assert differing(first, replace(first, start="2026-11-03")) == ("start",)
    moved = replace(first, control=Area(routes=("R-08",), reach_m=300), categories=("theft",))
    assert differing(first, moved) == ("control", "categories")


def test_versions_that_decide_otherwise_are_counted() -> None:
    first = a_pilot(version=1, start="2026-11-02", defined_ms=start_of(date(2026, 11, 5)))
    renamed = replace(first, name="x", version=2)
    moved = replace(renamed, start="2026-11-03", version=3)
    kept = Kept((first, renamed, moved))
    assert kept.now is moved
    assert kept.changed == ((moved, ("start",)),)


def test_what_is_changed_before_it_begins_is_no_change_after_the_fact() -> None:
    first = a_pilot(version=1, start="2026-12-07", defined_ms=start_of(date(2026, 11, 5)))
    later = replace(first, start="2026-12-14", version=2)
    assert Kept((first, later)).changed == ()
    begun = replace(later, start="2026-12-21", version=3, defined_ms=start_of(date(2026, 12, 14)))
    assert [one.version for one, _ in Kept((first, later, begun)).changed] == [3]
