"""A part of the city that is cut off counts as unknown, not as if it were not there."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dashboard.kpis.cube import WIDTH
from dashboard.kpis.facts import COLUMN
from dashboard.kpis.lagging import LAG_MS, Standing, add_lag, standing
from dashboard.stream.rollups import HOUR_MS, Group

NOW = 1_000 * HOUR_MS
GROUPS = [Group("bell"), Group("light"), Group()]
S2, Q2, PAUSE = COLUMN["s2"], COLUMN["q2"], COLUMN["pause_ms"]


def a_third(from_ms: int, to_ms: int) -> int:
    """Of any time is night."""
    return (to_ms - from_ms) // 3


def lag(windows: list[tuple[int, int]], *frontiers: int) -> np.ndarray:
    sums = np.zeros((len(windows), len(GROUPS), WIDTH))
    add_lag(sums, windows, [Standing(at, {0: 2, 1: 5}) for at in frontiers], GROUPS, a_third)
    return sums


def test_time_between_its_frontier_and_the_newest_is_unknown() -> None:
    windows = [(NOW - 10 * HOUR_MS, NOW + HOUR_MS), (NOW - HOUR_MS, NOW), (0, NOW - 4 * HOUR_MS)]
    sums = lag(windows, NOW, NOW - 3 * HOUR_MS)
    assert sums[0, :, S2].tolist() == [2 * 3 * HOUR_MS, 5 * 3 * HOUR_MS, 0]
    assert sums[0, :, Q2].tolist() == [0, 5 * HOUR_MS, 0]
    assert sums[0, 2, PAUSE] == 3 * HOUR_MS and sums[1, 0, S2] == 2 * HOUR_MS
    assert not sums[2].any()


@given(st.integers(0, LAG_MS), st.integers(0, LAG_MS))
def test_the_ordinary_unevenness_of_feeds_counts_nothing(one: int, other: int) -> None:
    assert not lag([(0, NOW)], NOW, NOW - one, NOW - other).any()


def test_a_city_of_one_partition_never_lags() -> None:
    assert not lag([(0, NOW)], NOW - 100 * HOUR_MS).any()
    assert not lag([(0, NOW)]).any()


def test_devices_out_of_service_and_lights_that_are_off_are_not_counted_twice() -> None:
    found = standing(
        NOW, {0: [3, 9, 1, 0, 1, 2], 1: [0, 4, 0, 0, 0, 0], 7: [1, 0, 0, 0, 0]}, [5, 6]
    )
    assert found == Standing(NOW, {5: 5})
