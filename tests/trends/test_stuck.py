"""Counters that say zero, or the same number, again and again: faults, and not quiet streets."""

from __future__ import annotations

from math import exp
from statistics import median

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stream.rollups import HOUR_MS
from dashboard.trends.stuck import FLAT, ZERO, Fault
from tests.trends.streets import FROM_MS, WEEKS, Floats, counts, foot, street, week_shape

HOURS = WEEKS * 168


def faults(people: dict[str, Floats], **more: dict[str, Floats]) -> tuple[Fault, ...]:
    return street(foot(people, **more)).stuck.faults  # type: ignore[arg-type]


def stuck_for(hours: int, scale: float = 1.0, seed: int = 0) -> Floats:
    people = counts(scale, seed)
    people[HOURS - hours :] = 0
    return people


def test_a_counter_that_says_zero_where_people_are_expected_is_faulty() -> None:
    people = stuck_for(30)
    [fault] = faults({"F-1": people, "F-2": counts(1, 5)})
    assert (fault.sensor, fault.what) == ("F-1", ZERO)
    assert fault.hours >= 30 and fault.since_ms <= FROM_MS + (HOURS - 30) * HOUR_MS
    since = (fault.since_ms - FROM_MS) // HOUR_MS
    usual = [
        median(people[at % 168 : HOURS - 30 : 168]) for at in range(since, HOURS)
    ]  # recounted by hand
    assert fault.expected == pytest.approx(sum(usual))
    assert fault.p == pytest.approx(exp(-sum(usual)), rel=1e-6)


@given(st.integers(0, 10**6), st.sampled_from([0.01, 0.1, 1.0, 5.0]))
def test_what_is_called_faulty_is_rarer_than_one_in_a_thousand(seed: int, scale: float) -> None:
    """Empty at night, and nearly always empty where nobody comes. How often that is wrong in the
    long run is the next test's matter."""
    found = street(foot({"F-1": counts(scale, seed)})).stuck
    assert not [one for one in found.faults if one.p >= 0.001]


def test_no_more_than_chance_are_called_faulty_in_the_long_run() -> None:
    people = {f"F-{n}": counts(0.05 + 0.05 * (n % 40), n) for n in range(200)}
    runs_of_zeros = sum(
        int((np.diff((one == 0).astype(int)) == 1).sum()) for one in people.values()
    )
    mask = street(foot(people)).stuck.mask
    told = sum(int((np.diff(column.astype(int)) == 1).sum()) for column in mask.T)
    assert told <= 0.001 * runs_of_zeros + 3 * (0.001 * runs_of_zeros) ** 0.5


def test_the_night_is_no_fault() -> None:
    people = np.tile(week_shape(), WEEKS)
    people[HOURS - 168 + 2 :] = np.nan  # ends on Monday at two in the morning
    assert not street(foot({"F-1": people[: HOURS - 168 + 5]})).stuck.faults


def test_a_counter_that_does_not_report_is_offline_and_not_stuck() -> None:
    covered = np.ones(HOURS)
    covered[HOURS - 30 :] = 0
    assert not faults({"F-1": counts()}, covered={"F-1": covered})
    silent = stuck_for(60)
    covered = np.ones(HOURS)
    covered[HOURS - 20 :] = 0  # first stuck, then silent
    assert not faults({"F-1": silent}, covered={"F-1": covered})
    of = foot({"F-1": stuck_for(30)}, status={"F-1": "offline"})
    assert not street(of).stuck.faults


def test_a_gap_neither_ends_what_is_stuck_nor_belongs_to_it() -> None:
    covered = np.ones(HOURS)
    covered[HOURS - 20 : HOURS - 10] = 0
    [fault] = faults({"F-1": stuck_for(30)}, covered={"F-1": covered})
    [whole] = faults({"F-1": stuck_for(30)})
    assert fault.since_ms == whole.since_ms
    assert fault.hours == pytest.approx(whole.hours - 10)
    assert fault.expected < whole.expected


@pytest.mark.parametrize("weeks", [1, 3, 6])
def test_it_is_told_for_as_long_as_it_lasts(weeks: int) -> None:
    """Weeks of zeros do not become what the counter is used to."""
    [fault] = faults({"F-1": stuck_for(weeks * 168)})
    assert fault.hours >= weeks * 168


def test_what_was_stuck_once_and_is_mended_is_no_fault_but_no_count_either() -> None:
    people = counts()
    people[500:600] = 0
    found = street(foot({"F-1": people}))
    assert not found.stuck.faults
    assert found.stuck.mask[510:590].all()
    assert not found.hours.share[510:590].any() and found.hours.share[700:].all()


def test_a_counter_known_for_too_short_a_time_is_not_judged() -> None:
    people = stuck_for(30)
    covered = np.ones(HOURS)
    covered[: HOURS - 2 * 168] = 0
    assert not faults({"F-1": people}, covered={"F-1": covered})


def test_a_counter_that_always_says_the_same_number_is_faulty() -> None:
    people = counts(3)
    people[HOURS - 24 :] = 47
    [fault] = faults({"F-1": people})
    assert (fault.what, fault.hours, fault.expected) == (FLAT, 24, 47)
    assert fault.p < 1e-9


@given(st.integers(0, 10**6), st.integers(0, 30))
def test_chance_alone_never_looks_flat(seed: int, mean: int) -> None:
    people = np.random.default_rng(seed).poisson(mean, HOURS).astype(float)
    found = street(foot({"F-1": people})).stuck
    assert not [one for one in found.faults if one.what == FLAT]
    assert not found.mask[people > 0].any()


def test_the_least_likely_is_first() -> None:
    people = {"F-1": stuck_for(20), "F-2": stuck_for(20, 5.0), "F-3": stuck_for(20, 2.0)}
    assert [one.sensor for one in faults(people)] == ["F-2", "F-3", "F-1"]


def test_no_counters_and_no_hours_are_no_trouble() -> None:
    empty = foot({"F-1": np.zeros(0)})
    assert not street(empty).stuck.faults
    none = foot({"F-1": np.zeros(HOURS)})
    none = type(none)(none.people.iloc[:, :0], none.covered.iloc[:, :0], none.counters.iloc[:0])
    assert isinstance(street(none).stuck.mask, np.ndarray)
    assert pd.isna(none.people).empty
