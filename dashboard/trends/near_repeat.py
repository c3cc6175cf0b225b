"""Near repeats: are incidents that are close in place also close in time, more than by chance?

Knox's test: pairs are counted by bands of distance and of days; then the dates are shuffled over
the places many times. Ratio = observed / mean of the shuffles, p = (1 + shuffles with at least as
many) / (1 + shuffles) (Knox 1964; Besag & Diggle 1977). Bands are [from, to): 0-100-200-400 m by
0-7-14-28 days, of the days on which incidents were reported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from dashboard.stream.rollups import DAY_MS, KST_MS

METRES = (0, 100, 200, 400)
DAYS = (0, 7, 14, 28)
SHUFFLES = 999
MOST_PAIRS = 4_000_000  # close in place: 150 MB at the most, a shuffle some 15 ms
_SEED = 20_260_101
_WHEN = np.searchsorted(DAYS[1:], np.arange(DAYS[-1]), side="right").astype(np.int32)
Pairs = NDArray[np.int32]  # (2, pairs): positions of both
Bands = NDArray[np.int32]  # of each pair
Table = NDArray[np.float64]  # (distance bands, day bands)


class Stopped(Exception):
    """Somebody does not want to know any more."""


@dataclass(frozen=True, eq=False)
class Knox:
    """n: incidents with a place. observed, expected, ratio, p: (3, 3), distance by days.

    why: "" = all is there; "few" = no two incidents are close in place; "many" = too many pairs.
    ratio nan: nothing is expected there.
    """

    n: int
    observed: Table
    expected: Table
    ratio: Table
    p: Table
    shuffles: int
    why: str = ""


def knox(
    frame: pd.DataFrame,
    shuffles: int = SHUFFLES,
    progress: Callable[[float], None] = lambda _share: None,
    stop: Callable[[], bool] = lambda: False,
) -> Knox:
    """frame: incidents that are wanted. Raises Stopped soon after stop() is true."""
    placed = frame[np.isfinite(frame["x"].to_numpy()) & np.isfinite(frame["y"].to_numpy())]
    points = placed[["x", "y"]].to_numpy()
    day = ((placed["reported"].to_numpy() + KST_MS) // DAY_MS).astype(np.int32)
    if len(points) < 2:
        return _nothing(len(points), "few")
    tree = cKDTree(points)
    if (tree.count_neighbors(tree, METRES[-1]) - len(points)) // 2 > MOST_PAIRS:
        return _nothing(len(points), "many")
    pairs, band = _pairs(tree, points)
    if not len(band):
        return _nothing(len(points), "few")
    return _tested(pairs, band, day, shuffles, (progress, stop))


def _pairs(tree: cKDTree, points: NDArray[np.float64]) -> tuple[Pairs, Bands]:
    """Closer than the last band ends, and the band of each."""
    found = tree.query_pairs(METRES[-1], output_type="ndarray").T.astype(np.int32)
    metres = np.hypot(*(points[found[0]] - points[found[1]]).T)
    band = np.searchsorted(METRES[1:], metres, side="right").astype(np.int32)
    near = band < len(METRES) - 1
    return found[:, near], band[near]


def _tested(
    pairs: Pairs, band: Bands, day: NDArray[np.int32], shuffles: int,
    told: tuple[Callable[[float], None], Callable[[], bool]],
) -> Knox:  # fmt: skip
    progress, stop = told
    observed = counted(pairs, band, day)
    rng = np.random.default_rng(_SEED)
    total, reached = np.zeros_like(observed), np.zeros_like(observed)
    for done in range(shuffles):
        if stop():
            raise Stopped
        found = counted(pairs, band, rng.permutation(day))
        total += found
        reached += found >= observed
        progress((done + 1) / shuffles)
    expected = total / shuffles
    ratio = np.divide(observed, expected, out=np.full_like(observed, np.nan), where=expected > 0)
    return Knox(len(day), observed, expected, ratio, (1 + reached) / (1 + shuffles), shuffles)


def counted(pairs: Pairs, band: Bands, day: NDArray[np.int32]) -> Table:
    """Pairs by band of distance (given) and of days apart."""
    apart = np.abs(day.take(pairs[0]) - day.take(pairs[1]))
    near = np.flatnonzero(apart < DAYS[-1])
    found = np.bincount(3 * band[near] + _WHEN[apart[near]], minlength=9)
    return found.reshape(3, 3).astype(float)


def _nothing(n: int, why: str) -> Knox:
    empty = np.zeros((3, 3))
    return Knox(n, empty, empty, np.full((3, 3), np.nan), np.ones((3, 3)), 0, why)
