"""Foot traffic and alerts by passages: small cases by hand."""

from __future__ import annotations

from math import sqrt

import pytest

from dashboard.kpis.figure import NO_DATA
from dashboard.kpis.traffic import alerts_per_10k, passages, traffic
from dashboard.stream.rollups import DAY_MS, Group
from tests.kpis.facts_builder import BELL, COUNTER, FOUR_WEEKS, alert, at, chosen, facts, states

ELSEWHERE = Group("counter", "z2", "r2", "Dasom", "city", "")
THIRD = Group("counter", "z3", "r3", "Dasom", "city", "")
BELL_ELSEWHERE = Group("bell", "z9", "r9", "Gaon", "city", "")


def counted(people: float, days: float = 7, dead: float = 0) -> dict[str, float]:
    """One counter; days it counted, days it was silent."""
    return {**states(up=days, offline=dead), "t_in": people / 2, "t_out": people / 2,
            "t_ms": days * DAY_MS}  # fmt: skip


def test_with_every_counter_counting_it_is_what_was_counted() -> None:
    figure = traffic(facts({COUNTER: counted(7_000)}))
    assert (figure.value, figure.n, figure.coverage) == (1_000, 7_000, 1)
    assert figure.low == figure.high == 1_000


def test_what_was_not_counted_is_made_up_for() -> None:
    # 1400 + 700 + 2100 in 18 of 21 counter-days: x 21/18 = 4900 in 7 days
    sums = {COUNTER: counted(1_400), ELSEWHERE: counted(700, 4, 3), THIRD: counted(2_100)}
    figure = traffic(facts(sums))
    assert figure.value == pytest.approx(700) and figure.coverage == pytest.approx(18 / 21)
    assert figure.parts["passages"] == figure.n == 4_200
    # R = 4200/18 a day: e = -233.33, -233.33, 466.67; Σe² = 326667
    # error² = (1 - 18/21) x 3/2 x 326667/4200² = 0.00396825
    found = passages(facts(sums).sums)
    assert found.error == pytest.approx(sqrt(0.00396825), rel=1e-5)
    # x exp(±1.96 x 0.062994)
    assert (figure.low, figure.high) == pytest.approx((700 / 1.13142, 700 * 1.13142), rel=1e-5)


def test_it_is_never_less_than_what_was_seen() -> None:
    # 600 in 6 of 7 days: 700, but places may differ by half: 700 x exp(-1.96 x 0.189) = 483
    assert traffic(facts({COUNTER: counted(600, 6, 1)})).low == pytest.approx(600 / 7)


def test_places_where_nobody_counts_have_no_traffic_but_no_coverage_either() -> None:
    silent = traffic(facts({COUNTER: states(offline=7)}))
    assert silent.why == NO_DATA and silent.coverage == 0
    assert traffic(facts({BELL: states(up=7)})).why == NO_DATA


def test_usual_is_the_median_of_weeks_like_it() -> None:
    past = [{COUNTER: counted(n)} for n in (7_000, 7_700, 6_300, 7_070)]
    figure = traffic(facts({COUNTER: counted(9_000)}, usual=past))
    # median 7035; |differences| 35 665 735 35: MAD 350, x 1.4826 = 518.9; z = 1965/518.9
    assert figure.parts["usual"] == pytest.approx(7_035 / 7)
    assert figure.parts["z"] == pytest.approx(3.787, abs=1e-3)


def test_what_is_usual_is_told_for_as_many_counters_as_there_are() -> None:
    # last weeks' counter was silent half of the time: 500 in 3.5 days are 1000 in 7
    past = [{COUNTER: counted(500, 3.5, 3.5)} for _ in range(4)]
    assert traffic(facts({COUNTER: counted(1_000)}, usual=past)).parts["usual"] == pytest.approx(
        1_000 / 7
    )


def test_three_weeks_are_needed_and_weeks_within_the_period_do_not_count() -> None:
    past = [{COUNTER: counted(700)}] * 8
    assert "usual" not in traffic(facts({COUNTER: counted(700)}, usual=past[:2])).parts
    month = facts({COUNTER: counted(2_800, 28)}, FOUR_WEEKS, usual=past)
    assert "usual" in traffic(month).parts  # four to eight weeks before
    few = facts({COUNTER: counted(2_800, 28)}, FOUR_WEEKS, usual=past[:5])
    assert "usual" not in traffic(few).parts  # only four and five weeks before


# -- alerts by passages ----------------------------------------------------------------------


def test_alerts_are_counted_where_people_are() -> None:
    sums = {COUNTER: counted(20_000), BELL: states(up=70), BELL_ELSEWHERE: states(up=70)}
    rows = [alert(at(1), BELL)] * 10 + [alert(at(1), BELL_ELSEWHERE)] * 5
    figure = alerts_per_10k(facts(sums, alerts=rows))
    assert (figure.value, figure.n) == (5, 10)  # 10 in 20,000
    assert (figure.low, figure.high) == pytest.approx((4.795 / 2, 18.39 / 2), rel=1e-3)


def test_passages_past_dead_bells_do_not_count() -> None:
    # half of the bells' time is lost, and with it half of the alerts: the rate stays
    well = facts({COUNTER: counted(20_000), BELL: states(up=70)}, alerts=[alert(at(1))] * 10)
    dead = facts(
        {COUNTER: counted(20_000), BELL: states(up=35, offline=35)}, alerts=[alert(at(1))] * 5
    )
    before, after = alerts_per_10k(well), alerts_per_10k(dead)
    assert before.value == after.value == 5
    assert after.low < before.low < before.high < after.high and after.coverage == 0.5


def test_not_knowing_the_passages_widens_the_interval() -> None:
    # error of the passages: (1 - 0.5) x 0.25 = 0.125; ln high: √(ln(18.39/10)² + 1.96² x 0.125)
    half = facts(
        {COUNTER: counted(10_000, 3.5, 3.5), BELL: states(up=70)}, alerts=[alert(at(1))] * 10
    )
    figure = alerts_per_10k(half)
    assert figure.value == pytest.approx(5)
    assert figure.high == pytest.approx(5 * 2.5160, rel=1e-3)


def test_without_alerts_there_is_an_upper_limit() -> None:
    figure = alerts_per_10k(facts({COUNTER: counted(20_000), BELL: states(up=70)}))
    assert (figure.value, figure.low) == (0, 0)
    assert figure.high == pytest.approx(3.689 / 2, rel=1e-3)


def test_without_counters_or_bells_there_is_nothing_to_say() -> None:
    sums = {COUNTER: counted(20_000), BELL_ELSEWHERE: states(up=7)}
    whole = facts(sums, alerts=[alert(at(1), BELL_ELSEWHERE)])
    assert alerts_per_10k(whole).why == NO_DATA
    assert alerts_per_10k(chosen(whole, kind="bell")).why == NO_DATA
