"""Availability, lights at night, time unknown, time between failures: small cases by hand."""

from __future__ import annotations

import pytest

from dashboard.kpis.devices import availability, availability_night, mtbf, unknown_share
from dashboard.kpis.estimates import wilson
from dashboard.kpis.figure import NO_DATA
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from tests.kpis.facts_builder import BELL, CAMERA, LIGHT, WEEK, at, chosen, facts, states

TWO_BELLS = states(up=12, unknown=1, offline=0.5, fault=0.5, fail=2)  # of 14 device-days


def test_availability_is_time_up_by_time_up_or_down() -> None:
    # 12 / (12 + 0.5 + 0.5); the day nobody knows of is neither
    figure = availability(facts({BELL: TWO_BELLS}))
    assert figure.value == pytest.approx(12 / 13)
    assert figure.n == 2  # 13 device-days in a week
    # heard: 12 up + 0.5 that say they are faulty, of 14 scheduled
    assert figure.coverage == pytest.approx(12.5 / 14)
    # an outage lasts half a day: counted as one, 12/2 = 6 cases
    assert (figure.low, figure.high) == pytest.approx(wilson(12 / 13, 6))


def test_its_parts_are_the_times_it_is_made_of() -> None:
    parts = availability(facts({BELL: states(up=12, unknown=1, offline=1, out=3, fail=2)})).parts
    assert (parts["up_ms"], parts["down_ms"]) == (12 * DAY_MS, DAY_MS)
    assert (parts["unknown_ms"], parts["out_ms"], parts["failures"]) == (DAY_MS, 3 * DAY_MS, 2)


def test_planned_time_out_of_service_is_left_out() -> None:
    with_works = availability(facts({BELL: {**TWO_BELLS, "s1": 5 * DAY_MS}}))
    without = availability(facts({BELL: TWO_BELLS}))
    assert (with_works.value, with_works.coverage) == (without.value, without.coverage)


def test_of_nothing_scheduled_there_is_nothing_to_say() -> None:
    for figure in (availability(facts()), availability(facts({BELL: states(out=7)}))):
        assert figure.value is None and figure.why == NO_DATA


def test_of_what_was_unknown_all_along_availability_says_nothing() -> None:
    figure = availability(facts({BELL: states(unknown=7)}))
    assert figure.value is None and figure.coverage == 0


def test_a_period_in_progress_ends_now() -> None:
    # a day and a half into the week, one bell was up all the time
    figure = availability(facts({BELL: states(up=1.5)}, now_ms=at(days=1, hours=12)))
    assert (figure.value, figure.n) == (1, 1)


def test_only_what_was_asked_for_counts() -> None:
    whole = facts({BELL: states(up=7), CAMERA: states(up=3.5, fault=3.5)})
    assert availability(whole).value == pytest.approx(10.5 / 14)
    assert availability(chosen(whole, kind="cctv")).value == pytest.approx(0.5)


# -- lights ----------------------------------------------------------------------------------


def night(lit: float, dark: float = 0, unknown: float = 0, offline: float = 0) -> dict[str, float]:
    """One light for a week, with 12 hours of night a day; arguments in hours of night."""
    q = {"q0": lit + dark, "q2": unknown, "q3": offline, "dark": dark}
    whole = {"s0": 2 * q["q0"], "s2": 2 * unknown, "s3": 2 * offline}
    return {name: hours * HOUR_MS for name, hours in {**q, **whole}.items()}


def test_a_light_must_be_lit_not_only_working() -> None:
    # 84 hours of night: 60 lit, 10 working but dark, 4 unknown, 10 offline -> 60/80
    figure = availability_night(facts({LIGHT: night(60, 10, 4, 10)}))
    assert figure.value == pytest.approx(0.75)
    assert figure.n == 1  # 80 hours of 84
    assert figure.coverage == pytest.approx(70 / 84)
    parts = figure.parts
    assert (parts["lit_ms"], parts["unlit_ms"]) == (60 * HOUR_MS, 10 * HOUR_MS)
    assert (parts["down_ms"], parts["unknown_ms"]) == (10 * HOUR_MS, 4 * HOUR_MS)


def test_nights_of_short_outages_are_known_better_than_those_of_a_dead_light() -> None:
    outages = night(79, 0, 0, 5)
    vague = availability_night(facts({LIGHT: outages}))
    known = availability_night(facts({LIGHT: {**outages, "fail": 20.0}}))
    others = availability_night(facts({LIGHT: outages, BELL: {**states(up=7), "fail": 20.0}}))
    assert known.value == vague.value and (known.low or 0) > (vague.low or 1)
    assert (others.low, others.high) == (vague.low, vague.high)  # a bell's failures darken nothing


def test_days_do_not_count_for_lights() -> None:
    by_day_only = {"s0": 3.5 * DAY_MS, "s3": 3.5 * DAY_MS, "q0": 3.5 * DAY_MS}
    assert availability_night(facts({LIGHT: by_day_only})).value == 1


def test_devices_that_are_no_lights_have_no_nights() -> None:
    assert availability_night(facts({BELL: states(up=7)})).why == NO_DATA


# -- unknown, and between failures -----------------------------------------------------------


def test_unknown_is_a_share_of_what_was_scheduled() -> None:
    # 1 of 12 + 1 + 1; 100 bells: 100 x 7 days scheduled
    figure = unknown_share(facts({BELL: {k: 50 * v for k, v in TWO_BELLS.items()}}))
    assert figure.value == pytest.approx(1 / 14) and figure.n == 100
    assert figure.low < 1 / 14 < figure.high
    assert figure.parts["unknown_ms"] == 50 * DAY_MS


def test_time_between_failures_leaves_out_time_down() -> None:
    figure = mtbf(facts({BELL: states(up=100, offline=40, fail=10)}))
    assert figure.value == 10 * DAY_MS and figure.n == 10
    # 2 x 100 / χ²(.975; 22) = 200/36.781 and 200/9.5908 days
    assert figure.low == pytest.approx(5.4376 * DAY_MS, rel=1e-4)
    assert figure.high == pytest.approx(20.853 * DAY_MS, rel=1e-4)


def test_of_few_failures_it_says_at_least() -> None:
    # 100 days without one: 100/2.9957
    figure = mtbf(facts({BELL: states(up=100)}))
    assert figure.value == pytest.approx(33.381 * DAY_MS, rel=1e-4) and figure.censored


def test_the_week_of_these_tests_is_one() -> None:
    assert WEEK.to_ms - WEEK.from_ms == 7 * DAY_MS
