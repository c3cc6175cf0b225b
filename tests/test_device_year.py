"""One device's year: counted by hand, and what must hold for any history."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.kpis.choice import day_of_ms, start_of
from dashboard.kpis.device_year import Known, coarse, device_year, year_ending
from dashboard.kpis.states import UNTOLD, Span, availability, coverage
from dashboard.records import (
    AlertView,
    OrderCause,
    OrderState,
    OrderView,
    Registration,
    Round,
    Status,
)

HOUR, DAY = 3_600_000, 86_400_000
OK, OUT, UNKNOWN, OFFLINE, FAULT = (
    Status.OK, Status.OUT_OF_SERVICE, Status.UNKNOWN, Status.OFFLINE, Status.FAULT,
)  # fmt: skip
NOV_1 = start_of(date(2026, 11, 1))
DEC_1 = start_of(date(2026, 12, 1))
BEGAN = start_of(date(2025, 12, 1))


def a_device(retired_ms: int | None = None) -> Registration:
    ts_ms = BEGAN if retired_ms is None else retired_ms
    return Registration("D-1", ts_ms, "light", 126.8, 37.6, retired=retired_ms is not None)


def known(*transitions: tuple[int, int], now_ms: int = DEC_1, **more: object) -> Known:
    return Known(more.pop("registration", a_device()), transitions, now_ms, **more)  # type: ignore[arg-type]


def an_order(*rounds: Round, **more: object) -> OrderView:
    given = {"order_id": "W-D-1-a", "cause": OrderCause.FAULT, "device_id": "D-1",
             "state": OrderState.OPEN, "opened_ms": rounds[0].opened_ms}  # fmt: skip
    return OrderView(**(given | more), rounds=list(rounds))  # type: ignore[arg-type]


def test_a_year_is_twelve_korean_months() -> None:
    assert year_ending(NOV_1 + 1) == (BEGAN, DEC_1)
    assert year_ending(DEC_1) == (BEGAN, DEC_1), "the moment before its end still belongs to it"
    assert year_ending(start_of(date(2027, 1, 1))) == (
        start_of(date(2026, 1, 1)), start_of(date(2027, 1, 1)),
    )  # fmt: skip


def test_a_fault_of_ten_hours_is_counted_in_its_day_and_month() -> None:
    noon = NOV_1 + 9 * DAY + 12 * HOUR
    year = device_year(known((BEGAN, OK), (noon, FAULT), (noon + 10 * HOUR, OK)), DEC_1)
    month = year.months[-1]
    assert [m.first.month for m in year.months] == [12, *range(1, 12)]
    assert month.days[9].day == date(2026, 11, 10)
    assert month.days[9].times == (14 * HOUR, 0, 0, 0, 10 * HOUR, 0)
    assert month.times == (30 * DAY - 10 * HOUR, 0, 0, 0, 10 * HOUR, 0)
    assert month.availability == pytest.approx(710 / 720)
    assert (month.failures, year.months[0].failures) == (1, 0)
    [failure] = year.failures
    assert (failure.from_ms, failure.to_ms) == (noon, noon + 10 * HOUR)
    assert (failure.statuses, failure.then) == ((FAULT,), OK)


def test_a_failure_over_midnight_belongs_to_both_days() -> None:
    late = NOV_1 + 22 * HOUR
    year = device_year(known((BEGAN, OK), (late, OFFLINE), (late + 5 * HOUR, OK)), DEC_1)
    first, second = year.months[-1].days[:2]
    assert (first.times[OFFLINE], second.times[OFFLINE]) == (2 * HOUR, 3 * HOUR)


def test_time_nobody_knows_is_told_apart_and_no_part_of_any_share() -> None:
    now = NOV_1 + 12 * HOUR
    year = device_year(known((NOV_1, OK), now_ms=now), DEC_1)
    today = year.months[-1].days[0]
    assert today.times == (12 * HOUR, 0, 0, 0, 0, 12 * HOUR)
    assert year.spans == (
        Span(BEGAN, NOV_1, UNTOLD), Span(NOV_1, now, OK), Span(now, DEC_1, UNTOLD)
    )  # fmt: skip
    assert availability(today.times) == coverage(today.times) == 1
    assert year.months[0].availability is year.months[0].coverage is None


def test_a_device_never_heard_has_a_year_of_which_nothing_is_known() -> None:
    year = device_year(known(), DEC_1)
    assert year.times == (0, 0, 0, 0, 0, 365 * DAY)
    assert (year.failures, year.repairs, year.alerts) == ((), (), ())


def test_out_of_service_and_unknown_are_no_failures_but_unknown_lowers_coverage() -> None:
    year = device_year(
        known((NOV_1, OK), (NOV_1 + DAY, OUT), (NOV_1 + 2 * DAY, UNKNOWN),
              (NOV_1 + 3 * DAY, OK), now_ms=NOV_1 + 4 * DAY), DEC_1
    )  # fmt: skip
    assert year.failures == ()
    assert year.months[-1].availability == 1
    assert year.months[-1].coverage == pytest.approx(2 / 3)


def test_fault_and_silence_in_one_stretch_are_one_failure() -> None:
    at = NOV_1
    moves = ((BEGAN, OK), (at, FAULT), (at + HOUR, OFFLINE), (at + 2 * HOUR, FAULT),
             (at + 3 * HOUR, UNKNOWN), (at + 4 * HOUR, OFFLINE), (at + 5 * HOUR, OK))  # fmt: skip
    later, first = device_year(known(*moves), DEC_1).failures
    assert (first.from_ms, first.to_ms, first.then) == (at, at + 3 * HOUR, UNKNOWN)
    assert first.statuses == (FAULT, OFFLINE)
    assert (later.from_ms, later.to_ms, later.then) == (at + 4 * HOUR, at + 5 * HOUR, OK)


def test_a_failure_that_lasts_has_no_end_and_one_from_before_is_not_counted_as_begun() -> None:
    year = device_year(known((BEGAN - DAY, FAULT), (BEGAN + DAY, OK), (NOV_1, OFFLINE)), DEC_1)
    lasting, before = year.failures
    assert (lasting.to_ms, lasting.then) == (None, None)
    assert before.from_ms == BEGAN - DAY
    assert year.began == 1
    assert year.months[0].times[FAULT] == DAY, "only what lies in the year"


def test_what_ended_before_the_year_is_left_out() -> None:
    year = device_year(known((BEGAN - 2 * DAY, FAULT), (BEGAN - DAY, OK)), DEC_1)
    assert year.failures == () and year.times[OK] == 365 * DAY


def test_nothing_is_told_of_a_device_after_it_was_taken_down() -> None:
    gone = a_device(retired_ms=NOV_1 + DAY)
    year = device_year(known((BEGAN, OK), registration=gone), DEC_1)
    assert year.months[-1].times == (DAY, 0, 0, 0, 0, 29 * DAY)


def test_fault_codes_come_from_the_work_order_of_the_same_trouble() -> None:
    at = NOV_1 + HOUR
    moves = ((BEGAN, OK), (at, FAULT), (at + DAY, OK), (at + 2 * DAY, FAULT), (at + 3 * DAY, OK))
    rounds = (Round(at, at + HOUR, faults=["lamp_out"]),
              Round(at + 2 * DAY, at + 2 * DAY + HOUR, faults=["pole_tilt"]))  # fmt: skip
    second, first = device_year(known(*moves, orders=[an_order(*rounds)]), DEC_1).failures
    assert (first.codes, second.codes) == (("lamp_out",), ("pole_tilt",))


def test_repairs_are_rounds_open_at_some_time_of_the_year() -> None:
    old = an_order(Round(BEGAN - 9 * DAY, BEGAN - 8 * DAY, verified_ms=BEGAN - DAY))
    across = an_order(Round(BEGAN - 2 * DAY, BEGAN - DAY, verified_ms=BEGAN + DAY))
    cancelled = an_order(Round(NOV_1, NOV_1 + HOUR), closed_ms=NOV_1 + DAY)
    next_year = an_order(Round(DEC_1 + DAY, DEC_1 + 2 * DAY))
    year = device_year(known(orders=[old, across, cancelled, next_year]), DEC_1)
    assert [one.order for one in year.repairs] == [cancelled, across]
    assert [one.ended_ms for one in year.repairs] == [NOV_1 + DAY, BEGAN + DAY]


def test_alerts_of_the_year_are_newest_first_and_none_is_not_nothing() -> None:
    alerts = [AlertView(str(at), "bell", 1, "closed", at) for at in (BEGAN - 1, BEGAN, NOV_1)]
    found = device_year(known(alerts=alerts), DEC_1).alerts
    assert found is not None and [one.raised_ms for one in found] == [NOV_1, BEGAN]
    assert device_year(known(alerts=None), DEC_1).alerts is None


moves = st.lists(st.tuples(st.integers(-40 * 24, 400 * 24 * 60), st.sampled_from(Status)))


@given(moves, st.integers(-DAY, 400 * DAY), st.booleans())
def test_days_are_whole_and_the_year_is_their_sum(
    raw: list[tuple[int, Status]], now: int, retired: bool
) -> None:
    transitions = sorted(((BEGAN + m * 60_000, s) for m, s in raw), key=lambda row: row[0])
    registration = a_device(retired_ms=NOV_1 if retired else None)
    year = device_year(known(*transitions, now_ms=BEGAN + now, registration=registration), DEC_1)
    assert all(sum(day.times) == DAY for day in year.days)
    assert [day.day for day in year.days] == [day_of_ms(BEGAN + n * DAY) for n in range(365)]
    assert sum(year.times) == 365 * DAY
    assert all(
        sum(m.times[k] for m in year.months) == year.times[k]
        for k in range(UNTOLD + 1)
    )  # fmt: skip
    assert year.spans[0].from_ms == BEGAN and year.spans[-1].to_ms == DEC_1
    for before, after in zip(year.spans, year.spans[1:], strict=False):
        assert before.to_ms == after.from_ms and before.status != after.status
    for span in year.spans:
        assert span.to_ms > span.from_ms


@given(moves)
def test_failures_are_the_time_spent_in_fault_and_silence(raw: list[tuple[int, Status]]) -> None:
    times = {max(m, 0): s for m, s in raw}
    transitions = [(BEGAN + m * 60_000, s) for m, s in sorted(times.items())]
    year = device_year(known(*transitions), DEC_1)
    end = min(DEC_1, year.now_ms)
    lost = sum((f.to_ms or end) - f.from_ms for f in year.failures)
    assert lost == year.times[FAULT] + year.times[OFFLINE]
    assert sum(month.failures for month in year.months) == len(year.failures)
    expected = sum(
        new in (FAULT, OFFLINE) and old not in (FAULT, OFFLINE) and at < DEC_1
        for (at, new), old in zip(transitions, [OK, *(s for _, s in transitions)], strict=False)
    )
    assert len(year.failures) == expected


def test_a_coarse_year_has_no_alerts_and_says_nothing_of_tampering() -> None:
    moves = ((BEGAN, OK), (NOV_1, FAULT), (NOV_1 + DAY, OK))
    one = Round(NOV_1, NOV_1 + HOUR, faults=["tamper", "lamp_out"])
    alerts = [AlertView("A-1", "tamper", 3, "closed", NOV_1)]
    year = coarse(device_year(known(*moves, orders=[an_order(one)], alerts=alerts), DEC_1))
    assert year.alerts is None
    assert year.failures[0].codes == ("lamp_out",)
    assert year.repairs[0].round.faults == ["lamp_out"] != one.faults
