"""How well hot spots foretold: against a recount, ties, chance, and what is too few."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.trends.grid import FINE_M
from dashboard.trends.kde import surface
from dashboard.trends.pai import LEAST, SHARES, Foretold, Pai, _ahead, foretold
from tests.trends.incidents import GRID
from tests.trends.test_kde import points

AREA = int(GRID.fine_inside.sum())


def at(places: Any) -> pd.DataFrame:
    x, y = np.asarray(places, float).reshape(-1, 2).T
    return pd.DataFrame({"x": x, "y": y, "cell": GRID.cells(x, y)})


def around(n: int, seed: int, spread_m: float = 60.0, places: int = 12) -> pd.DataFrame:
    """Around the same few places, whatever the seed."""
    middles = points(places, 77, deep_m=400.0)
    rng = np.random.default_rng(seed)
    return at(middles[rng.integers(0, places, n)] + rng.normal(0, spread_m, (n, 2)))


def values(found: Foretold) -> list[float | None]:
    return [one.pai for one in (*found.density, *found.counts)]


def test_it_is_the_share_caught_over_the_share_of_area() -> None:
    before, now = around(400, 1, spread_m=300.0), around(300, 2, spread_m=400.0)
    found = foretold(before, now, GRID)
    score = pd.Series(surface(before["x"], before["y"], GRID).per_km2.ravel()).dropna()
    cell = (now["y"] // FINE_M * GRID.fine_inside.shape[1] + now["x"] // FINE_M).astype(int)
    inside = cell[GRID.fine_inside.ravel()[cell]]
    for share, one in zip(SHARES, found.density, strict=True):
        best = score.nlargest(round(share * AREA))
        hit = inside.isin(best.index).mean()
        assert one.area == share and one.hit == pytest.approx(hit, abs=0.005)
        assert one.pai == pytest.approx(hit / (len(best) / AREA), rel=0.02)
    assert found.now == len(inside) and 380 < found.before <= 400


def test_where_the_next_period_repeats_the_last_everything_is_caught() -> None:
    found = foretold(around(500, 1), around(500, 2), GRID)
    assert found.density[2].hit == pytest.approx(1.0, abs=0.02)
    assert found.density[0].pai is not None and found.density[0].pai > 20
    hits = [one.hit or 0 for one in found.density]
    assert hits == sorted(hits)


def test_where_places_are_chance_it_is_no_better_than_chance() -> None:
    found = [foretold(at(points(2_000, seed)), at(points(2_000, seed + 50)), GRID)
             for seed in range(5)]  # fmt: skip
    for which in range(6):
        mean = np.mean([values(one)[which] for one in found])
        assert mean == pytest.approx(1.0, abs=0.25)


def test_cells_that_are_alike_count_in_part_so_that_their_order_does_not_decide() -> None:
    """All incidents before in a single 250 m cell: the rest of the wanted area is any of the
    others, and this period's incidents, all elsewhere, are caught by chance alone."""
    before = at(np.repeat(points(1, 5, deep_m=500.0), 40, axis=0))
    found = foretold(before, at(points(500, 6)), GRID)
    for one in found.counts:
        assert one.pai == pytest.approx(1.0, abs=0.3)


@pytest.mark.parametrize(("before", "now"), [(0, 0), (0, 500), (LEAST - 1, 500), (500, LEAST - 1)])
def test_too_few_in_either_period_is_no_verdict(before: int, now: int) -> None:
    found = foretold(around(before, 1), around(now, 2), GRID)
    assert not found.enough and values(found) == [None] * 6
    assert (found.before, found.now) == (before, now)


def test_incidents_without_a_place_in_the_city_are_in_neither() -> None:
    nowhere = pd.concat([around(20, 1), at([[np.nan, np.nan], [-50.0, 3.0], [1.0, 1e6]])])
    assert not GRID.fine_inside[0, 0]
    outside = pd.concat([around(30, 2), at([[10.0, 10.0]])])
    found = foretold(nowhere, outside, GRID)
    assert (found.before, found.now) == (20, 30)
    same = foretold(around(20, 1), around(30, 2), GRID)
    assert values(found) == values(same)


# -- what it is worth --------------------------------------------------------------------------


def judged(density: float, counts: float, now: int = 200, ahead: float = 3.0) -> Foretold:
    """Of the middle share, 2 % of the city; the others alike."""
    pais = [tuple(Pai(share, hit, hit / share) for share in SHARES) for hit in (density, counts)]
    return Foretold(pais[0], pais[1], 300, now, ahead)


def test_hot_spots_are_trusted_no_further_than_they_beat_chance_and_counting() -> None:
    assert judged(0.30, 0.20).trust == "better"
    assert judged(0.30, 0.28, ahead=1.9).trust == judged(0.30, 0.40, ahead=-3).trust == "plain"
    assert judged(0.03, 0.01).trust == "chance"
    assert judged(0.10, 0.0, now=20).trust == "chance"  # two of twenty prove nothing
    assert foretold(around(3, 1), around(500, 2), GRID).trust == ""


def test_where_places_are_chance_hot_spots_are_hardly_ever_trusted() -> None:
    trusted = [foretold(at(points(300, seed)), at(points(300, seed + 500)), GRID).trust
               for seed in range(40)]  # fmt: skip
    assert sum(one != "chance" for one in trusted) <= 2


def test_density_is_ahead_of_counting_by_those_that_only_one_of_them_caught() -> None:
    """McNemar's: (b - c) / sqrt(b + c), with cells at the border in part."""
    assert _ahead(np.array([1.0, 1, 1, 1, 0, 1]), np.array([1.0, 0, 0, 0, 1, 1])) == 2 / sqrt(4)
    assert _ahead(np.array([0.5, 1]), np.array([0.5, 1])) == 0.0
    found = foretold(
        around(900, 1, spread_m=30, places=250), around(900, 2, spread_m=30, places=250), GRID
    )
    assert found.ahead > 0 and found.trust == "better"  # a place is smaller than a cell
    swapped = foretold(around(12, 1, spread_m=900), around(300, 2, spread_m=900), GRID)
    assert swapped.trust != "better"


def test_few_caught_or_few_missed_are_not_told_to_coarse_roles() -> None:
    for hits, told in ((0, True), (1, False), (4, False), (5, True), (45, True), (46, False),
                       (49, False), (50, True)):  # fmt: skip
        found = judged(hits / 50, 10 / 50, now=50).coarse()
        assert all((one.hit is not None) == (one.pai is not None) == told for one in found.density)
        assert found.counts == judged(hits / 50, 10 / 50, now=50).counts
        assert told or found.trust == ""
