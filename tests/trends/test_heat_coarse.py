"""What a role without exact points is told of hours: no few, and nothing to work them out from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.kpis.choice import Period
from dashboard.stream.rollups import DAY_MS
from dashboard.trends.choice import TrendChoice
from dashboard.trends.heat import few_cells, heat
from dashboard.trends.window import compare
from tests.kpis.facts_builder import START_MS, at
from tests.trends.incidents import frame
from tests.trends.test_heat import THEN, found, happened, weekly

tables = st.lists(st.sampled_from([0, 0.25, 1, 3, 4.75, 5, 6, 9, 40]), min_size=168, max_size=168)


@given(tables)
@settings(deadline=None)
def test_no_hidden_cell_can_be_worked_out_from_sums(values: list[float]) -> None:
    weights = np.array(values).reshape(7, 24)
    hide = few_cells(weights)
    assert hide[weights < 5].all()
    assert (hide.sum(axis=0) != 1).all() and (hide.sum(axis=1) != 1).all()
    assert hide.all() or weights[hide].sum() == 0 or weights[hide].sum() >= 5


def test_a_full_week_hides_nothing_and_one_gap_takes_three_more_with_it() -> None:
    weights = np.arange(168.0).reshape(7, 24) + 5
    assert not few_cells(weights).any()
    weights[2, 5] = 4
    assert few_cells(weights).sum() == 4  # a rectangle: each line has two


def test_a_coarse_role_is_told_no_few() -> None:
    busy = [row for hour in range(168) for row in weekly(hour, 6, [0])]
    few = weekly(22, 3, range(1, 9)) + weekly(23, 0, [1])
    incidents = frame(*busy, *few, *weekly(50, 30, [0, 1]))
    shown = found(incidents, THEN, coarse=True)
    assert not shown.hidden.any()
    assert shown.judged[22].expected == 3  # 24 of before are not few
    assert shown.judged[23].expected is None  # none of before: what was usual is not told
    gap = [row for row in busy if row["reported"] != at(hours=22)] + weekly(22, 4, [0])
    gap += weekly(22, 40, range(1, 9))
    assert found(frame(*gap), THEN).flags[22] == "less"
    one = found(frame(*gap), THEN, coarse=True)
    assert one.flags[22] == ""  # fewer than usual, but how few is not told, nor that it is few
    assert (one.together, one.n) == (1, 6 * 168 - 2) and one.hidden[0, 22]
    assert one.hidden.sum() == 4 and np.isnan(one.judged[22].n)


def test_hours_too_few_to_be_shown_one_by_one_are_taken_together() -> None:
    every = [row for hour in range(168) for row in weekly(hour, 2, range(9))]
    shown = found(frame(*every, *weekly(50, 60, [0])), THEN, coarse=True)
    assert (shown.together, shown.weights.shape) == (4, (7, 6)) and not shown.hidden.any()
    assert shown.weights[2, 0] == 68 and shown.weights.sum() == shown.n == 2 * 168 + 60
    assert (shown.judged[12].n, shown.judged[12].expected) == (68, pytest.approx(8))
    assert shown.flags[12] == "more" and shown.flags.count("") == 41
    days = found(frame(*(row for day in range(7) for row in weekly(24 * day, 6, [0]))), coarse=True)
    assert (days.together, days.weights.ravel().tolist()) == (24, [6] * 7)
    assert found(frame(*every), THEN).together == 1  # who may see points sees single hours


def test_of_a_day_in_progress_hours_are_expected_as_often_as_they_have_been() -> None:
    """Until two in the afternoon: of the block from twelve to sixteen only its first half."""
    today = Period(START_MS, START_MS + DAY_MS, "today")
    hours = (12, 13, 14, 15)
    past = [row for hour, n in zip(hours, (9, 1, 5, 20), strict=True)
            for row in weekly(hour, n, range(1, 9))]  # fmt: skip
    incidents = frame(*past, *weekly(12.5, 7, [0]))
    shown = heat(compare(incidents, TrendChoice(today), at(hours=14), THEN), coarse=True)
    assert shown.together == 24  # one day is too few for less
    assert shown.judged[0].n == 7 and shown.judged[0].expected == pytest.approx(9 + 1)


def test_a_coarse_role_is_told_neither_a_small_n_nor_few_that_were_left_out() -> None:
    assert found(frame(*weekly(22, 4, [0])), coarse=True).n is None
    pairs: list[tuple[int, int | None]] = [(at(), 0)] * 9 + [(at(), -1)] * 2 + [(at(), 9)] * 7
    shown = found(happened(pairs), coarse=True)
    assert shown.parts == {"moments": 9, "reported": 0, "intervals": None, "left_out": None}
