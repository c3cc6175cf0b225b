"""The hour in progress is counted as if nothing more happened until its end: what to take off.

See dashboard/stream/ledger.py. The worker keeps, beside the cells, how many devices of each group
are in which state; times what is left of the hour, that is what has not happened yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dashboard.kpis.cube import WIDTH, Cells
from dashboard.kpis.facts import COLUMN
from dashboard.stream.rollups import HOUR_MS, hour_of


def rest_of(counts: Mapping[int, Sequence[int]], frontier_ms: int, numbers: Sequence[int]) -> Cells:
    """To be added to the cells of the hour and of the day in progress.

    counts: group number -> devices in each Status. numbers: from their group numbers to ours.
    """
    left_ms = (hour_of(frontier_ms) + 1) * HOUR_MS - frontier_ms
    at: list[int] = []
    n: list[int] = []
    for group, devices in counts.items():
        for status, count in enumerate(devices):
            if count:
                at.append(numbers[group] * WIDTH + COLUMN[f"s{status}"])
                n.append(-count * left_ms)
    return Cells(np.array(at, np.int32), np.array(n, np.float64))
