"""Sums over windows against adding cell by cell; edges by the hour; days replaced and dropped."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.kpis.choice import start_of
from dashboard.kpis.cube import WIDTH, Cells, Cube, edge_hours, pack, split, still_to_come
from dashboard.kpis.facts import COLUMN, MEASURES
from dashboard.stream.rollups import DAY_MS, HOUR_MS, KST_MS, Group

DAY = 20_700
GROUPS = 3
known = st.sampled_from(MEASURES)
cell = st.dictionaries(
    st.integers(0, GROUPS - 1), st.dictionaries(known, st.integers(1, 10**12), max_size=4)
)
some_days = st.dictionaries(st.integers(DAY, DAY + 20), st.lists(cell, max_size=3), max_size=12)
a_day = st.integers(DAY - 2, DAY + 22)


def midnight(day: int) -> int:
    return day * DAY_MS - KST_MS


def cube_of(days: dict[int, list[dict[int, dict[str, int]]]]) -> Cube:
    cube = Cube()
    for day, zones in days.items():
        cube.put(day, 0, pack(zones, range(GROUPS)))
    return cube


@given(some_days, st.lists(st.tuples(a_day, a_day), min_size=1, max_size=6))
def test_it_adds_up_what_the_days_of_each_window_hold(days: dict, borders: list) -> None:
    windows = [(min(pair), max(pair)) for pair in borders]
    asked = [(midnight(first), midnight(after)) for first, after in windows]
    found = cube_of(days).sums(asked, GROUPS, {})
    for (first, after), sums in zip(windows, found, strict=True):
        expected = np.zeros((GROUPS, WIDTH))
        for day in range(first, after):
            for zone in days.get(day, []):
                for group, measures in zone.items():
                    for name, value in measures.items():
                        expected[group, COLUMN[name]] += value
        assert (sums == expected).all()


def test_it_knows_nothing_of_measures_no_kpi_uses() -> None:
    cells = pack([{0: {"a:bell:h3": 4, "s0": 7}}], [5])
    assert cells.at.tolist() == [5 * WIDTH + COLUMN["s0"]] and cells.n.tolist() == [7.0]


def test_partitions_are_added_and_a_day_read_again_is_replaced() -> None:
    cube, window = Cube(), [(midnight(DAY), midnight(DAY + 1))]
    for partition, value in ((0, 10), (1, 5), (0, 20)):
        cube.put(DAY, partition, pack([{0: {"fail": value}}], [0]))
    assert cube.sums(window, 1, {})[0, 0, COLUMN["fail"]] == 25
    cube.put(DAY, 0, pack([], [0]))
    assert cube.sums(window, 1, {})[0, 0, COLUMN["fail"]] == 5
    cube.put(DAY, 1, pack([], [0]))
    assert cube.first is None and len(cube) == 0


def test_it_forgets_days_that_are_no_longer_kept() -> None:
    cube = cube_of({day: [{0: {"fail": 1}}] for day in range(DAY, DAY + 5)})
    cube.forget(DAY + 3)
    assert (len(cube), cube.first) == (2, DAY + 3)


# -- edges that are no midnight ---------------------------------------------------------------


@given(st.integers(0, 5 * DAY_MS), st.integers(1, 5 * DAY_MS))
def test_days_and_edge_hours_cover_a_window_exactly(start: int, length: int) -> None:
    window = (midnight(DAY) + start, midnight(DAY) + start + length)
    days, hours = split(window)
    covered = len(days) * DAY_MS + sum(share * HOUR_MS for _, share in hours)
    assert covered == pytest.approx(length, abs=0.01)
    assert all(0 < share <= 1 for _, share in hours)
    assert all(midnight(day) >= window[0] and midnight(day + 1) <= window[1] for day in days)
    assert not {hour for hour, _ in hours} & {
        midnight(day) // HOUR_MS + h for day in days for h in range(24)
    }


def test_it_takes_hours_at_both_edges_and_a_part_of_an_hour() -> None:
    hour = midnight(DAY) // HOUR_MS
    window = (midnight(DAY) + 22 * HOUR_MS, midnight(DAY + 2) + HOUR_MS // 2)
    assert edge_hours([window]) == {hour + 22, hour + 23, hour + 48}
    cube = cube_of({DAY: [{0: {"s0": 1_000}}], DAY + 1: [{0: {"s0": 100}}]})
    hours = {at: pack([{0: {"s0": 8}}], [0]) for at in (hour + 21, hour + 22, hour + 23, hour + 48)}
    assert cube.sums([window], 1, hours)[0, 0, COLUMN["s0"]] == 100 + 8 + 8 + 4


def test_days_begin_at_midnight_in_korea_also_at_the_turn_of_the_year() -> None:
    from datetime import date

    new_year = start_of(date(2027, 1, 1))
    days, hours = split((new_year - DAY_MS, new_year + DAY_MS))
    assert not hours and [midnight(day) for day in days] == [new_year - DAY_MS, new_year]


# -- the hour in progress ---------------------------------------------------------------------


def test_what_an_hour_in_progress_holds_of_the_future_is_taken_off() -> None:
    frontier = midnight(DAY) + 10 * HOUR_MS + 900_000  # a quarter past
    groups = [Group("bell"), Group("light")]
    counts = {0: [2, 0, 1, 0, 0, 0], 1: [3, 0, 0, 0, 0, 1]}
    assert still_to_come(counts, groups, frontier, lambda _from, _to: 600_000) == {
        0: {"s0": -2 * 2_700_000, "s2": -2_700_000},
        1: {"s0": -3 * 2_700_000, "q0": -3 * 600_000, "dark": -600_000},
    }


def test_a_year_of_a_large_city_stays_small() -> None:
    cube, per_day = Cube(), 2_140
    cells = Cells(np.arange(per_day, dtype=np.int32), np.ones(per_day))
    for day in range(DAY, DAY + 366):
        cube.put(day, 0, Cells(cells.at.copy(), cells.n.copy()))
    assert cube.nbytes < 12_000_000
