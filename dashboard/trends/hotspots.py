"""Where incidents cluster: Getis-Ord Gi* of every cell, with its permutation p-value.

G* = (sum_j w x - X sum_j w) / (S sqrt((n sum_j w^2 - (sum_j w)^2) / (n - 1))), w = 1 for a cell
and its (up to eight) neighbours in the city, X and S mean and deviation of all n cells (Ord &
Getis 1995). Its p-value is that of conditional permutation (Anselin 1995): the cell keeps its
count, its k neighbours get k counts of the other cells at random. Given that, G* grows with the
neighbours' sum alone, and the distribution of a sum of k counts drawn without replacement can be
worked out exactly: no permutation has to be drawn, and p-values are not cut off at one over
their number, which over thousands of cells nothing would survive. One-sided, for clusters of
many. q: Benjamini & Hochberg over all cells of the city.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import comb, sqrt

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse, stats

from dashboard.trends.grid import Grid

Q_SURE, Q_LIKELY = 0.01, 0.05
MOST_NEIGHBOURS = 8
Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GiStar:
    """Of every cell of the grid; nan outside the city, and everywhere when all counts are alike."""

    counts: Counts
    z: Floats
    p: Floats
    q: Floats

    @property
    def hot(self) -> NDArray[np.int8]:
        """2: q < 0.01, 1: q < 0.05, 0: no hot spot."""
        with np.errstate(invalid="ignore"):
            found = (self.q < Q_LIKELY).astype(np.int8) + (self.q < Q_SURE)
        return found.astype(np.int8)


def cell_counts(frame: pd.DataFrame, grid: Grid) -> Counts:
    """Incidents per cell of the grid; those without a place in the city are in none."""
    cell = frame["cell"].to_numpy()
    found = np.bincount(cell[cell >= 0], minlength=grid.columns * grid.rows)
    return np.where(grid.inside, found, 0).astype(np.int64)


def gi_star(counts: Counts, grid: Grid) -> GiStar:
    """counts: as cell_counts gives them."""
    inside = np.flatnonzero(grid.inside)
    x = counts[inside]
    empty = np.full(len(counts), np.nan)
    if not len(x) or (x == x[0]).all():
        return GiStar(counts, empty, empty.copy(), empty.copy())
    weights = _neighbours(grid)
    around, k = weights @ x, np.asarray(weights.sum(axis=1)).ravel().astype(np.int64)
    found = [empty, empty.copy(), empty.copy()]
    p = conditional_p(x, around, k)
    q = stats.false_discovery_control(p, method="bh")
    for into, values in zip(found, (_z(x, around, k), p, q), strict=True):
        into[inside] = values
    return GiStar(counts, *found)


def conditional_p(x: Counts, around: Counts, k: Counts) -> Floats:
    """P(sum of k counts of the other cells >= around), of each cell, exactly.

    x: counts; around: sum of each cell's neighbours; k: how many those are.
    """
    p = np.ones(len(x))
    values, cells = np.unique(x, return_counts=True)
    ways = _ways(values, cells, int(around.max(initial=0)))
    for value in np.unique(x[around > 0]).tolist():
        here = np.flatnonzero((x == value) & (around > 0))
        tails = _tails(_without(ways, value))
        p[here] = tails[k[here], around[here]]
    return np.clip(p, 0.0, 1.0)


def _ways(values: Counts, cells: Counts, most: int) -> Floats:
    """[k, s]: how many choices of k cells sum to s, for k up to 8 and s up to most; a value that
    m cells have adds j of them in C(m, j) ways. Larger sums are kept together in one more
    column."""
    ways = np.zeros((MOST_NEIGHBOURS + 1, most + 2))
    ways[0, 0] = 1.0
    for value, m in zip(values.tolist(), cells.tolist(), strict=True):
        ways = _with(ways, value, m, most)
    return ways


def _without(ways: Floats, value: int) -> Floats:
    """The same without one cell of this value: choices of k cells less those that take it."""
    found, most = ways.copy(), ways.shape[1] - 2
    for k in range(1, MOST_NEIGHBOURS + 1):
        fewer = found[k - 1]
        if value <= most:
            found[k, value : most + 1] -= fewer[: most + 1 - value]
        found[k, most + 1] -= fewer[max(0, most + 1 - value) :].sum()
    return np.maximum(found, 0.0)  # differences of numbers of 17 digits


def _tails(ways: Floats) -> Floats:
    """[k, s]: P(sum >= s) of k counts drawn without replacement."""
    total = ways.sum(axis=1, keepdims=True)
    upper = np.cumsum(ways[:, ::-1], axis=1)[:, ::-1][:, :-1]
    share: Floats = np.divide(upper, total, out=np.zeros_like(upper), where=total > 0)
    return share


def _with(ways: Floats, value: int, cells: int, most: int) -> Floats:
    """Some of the cells with this value added to those chosen so far."""
    found = ways.copy()  # none of them
    for j in range(1, min(cells, MOST_NEIGHBOURS) + 1):
        shift = j * value
        chosen = comb(cells, j) * ways[: MOST_NEIGHBOURS + 1 - j]
        if shift <= most:
            found[j:, shift : most + 1] += chosen[:, : most + 1 - shift]
        beyond = chosen[:, max(0, most + 1 - shift) :].sum(axis=1)
        found[j:, most + 1] += beyond
    return found


def _z(x: Counts, around: Counts, k: Counts) -> Floats:
    n, mean = len(x), x.mean()
    spread = sqrt(float((x.astype(float) ** 2).mean()) - float(mean) ** 2)
    w = k + 1.0  # binary: also the sum of their squares
    error = spread * np.sqrt((n * w - w * w) / (n - 1))
    z: Floats = np.full(n, np.nan)  # nan: the cell and its neighbours are the whole city
    np.divide(around + x - mean * w, error, out=z, where=error > 0)
    return z


@lru_cache(maxsize=2)
def _neighbours(grid: Grid) -> sparse.csr_array:
    """Queen neighbours of the cells inside, without themselves, in the order of the cells."""
    inside = np.flatnonzero(grid.inside)
    place = np.full(grid.columns * grid.rows, -1)
    place[inside] = np.arange(len(inside))
    row, column = inside // grid.columns, inside % grid.columns
    pairs = [_beside(grid, place, (row, column), step) for step in _steps()]
    at, of = (np.concatenate(one) for one in zip(*pairs, strict=True))
    ones = np.ones(len(at), np.int64)
    return sparse.csr_array((ones, (at, of)), shape=(len(inside), len(inside)))


def _steps() -> Iterable[tuple[int, int]]:
    return [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if (dy, dx) != (0, 0)]


def _beside(
    grid: Grid, place: Counts, at: tuple[Counts, Counts], step: tuple[int, int]
) -> tuple[Counts, Counts]:
    row, column = at[0] + step[0], at[1] + step[1]
    on = (row >= 0) & (row < grid.rows) & (column >= 0) & (column < grid.columns)
    of = np.where(on, place[np.where(on, row * grid.columns + column, 0)], -1)
    known = np.flatnonzero(of >= 0)
    return known, of[known]
