"""Density of incidents: a quartic kernel over each, summed on cells of 50 metres.

lambda(s) = sum over d_i < h of 3 / (pi h^2) (1 - d_i^2 / h^2)^2, distances in metres from the
middle of the cell (Silverman 1986, 4.2; the kernel of most crime mapping). Each incident brings a
mass of one; what falls outside the city is cut off and not given back to the inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, pi

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from dashboard.trends.grid import CELL_M, FINE_M, Grid, Numbers

BANDWIDTH_M = 200.0
_CHUNK = 20_000  # points at a time: some tens of megabytes
PER_KM2 = 1e6


@dataclass(frozen=True, eq=False)
class Surface:
    """per_km2: incidents per km2, (5 rows, 5 columns) of the grid, nan outside the city.
    n: incidents with a place on it."""

    per_km2: NDArray[np.float32]
    n: int
    bandwidth_m: float


def surface(x: Numbers, y: Numbers, grid: Grid, bandwidth_m: float = BANDWIDTH_M) -> Surface:
    """x, y: metres of the grid; nan = no place."""
    shape = grid.fine_inside.shape
    known = np.isfinite(x) & np.isfinite(y)
    known[known] &= _on(x[known], y[known], shape)
    x, y = x[known], y[known]
    found = np.zeros(shape[0] * shape[1])
    for start in range(0, len(x), _CHUNK):
        part = slice(start, start + _CHUNK)
        found += _stamped(x[part], y[part], shape, bandwidth_m)
    per_km2 = np.where(grid.fine_inside, found.reshape(shape) * PER_KM2, np.nan)
    return Surface(per_km2.astype(np.float32), len(x), bandwidth_m)


def surface_of_cells(counts: NDArray[np.int64], grid: Grid) -> Surface:
    """Of cells of 250 m, the incidents of each spread evenly over its square: says no more about
    places than the counts do."""
    by, reach = round(CELL_M / FINE_M), ceil(BANDWIDTH_M / FINE_M)
    spread = counts.reshape(grid.rows, grid.columns) / by**2
    metres = np.arange(-reach, reach + 1) * FINE_M
    squared = metres[:, None] ** 2 + metres**2
    kernel = np.maximum(1 - squared / BANDWIDTH_M**2, 0) ** 2
    kernel *= 1 / (kernel.sum() * FINE_M**2)  # a mass of one on these cells
    found = ndimage.convolve(spread.repeat(by, 0).repeat(by, 1), kernel, mode="constant")
    per_km2 = np.where(grid.fine_inside, found * PER_KM2, np.nan)
    return Surface(per_km2.astype(np.float32), int(counts.sum()), BANDWIDTH_M)


def _stamped(x: Numbers, y: Numbers, shape: tuple[int, int], h: float) -> Numbers:
    """Sums of the kernels: cell by cell around every point, with exact distances."""
    reach = ceil(h / FINE_M)
    rows, columns = shape[0] + 2 * reach, shape[1] + 2 * reach  # so that no stamp falls off
    column, row = np.floor(x / FINE_M).astype(np.int64), np.floor(y / FINE_M).astype(np.int64)
    off_x, off_y = x - (column + 0.5) * FINE_M, y - (row + 0.5) * FINE_M
    steps = range(-reach, reach + 1)
    across = [((step * FINE_M - off_x) / h) ** 2 for step in steps]
    first = row * columns + column
    found = np.zeros(rows * columns)
    for down, step in enumerate(steps):
        up = ((step * FINE_M - off_y) / h) ** 2
        for right, along in enumerate(across):
            weight = np.maximum(1 - up - along, 0.0)
            weight *= weight
            found += np.bincount(first + down * columns + right, weight, rows * columns)
    inner = found.reshape(rows, columns)[reach : reach + shape[0], reach : reach + shape[1]]
    stamped: Numbers = 3 / (pi * h * h) * inner.ravel()
    return stamped


def _on(x: Numbers, y: Numbers, shape: tuple[int, int]) -> NDArray[np.bool_]:
    rows, columns = shape
    within: NDArray[np.bool_] = (x >= 0) & (y >= 0)
    within &= (x < columns * FINE_M) & (y < rows * FINE_M)
    return within
