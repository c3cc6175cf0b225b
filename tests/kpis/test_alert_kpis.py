"""Alerts: small cases by hand. The week begins at day 0 and ends at day 7."""

from __future__ import annotations

import pytest

from dashboard.kpis import alerts
from dashboard.kpis.estimates import wilson
from dashboard.kpis.figure import NO_DATA
from dashboard.stream.rollups import Group
from tests.kpis.facts_builder import (
    BELL,
    CAMERA,
    GATEWAY,
    LIGHT,
    MINUTE_MS,
    alert,
    at,
    chosen,
    facts,
    judged,
    states,
)

APP = Group("", "z1", "r1")  # a call from somewhere, without a device


# -- how often -------------------------------------------------------------------------------


def test_the_rate_is_alerts_by_time_in_working_order() -> None:
    # 10 alerts in 300 + 100 device-days: 2.5 per 100. The 50 days down are no exposure.
    sums = {BELL: states(up=300, offline=50), CAMERA: states(up=100), LIGHT: states(up=1000)}
    rows = [alert(at(1), BELL)] * 7 + [alert(at(2), CAMERA, "fight")] * 3
    figure = alerts.alert_rate(facts(sums, alerts=rows))
    assert (figure.value, figure.n) == (2.5, 10)
    assert (figure.low, figure.high) == pytest.approx((4.795 / 4, 18.39 / 4), rel=1e-3)
    assert figure.coverage == pytest.approx(400 / 450)


def test_tests_gateways_and_apps_are_no_calls_of_bells_and_cameras() -> None:
    rows = [
        alert(at(1), BELL),
        alert(at(1), BELL, actual=False),
        alert(at(1), GATEWAY, "gateway_down"),
        alert(at(1), APP, "sos_app"),
    ]
    figure = alerts.alert_rate(facts({BELL: states(up=100)}, alerts=rows))
    assert figure.value == 1
    told = [figure.parts[name] for name in ("alerts", "from_apps", "from_gateways")]
    assert told == [1, 1, 1]


def test_dead_bells_do_not_lower_the_rate() -> None:
    all_well = facts({BELL: states(up=200)}, alerts=[alert(at(1))] * 20)
    half_dead = facts({BELL: states(up=100, offline=100)}, alerts=[alert(at(1))] * 10)
    before, after = alerts.alert_rate(all_well), alerts.alert_rate(half_dead)
    assert before.value == after.value == 10
    assert after.coverage == 0.5
    assert after.low < before.low and before.high < after.high


def test_where_nothing_can_raise_an_alert_there_is_no_rate() -> None:
    whole = facts({BELL: states(up=7), LIGHT: states(up=7)}, alerts=[alert()])
    assert alerts.alert_rate(chosen(whole, kind="light")).why == NO_DATA


# -- how many false --------------------------------------------------------------------------


def test_false_is_mistaken_and_malfunction_among_those_with_such_a_verdict() -> None:
    rows = [
        *judged("real", 6),
        *judged("mistaken", 3),
        *judged("malfunction", 1),
        *judged("test", 5),
        *judged("unknown", 2),
        *[alert()] * 4,
    ]
    figure = alerts.false_alarms(facts({BELL: states(up=7)}, alerts=rows))
    assert (figure.value, figure.n) == (0.4, 10)
    assert (figure.low, figure.high) == wilson(0.4, 10)
    assert figure.parts == {
        "real": 6, "mistaken": 3, "malfunction": 1, "test": 5, "unclear": 2, "no_verdict": 4,
    }  # fmt: skip


def test_the_published_bells_of_jeju() -> None:
    rows = [*judged("real", 6), *judged("mistaken", 693)]  # 6 real of 699
    figure = alerts.false_alarms(facts(alerts=rows))
    assert figure.value == pytest.approx(0.99142, abs=1e-5)
    assert (figure.low, figure.high) == pytest.approx((0.98141, 0.99606), abs=1e-5)


def test_a_gateway_that_failed_was_no_false_alarm() -> None:
    down = alert(at(1), GATEWAY, "gateway_down", verdict="malfunction", closed=at(2))
    figure = alerts.false_alarms(facts(alerts=[*judged("real", 3), *judged("mistaken", 1), down]))
    assert (figure.value, figure.n) == (0.25, 4)
    assert figure.parts["malfunction"] == figure.parts["no_verdict"] == 0


# -- how many nobody judged ------------------------------------------------------------------


def unjudged(*rows: dict) -> tuple[float | None, int]:
    figure = alerts.unverified(facts(alerts=list(rows)))
    return figure.value, figure.n


def test_everyone_has_a_day_to_judge() -> None:
    in_time = alert(at(1), verdict="real", closed=at(2))
    late = alert(at(1), verdict="real", closed=at(2, seconds=1))
    never = alert(at(1))
    unclear = alert(at(1), verdict="unknown", closed=at(1, hours=1))
    cleared = alert(at(1), closed=at(1, hours=1), cleared=at(1, hours=1))
    assert unjudged(in_time) == (0, 1)
    assert [unjudged(one) for one in (late, never, unclear, cleared)] == [(1, 1)] * 4


def test_alerts_of_the_last_day_are_not_held_against_anyone_yet() -> None:
    assert unjudged(alert(at(6, seconds=1))) == (None, 0)
    assert unjudged(alert(at(6))) == (1, 1)


def test_dead_gateways_and_tests_need_no_verdict() -> None:
    assert unjudged(alert(at(1), GATEWAY, "gateway_down")) == (None, 0)
    assert unjudged(alert(at(1), actual=False)) == (None, 0)


def test_a_share_that_nobody_judged() -> None:
    figure = alerts.unverified(facts(alerts=[*judged("real", 3), alert(at(1))]))
    assert (figure.value, figure.n) == (0.25, 4)
    assert figure.parts == {"unclear": 0, "no_verdict": 1}
    assert (figure.low, figure.high) == wilson(0.25, 4)


# -- how soon --------------------------------------------------------------------------------


def taken_after(*minutes: float, priority: int = 1) -> list[dict]:
    return [alert(at(1), acked=at(1, minutes=m), priority=priority) for m in minutes]


def test_the_median_time_to_acknowledge() -> None:
    figure = alerts.mtta(facts(alerts=taken_after(1, 2, 10)))
    assert (figure.value, figure.n) == (2 * MINUTE_MS, 3)
    assert figure.parts["mean"] == 260_000 and figure.parts["open"] == 0


def test_alerts_nobody_took_have_waited_at_least_so_long() -> None:
    # 1: 4/5 left, 2: 3/5, 10: 2/5
    open_ones = [alert(at(2)), alert(at(3))]
    assert alerts.mtta(facts(alerts=taken_after(1, 2, 10) + open_ones)).value == 10 * MINUTE_MS


def test_what_the_field_cleared_before_anyone_came_waited_until_then() -> None:
    # two cleared after half a minute: of the other three, 1: 2/3 left, 2: 1/3
    cleared = alert(at(1), cleared=at(1, minutes=0.5), closed=at(1, minutes=0.5))
    figure = alerts.mtta(facts(alerts=[*taken_after(1, 2, 10), cleared, cleared]))
    assert figure.value == 2 * MINUTE_MS and figure.parts["open"] == 2


def test_closing_with_a_verdict_is_taking() -> None:
    row = alert(at(1), verdict="mistaken", closed=at(1, minutes=4))
    assert alerts.mtta(facts(alerts=[row])).value == 4 * MINUTE_MS


def test_the_first_priority_is_told_apart() -> None:
    rows = taken_after(1, 2, 3) + taken_after(50, 60, 70, 80, priority=3)
    figure = alerts.mtta(facts(alerts=rows))
    assert figure.value == 50 * MINUTE_MS and figure.parts["p1"] == 2 * MINUTE_MS


def test_what_is_taken_after_the_period_was_open_at_its_end() -> None:
    late = alert(at(6, hours=23), acked=at(7, hours=1))
    figure = alerts.mtta(facts(alerts=[late], now_ms=at(9)))
    assert figure.censored and figure.parts["open"] == 1
    assert figure.value == 60 * MINUTE_MS


def test_time_to_close_counts_what_is_open_as_at_least_its_age() -> None:
    rows = [alert(at(1), closed=at(1, minutes=m)) for m in (10, 20, 30)]
    assert alerts.time_to_close(facts(alerts=rows)).value == 20 * MINUTE_MS
    figure = alerts.time_to_close(facts(alerts=[*rows, alert(at(2)), alert(at(2))]))
    assert figure.value == 30 * MINUTE_MS and figure.parts["open"] == 2


def test_all_carry_the_coverage_of_what_can_call_for_help() -> None:
    whole = facts({BELL: states(up=3, offline=1), LIGHT: states(up=9)}, alerts=judged("real", 3))
    for value in (alerts.false_alarms, alerts.unverified, alerts.mtta, alerts.time_to_close):
        assert value(whole).coverage == 0.75
