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
MOST_PAIRS = 4_000_000  # close in place: 32 MB, and a shuffle of them takes some 20 ms
_SEED = 20_260_101
Pairs = NDArray[np.int64]
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
    pairs = tree.query_pairs(METRES[-1], output_type="ndarray")
    metres = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    band = np.digitize(metres, METRES[1:-1])
    pairs, band = pairs[metres < METRES[-1]], band[metres < METRES[-1]]
    if not len(pairs):
        return _nothing(len(points), "few")
    return _tested(pairs, band, day, shuffles, (progress, stop))


def _tested(
    pairs: Pairs, band: Pairs, day: NDArray[np.int32], shuffles: int,
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


def counted(pairs: Pairs, band: Pairs, day: NDArray[np.int32]) -> Table:
    """Pairs by band of distance (given) and of days apart."""
    apart = np.abs(day[pairs[:, 0]] - day[pairs[:, 1]])
    within = apart < DAYS[-1]
    when = np.searchsorted(DAYS[1:-1], apart[within], side="right")
    found = np.bincount(band[within] * 3 + when, minlength=9)
    return found.reshape(3, 3).astype(float)


def _nothing(n: int, why: str) -> Knox:
    empty = np.zeros((3, 3))
    return Knox(n, empty, empty, np.full((3, 3), np.nan), np.ones((3, 3)), 0, why)
