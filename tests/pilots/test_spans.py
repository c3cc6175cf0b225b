"""The days that are compared: equal periods before and after, as far as that can be."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some

from dashboard.kpis.choice import start_of
from dashboard.pilots.spans import pieces, spans_of
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from tests.pilots.pilots import a_pilot

START = date(2026, 11, 2)
START_MS = start_of(START)
NOW_MS = START_MS + 23 * DAY_MS + 15 * HOUR_MS
YEARS_AGO = START_MS - 1_000 * DAY_MS


def test_as_many_days_before_as_have_passed_since() -> None:
    spans = spans_of(a_pilot(), NOW_MS, YEARS_AGO)
    assert spans.before is not None and spans.after is not None
    assert (spans.after.first, spans.after.last) == (START, date(2026, 11, 24))
    assert (spans.before.first, spans.before.last) == (date(2026, 10, 10), date(2026, 11, 1))
    assert spans.days == (23, 23) and spans.weights == (1.0, 1.0)
    assert not spans.same_season


def test_a_pilot_that_ended_is_compared_up_to_its_last_day() -> None:
    spans = spans_of(a_pilot(end="2026-11-08"), NOW_MS, YEARS_AGO)
    assert spans.days == (7, 7)
    later = spans_of(a_pilot(end="2027-11-08"), NOW_MS, YEARS_AGO)
    assert later.days == (23, 23)


def test_at_most_a_year_before_and_the_counts_are_weighed() -> None:
    spans = spans_of(a_pilot(start="2024-11-02"), NOW_MS, START_MS - 2_000 * DAY_MS)
    assert spans.days == (365, 753)
    assert spans.weights == (365 / 753, 1.0)


def test_no_more_than_is_known_before() -> None:
    spans = spans_of(a_pilot(), NOW_MS, START_MS - 5 * DAY_MS - 1)
    assert spans.days == (5, 23)
    assert spans_of(a_pilot(), NOW_MS, 0).why == "no_history"
    assert spans_of(a_pilot(), NOW_MS, START_MS + 1).why == "no_history"


def test_a_year_and_a_year_are_the_same_season() -> None:
    a_year_ago = (START + timedelta(days=23) - timedelta(days=365)).isoformat()
    assert spans_of(a_pilot(start=a_year_ago), NOW_MS, YEARS_AGO).same_season


def test_before_its_first_day_it_has_not_begun() -> None:
    planned = a_pilot(start="2026-12-07")
    assert spans_of(planned, start_of(date(2026, 12, 7)) - 1, YEARS_AGO).why == "not_begun"
    assert spans_of(planned, start_of(date(2026, 12, 7)), YEARS_AGO).why == "too_soon"


def test_an_end_on_the_last_day_of_all_calendars_is_no_end_yet() -> None:
    open_end = a_pilot(start="2026-11-02")
    for_ever = a_pilot(start="2026-11-02", end="9999-12-31")
    assert spans_of(for_ever, NOW_MS, YEARS_AGO) == spans_of(open_end, NOW_MS, YEARS_AGO)


def test_on_its_first_day_there_is_nothing_to_compare() -> None:
    spans = spans_of(a_pilot(start="2026-11-25"), NOW_MS, YEARS_AGO)
    assert (spans.why, spans.before, spans.after) == ("too_soon", None, None)


@given(some.integers(1, 800))
def test_pieces_are_whole_weeks_as_equal_as_can_be(days: int) -> None:
    spans = spans_of(a_pilot(), START_MS + days * DAY_MS, YEARS_AGO)
    assert spans.after is not None
    found = pieces(spans.after)
    lengths = {(one.to_ms - one.from_ms) / DAY_MS for one in found}
    assert bool(found) == (days >= 28)
    assert len(found) <= 13 and all(length % 7 == 0 for length in lengths)
    if found:
        assert max(lengths) - min(lengths) <= 7
        assert found[0].from_ms == spans.after.from_ms
