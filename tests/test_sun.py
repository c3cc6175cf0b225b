"""Sunrise, sunset and the night in which lights must be lit."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stream.rollups import DAY_MS, HOUR_MS, KST_MS
from dashboard.sun import darkness, night_of, sun_times
from tests.builders import SITE, START_MS

LON, LAT = 126.83, 37.66  # Goyang
KST = timezone(timedelta(hours=9))


def day_number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def kst_ms(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=KST).timestamp() * 1000)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "rise", "sets"),
    [
        (date(2026, 6, 21), (5, 11), (19, 57)),
        (date(2026, 12, 21), (7, 44), (17, 17)),
        (date(2026, 3, 20), (6, 35), (18, 44)),
    ],
)
def test_it_knows_when_the_sun_rises_and_sets_in_goyang(
    day: date, rise: tuple[int, int], sets: tuple[int, int]
) -> None:
    """Almanac times, to the minute."""
    found = sun_times(day_number(day), LON, LAT)
    for at_ms, (hour, minute) in zip(found, (rise, sets), strict=True):
        expected = kst_ms(day.year, day.month, day.day, hour, minute)
        assert abs(at_ms - expected) <= 3 * 60_000


def test_it_is_night_ten_minutes_after_sunset_until_ten_before_sunrise() -> None:
    sets = sun_times(day_number(date(2026, 12, 21)), LON, LAT)[1]
    rise = sun_times(day_number(date(2026, 12, 22)), LON, LAT)[0]
    noon, next_noon = kst_ms(2026, 12, 21, 12), kst_ms(2026, 12, 22, 12)
    assert darkness(noon, next_noon, LON, LAT) == rise - sets - 2 * 600_000
    assert darkness(noon, sets + 600_000, LON, LAT) == 0
    assert darkness(sets + 600_000, rise - 600_000, LON, LAT) == rise - sets - 2 * 600_000
    assert darkness(rise - 600_000, next_noon, LON, LAT) == 0
    assert darkness(noon, next_noon, LON, LAT, margin_ms=0) == rise - sets


def test_it_takes_margin_and_place_from_the_site() -> None:
    view = SITE.view
    expected = darkness(START_MS, START_MS + DAY_MS, view.lon, view.lat)
    assert SITE.thresholds.lit_margin_min == 10
    assert night_of(SITE)(START_MS, START_MS + DAY_MS) == expected


@given(
    st.integers(kst_ms(2025, 1, 1), kst_ms(2027, 1, 1)),
    st.lists(st.integers(0, 3 * DAY_MS), max_size=20),
    st.sampled_from([(LON, LAT), (-157.8, 21.3), (0.0, 51.5), (10.0, 69.6), (25.0, -85.0)]),
)
def test_it_adds_up_to_the_whole_however_time_is_cut(
    start: int, cuts: list[int], place: tuple[float, float]
) -> None:
    moments = sorted([start, *(start + cut for cut in cuts), start + 3 * DAY_MS])
    pieces = [darkness(a, b, *place) for a, b in zip(moments, moments[1:], strict=False)]
    lengths = [b - a for a, b in zip(moments, moments[1:], strict=False)]
    assert sum(pieces) == darkness(start, start + 3 * DAY_MS, *place)
    assert all(0 <= dark <= length for dark, length in zip(pieces, lengths, strict=True))


@given(st.integers(day_number(date(2020, 1, 1)), day_number(date(2030, 1, 1))))
def test_its_day_is_the_day_in_korea(day: int) -> None:
    rise, sets = sun_times(day, LON, LAT)
    start = day * DAY_MS - KST_MS
    assert start + 5 * HOUR_MS < rise < start + 8 * HOUR_MS
    assert start + 17 * HOUR_MS < sets < start + 20 * HOUR_MS
