"""Gi* against esda and by counting every choice; false discoveries held; planted clusters found."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import combinations
from math import sqrt

import numpy as np
import pytest
from esda.getisord import G_Local
from hypothesis import given
from hypothesis import strategies as st
from libpysal.weights import W, lat2W, w_subset
from numpy.typing import NDArray

from dashboard.trends.grid import CELL_M
from dashboard.trends.hotspots import Q_LIKELY, GiStar, cell_counts, conditional_p, gi_star
from tests.trends.incidents import GRID, frame

INSIDE = np.flatnonzero(GRID.inside)
CELLS = len(INSIDE)
Ints = NDArray[np.int64]


def of_city(counts: Ints) -> GiStar:
    """counts: of the cells inside, in their order."""
    found = np.zeros(GRID.rows * GRID.columns, np.int64)
    found[INSIDE] = counts
    return gi_star(found, GRID)


@cache
def queen() -> W:
    """Neighbours as libpysal sees them, in the order of the cells inside."""
    city = w_subset(lat2W(GRID.rows, GRID.columns, rook=False), INSIDE.tolist())
    return W({cell: city.neighbors[cell] for cell in INSIDE.tolist()}, silence_warnings=True)


@cache
def beside() -> list[list[int]]:
    """Positions among the cells inside of each one's neighbours."""
    place = {cell: at for at, cell in enumerate(INSIDE.tolist())}
    return [[place[one] for one in queen().neighbors[cell]] for cell in INSIDE.tolist()]


def clustered(seed: int, calm: float = 2.0) -> tuple[Ints, Ints]:
    """Counts by chance with eight clusters of nine cells, and the cells of those."""
    rng = np.random.default_rng(seed)
    middles = [at for at in rng.permutation(CELLS).tolist() if len(beside()[at]) == 8][:8]
    planted = np.unique([one for at in middles for one in [at, *beside()[at]]])
    mean = np.full(CELLS, calm)
    mean[planted] *= 4
    return rng.poisson(mean), planted


def esda(counts: Ints, permutations: int) -> G_Local:
    return G_Local(counts.astype(float), queen(), transform="B", star=True, n_jobs=1, seed=7,
                   permutations=permutations, keep_simulations=False)  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_z_is_that_of_an_independent_library(seed: int) -> None:
    counts, _ = clustered(seed)
    assert of_city(counts).z[INSIDE] == pytest.approx(esda(counts, 0).Zs, abs=1e-9)


@pytest.mark.filterwarnings("ignore:The alternative hypothesis:DeprecationWarning")
def test_p_is_where_the_permutations_of_an_independent_library_tend_to() -> None:
    """Folded there: its p is ours in the upper half."""
    draws = 999
    counts, _ = clustered(3)
    theirs, ours = esda(counts, draws).p_sim, of_city(counts).p[INSIDE]
    upper = ours < 0.4
    off = theirs[upper] - (ours[upper] * draws + 1) / (draws + 1)
    error = np.sqrt(ours[upper] * (1 - ours[upper]) / draws)
    assert upper.sum() > 1000
    assert np.abs(off / np.maximum(error, 1 / draws)).max() < 5
    assert abs(off.mean()) < 5 * error.mean() / sqrt(upper.sum()) + 1e-4


@given(st.lists(st.integers(0, 6), min_size=5, max_size=9), st.data())
def test_p_counts_every_choice_of_neighbours(counts: list[int], data: st.DataObject) -> None:
    k = data.draw(st.integers(1, min(4, len(counts) - 1)))
    around = data.draw(st.integers(0, 20))
    p = conditional_p(np.array(counts), np.full(len(counts), around), np.full(len(counts), k))
    for at in range(len(counts)):
        choices = list(combinations(counts[:at] + counts[at + 1 :], k))
        share = sum(sum(choice) >= around for choice in choices) / len(choices)
        assert p[at] == pytest.approx(share, abs=1e-12)


def test_small_p_are_not_rounded_away() -> None:
    """Eight of the ten cells that have one, out of a city of empty ones."""
    counts = np.zeros(CELLS, np.int64)
    counts[:10] = 1
    p = conditional_p(counts, np.full(CELLS, 8), np.full(CELLS, 8))
    n = CELLS - 1
    by_hand = np.prod([(10 - j) / (n - j) for j in range(8)])
    assert p[-1] == pytest.approx(by_hand, rel=1e-6) and by_hand < 1e-20
    assert p[0] == pytest.approx(np.prod([(9 - j) / (n - j) for j in range(8)]), rel=1e-6)


def test_q_is_benjamini_and_hochbergs_over_the_whole_city() -> None:
    star = of_city(clustered(4)[0])
    p = star.p[INSIDE]
    order = np.argsort(p)
    stepped = np.minimum.accumulate((p[order] * CELLS / np.arange(1, CELLS + 1))[::-1])[::-1]
    assert star.q[INSIDE][order] == pytest.approx(np.minimum(stepped, 1))
    outside = ~GRID.inside
    assert np.isnan(star.q[outside]).all() and not star.hot[outside].any()


# -- by simulation -----------------------------------------------------------------------------

NOTHING: dict[str, Callable[[np.random.Generator], Ints]] = {
    "90 incidents": lambda rng: rng.poisson(0.02, CELLS),
    "a quarter": lambda rng: rng.poisson(1.7, CELLS),
    "a year": lambda rng: rng.poisson(6.8, CELLS),
    "uneven cells": lambda rng: rng.poisson(rng.gamma(0.3, 10, CELLS)),
}


@pytest.mark.parametrize("name", NOTHING)
def test_where_nothing_clusters_hardly_ever_anything_is_found(name: str) -> None:
    """With no cluster at all every find is false: any must come in at most 5 % of cities, but
    for Monte-Carlo error; single p-values are at most as frequent as they say."""
    rng, cities = np.random.default_rng(11), 100
    stars = [of_city(NOTHING[name](rng)) for _ in range(cities)]
    found = sum(bool(star.hot.any()) for star in stars)
    assert found / cities <= Q_LIKELY + 3 * sqrt(Q_LIKELY * (1 - Q_LIKELY) / cities)
    p = np.concatenate([star.p[INSIDE] for star in stars])
    for level in (0.001, 0.01, 0.05):
        error = 3 * sqrt(level / len(p)) * 3  # nine cells share what is around them
        assert (p <= level).mean() <= level + error


def test_planted_clusters_are_found_with_few_false_ones() -> None:
    found, false = [], []
    for seed in range(40):
        counts, planted = clustered(seed)
        near = {*planted.tolist(), *(one for at in planted.tolist() for one in beside()[at])}
        hot = np.flatnonzero(of_city(counts).hot[INSIDE])
        middles = [at for at in planted.tolist() if set(beside()[at]) <= set(planted.tolist())]
        found.append(np.isin(middles, hot).mean())
        false.append(sum(at not in near for at in hot.tolist()) / max(1, len(hot)))
    assert np.mean(found) > 0.9
    assert np.mean(false) <= Q_LIKELY


# -- what is awkward ---------------------------------------------------------------------------


@pytest.mark.parametrize("counts", [np.zeros(CELLS, np.int64), np.full(CELLS, 3)])
def test_where_all_cells_are_alike_nothing_is_hot(counts: Ints) -> None:
    star = of_city(counts)
    assert np.isnan(star.q).all() and not star.hot.any()


def test_one_incident_is_no_hot_spot() -> None:
    counts = np.zeros(CELLS, np.int64)
    counts[CELLS // 2] = 1
    star = of_city(counts)
    assert not star.hot.any() and np.isfinite(star.z[INSIDE]).all()


def test_one_cell_full_of_incidents_is_a_place_and_no_cluster() -> None:
    """The cell itself has nothing around it; its neighbours have what any may have."""
    counts, _ = clustered(5, calm=0.0)
    counts[CELLS // 2] = 5_000
    assert not of_city(counts).hot.any()


def test_the_same_incidents_make_the_same_hot_spots() -> None:
    counts, _ = clustered(6)
    one, other = of_city(counts), of_city(counts.copy())
    assert one.q.tobytes() == other.q.tobytes()


def test_counts_are_of_incidents_with_a_place_in_the_city() -> None:
    cell = int(INSIDE[CELLS // 2])
    column, row = GRID.cell_at(cell)
    lon, lat = GRID.lonlat(np.array([(column + 0.5) * CELL_M]), np.array([(row + 0.5) * CELL_M]))
    here = {"lon": float(lon[0]), "lat": float(lat[0])}
    counts = cell_counts(frame(here, here, {}, {"lon": 129.0, "lat": 35.1}), GRID)
    assert counts[cell] == counts.sum() == 2
