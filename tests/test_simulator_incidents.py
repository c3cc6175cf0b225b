"""Where and when simulated incidents happen, and the records of the year before."""

from __future__ import annotations

import json
from collections import Counter
from math import hypot

import pytest

from dashboard.geo import metres_per_degree
from data_sources.simulator.city import City, build_city
from data_sources.simulator.entry import DAY, day_of, day_start
from data_sources.simulator.incidents import incident_day, past_records
from data_sources.simulator.traffic import is_blind
from data_sources.sites import load_site

SEED = 20261122
DAYS = range(20_400, 20_400 + 340)


@pytest.fixture(scope="module")
def city() -> City:
    return build_city(load_site("goyang"), 300, SEED, 1)


@pytest.fixture(scope="module")
def records(city: City) -> list[dict[str, object]]:
    entries = past_records(city, SEED, DAYS)(day_start(DAYS.stop))
    assert {entry.at_ms for entry in entries} == {day_start(DAYS.stop)}
    return [json.loads(entry.body) for entry in entries]


def test_the_year_before_has_as_many_incidents_as_the_weeks_after(
    records: list[dict[str, object]],
) -> None:
    weekly = len(records) / (len(DAYS) / 7)
    assert 24 < weekly < 30
    assert len({r["incident_id"] for r in records}) == len(records)
    assert all("closed_at" in r and "alert_id" not in r for r in records)


def test_what_is_asked_for_a_week_comes_a_week(city: City) -> None:
    many = past_records(city, SEED, DAYS, 280.0)(0)
    assert 265 < len(many) / (len(DAYS) / 7) < 295


def test_thefts_repeat_near_by_within_days(records: list[dict[str, object]]) -> None:
    """More pairs close in place and time than the same places with shuffled dates would have."""
    east, north = metres_per_degree(37.65)
    thefts = [
        (float(str(r["lon"])) * east, float(str(r["lat"])) * north, str(r["reported_at"])[:10])
        for r in records
        if r["category"] in ("theft", "property_damage")
    ]
    days = sorted({day for _, _, day in thefts})
    number = {day: n for n, day in enumerate(days)}

    def close(shift: int) -> int:
        moved = [(x, y, (number[d] * (i % 7 + 1) if shift else number[d]) % len(days))
                 for i, (x, y, d) in enumerate(thefts)]  # fmt: skip
        return sum(
            hypot(a[0] - b[0], a[1] - b[1]) < 150 and 0 <= abs(a[2] - b[2]) <= 7
            for i, a in enumerate(moved)
            for b in moved[:i]
        )

    assert close(0) > 1.5 * close(1) + 5


def test_some_places_have_more_than_their_share(records: list[dict[str, object]]) -> None:
    cells = Counter(
        (round(float(str(r["lon"])), 2), round(float(str(r["lat"])), 2)) for r in records
    )
    busiest = sum(n for _, n in cells.most_common(len(cells) // 20))
    assert busiest > 0.2 * len(records)


def test_a_day_asked_for_again_is_the_same_day(city: City) -> None:
    first = incident_day(city, SEED, lambda _day: [])
    again = incident_day(city, SEED, lambda _day: [])
    assert [first(day) for day in DAYS[:20]] == [again(day) for day in reversed(DAYS[:20])][::-1]


def test_every_message_of_a_day_belongs_to_it_or_comes_later(city: City) -> None:
    write = incident_day(city, SEED, lambda _day: [])
    assert all(day_of(entry.at_ms) >= day for day in DAYS[:60] for entry in write(day))


def test_now_and_then_a_counter_counts_nobody_for_days() -> None:
    names = [f"C-{n}" for n in range(240)]
    blind = [
        sum(is_blind(name, day_start(day), SEED) for name in names) for day in range(20_000, 20_600)
    ]
    assert 0.3 < sum(blind) / len(blind) < 2.0
    one = next(n for n in names if any(is_blind(n, d * DAY, SEED) for d in range(20_000, 20_060)))
    days = [d for d in range(20_000, 20_060) if is_blind(one, day_start(d), SEED)]
    assert days == list(range(days[0], days[-1] + 1)) and 3 <= len(days) <= 18
