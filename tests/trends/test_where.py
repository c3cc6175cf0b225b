"""What the map says of cells, hot spots and density, and to whom; none of it leads to a point."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.coarse import FEW
from dashboard.roles import Role
from dashboard.trends.grid import CELL_M, FINE_M
from dashboard.trends.hotspots import gi_star
from dashboard.trends.kde import surface
from dashboard.trends.where import ENOUGH, HIDDEN, Where, where, zones_of
from layouts.trends.here import Here, Picture
from layouts.trends.where import where_picture
from tests.builders import SITE
from tests.trends.incidents import GRID
from tests.trends.pages import html_of, ill, reader, words_of

INSIDE = np.flatnonzero(GRID.inside)
CENTRE = (40, 30)  # cells around it are all in the city
ROLES = (Role.DUTY, Role.MANAGER)


def places(counts: dict[tuple[int, int], int], nowhere: int = 0, far: int = 0) -> pd.DataFrame:
    """So many incidents in the middle of cells, without a place, and far from the city."""
    x = [(cell[0] + 0.5) * CELL_M for cell, n in counts.items() for _ in range(n)]
    y = [(cell[1] + 0.5) * CELL_M for cell, n in counts.items() for _ in range(n)]
    xs = np.array([*x, *[np.nan] * nowhere, *[-9e5] * far])
    ys = np.array([*y, *[np.nan] * nowhere, *[-9e5] * far])
    return pd.DataFrame({"x": xs, "y": ys, "cell": GRID.cells(xs, ys)})


def cluster(n: int = 20, around: int = 12) -> dict[tuple[int, int], int]:
    column, row = CENTRE
    cells = [(column + dx, row + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    return {cell: n if cell == CENTRE else around for cell in cells}


def look(role: Role = Role.DUTY, density: bool = False, **choice: Any) -> Here:
    here = reader(role, **choice)
    return replace(here, address=replace(here.address, surface="kde" if density else ""))


def of(here: Here, frame: pd.DataFrame) -> Where:
    return where(frame, GRID, SITE, bool(here.address.surface), here.coarse)


def drawn(here: Here, frame: pd.DataFrame) -> Picture:
    return where_picture(here, of(here, frame), GRID)


def told(picture: Picture) -> dict[int, Any]:
    """Cells as the script is told of them: number -> what comes after it."""
    data = json.loads(json.dumps(picture.data, allow_nan=False))
    return {cell[0]: cell[1:] for cell in data["cells"]}


def test_a_cluster_is_hot_and_each_cell_says_how_many_and_how_sure() -> None:
    cells = told(drawn(look(), places(cluster())))
    assert cells[GRID.number_of(CENTRE)] == [20, 2, "<0.001"]
    assert {cell for cell, said in cells.items() if said[0]} == {
        GRID.number_of(cell) for cell in cluster()
    }


def test_a_cell_next_to_a_cluster_is_told_although_nothing_happened_in_it() -> None:
    cells = told(drawn(look(), places(cluster())))
    beside = cells[GRID.number_of((CENTRE[0] + 2, CENTRE[1]))]
    assert beside[0] == 0 and beside[1] in (1, 2)


def test_what_is_inside_the_city_can_be_read_back_from_its_bits() -> None:
    data = drawn(look(), places(cluster())).data
    assert data is not None
    raw = np.frombuffer(zlib.decompress(b64decode(data["inside"])), np.uint8)
    bits = np.unpackbits(raw, bitorder="little")
    assert (bits[: len(GRID.inside)].astype(bool) == GRID.inside).all()
    west, south, dx, dy, columns, rows = data["grid"]
    assert (columns, rows) == (GRID.columns, GRID.rows)
    bounds = GRID.bounds(CENTRE)
    assert (west + CENTRE[0] * dx, south + CENTRE[1] * dy) == pytest.approx(bounds[:2])


def test_a_density_comes_back_as_it_was_to_a_few_per_cent() -> None:
    frame = places({**cluster(), (60, 40): 3, (30, 35): 1})
    data = drawn(look(density=True), frame).data
    assert data is not None
    told = data["density"]
    raw = np.frombuffer(zlib.decompress(b64decode(told["bytes"])), np.uint8)
    back = told["most"] * (raw.astype(float) / told["levels"]) ** 4
    true = np.nan_to_num(surface(frame["x"].to_numpy(), frame["y"].to_numpy(), GRID).per_km2)
    assert ((back > 0) == (true.ravel() > 0)).all()
    big = true.ravel() > 1
    assert np.abs(back[big] / true.ravel()[big] - 1).max() < 0.25


def test_density_names_its_peaks_and_picks_their_cells() -> None:
    picture = drawn(look(density=True), places({CENTRE: 30, (60, 40): 12}))
    html = html_of(picture)
    assert html.index("cell=40.30") < html.index("cell=60.40")
    assert "Densest: " in words_of(picture) and "times the city’s mean" in words_of(picture)


def test_addresses_of_a_pick_keep_everything_else_and_lead_back() -> None:
    here = look(density=True, wanted={"category": "theft"}, cell=CENTRE)
    picture = drawn(here, places(cluster()))
    assert picture.data is not None
    hrefs = picture.data["hrefs"]
    assert hrefs["pick"].endswith("cell=") and "category=theft" in hrefs["pick"]
    assert "surface=kde" in hrefs["pick"] and "cell" not in hrefs["back"]
    assert "route=%7Broute%7D" in hrefs["route"] and "cell=40.30" in hrefs["route"]
    assert picture.data["picked"] == GRID.number_of(CENTRE)


def test_a_picked_cell_is_marked_in_the_table_and_its_link_takes_it_back() -> None:
    html = html_of(drawn(look(cell=CENTRE), places(cluster())))
    assert html.count("trends__row--picked") == 1
    [link] = [
        part for part in html.split("<a ")[1:] if "aria-current" in part and ">40.30<" in part
    ]
    assert "cell=" not in link.split(">")[0]


def test_what_has_no_place_is_counted_and_said() -> None:
    words = words_of(drawn(look(), places(cluster(), nowhere=7, far=3)))
    assert "n = 126" in words and "116 on the map" in words
    assert "7 without a place: left out" in words and "3 outside the city: left out" in words


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("density", [False, True])
@pytest.mark.parametrize(
    "frame",
    [
        places({}),
        places({CENTRE: 1}),
        places({}, nowhere=40),
        places({}, far=40),
        places({CENTRE: 40}),
        places(dict.fromkeys((GRID.cell_at(int(cell)) for cell in INSIDE), 1)),
    ],
    ids=["none", "one", "no place", "far", "all in one cell", "everywhere alike"],
)
def test_whatever_there_is_it_is_said_in_words(
    frame: pd.DataFrame, density: bool, role: Role
) -> None:
    picture = drawn(look(role, density), frame)
    assert not ill(picture)
    json.dumps(picture.data, allow_nan=False)
    assert len(words_of(picture)) > 200


def test_a_choice_of_one_place_is_no_discovery_and_that_is_said() -> None:
    for wanted, said in (({"route": "r1"}, True), ({"category": "theft"}, False)):
        words = words_of(drawn(look(wanted=wanted), places(cluster())))
        assert ("is no discovery" in words) == said


def test_few_incidents_make_no_hot_spot_and_no_surface() -> None:
    for density in (False, True):
        here = look(density=density)
        picture = drawn(here, places({CENTRE: ENOUGH - 1}))
        assert f"Fewer than {ENOUGH} incidents" in words_of(picture)
        assert picture.data is not None and picture.data["density"] is None
        assert told(picture) == {GRID.number_of(CENTRE): [ENOUGH - 1]}


# -- roles that see no exact places ----------------------------------------------------------


@st.composite
def some_places(draw: st.DrawFn) -> pd.DataFrame:
    cells = draw(st.lists(st.sampled_from(INSIDE.tolist()), min_size=1, max_size=12, unique=True))
    counts = {GRID.cell_at(cell): draw(st.integers(1, 14)) for cell in cells}
    return places(counts, draw(st.integers(0, 6)), draw(st.integers(0, 6)))


@settings(max_examples=40, deadline=None)
@given(some_places())
def test_no_cell_of_few_is_told_to_a_coarse_role_nor_can_it_be_worked_out(
    frame: pd.DataFrame,
) -> None:
    found = of(look(Role.MANAGER), frame)
    true = np.bincount(frame["cell"][frame["cell"] >= 0], minlength=len(GRID.inside))
    assert not ((found.counts > 0) & (found.counts < FEW)).any()
    shown = found.counts != HIDDEN
    assert (found.counts[shown] == true[shown]).all()
    parts = found.parts
    assert all(n is None or n == 0 or n >= FEW for n in parts.values())
    if found.hidden == 1:  # then the sum must not be known
        assert parts["inside"] is None or int(true[~shown].sum()) >= FEW
    known = [parts[name] for name in ("inside", "outside", "nowhere")]
    if parts["n"] is not None and known.count(None) == 1:
        assert parts["n"] - sum(n for n in known if n is not None) >= FEW
    if parts["inside"] is None and found.counts.any():
        assert found.hidden


def test_neither_z_nor_q_is_sent_to_a_coarse_role() -> None:
    for role, length in ((Role.DUTY, 3), (Role.MANAGER, 2)):
        picture = drawn(look(role), places(cluster()))
        assert len(told(picture)[GRID.number_of(CENTRE)]) == length
        assert (">q<" in html_of(picture)) == (role is Role.DUTY)


def test_a_coarse_density_is_the_same_wherever_in_their_cells_incidents_are() -> None:
    frame = places({CENTRE: 30, (60, 40): 12, (50, 30): 3, (20, 40): 2})
    moved = frame.assign(x=frame["x"] + 110, y=frame["y"] - 90)
    here = look(Role.MANAGER, density=True)
    one, other = of(here, frame).density, of(here, moved).density
    assert one is not None and other is not None
    assert np.array_equal(one.per_km2, other.per_km2, equal_nan=True)
    assert one.n == 42  # cells of few are not in it
    fine = of(look(density=True), moved).density
    assert fine is not None and not np.array_equal(fine.per_km2, one.per_km2, equal_nan=True)


def test_a_coarse_density_keeps_the_mass_of_what_is_told() -> None:
    density = of(look(Role.MANAGER, density=True), places({CENTRE: 30})).density
    assert density is not None
    assert float(np.nansum(density.per_km2)) * FINE_M**2 / 1e6 == pytest.approx(30, rel=1e-4)
    assert int((density.per_km2 > 0).sum()) < 15**2  # and is nothing elsewhere


def test_hot_spots_of_a_coarse_role_are_those_with_five_or_more() -> None:
    frame = places({**cluster(), (60, 40): 2})
    one, other = of(look(), frame), of(look(Role.MANAGER), frame)
    assert (other.hot == np.where(one.counts >= 5, one.hot, 0)).all() and other.hot.any()
    assert (one.hot == gi_star(one.counts, GRID).hot).all()


# -- names of places -------------------------------------------------------------------------


def test_a_cell_is_named_after_the_zone_it_lies_in() -> None:
    zone = SITE.zones[3]
    x, y = GRID.xy(np.array([zone.center[0]]), np.array([zone.center[1]]))
    cell = GRID.cell_at(int(GRID.cells(x, y)[0]))
    assert zones_of([cell], GRID, SITE) == [zone.code]
    assert zones_of([(0, 0)], GRID, SITE) == [""]
