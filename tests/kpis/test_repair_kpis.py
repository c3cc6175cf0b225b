"""Repairs: small cases by hand. The week begins at day 0 and ends at day 7."""

from __future__ import annotations

from dataclasses import replace
from math import exp, sqrt

import pytest
from scipy import stats

from dashboard.kpis import repair
from dashboard.kpis.estimates import wilson
from dashboard.kpis.figure import NO_DATA, TOO_FEW
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from tests.kpis.facts_builder import FOUR_WEEKS, at, facts, inspection, round_


def test_time_to_restore_is_from_the_beginning_of_the_trouble() -> None:
    rounds = [
        round_(at(1), down=at(1, hours=-1), restored=at(1, hours=3)),  # 4 h
        round_(at(2), down=at(2, hours=-2), restored=at(2, hours=6), repaired=at(2, 5)),  # 8 h
        round_(at(3), down=at(3), restored=at(3, hours=12), repaired=at(3, hours=20)),  # 12 h
        round_(at(-9), down=at(-9), restored=at(-1)),  # the week before
        round_(at(6), down=at(6), restored=at(8)),  # not yet
        round_(at(1), cause="inspection", restored=at(1, hours=1)),
    ]
    figure = repair.mttr(facts(rounds=rounds))
    assert figure.value == 8 * HOUR_MS and figure.n == 3
    reach = 4.302653 * 4 / (8 * sqrt(3))  # t(2) x s / (mean √n)
    assert figure.low == pytest.approx(8 * HOUR_MS * exp(-reach), rel=1e-5)
    assert figure.high == pytest.approx(8 * HOUR_MS * exp(reach), rel=1e-5)
    assert figure.parts["median"] == 8 * HOUR_MS
    # reported by the time it worked again: the second; the third was reported afterwards
    assert (figure.parts["reported"], figure.parts["by_itself"]) == (1, 2)
    assert figure.parts["open"] == 1


def test_what_ends_at_the_stroke_of_the_next_period_belongs_to_that() -> None:
    row = round_(at(6), restored=at(7))
    week = facts(rounds=[row], now_ms=at(9))
    assert repair.mttr(week).n == 0 and repair.mttr(week).parts["open"] == 1
    assert repair.backlog(week).value == 1


def test_a_repair_that_was_not_reported_counts_by_its_good_beats() -> None:
    figure = repair.mttr(facts(rounds=[round_(at(1), down=at(1), restored=at(1, hours=2))]))
    assert figure.value == 2 * HOUR_MS and figure.low is None
    assert repair.mttr(facts()).why == NO_DATA


# -- contracts -------------------------------------------------------------------------------


def kept(*rounds: dict) -> tuple[float, float]:
    """(met, missed) in the week."""
    parts = repair.sla(facts(rounds=list(rounds))).parts
    return parts["met"], parts["missed"]


def test_done_by_the_due_time_is_met() -> None:
    assert kept(round_(at(1), due=at(2), repaired=at(2))) == (1, 0)
    assert kept(round_(at(1), due=at(2), restored=at(1, hours=9))) == (1, 0)
    assert kept(round_(at(1), due=at(2), repaired=at(2, seconds=1))) == (0, 1)


def test_what_is_known_first_decides_reported_or_restored() -> None:
    assert kept(round_(at(1), due=at(2), repaired=at(3), restored=at(1, hours=5))) == (1, 0)
    assert kept(round_(at(1), due=at(2), repaired=at(1, hours=5), restored=at(3))) == (1, 0)


def test_open_and_overdue_counts_as_missed() -> None:
    figure = repair.sla(facts(rounds=[round_(at(1), due=at(2)), round_(at(6), due=at(8))]))
    assert (figure.value, figure.n) == (0, 1)  # the second is not due yet
    assert (figure.parts["missed"], figure.parts["overdue"]) == (1, 1)


def test_each_counts_once_in_the_period_that_sealed_its_fate() -> None:
    assert kept(round_(at(-3), due=at(-1), repaired=at(2))) == (0, 0)  # missed last week
    assert kept(round_(at(-3), due=at(1), repaired=at(-1))) == (0, 0)  # met last week
    assert kept(round_(at(-3), due=at(9), repaired=at(2))) == (1, 0)  # early
    assert kept(round_(at(5), due=at(7))) == (0, 0)  # at the stroke of the next week


def test_left_out_are_exclusions_cancellations_and_what_no_contract_covers() -> None:
    excluded = round_(at(1), due=at(2), excluded=True)
    figure = repair.sla(facts(rounds=[excluded, round_(at(1)), round_(at(1), repaired=at(3))]))
    assert figure.why == NO_DATA and figure.parts["excluded"] == 1
    assert kept(round_(at(1), due=at(3), cancelled=at(2))) == (0, 0)
    assert kept(round_(at(1), due=at(3), cancelled=at(4))) == (0, 1)  # cancelled too late
    assert kept(round_(at(1), due=at(6), repaired=at(2), cancelled=at(3))) == (1, 0)  # was met


def test_its_interval_is_wilsons_and_claims_are_told() -> None:
    met = [round_(at(1), due=at(2), repaired=at(1, hours=1))] * 3
    missed = [round_(at(1), due=at(2), restored=at(3))]
    figure = repair.sla(facts(rounds=met + missed))
    assert (figure.value, figure.n) == (0.75, 4)
    assert (figure.low, figure.high) == wilson(0.75, 4)
    assert figure.parts["unproved"] == 3


# -- what is open ----------------------------------------------------------------------------


def test_the_backlog_is_what_is_open_when_the_period_ends() -> None:
    rounds = [
        round_(at(6)),  # 1 day old
        round_(at(3), repaired=at(5)),  # 4 days; reported, not proved
        round_(at(0)),  # 7 days
        round_(at(-8)),  # 15
        round_(at(-23, hours=1)),  # 29 days 23 h
        round_(at(-24), cause="inspection"),  # 31
        round_(at(1), restored=at(2)),  # done
        round_(at(1), cancelled=at(2)),
        round_(at(1), restored=at(8)),  # not yet, at the end of the week: 6 days
    ]
    figure = repair.backlog(facts(rounds=rounds, now_ms=at(10)))
    assert (figure.value, figure.n, figure.low) == (7, 7, None)
    bands = [figure.parts[f"band_{days}"] for days in (0, 4, 8, 15, 31)]
    assert bands == [1, 3, 0, 2, 1]
    assert figure.parts["oldest_ms"] == 31 * DAY_MS


def test_the_backlog_says_how_much_of_it_was_opened_again() -> None:
    again = [round_(at(6), no=2), round_(at(5), no=1), round_(at(1), no=1, restored=at(2))]
    figure = repair.backlog(facts(rounds=[*again, round_(at(3))], now_ms=at(10)))
    assert (figure.value, figure.parts["reopened"]) == (3, 2)


def test_without_open_work_the_backlog_is_nought() -> None:
    assert repair.backlog(facts()).value == 0


def test_what_is_open_moves_only_by_what_is_opened_and_ended() -> None:
    rounds = [round_(at(day), restored=at(day + 5)) for day in range(-10, 28)]
    rounds += [round_(at(14), restored=at(14))]
    first = facts(rounds=[r for r in rounds if r["opened"] < at(7)], now_ms=at(40))
    month = facts(rounds=rounds, period=FOUR_WEEKS, now_ms=at(40))
    flow = sum(at(7) <= r["opened"] < at(28) for r in rounds)
    flow -= sum(at(7) <= r["restored"] < at(28) for r in rounds)
    assert repair.backlog(month).value - repair.backlog(first).value == flow


def test_weeks_of_work_are_open_by_closed_per_week() -> None:
    closed = [round_(at(day), restored=at(day, hours=5)) for day in range(8)]  # 8 in 4 weeks
    still = [round_(at(20))] * 6
    figure = repair.backlog_weeks(facts(rounds=closed + still, period=FOUR_WEEKS))
    assert figure.value == 3 and figure.n == 8  # 6 open / 2 a week
    assert figure.parts == {"open": 6, "closed_per_week": 2}
    # of 8, the Poisson limits are 3.454 and 15.763: 24/15.763 and 24/3.454 weeks
    assert (figure.low, figure.high) == pytest.approx((1.5225, 6.949), rel=1e-3)


def test_with_nothing_closed_it_is_at_least_so_many_weeks() -> None:
    figure = repair.backlog_weeks(facts(rounds=[round_(at(1))] * 5))
    limit = stats.chi2.ppf(0.975, 2) / 2  # 3.689
    assert figure.censored and figure.value == pytest.approx(5 / limit)


def test_a_few_days_say_nothing_about_weeks() -> None:
    figure = repair.backlog_weeks(facts(rounds=[round_(at(1))], now_ms=at(6)))
    assert figure.value is None and figure.why == TOO_FEW
    assert repair.backlog_weeks(facts()).why == NO_DATA


# -- again, and overdue ----------------------------------------------------------------------


def test_repeat_failures_are_rounds_after_the_first() -> None:
    rounds = [round_(at(1))] * 3 + [round_(at(2), no=1), round_(at(-1), no=1)]
    figure = repair.repeat_failures(facts(rounds=[*rounds, round_(at(1), cause="inspection")]))
    assert (figure.value, figure.n) == (0.25, 4)
    assert (figure.low, figure.high) == wilson(0.25, 4)


def test_repeats_are_at_least_so_many_where_the_time_the_site_sets_is_not_all_known() -> None:
    known = replace(facts(rounds=[round_(at(1))]), weeks_known=5)
    assert not repair.repeat_failures(known).censored
    assert repair.repeat_failures(replace(known, reopen_days=60)).censored


def test_overdue_is_told_of_devices_whose_last_inspection_is_known() -> None:
    due = [at(-1), at(6), at(20), at(60), None, None]
    figure = repair.inspections_overdue(facts(inspections=[inspection(one) for one in due]))
    assert (figure.value, figure.n, figure.low) == (0.5, 4, None)  # 2 of 4 by the end of the week
    assert (figure.parts["soon"], figure.parts["date_unknown"]) == (1, 2)


def test_who_was_overdue_in_the_past_is_not_known() -> None:
    rows = [inspection(at(-1))]
    assert repair.inspections_overdue(facts(inspections=rows, now_ms=at(7.9))).value == 1
    assert repair.inspections_overdue(facts(inspections=rows, now_ms=at(9))).why == NO_DATA
