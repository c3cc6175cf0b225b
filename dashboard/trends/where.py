"""What the map shows: incidents by cell with its hot spots, or their density; and what is left out.

For roles without exact points cells of fewer than five are hidden before anything else is worked
out of them: density is then that of the cells that are told, each spread evenly over its square,
and hot spots come as a class alone, of cells of five or more, since z would give neighbours'
counts back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from dashboard.coarse import FEW, hide_few
from dashboard.site import Site
from dashboard.trends.grid import CELL_M, FINE_M, Cell, Grid
from dashboard.trends.hotspots import Counts, GiStar, cell_counts, gi_star
from dashboard.trends.kde import Surface, surface, surface_of_cells

ENOUGH = 10  # incidents with a place in the city; fewer make no hot spot and no surface
HIDDEN = -1
MOST_SPOTS = 10
BY = round(CELL_M / FINE_M)
Classes = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place worth naming. n None: hidden. hot: 2 = q < 0.01, 1 = q < 0.05, 0 = a dense place.
    q, per_km2: of a hot spot, of a dense place; None = not told, or not of this kind."""

    cell: Cell
    n: int | None
    zone: str
    hot: int = 0
    q: float | None = None
    per_km2: float | None = None


@dataclass(frozen=True, eq=False)
class Where:
    """parts: n = all of the choice; inside, outside the city, nowhere = without a place; None =
    few, not told. counts: of each cell, HIDDEN = few. hot: as Spot, of each cell. q None: not
    told. density None: hot spots are asked for, or too few. spots: the clearest first.
    """

    parts: Mapping[str, int | None]
    counts: Counts
    hot: NDArray[np.int8]
    q: NDArray[np.float64] | None
    density: Surface | None
    spots: tuple[Spot, ...]
    enough: bool

    @property
    def hidden(self) -> int:
        return int((self.counts == HIDDEN).sum())


def where(
    frame: pd.DataFrame, grid: Grid, site: Site, density: bool, coarse: bool = False
) -> Where:
    """frame: incidents of the choice, whatever cell is picked. density: not hot spots."""
    true = cell_counts(frame, grid)
    parts, counts = _told(frame, true, coarse)
    enough = bool(true.sum() >= ENOUGH)
    none = np.zeros(len(counts), np.int8)
    if not enough:
        return Where(parts, counts, none, None, None, (), enough)
    if density:
        drawn = _surface(frame, counts, grid, coarse)
        return Where(parts, counts, none, None, drawn, _densest(drawn, counts, grid, site), enough)
    star = gi_star(true, grid)
    hot = np.where(true >= FEW, star.hot, 0).astype(np.int8) if coarse else star.hot
    spots = _hottest(star, hot, counts, (grid, site), coarse)
    return Where(parts, counts, hot, None if coarse else star.q, None, spots, enough)


def _surface(frame: pd.DataFrame, counts: Counts, grid: Grid, coarse: bool) -> Surface:
    if coarse:
        return surface_of_cells(np.where(counts == HIDDEN, 0, counts), grid)
    return surface(frame["x"].to_numpy(), frame["y"].to_numpy(), grid)


def _told(frame: pd.DataFrame, true: Counts, coarse: bool) -> tuple[dict[str, int | None], Counts]:
    """Parts and counts, as they may be told."""
    nowhere, inside = int((~np.isfinite(frame["x"].to_numpy())).sum()), int(true.sum())
    parts = {"inside": inside, "outside": len(frame) - inside - nowhere, "nowhere": nowhere}
    if not coarse:
        return {"n": len(frame), **parts}, true
    known = hide_few(parts)
    n = None if 0 < len(frame) < FEW else len(frame)
    return {"n": n, **known}, _few_hidden(true, known["inside"] is None)


def _few_hidden(true: Counts, at_least_one: bool) -> Counts:
    """at_least_one: the sum of all is hidden, so that the cells may not give it back."""
    told = hide_few({str(cell): int(true[cell]) for cell in np.flatnonzero(true)})
    counts = true.copy()
    counts[[int(cell) for cell, n in told.items() if n is None]] = HIDDEN
    if at_least_one and (counts > 0).any() and not (counts == HIDDEN).any():
        counts[np.where(counts > 0, counts, counts.max() + 1).argmin()] = HIDDEN
    return counts


def _hottest(
    star: GiStar, classes: Classes, counts: Counts, place: tuple[Grid, Site], coarse: bool
) -> tuple[Spot, ...]:
    """By q; where that is not told by what is, since an order tells as well."""
    grid, site = place
    hot = np.flatnonzero(classes)
    by = -counts[hot] if coarse else star.q[hot]
    first = hot[np.lexsort((hot, -counts[hot], by, -classes[hot]))][:MOST_SPOTS].tolist()
    cells = [grid.cell_at(cell) for cell in first]
    return tuple(
        Spot(
            grid.cell_at(at), _count(counts, at), zone, int(classes[at]),
            None if coarse else float(star.q[at]),
        )
        for at, zone in zip(first, zones_of(cells, grid, site), strict=True)
    )  # fmt: skip


def _densest(density: Surface, counts: Counts, grid: Grid, site: Site) -> tuple[Spot, ...]:
    """Cells with a place that is denser than any in the cells around."""
    most = np.nan_to_num(density.per_km2).reshape(grid.rows, BY, grid.columns, BY).max((1, 3))
    wide = np.pad(most, 1)
    steps = [(row, column) for row in range(3) for column in range(3)]
    around = np.max([wide[r : r + grid.rows, c : c + grid.columns] for r, c in steps], axis=0)
    peaks = np.flatnonzero(((most > 0) & (most == around)).ravel() & grid.inside)
    first = peaks[np.argsort(-most.ravel()[peaks], kind="stable")][:MOST_SPOTS].tolist()
    cells = [grid.cell_at(cell) for cell in first]
    return tuple(
        Spot(grid.cell_at(at), _count(counts, at), zone, per_km2=float(most.flat[at]))
        for at, zone in zip(first, zones_of(cells, grid, site), strict=True)
    )


def _count(counts: Counts, cell: int) -> int | None:
    return None if counts[cell] == HIDDEN else int(counts[cell])


def zones_of(cells: Sequence[Cell], grid: Grid, site: Site) -> list[str]:
    """The zone in which the middle of each cell lies, or beside which; "" = none."""
    shapes = _shapes(grid, site)
    found = []
    for column, row in cells:
        middle = shapely.Point((column + 0.5) * CELL_M, (row + 0.5) * CELL_M)
        metres = {code: shapely.distance(shape, middle) for code, shape in shapes.items()}
        nearest = min(metres, key=metres.__getitem__, default="")
        found.append(nearest if nearest and metres[nearest] <= CELL_M else "")
    return found


@lru_cache(maxsize=2)
def _shapes(grid: Grid, site: Site) -> dict[str, shapely.Geometry]:
    return {zone.code: grid.shape(zone.rings) for zone in site.zones}
