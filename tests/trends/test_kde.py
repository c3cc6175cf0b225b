"""Density against KDEpy and the formula itself; its mass; what has no place."""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from KDEpy import NaiveKDE
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from scipy import ndimage

from dashboard.trends.grid import CELL_M, FINE_M
from dashboard.trends.kde import BANDWIDTH_M, surface, surface_of_cells
from tests.trends.incidents import GRID

Floats = NDArray[np.float64]
ROWS, COLUMNS = GRID.fine_inside.shape
MIDDLES = np.stack(
    np.meshgrid((np.arange(COLUMNS) + 0.5) * FINE_M, (np.arange(ROWS) + 0.5) * FINE_M), axis=-1
)
# how far each cell of the city is from the nearest outside it or off the grid
DEEP_M = ndimage.distance_transform_edt(np.pad(GRID.fine_inside, 1))[1:-1, 1:-1] * FINE_M


def points(n: int, seed: int, deep_m: float = 0.0) -> Floats:
    """Anywhere within cells that are at least so far inside the city."""
    rng = np.random.default_rng(seed)
    row, column = np.nonzero(GRID.fine_inside & (DEEP_M > deep_m))
    at = rng.integers(0, len(row), n)
    return (np.stack([column[at], row[at]], axis=1) + rng.random((n, 2))) * FINE_M


def of(places: Floats, h: float = BANDWIDTH_M) -> Floats:
    return surface(places[:, 0], places[:, 1], GRID, h).per_km2.astype(float)


def by_formula(places: Floats, middles: Floats, h: float) -> Floats:
    """Per km2."""
    d = np.hypot(*(middles[:, None] - places).transpose(2, 0, 1))
    return np.where(d < h, 3e6 / (pi * h * h) * (1 - (d / h) ** 2) ** 2, 0.0).sum(axis=1)


@pytest.mark.parametrize("h", [150.0, 200.0, 300.0])
def test_density_is_that_of_an_independent_library(h: float) -> None:
    """There a bandwidth is the kernel's standard deviation and a mass of one is shared by all."""
    places, near = points(400, 1), GRID.fine_inside.copy()
    near[: ROWS // 3] = False
    kde = NaiveKDE(kernel="biweight", bw=h / sqrt(7), norm=2).fit(places)
    theirs = kde.evaluate(MIDDLES[near]) * len(places) * 1e6
    assert_allclose(of(places, h)[near], theirs, rtol=1e-5, atol=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(0, COLUMNS * FINE_M - 1), st.floats(0, ROWS * FINE_M - 1)),
                max_size=6), st.sampled_from([150.0, 200.0, 260.0]))  # fmt: skip
def test_density_is_the_formula_wherever_incidents_are(
    places: list[tuple[float, float]], h: float
) -> None:
    at = np.array(places).reshape(-1, 2)
    theirs = by_formula(at, MIDDLES[GRID.fine_inside], h)
    assert_allclose(of(at, h)[GRID.fine_inside], theirs, rtol=1e-5, atol=1e-4)


def test_away_from_the_border_each_incident_brings_a_mass_of_one() -> None:
    places = points(20_000, 2, deep_m=BANDWIDTH_M + FINE_M)
    mass = np.nansum(of(places)) * FINE_M**2 / 1e6
    assert mass == pytest.approx(len(places), rel=1e-3)


def test_what_falls_outside_the_city_is_cut_off() -> None:
    row, column = np.argwhere(GRID.fine_inside & (DEEP_M <= FINE_M))[100]
    drawn = of((np.array([[column, row]]) + 0.5) * FINE_M)
    assert 0 < np.nansum(drawn) * FINE_M**2 / 1e6 < 0.95
    assert (np.isfinite(drawn) == GRID.fine_inside).all()


def test_an_incident_without_a_place_changes_nothing_but_is_not_counted() -> None:
    places = points(50, 3)
    off = np.array([[np.nan, 10.0], [np.nan, np.nan], [-1.0, 5.0], [5.0, ROWS * FINE_M]])
    all_of_them = np.concatenate([places, off])
    drawn = surface(all_of_them[:, 0], all_of_them[:, 1], GRID)
    assert drawn.n == len(places)
    assert drawn.per_km2.tobytes() == surface(places[:, 0], places[:, 1], GRID).per_km2.tobytes()


def test_none_and_one_incident_are_a_surface_too() -> None:
    assert surface(np.zeros(0), np.zeros(0), GRID).n == 0
    assert np.nansum(of(np.zeros((0, 2)))) == 0.0
    one = of(points(1, 4, deep_m=300.0))
    assert np.nanmax(one) <= 3e6 / (pi * BANDWIDTH_M**2)


def test_many_incidents_are_the_sum_of_their_parts() -> None:
    """Taken in chunks."""
    places = points(45_000, 5)
    parts = of(places[:17_000]) + of(places[17_000:])
    assert_allclose(of(places), parts, rtol=1e-4)


def test_density_of_cells_tells_no_more_than_their_counts() -> None:
    """Wherever in its cell an incident is, and with the same mass."""
    counts = np.zeros(GRID.rows * GRID.columns, np.int64)
    deep = DEEP_M.reshape(GRID.rows, 5, GRID.columns, 5).min(axis=(1, 3)).ravel() > BANDWIDTH_M
    counts[np.flatnonzero(deep)[::7]] = 6
    drawn = surface_of_cells(counts, GRID)
    assert np.nansum(drawn.per_km2) * FINE_M**2 / 1e6 == pytest.approx(counts.sum(), rel=1e-3)
    lone = np.zeros_like(counts)
    lone[np.flatnonzero(deep)[0]] = 9
    patch = np.nan_to_num(surface_of_cells(lone, GRID).per_km2)
    row, column = divmod(int(np.flatnonzero(deep)[0]), GRID.columns)
    by = round(CELL_M / FINE_M)
    square = patch[by * row : by * (row + 1), by * column : by * (column + 1)]
    assert_allclose(square, square[::-1, ::-1], rtol=1e-5)
    assert_allclose(square, square.T, rtol=1e-5)
