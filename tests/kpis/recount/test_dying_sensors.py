"""A fifth of the sensors dies: less is known, nothing is better, and nothing is surer."""

from __future__ import annotations

from functools import cache

import pytest

from dashboard.kpis.figure import Figure
from dashboard.kpis.indicators import BY_KEY, KPIS
from tests.kpis.recount.room import room
from tests.kpis.recount.test_recount import border

PERIODS = {
    "since they died": ("2026-12-21", "2027-01-04"),
    "before and since": ("2026-11-30", "2027-01-04"),
}
OF_SENSORS = [kpi.key for kpi in KPIS if kpi.section != "data"]
NOT_OF_SENSORS = ("leg_dispatched", "leg_arrived", "inspections_overdue")  # of paper


@cache
def figure(key: str, period: str, dead_share: float) -> Figure:
    first, after = PERIODS[period]
    return BY_KEY[key].value(room(dead_share).facts(border(first), border(after)))


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("key", OF_SENSORS)
def test_no_figure_gets_better_beyond_its_interval(key: str, period: str) -> None:
    before, after = figure(key, period, 0.0), figure(key, period, 0.2)
    assert before.value is not None and after.value is not None
    low = before.value if before.low is None else before.low
    high = before.value if before.high is None else before.high
    if BY_KEY[key].better == "high":
        assert after.value <= high
    elif BY_KEY[key].better == "low":
        assert after.value >= low
    else:
        assert low <= after.value <= high


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("key", OF_SENSORS)
def test_coverage_falls(key: str, period: str) -> None:
    if key not in NOT_OF_SENSORS:
        assert figure(key, period, 0.2).coverage < 0.95 * figure(key, period, 0.0).coverage


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("key", OF_SENSORS)
def test_no_interval_narrows_where_no_more_was_seen(key: str, period: str) -> None:
    """A death is a failure more, and an order more: those are seen, and count."""
    before, after = figure(key, period, 0.0), figure(key, period, 0.2)
    if after.n <= before.n and before.low is not None and before.high is not None:
        assert after.high is None or _width(after) >= 0.99 * _width(before)


def _width(figure: Figure) -> float:
    assert figure.low is not None and figure.high is not None
    return figure.high - figure.low


def test_availability_widens_by_far() -> None:
    before, after = (figure("availability", "since they died", share) for share in (0.0, 0.2))
    assert after.value < 0.85 < 0.97 < before.value
    assert _width(after) > 3 * _width(before)
