"""Foot traffic against usual and incidents against before, on figures worked out by hand."""

from __future__ import annotations

from math import sqrt

import pytest

from dashboard.trend import DAY_MS, cell_of, corners, trend
from dashboard.usual import (
    BIN_MS,
    HOUR_MS,
    HourCount,
    Usual,
    band,
    bins_of,
    change_z,
    dispersion,
    level_of,
    line_of,
    usual_of,
)
from tests.live_room import an_incident

NOW = 1_795_000_000_000


def an_hour(people: int, coverage: float = 1.0) -> HourCount:
    return HourCount(people, round(coverage * HOUR_MS), HOUR_MS)


def test_usual_is_the_median_and_a_robust_spread() -> None:
    usual = usual_of([an_hour(n) for n in (90, 100, 110, 100, 5000)])
    assert usual.middle == 100 and usual.scale == pytest.approx(max(1.4826 * 10, 10))


def test_hours_with_gaps_are_scaled_or_left_out() -> None:
    assert an_hour(50, 0.5).scaled == 100
    assert an_hour(50, 0.4).scaled is None
    assert usual_of([an_hour(100), an_hour(100), an_hour(1, 0.1)]).middle is None


@pytest.mark.parametrize(
    ("people", "coverage", "word"),
    [(100, 1, "usual"), (131, 1, "busy"), (70, 1, "quiet"), (80, 1, "usual"), (5, 0.1, "unknown")],
)
def test_levels(people: int, coverage: float, word: str) -> None:
    assert level_of(an_hour(people, coverage), Usual(100, 10)).level == word


def test_without_history_there_is_no_judgement() -> None:
    level = level_of(an_hour(100), usual_of([]))
    assert (level.level, level.n, level.usual) == ("unknown", 100, None)


def test_counts_are_spread_over_bins_of_five_minutes() -> None:
    bins = bins_of([(0, 2 * BIN_MS, 10), (BIN_MS, 2 * BIN_MS, 3)], 2, 0, 3 * BIN_MS)
    assert [bins[n * BIN_MS].people for n in range(3)] == [5, 8, 0]
    assert [bins[n * BIN_MS].coverage for n in range(3)] == [0.5, 1.0, 0.0]
    rows = line_of(bins, {0: Usual(120, 12)})
    assert rows[0][:3] == (0, 10, 10.0) and rows[2][1] is None
    assert rows[0][3] < 10 < rows[0][4]


def test_the_change_test_of_the_literature() -> None:
    assert change_z(25, 16, float("inf")) == pytest.approx(2.0)
    assert change_z(25, 16, 8) == pytest.approx(2 / sqrt(1 + 1 / 8))
    assert change_z(25, 16, 8, phi=4) == pytest.approx(1 / sqrt(1 + 1 / 8))
    assert band(16) == (9.0, 25.0)
    assert dispersion([4, 4, 4]) == 0 and dispersion([]) == 1.0


def incidents(weeks: int = 9, per_day: int = 2) -> list:
    return [an_incident(f"{day}-{n}", reported_ms=NOW - day * DAY_MS - 1)
            for day in range(weeks * 7) for n in range(per_day)]  # fmt: skip


def test_a_week_like_the_ones_before_is_as_expected() -> None:
    answer = trend(incidents(), 7, NOW, exact=True)
    assert answer["total"] == 14 and answer["expected"] == pytest.approx(14, rel=0.03)
    assert answer["low"] < 14 < answer["high"] and abs(answer["z"]) < 0.3
    ((*_, n, expected, z),) = answer["cells"]
    assert n == 14 and expected == answer["expected"] and abs(z) < 0.3
    assert sum(row[1] for row in answer["daily"]) == 14


def test_twice_as_many_stand_out() -> None:
    more = [an_incident(f"x{n}", reported_ms=NOW - 1) for n in range(28)]
    assert trend(incidents() + more, 7, NOW, exact=True)["z"] > 3


def test_with_little_history_nothing_is_expected() -> None:
    answer = trend(incidents(weeks=2), 7, NOW, exact=True)
    assert (answer["expected"], answer["z"], answer["cells"][0][5]) == (None, None, None)


def test_28_days_against_what_is_known_of_the_weeks_before() -> None:
    answer = trend(incidents(weeks=8), 28, NOW, exact=True)
    assert answer["before_days"] == 27 and answer["expected"] == pytest.approx(56, rel=0.05)


def test_tests_and_exercises_do_not_count() -> None:
    assert trend([an_incident(cap_status="Test", reported_ms=NOW - 1)], 7, NOW, True)["total"] == 0


def test_coarse_roles_see_zones_and_no_few() -> None:
    rows = [an_incident(f"a{n}", reported_ms=NOW - 1, zone="A") for n in range(9)]
    rows += [an_incident(f"b{n}", reported_ms=NOW - 1, zone="B", category="violence")
             for n in range(2)]  # fmt: skip
    rows += [an_incident(f"c{n}", reported_ms=NOW - 1, zone="C") for n in range(20)]
    answer = trend(rows, 7, NOW, exact=False)
    assert answer["cells"] == []
    assert {code: row["n"] for code, row in answer["zones"].items()} == {
        "A": None, "B": None, "C": 20,
    }  # fmt: skip
    assert answer["by_category"] == {"theft": None, "violence": None}


def test_a_cell_holds_its_incident_and_is_250_m() -> None:
    one = an_incident()
    west, south, east, north = corners(cell_of(one))
    assert west <= one.lon <= east and south <= one.lat <= north
    assert (north - south) * 111_195 == pytest.approx(250, rel=0.001)
    assert (east - west) * 111_195 * 0.7916 == pytest.approx(250, rel=0.01)
    assert cell_of(an_incident(lon=None, lat=None)) is None
