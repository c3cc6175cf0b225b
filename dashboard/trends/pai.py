"""How well last period's hot spots foretold this period: the prediction accuracy index.

PAI = (n / N) / (a / A): the share of this period's incidents in the cells that were densest in
the period before, over those cells' share of the city (Chainey, Tompson & Uhlig 2008). 1 is no
better than chance. Beside it the same of plain counts: a method that does not beat counting is
not worth its name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from dashboard.coarse import FEW
from dashboard.trends.grid import FINE_M, Grid, Mask, Numbers
from dashboard.trends.kde import surface

SHARES = (0.01, 0.02, 0.05)  # of the city's area
LEAST = 10  # incidents in either period
SURE = 0.01


@dataclass(frozen=True, slots=True)
class Pai:
    """area, hit: shares of the city and of this period's incidents. pai None: too few, hidden."""

    area: float
    hit: float | None
    pai: float | None


@dataclass(frozen=True, slots=True)
class Foretold:
    """density: by KDE of the period before; counts: by plain counts per 250 m cell.
    before, now: incidents with a place in the city. ahead: how far density caught more than
    counts in the middle share, in standard deviations (McNemar's test). whole: all of the period
    before is known."""

    density: tuple[Pai, ...]
    counts: tuple[Pai, ...]
    before: int
    now: int
    ahead: float = 0.0
    whole: bool = True

    @property
    def enough(self) -> bool:
        return min(self.before, self.now) >= LEAST

    @property
    def trust(self) -> str:
        """Of the middle share. "chance": not clearly better than it (a one-sided binomial test);
        "plain": not clearly better than counting; "better" than both; "" = not known."""
        best = self.density[1]
        if best.hit is None or self.counts[1].hit is None:
            return ""
        hits = round(best.hit * self.now)
        if stats.binomtest(hits, self.now, best.area, alternative="greater").pvalue >= SURE:
            return "chance"
        return "better" if stats.norm.sf(self.ahead) < SURE else "plain"

    def coarse(self) -> Foretold:
        """For roles that are told no counts under five: caught or missed."""

        def told(one: Pai) -> Pai:
            hits = round((one.hit or 0.0) * self.now)
            few = 0 < hits < FEW or 0 < self.now - hits < FEW
            return Pai(one.area, None, None) if few else one

        density, counts = (tuple(map(told, every)) for every in (self.density, self.counts))
        return replace(self, density=density, counts=counts)


def foretold(before: pd.DataFrame, now: pd.DataFrame, grid: Grid) -> Foretold:
    """before: incidents of the period before, chosen alike."""
    x, y = now["x"].to_numpy(), now["y"].to_numpy()
    here = _fine(x, y, grid)
    inside = grid.fine_inside.ravel()
    here = here[(here >= 0) & inside[np.maximum(here, 0)]]
    bx, by = before["x"].to_numpy(), before["y"].to_numpy()
    there = _fine(bx, by, grid)
    known = int(((there >= 0) & inside[np.maximum(there, 0)]).sum())
    if min(known, len(here)) < LEAST:
        none = tuple(Pai(share, None, None) for share in SHARES)
        return Foretold(none, none, known, len(here))
    scores = (np.nan_to_num(surface(bx, by, grid).per_km2.ravel()), _coarse(before, grid))
    density, counts = (
        [_caught(score, here, inside, share) for share in SHARES] for score in scores
    )
    ahead, cells = _ahead(density[1], counts[1]), int(inside.sum())
    return Foretold(_pais(density, cells), _pais(counts, cells), known, len(here), ahead)


def _caught(score: NDArray[Any], here: NDArray[np.int64], inside: Mask, share: float) -> Numbers:
    """Of each incident, whether it lies in the best cells, as many as make up the share; cells
    that are alike at the border count in part, so that their order does not decide."""
    values = score[inside]
    wanted = _wanted(share, len(values))
    border = np.partition(values, len(values) - wanted)[len(values) - wanted]
    better = int((values > border).sum())
    part = (wanted - better) / int((values == border).sum())
    of = score[here]
    return np.where(of == border, part, (of > border).astype(float))


def _pais(caught: list[Numbers], cells: int) -> tuple[Pai, ...]:
    """One for each of SHARES."""
    hits = [float(one.mean()) for one in caught]
    return tuple(
        Pai(share, hit, hit / (_wanted(share, cells) / cells))
        for share, hit in zip(SHARES, hits, strict=True)
    )


def _wanted(share: float, cells: int) -> int:
    return max(1, round(share * cells))


def _ahead(one: Numbers, other: Numbers) -> float:
    """Sum of the differences over the root of the sum of their squares; alike = 0."""
    off = one - other
    return float(off.sum() / np.sqrt((off**2).sum())) if off.any() else 0.0


def _coarse(frame: pd.DataFrame, grid: Grid) -> Numbers:
    """Counts of 250 m cells, on the fine cells within them."""
    cell = frame["cell"].to_numpy()
    counts = np.bincount(cell[cell >= 0], minlength=grid.rows * grid.columns).astype(float)
    by = grid.fine_inside.shape[0] // grid.rows
    return counts.reshape(grid.rows, grid.columns).repeat(by, 0).repeat(by, 1).ravel()


def _fine(x: Numbers, y: Numbers, grid: Grid) -> NDArray[np.int64]:
    """Number of each point's cell of 50 m; -1 = none."""
    rows, columns = grid.fine_inside.shape
    known = np.isfinite(x) & np.isfinite(y)
    column = np.floor(np.where(known, x, -1.0) / FINE_M).astype(np.int64)
    row = np.floor(np.where(known, y, -1.0) / FINE_M).astype(np.int64)
    on = (column >= 0) & (row >= 0) & (column < columns) & (row < rows)
    return np.where(on, row * columns + column, -1)
