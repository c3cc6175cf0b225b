"""Periods are those of a Korean calendar, and what cannot be is refused with a reason.

2026 begins on a Thursday and so has 53 ISO weeks; 2025 and 2027 have 52; 2028 is a leap year.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.errors import BadChoice
from dashboard.kpis.choice import (
    Period,
    day_of_ms,
    named,
    period_of,
    start_of,
)
from dashboard.stream.rollups import DAY_MS


def ms(text: str) -> int:
    """UTC."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


NOW = ms("2026-11-25 01:30")  # Wednesday, 10:30 in Korea


def days(period: Period) -> tuple[str, str]:
    return str(period.first), str(period.last)


def of(now: int = NOW, **query: str) -> Period:
    if "from_" in query:
        query["from"] = query.pop("from_")
    return period_of(query, now)


# -- days in Korea ---------------------------------------------------------------------------


def test_a_day_begins_at_three_in_the_afternoon_utc() -> None:
    assert start_of(date(2026, 11, 25)) == ms("2026-11-24 15:00")
    assert day_of_ms(ms("2026-11-24 14:59")) == date(2026, 11, 24)
    assert day_of_ms(ms("2026-11-24 15:00")) == date(2026, 11, 25)


def test_just_after_midnight_in_korea_yesterday_is_over() -> None:
    before, after = ms("2026-10-31 14:59"), ms("2026-10-31 15:00")  # 23:59 and 00:00 of 1 Nov
    assert days(of(before, period="7d")) == ("2026-10-24", "2026-10-30")
    assert days(of(after, period="7d")) == ("2026-10-25", "2026-10-31")


@given(st.dates(date(1971, 1, 1), date(2100, 1, 1)))
def test_every_day_has_twenty_four_hours(day: date) -> None:
    start = start_of(day)
    assert day_of_ms(start) == day and day_of_ms(start + DAY_MS - 1) == day
    assert day_of_ms(start - 1) < day


# -- words -----------------------------------------------------------------------------------


def test_without_a_word_it_is_the_28_days_that_ended_yesterday() -> None:
    assert days(of()) == ("2026-10-28", "2026-11-24")


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("today", "2026-11-25", "2026-11-25"),
        ("week", "2026-11-23", "2026-11-25"),  # since Monday
        ("month", "2026-11-01", "2026-11-25"),
        ("year", "2026-01-01", "2026-11-25"),
        ("2026-W47", "2026-11-16", "2026-11-22"),
        ("2026-W48", "2026-11-23", "2026-11-29"),  # in progress: its rest is not known yet
        ("2026-10", "2026-10-01", "2026-10-31"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-12", "2025-12-01", "2025-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2025-Q4", "2025-10-01", "2025-12-31"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("2026-W01", "2025-12-29", "2026-01-04"),  # a week belongs to the year of its Thursday
    ],
)
def test_a_word_means_days_of_the_calendar(word: str, first: str, last: str) -> None:
    assert days(of(period=word)) == (first, last)


def test_the_53rd_week_reaches_into_the_new_year() -> None:
    now = ms("2027-02-01 00:00")
    assert days(of(now, period="2026-W53")) == ("2026-12-28", "2027-01-03")
    assert days(of(now, period="2027-W01")) == ("2027-01-04", "2027-01-10")


def test_a_year_without_a_53rd_week_has_none() -> None:
    with pytest.raises(BadChoice, match="unknown_period"):
        of(period="2025-W53")


# -- before, and a year ago ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "before"),
    [
        ("2026-W01", "2025-W52"),
        ("2027-W01", "2026-W53"),
        ("2026-01", "2025-12"),
        ("2026-03", "2026-02"),
        ("2026-Q1", "2025-Q4"),
        ("2026", "2025"),
    ],
)
def test_the_one_before_is_the_calendars(word: str, before: str) -> None:
    assert named(word).previous() == named(before)


def test_march_is_compared_with_a_whole_february_though_it_is_shorter() -> None:
    assert days(named("2028-03").previous()) == ("2028-02-01", "2028-02-29")


def test_before_28_days_are_the_28_days_before() -> None:
    assert days(of(period="28d").previous()) == ("2026-09-30", "2026-10-27")


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("2026-10", "2025-10-01", "2025-10-31"),
        ("2029-02", "2028-02-01", "2028-02-29"),
        ("2028-02", "2027-02-01", "2027-02-28"),
        ("2026-W47", "2025-11-17", "2025-11-23"),
        ("2026-W53", "2025-12-29", "2026-01-04"),  # 52 weeks before: 2025 has no week 53
    ],
)
def test_a_year_ago_is_the_same_part_of_the_calendar(word: str, first: str, last: str) -> None:
    assert days(named(word).last_year()) == (first, last)


def test_the_leap_day_has_its_28th_of_february() -> None:
    now = ms("2028-03-10 00:00")
    leap_day = of(now, from_="2028-02-29", to="2028-02-29")
    assert days(leap_day.last_year()) == ("2027-02-28", "2027-02-28")


def test_a_year_ago_has_as_many_days_across_a_leap_day() -> None:
    now = ms("2028-04-10 00:00")
    around = of(now, from_="2028-02-20", to="2028-03-10")
    year_ago = around.last_year()
    assert days(year_ago) == ("2027-02-20", "2027-03-11")
    assert year_ago.to_ms - year_ago.from_ms == around.to_ms - around.from_ms


@given(st.integers(2000, 2090), st.integers(1, 12))
def test_months_follow_each_other_without_a_gap(year: int, month: int) -> None:
    this = named(f"{year}-{month:02}")
    assert this.previous().to_ms == this.from_ms and this.whole_days


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_every_day_lies_in_its_iso_week(day: date) -> None:
    year, number, weekday = day.isocalendar()
    week = named(f"{year}-W{number:02}")
    assert week.from_ms + (weekday - 1) * DAY_MS == start_of(day)
    assert week.previous().to_ms == week.from_ms
    year_ago = week.last_year()
    assert year_ago.to_ms - year_ago.from_ms == 7 * DAY_MS
    assert 357 <= (week.from_ms - year_ago.from_ms) / DAY_MS <= 371
