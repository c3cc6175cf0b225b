"""Better, worse, no clear change, or not enough to say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.kpis.compare import Change, change, counts_differ, intervals_differ
from dashboard.kpis.devices import mtbf
from dashboard.kpis.estimates import rate, share
from dashboard.kpis.figure import NO_DATA, TOO_FEW, Figure
from dashboard.kpis.indicators import BY_KEY, KPIS
from dashboard.stream.rollups import DAY_MS
from tests.kpis.facts_builder import BELL, facts, states

FALSE, RATE, SLA = BY_KEY["false_alarms"], BY_KEY["alert_rate"], BY_KEY["sla"]
MIRROR = {"better": "worse", "worse": "better", "more": "less", "less": "more"}


def rated(x: int, days: float) -> Figure:
    return replace(rate(x, days / 100), parts={"exposure": days * DAY_MS})


def test_fewer_false_alarms_are_better_when_chance_would_not_do_it() -> None:
    assert change(FALSE, share(200, 1000), share(300, 1000)).verdict == "better"
    assert change(FALSE, share(300, 1000), share(200, 1000)).verdict == "worse"
    assert change(FALSE, share(20, 100), share(30, 100)).verdict == "same"


def test_the_difference_of_two_shares_is_newcombes() -> None:
    # Newcombe 1998, table II, method 10: 56/70 - 48/80, 95 % 0.0524 to 0.3339. At 99 % the lower
    # reach is 2.5758/1.96 as long: 0.2 - 1.3142 x 0.1476 = 0.006
    one, other = share(56, 70), share(48, 80)
    low = 0.2 - ((0.8 - one.low) ** 2 + (other.high - 0.6) ** 2) ** 0.5
    assert low == pytest.approx(0.0524, abs=1e-4)
    assert intervals_differ(one, other)
    assert not intervals_differ(share(55, 70), other)


def test_more_time_to_restore_is_worse() -> None:
    was, now = Figure(10.0, n=50, low=9, high=11), Figure(20.0, n=50, low=17, high=24)
    found = change(BY_KEY["mttr"], now, was)
    assert found == Change("worse", 10.0, 100.0)


def test_where_neither_direction_is_good_it_says_more_or_less() -> None:
    many, few = rated(300, 1000), rated(200, 1000)
    assert change(RATE, many, few).verdict == "more"
    assert change(RATE, few, many).verdict == "less"


def test_counts_are_tested_exactly() -> None:
    # Of 13 events in equal times, 12 on one side: p = 2 x 14/8192 = 0.0034; 11: 0.0225
    assert counts_differ(12, 1, 0.5) and not counts_differ(11, 2, 0.5)
    assert not counts_differ(0, 0, 0.5)
    assert not counts_differ(25, 16, 0.5)  # z = 2.0 against a known mean; p = 0.21


def test_exposure_decides_what_a_count_is_worth() -> None:
    assert change(RATE, rated(300, 1500), rated(200, 1000)).verdict == "same"


def test_failures_are_compared_by_their_number_in_the_time_up() -> None:
    now = mtbf(facts({BELL: states(up=1000, fail=60)}))
    then = mtbf(facts({BELL: states(up=1000, fail=120)}))
    assert change(BY_KEY["mtbf"], now, then).verdict == "better"
    few = mtbf(facts({BELL: states(up=1000, fail=4)}))
    assert change(BY_KEY["mtbf"], few, then).verdict == "not_enough"


def test_few_cases_get_no_verdict_however_far_apart() -> None:
    found = change(FALSE, share(0, 19), share(100, 100))
    assert found.verdict == "not_enough" and found.percent is None
    assert found.difference == -1


def test_less_than_half_of_the_data_gets_no_verdict() -> None:
    now = replace(share(200, 1000), coverage=0.49)
    assert change(FALSE, now, share(300, 1000)).verdict == "not_enough"
    assert change(FALSE, share(300, 1000), now).verdict == "not_enough"


def test_who_is_heard_less_cannot_be_called_better() -> None:
    well, dead = share(300, 1000), share(200, 1000)
    heard, silent = replace(well, coverage=0.98), replace(dead, coverage=0.8)
    assert change(FALSE, silent, heard).verdict == "not_enough"
    assert change(FALSE, heard, silent).verdict == "not_enough"
    assert change(FALSE, replace(dead, coverage=0.95), heard).verdict == "better"
    # worse stays worse: what fell silent did not do that
    assert change(FALSE, replace(well, coverage=0.8), replace(dead, coverage=0.98)).verdict == (
        "worse"
    )


def test_more_or_less_needs_about_the_same_coverage() -> None:
    full, part = replace(rated(300, 1000), coverage=1.0), replace(rated(200, 1000), coverage=0.8)
    assert change(RATE, part, full).verdict == change(RATE, full, part).verdict == "not_enough"


def test_with_nothing_to_compare_with_there_is_no_verdict() -> None:
    now = share(200, 1000)
    assert change(FALSE, now, None) == Change("none")
    assert change(FALSE, now, Figure(None, why=NO_DATA)) == Change("none")
    assert change(FALSE, now, Figure(None, why=TOO_FEW)) == Change("not_enough")


def test_no_percent_on_small_counts_or_shares() -> None:
    assert change(RATE, rated(30, 100), rated(60, 100)).percent == -50
    assert change(RATE, rated(29, 100), rated(60, 100)).percent is None
    assert change(FALSE, share(200, 1000), share(300, 1000)).percent is None
    assert change(RATE, rated(40, 100), rated(0, 100)).percent is None


def test_a_backlog_is_judged_by_its_count() -> None:
    backlog = BY_KEY["backlog"]
    assert change(backlog, Figure(40.0, n=40), Figure(100.0, n=100)).verdict == "better"
    assert change(backlog, Figure(25.0, n=25), Figure(16.0, n=16)).verdict == "same"
    assert change(backlog, Figure(0.0), Figure(0.0)).verdict == "same"


def test_what_was_measured_needs_no_test_but_a_difference_one_can_see() -> None:
    uptime = BY_KEY["feed_uptime"]
    assert change(uptime, Figure(0.99, n=168), Figure(0.98, n=168)).verdict == "better"
    assert change(uptime, Figure(0.9991, n=168), Figure(0.9990, n=168)).verdict == "same"


def test_a_median_without_an_upper_limit_may_be_anything_above() -> None:
    mtta = BY_KEY["mtta"]
    open_end = Figure(100.0, n=50, low=90, high=None)
    assert change(mtta, Figure(500.0, n=50, low=400, high=600), open_end).verdict == "same"
    assert change(mtta, open_end, Figure(10.0, n=50, low=9, high=11)).verdict == "worse"
    both = replace(open_end, censored=True)
    assert change(mtta, both, both).verdict == "not_enough"


def test_weeks_that_differ_by_themselves_need_a_larger_difference() -> None:
    traffic = BY_KEY["traffic"]
    now = Figure(1100.0, n=7700, low=1100, high=1100, parts={"spread": 50})
    then = Figure(1000.0, n=7000, low=1000, high=1000)
    # 2.576 x √2 x 50 = 182
    assert change(traffic, now, then).verdict == "same"
    assert change(traffic, replace(now, value=1200.0, low=1200, high=1200), then).verdict == "more"


counts = st.tuples(st.integers(0, 400), st.integers(0, 400))


@given(counts, counts, st.floats(0.3, 1), st.floats(0.3, 1))
def test_comparisons_are_symmetrical(
    one: tuple[int, int], other: tuple[int, int], heard: float, also: float
) -> None:
    for kpi in KPIS:
        a = _figure(kpi.chance, *one, heard)
        b = _figure(kpi.chance, *other, also)
        there, back = change(kpi, a, b), change(kpi, b, a)
        assert back.verdict == MIRROR.get(there.verdict, there.verdict)
        assert (there.difference is None) == (back.difference is None)
        if there.difference is not None:
            assert there.difference == -back.difference


@given(counts, st.floats(0.3, 1))
def test_nothing_differs_from_itself(one: tuple[int, int], heard: float) -> None:
    for kpi in KPIS:
        figure = _figure(kpi.chance, *one, heard)
        assert change(kpi, figure, figure).verdict in ("same", "not_enough", "none")


def _figure(chance: str, x: int, more: int, coverage: float) -> Figure:
    found = rated(x, more) if chance == "poisson" else share(x, x + more)
    return replace(found, coverage=coverage)
