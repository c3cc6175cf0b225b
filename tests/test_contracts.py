"""When a repair is due: counted by hand over nights, weekends, Seollal and Chuseok."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.contracts import (
    DAY_MS,
    KST_MS,
    clock_ms,
    contract_for,
    date_of,
    due_ms,
    is_working_day,
    midnight_ms,
)
from dashboard.errors import BadSettings
from dashboard.site import Calendar, Contract
from data_sources.sites import _calendar
from tests.builders import SITE

CALENDAR = Calendar()  # 09:00 to 18:00, Korean holidays
WORK = Contract("V", "", repair_h=18, parts_h=27)  # two working days; three more with parts
CLOCK = Contract("V", "bell", repair_h=24, calendar="always", parts_h=48)


def kst(text: str) -> int:
    """ "2026-02-13 17:00" in KST."""
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(hours=9)
    return round(moment.timestamp() * 1000)


def said(at_ms: int) -> str:
    return datetime.fromtimestamp((at_ms + KST_MS) / 1000, UTC).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("opened", "due", "why"),
    [
        ("2026-03-04 10:30", "2026-03-06 10:30", "8 h + 9 h + 1 h on three plain days"),
        ("2026-03-04 23:10", "2026-03-06 18:00", "at night: the clock starts at nine"),
        ("2026-03-04 03:00", "2026-03-05 18:00", "before nine"),
        ("2026-03-04 18:00", "2026-03-06 18:00", "nothing of the first day is left"),
        ("2026-03-06 17:00", "2026-03-10 17:00", "Friday, one hour; Monday; Tuesday"),
        ("2026-03-07 12:00", "2026-03-10 18:00", "on a Saturday"),
        # Seollal 2026: 16, 17 and 18 February, Monday to Wednesday
        ("2026-02-13 16:00", "2026-02-20 16:00", "2 h, Thursday 19th, 7 h of the 20th"),
        ("2026-02-17 10:00", "2026-02-20 18:00", "on Seollal itself"),
        # Chuseok 2026: 24 to 26 September, Thursday to Saturday
        ("2026-09-23 09:00", "2026-09-28 18:00", "Wednesday, then Monday"),
        # 2026: 3 October is a Saturday, so Monday 5 October is off; Friday 9 October, Hangul Day
        ("2026-10-02 12:00", "2026-10-07 12:00", "a substitute holiday"),
        ("2026-10-08 09:00", "2026-10-12 18:00", "Thursday, then Monday"),
        ("2026-12-31 17:30", "2027-01-05 17:30", "over the new year, a Friday"),
    ],
)
def test_it_counts_working_hours(opened: str, due: str, why: str) -> None:
    assert said(due_ms(kst(opened), WORK, CALENDAR)) == due, why


def test_it_grants_hours_for_parts_once() -> None:
    opened = kst("2026-03-02 10:00")  # a substitute holiday: 1 March was a Sunday
    assert said(due_ms(opened, WORK, CALENDAR)) == "2026-03-04 18:00"
    assert said(due_ms(opened, WORK, CALENDAR, parts=True)) == "2026-03-09 18:00"
    assert due_ms(opened, CLOCK, CALENDAR, parts=True) == opened + 3 * DAY_MS


def test_a_contract_around_the_clock_knows_no_holidays() -> None:
    opened = kst("2026-02-16 23:59")
    assert due_ms(opened, CLOCK, CALENDAR) == opened + DAY_MS


def test_days_of_the_city_s_own_are_off() -> None:
    ours = replace(CALENDAR, extra=("2026-03-05",))
    assert said(due_ms(kst("2026-03-04 09:00"), WORK, ours)) == "2026-03-06 18:00"


def test_half_hours_of_work_count() -> None:
    early = replace(CALENDAR, working_from="08:30", working_to="17:30")
    assert said(due_ms(kst("2026-03-04 07:00"), WORK, early)) == "2026-03-05 17:30"


def test_the_contract_for_just_this_kind_goes_first() -> None:
    assert contract_for(SITE, "Gaon", "bell").repair_h == 24
    assert contract_for(SITE, "Gaon", "light").repair_h == 18
    assert contract_for(SITE, "Nobody", "light") is None


def test_a_date_begins_at_midnight_in_korea() -> None:
    assert midnight_ms("2026-02-17") == kst("2026-02-17 00:00")
    assert midnight_ms("") is None and midnight_ms("soon") is None
    assert date_of(kst("2026-02-17 00:00")) == "2026-02-17"
    assert date_of(kst("2026-02-17 00:00") - 1) == "2026-02-16"


@pytest.mark.parametrize(
    "nonsense",
    [{"working_from": "18:00"}, {"working_to": "25:00"}, {"working_from": "nine"},
     {"country": "XX"}],
)  # fmt: skip
def test_a_calendar_by_which_nothing_falls_due_is_refused_at_the_start(
    nonsense: dict[str, str],
) -> None:
    with pytest.raises(BadSettings):
        _calendar(nonsense, ())
    with pytest.raises(BadSettings):
        _calendar({}, (replace(WORK, calendar="sometimes"),))


_moments = st.integers(kst("2020-01-01 00:00"), kst("2035-01-01 00:00"))
_hours = st.floats(0.0, 200.0)


@given(_moments, _hours)
def test_it_is_due_within_working_time_and_never_before_it_was_asked_for(
    opened: int, hours: float
) -> None:
    due = due_ms(opened, replace(WORK, repair_h=hours), CALENDAR)
    assert due >= opened + round(hours * 3_600_000)
    day, of_day = divmod(due + KST_MS, DAY_MS)
    assert is_working_day(day, CALENDAR)
    assert clock_ms("09:00") <= of_day <= clock_ms("18:00")


@given(_moments, st.integers(0, 20 * DAY_MS), _hours, st.floats(0.0, 50.0))
def test_who_asks_later_or_for_more_never_gets_it_earlier(
    opened: int, later: int, hours: float, more: float
) -> None:
    contract = replace(WORK, repair_h=hours, parts_h=more)
    due = due_ms(opened, contract, CALENDAR)
    assert due_ms(opened + later, contract, CALENDAR) >= due
    assert due_ms(opened, contract, CALENDAR, parts=True) >= due


@given(_moments, _hours)
def test_exactly_the_hours_lie_between(opened: int, hours: float) -> None:
    """Counted again minute by minute."""
    opened -= opened % 60_000
    minutes = round(hours * 60)
    due = due_ms(opened, replace(WORK, repair_h=minutes / 60), CALENDAR)
    worked = 0
    for minute in range(opened, due, 60_000):
        day, of_day = divmod(minute + KST_MS, DAY_MS)
        if clock_ms("09:00") <= of_day < clock_ms("18:00"):
            worked += is_working_day(day, CALENDAR)
    assert worked == minutes
