"""Response legs: small cases by hand. The week begins at day 0 and ends at day 7."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.kpis import response
from dashboard.kpis.facts import NONE, Facts
from dashboard.kpis.figure import NO_DATA, Figure
from tests.kpis.facts_builder import MINUTE_MS, alert, at, facts, incident

Leg = Callable[[Facts], Figure]


def minutes(leg: Leg, **rows: list[dict]) -> float | None:
    value = leg(facts(**rows)).value
    return None if value is None else value / MINUTE_MS


def test_delivery_is_from_the_field_to_the_control_room() -> None:
    rows = [alert(at(1), arrived=at(1, seconds=s)) for s in (1, 2, 9)]
    figure = response.delivered(facts(alerts=rows))
    assert (figure.value, figure.n) == (2_000, 3)
    assert figure.parts["p90"] == figure.parts["p95"] == 9_000


def test_what_comes_more_than_an_hour_late_was_written_in() -> None:
    rows = [alert(at(1), arrived=at(1, seconds=2)), alert(at(1), arrived=at(1, hours=1, seconds=1))]
    figure = response.delivered(facts(alerts=rows))
    assert (figure.value, figure.n) == (2_000, 1) and figure.parts["written_in"] == 1
    assert response.acknowledged(facts(alerts=rows)).n == 1


def test_a_field_clock_that_is_ahead_gives_nought() -> None:
    assert response.delivered(facts(alerts=[alert(at(1), arrived=at(1) - 5_000)])).value == 0


def test_acknowledging_is_counted_from_delivery() -> None:
    row = alert(at(1), arrived=at(1, minutes=1), acked=at(1, minutes=4))
    assert minutes(response.acknowledged, alerts=[row]) == 3


def test_what_the_field_closed_before_anyone_took_it_is_left_out() -> None:
    gone = alert(at(1), closed=at(1, minutes=1))
    figure = response.acknowledged(facts(alerts=[gone]))
    assert figure.value is None and figure.parts["without"] == 1


def test_dispatch_is_counted_from_the_report() -> None:
    rows = [incident(at(1), dispatched=at(1, minutes=m)) for m in (1, 3, 8)]
    assert minutes(response.dispatched, incidents=rows) == 3


def test_incidents_that_ended_without_a_patrol_are_counted_apart() -> None:
    rows = [incident(at(1), dispatched=at(1, minutes=3)), incident(at(1), closed=at(1, minutes=1))]
    figure = response.dispatched(facts(incidents=rows))
    assert figure.value == 3 * MINUTE_MS and figure.n == 1 and figure.parts["without"] == 1


def test_a_patrol_still_under_way_counts_as_at_least_so_long() -> None:
    there = [incident(at(1), dispatched=at(1), arrived=at(1, minutes=m)) for m in (4, 6, 8)]
    under_way = [incident(at(6), dispatched=at(6))] * 2
    assert minutes(response.arrived, incidents=there) == 6
    # 4: 4/5 left, 6: 3/5, 8: 2/5
    assert minutes(response.arrived, incidents=there + under_way) == 8


def test_arrival_is_counted_from_dispatch_only_where_there_was_one() -> None:
    figure = response.arrived(facts(incidents=[incident(at(1), arrived=at(1, minutes=9))]))
    assert figure.why == NO_DATA and figure.n == 0


def test_closing_is_counted_from_acknowledging() -> None:
    rows = [alert(at(1), acked=at(1, minutes=2), closed=at(1, minutes=12)), alert(at(1))]
    figure = response.closed(facts(alerts=rows))
    assert figure.value == 10 * MINUTE_MS and figure.n == 1


def test_exercises_count_in_no_leg() -> None:
    whole = facts(
        alerts=[alert(at(1), actual=False, acked=at(2), closed=at(3))],
        incidents=[incident(at(1), actual=False, dispatched=at(2), arrived=at(3))],
    )
    for name in ("delivered", "acknowledged", "dispatched", "arrived", "closed"):
        assert getattr(response, name)(whole).why == NO_DATA


def test_an_alert_whose_arrival_is_not_known_was_not_delivered_yet() -> None:
    figure = response.delivered(facts(alerts=[alert(at(1), arrived=NONE)]))
    assert figure.censored and figure.parts["open"] == 1
