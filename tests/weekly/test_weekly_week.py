"""ISO weeks in Korea: where they begin, what they are called, and what they are held against."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.errors import BadChoice
from dashboard.kpis.choice import Period
from dashboard.weekly.week import WEEK_MS, WEEKS, Week, spans_of

KOREA = ZoneInfo("Asia/Seoul")
DAY = timedelta(days=1)
YEARS = range(2015, 2041)
days = st.dates(date(2015, 1, 1), date(2040, 12, 31))
mondays = days.map(lambda day: day - day.weekday() * DAY)


def ms(day: date) -> int:
    """Midnight in Korea."""
    return int(datetime(day.year, day.month, day.day, tzinfo=KOREA).timestamp()) * 1_000


def span(first: date, after: date) -> tuple[int, int]:
    return ms(first), ms(after)


def told(period: Period) -> tuple[int, int]:
    return period.from_ms, period.to_ms


def weeks_of(year: int) -> int:
    return date(year, 12, 28).isocalendar().week


@given(days, st.integers(0, 86_399_999))
def test_every_moment_lies_in_the_week_of_its_day_in_korea(day: date, offset_ms: int) -> None:
    week, iso = Week.at(ms(day) + offset_ms), day.isocalendar()
    assert (week.year, week.number) == (iso.year, iso.week)
    assert week.word == f"{iso.year}-W{iso.week:02}"
    assert week.from_ms <= ms(day) + offset_ms < week.to_ms


def test_a_week_begins_on_monday_at_midnight_in_korea() -> None:
    week = Week.of("2026-W47")
    assert told(week.period) == span(date(2026, 11, 16), date(2026, 11, 23))
    begins = datetime.fromtimestamp(week.from_ms / 1_000, KOREA)
    assert begins.isoformat() == "2026-11-16T00:00:00+09:00"
    assert Week.at(week.from_ms - 1) == week.plus(-1)


@pytest.mark.parametrize("year", YEARS)
def test_a_year_has_the_weeks_of_the_calendar(year: int) -> None:
    words = [f"{year}-W{n:02}" for n in range(1, weeks_of(year) + 1)]
    weeks = [Week.of(word) for word in words]
    assert [week.word for week in weeks] == words
    assert all(one.to_ms == other.from_ms for one, other in zip(weeks, weeks[1:], strict=False))
    assert weeks[-1].plus(1).word == f"{year + 1}-W01"
    with pytest.raises(BadChoice):
        Week.of(f"{year}-W{len(words) + 1:02}")


def test_a_week_across_new_year_belongs_to_the_year_of_its_thursday() -> None:
    assert Week.at(ms(date(2027, 1, 3))).word == "2026-W53"
    assert Week.at(ms(date(2027, 1, 4))).word == "2027-W01"
    assert Week.at(ms(date(2025, 12, 29))).word == "2026-W01"


def test_it_has_settled_on_monday_at_six() -> None:
    settled = datetime.fromtimestamp(Week.of("2026-W53").settled_ms / 1_000, KOREA)
    assert settled.isoformat() == "2027-01-04T06:00:00+09:00"


@pytest.mark.parametrize(
    "word",
    ["", "2026-W00", "2026-W54", "2025-W53", "2026W47", "2026-w47", "2026-W7", "2026-W047",
     "2026-W47 ", "2026-W47\n", "-2026-W47", "2026-47", "٢٠٢٦-W47", "2026-W٤٧", "0000-W01",
     "0001-W01", "1969-W52", "9999-W01", "9999-W52"],
)  # fmt: skip
def test_it_refuses_what_is_no_week(word: str) -> None:
    with pytest.raises(BadChoice):
        Week.of(word)


@given(st.text(max_size=12))
def test_it_refuses_any_other_word_in_one_way(word: str) -> None:
    try:
        assert Week.of(word).word == word
    except BadChoice:
        pass


@given(st.sampled_from(["1970-W01", "1970-W53", "9998-W01", "9998-W52"]))
def test_any_week_it_knows_has_all_its_spans(word: str) -> None:
    assert len(spans_of(Week.of(word)).periods) == 4 + 7 + WEEKS - 1


@given(mondays)
def test_it_is_held_against_the_spans_of_the_calendar(monday: date) -> None:
    week, after = Week(monday), monday + 7 * DAY
    year, number = monday.isocalendar()[:2]
    spans = spans_of(week)
    then = date.fromisocalendar(year - 1, min(number, weeks_of(year - 1)), 1)
    assert told(spans.d28) == span(after - 28 * DAY, after)
    assert told(spans.year) == span(date.fromisocalendar(year, 1, 1), after)
    assert told(spans.last_year_week) == span(then, then + 7 * DAY)
    assert told(spans.last_year) == span(date.fromisocalendar(year - 1, 1, 1), then + 7 * DAY)
    assert [told(one) for one in spans.days] == [
        span(monday + n * DAY, monday + (n + 1) * DAY) for n in range(7)
    ]
    assert [told(one) for one in spans.past] == [
        span(monday - 7 * n * DAY, monday - 7 * (n - 1) * DAY) for n in range(WEEKS - 1, 0, -1)
    ]


@given(mondays)
def test_spans_are_whole_weeks_and_a_year_to_date_has_as_many_as_its_number(monday: date) -> None:
    week = Week(monday)
    spans = spans_of(week)
    assert (spans.year.to_ms - spans.year.from_ms) == week.number * WEEK_MS
    assert all((one.to_ms - one.from_ms) % WEEK_MS == 0 for one in spans.periods[:4] + spans.past)


@given(mondays)
def test_last_year_has_as_many_weeks_but_for_a_53rd(monday: date) -> None:
    week = Week(monday)
    assert week.last_year().year == week.year - 1
    if week.number < 53:
        assert week.last_year().number == week.number
    else:
        assert week.last_year() == Week.of(f"{week.year}-W01").plus(-1)


@given(mondays, st.integers(-300, 300))
def test_steps_are_seven_days_and_lead_back(monday: date, weeks: int) -> None:
    week = Week(monday)
    assert week.plus(weeks).from_ms == week.from_ms + weeks * WEEK_MS
    assert week.plus(weeks).plus(-weeks) == week
    assert (week.plus(weeks) > week) == (weeks > 0)
