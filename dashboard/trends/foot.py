"""Foot traffic as DataFrames, one column per counter and one row per hour."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, eq=False)
class Foot:
    """What every counter said, hour by hour, as long as hours are kept (92 days).

    people: index = start of the hour (UTC epoch ms, int64, without gaps), columns = sensor ids;
    people counted in either direction, float32, nan where nothing was counted.
    covered: the same shape; share of the hour that was counted well, 0 to 1, float32.
    counters: index = sensor id in the same order; columns zone, route, name and status
    (word of records.Status).
    """

    people: pd.DataFrame
    covered: pd.DataFrame
    counters: pd.DataFrame
