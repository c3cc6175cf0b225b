"""A row of the page: targets, comparisons, and the period in pieces."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.kpis.choice import Period, named, start_of
from dashboard.kpis.estimates import share
from dashboard.kpis.figure import PART_UNITS, Figure
from dashboard.kpis.groups import DIMS, Dim
from dashboard.kpis.indicators import BY_KEY, KPIS, applies, target_of
from dashboard.kpis.report import meets, pieces_of, row
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.text import catalogue
from tests.kpis.facts_builder import BELL, START_MS, at, facts, round_, states
from tests.kpis.towns import Town

SLA, MTTA = BY_KEY["sla"], BY_KEY["mtta"]


# -- the table -------------------------------------------------------------------------------


def test_every_kpi_is_named_defined_and_explained_in_both_languages() -> None:
    for language in ("ko", "en"):
        texts = catalogue(language)
        for kpi in KPIS:
            for key in (kpi.key, f"{kpi.key}_what", f"{kpi.key}_how"):
                assert texts[f"kpis.{key}"]
            assert texts[f"kpis.section_{kpi.section}"] and texts[f"kpis.unit_{kpi.unit}"]
            assert all(texts[f"kpis.part_{name}"] for name in kpi.shown)


def test_every_part_of_a_figure_has_a_unit_and_every_part_shown_exists() -> None:
    town = Town(1, 400)
    for kpi in KPIS:
        assert set(kpi.value(town.facts()).parts) <= set(PART_UNITS), kpi.key
        assert set(kpi.shown) <= set(PART_UNITS), kpi.key


def test_keys_are_unique_and_sections_together() -> None:
    assert len(BY_KEY) == len(KPIS)
    sections = [kpi.section for kpi in KPIS]
    assert sections == sorted(sections, key=sections.index)
    assert list(dict.fromkeys(sections)) == [
        "devices", "repair", "alerts", "response", "traffic", "data",
    ]  # fmt: skip


def test_a_kpi_applies_where_it_can_be_told_apart() -> None:
    assert applies(BY_KEY["availability"], {"kind": "bell", "zone": "z1", "pilot": "p"})
    assert applies(BY_KEY["availability_night"], {"kind": "light"})
    assert not applies(BY_KEY["availability_night"], {"kind": "bell"})
    assert not applies(BY_KEY["leg_arrived"], {"vendor": "Gaon"})
    assert applies(BY_KEY["leg_arrived"], {"zone": "z1"})
    assert not applies(BY_KEY["alerts_per_10k"], {"kind": "bell"})
    assert applies(BY_KEY["feed_uptime"], {}) and not applies(BY_KEY["feed_uptime"], {"zone": "z"})
    assert all(set(kpi.dims) <= set(DIMS) for kpi in KPIS)
    assert Dim.KIND not in BY_KEY["availability_night"].dims


# -- targets ---------------------------------------------------------------------------------


def test_a_target_of_a_kind_comes_before_that_of_all() -> None:
    targets = {"availability": 0.97, "availability:bell": 0.98, "false_alarms:bell": 0.35}
    assert target_of(targets, "availability") == 0.97
    assert target_of(targets, "availability", "bell") == 0.98
    assert target_of(targets, "availability", "light") == 0.97
    assert target_of(targets, "false_alarms") is None
    assert target_of(targets, "false_alarms", "bell") == 0.35


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.91, 0.95, True), (0.9, 0.95, True), (0.8, 0.89, False), (0.85, 0.95, None)],
)
def test_a_target_is_met_if_all_of_the_interval_is_on_its_side(
    low: float, high: float, verdict: bool | None
) -> None:
    figure = Figure((low + high) / 2, n=100, low=low, high=high)
    assert meets(SLA, figure, 0.9) is verdict
    # of a share that should be low, the other way round
    assert meets(BY_KEY["rejected"], replace(figure, value=1 - figure.value, low=1 - high,
                                             high=1 - low), 0.1) is verdict  # fmt: skip


def test_an_open_end_can_miss_a_target_but_not_meet_it_from_below() -> None:
    assert meets(MTTA, Figure(90_000, n=50, low=80_000, high=None), 60_000) is False
    assert meets(MTTA, Figure(50_000, n=50, low=40_000, high=None), 60_000) is None
    mtbf = Figure(100.0, n=9, low=100.0, high=None)
    assert meets(BY_KEY["mtbf"], mtbf, 90) is True and meets(BY_KEY["mtbf"], mtbf, 110) is None


def test_what_is_counted_meets_its_target_by_its_value() -> None:
    overdue = BY_KEY["inspections_overdue"]
    assert meets(overdue, Figure(0.05, n=40), 0.05) is True
    assert meets(overdue, Figure(0.06, n=40), 0.05) is False


def test_with_too_little_nobody_has_met_or_missed_anything() -> None:
    assert meets(SLA, share(19, 19), 0.5) is None
    assert meets(SLA, replace(share(100, 100), coverage=0.4), 0.5) is None
    assert meets(SLA, share(100, 100), None) is None
    assert meets(BY_KEY["alert_rate"], Figure(1.0, n=50, low=0.5, high=1.5), 2) is None


def test_a_row_has_it_all() -> None:
    def week(met: int, missed: int) -> object:
        done = [round_(at(1), due=at(2), repaired=at(1, hours=1))] * met
        return facts({BELL: states(up=7)}, rounds=done + [round_(at(1), due=at(2))] * missed)

    found = row(SLA, week(95, 5), week(60, 40), None, [week(9, 1), week(10, 0)], 0.85)
    assert found.figure.value == 0.95 and found.previous.value == 0.6 and found.last_year is None
    assert found.since_previous.verdict == "better" and found.since_last_year.verdict == "none"
    assert found.meets is True and found.target == 0.85
    assert [(from_ms, figure.value) for from_ms, _, figure in found.series] == [
        (START_MS, 0.9), (START_MS, 1.0),
    ]  # fmt: skip


# -- pieces ----------------------------------------------------------------------------------


def cut(period: Period, now_ms: int | None = None) -> list[float]:
    """Lengths in days."""
    pieces = pieces_of(period, period.to_ms if now_ms is None else now_ms)
    return [(one.to_ms - one.from_ms) / DAY_MS for one in pieces]


def days(n: int) -> Period:
    return Period(START_MS, START_MS + n * DAY_MS)


def test_a_period_is_cut_into_days_or_weeks_alike() -> None:
    assert cut(days(7)) == [1] * 7
    assert cut(days(28)) == [2] * 14
    assert cut(days(91)) == [7] * 13
    assert cut(days(30)) == [3] * 10
    assert cut(days(1)) == [1 / 12] * 12  # two hours


def test_a_year_is_cut_into_its_months() -> None:
    assert cut(named("2026")) == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert [str(one.first) for one in pieces_of(named("2026"), start_of(date(2026, 3, 1)))] == [
        "2026-01-01", "2026-02-01",
    ]  # fmt: skip


def test_what_cannot_be_cut_alike_is_cut_nearly_alike_at_midnight() -> None:
    assert set(cut(days(365))) == {28, 29} and len(cut(days(365))) == 13
    assert set(cut(named("2026-10"))) == {2, 3}


@given(st.integers(1, 1100), st.integers(0, 23))
def test_pieces_follow_each_other_and_make_up_the_period(n: int, hours: int) -> None:
    period = Period(START_MS, START_MS + n * DAY_MS + hours * HOUR_MS)
    pieces = pieces_of(period, period.to_ms)
    assert pieces[0].from_ms == period.from_ms and pieces[-1].to_ms == period.to_ms
    assert all(a.to_ms == b.from_ms for a, b in zip(pieces, pieces[1:], strict=False))
    assert all(one.from_ms < one.to_ms and not one.from_ms % HOUR_MS for one in pieces)
    assert 7 <= len(pieces) <= 14


def test_a_short_period_is_cut_into_its_hours() -> None:
    short = Period(START_MS, START_MS + 3 * HOUR_MS)
    assert len(pieces_of(short, short.to_ms)) == 3
