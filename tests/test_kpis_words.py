"""Figures and periods as people read them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.kpis.figure import Figure
from dashboard.kpis.groups import Dim
from dashboard.kpis.indicators import BY_KEY, KPIS
from dashboard.text import catalogue, translator
from layouts.kpis import words
from layouts.kpis.table import part
from tests.kpis_page import a_figure, a_period, a_reader

KO, EN = translator("ko"), translator("en")
SHARE, TIME, COUNT = BY_KEY["availability"], BY_KEY["mttr"], BY_KEY["backlog"]
S, M, H, D = words.SECOND, words.MINUTE, words.HOUR, words.DAY


def test_a_share_has_its_interval_with_the_same_decimals() -> None:
    figure = a_figure(0.979, low=0.975, high=0.982)
    assert words.value(EN, SHARE, figure) == "97.9%"
    assert words.interval(EN, SHARE, figure) == "97.5–98.2%"
    narrow = a_figure(0.9912, low=0.9905, high=0.9919)
    assert words.value(EN, SHARE, narrow) == "99.12%"
    assert words.interval(EN, SHARE, narrow) == "99.05–99.19%"


@pytest.mark.parametrize(
    ("x", "said"), [(1, "100%"), (0.99996, ">99.99%"), (0.9996, "99.96%"), (0.0004, "0.04%"),
                    (0, "0%"), (0.000016, "<0.01%"), (0.5, "50.0%")],
)  # fmt: skip
def test_a_share_is_not_rounded_to_a_whole_while_decimals_tell_more(x: float, said: str) -> None:
    assert words.share(x) == said


@pytest.mark.parametrize(
    ("ms", "said"),
    [(84, "84 ms"), (5_210, "5.2 s"), (47_900, "47 s"), (5 * M + 48 * S, "5 min 48 s"),
     (11 * M, "11 min"), (14 * H + 20 * M, "14 h 20 min"), (40 * H, "40 h"), (3.4 * D, "3.4 d"),
     (123 * D, "123 d"), (1_500 * D, "1,500 d"), (0, "0 s"), (-5, "0 s")],
)  # fmt: skip
def test_spans_have_two_units_at_most(ms: float, said: str) -> None:
    assert words.span(EN, ms) == said


def test_what_cannot_be_said_says_why() -> None:
    assert words.value(KO, SHARE, None) == words.NOTHING
    assert words.value(EN, SHARE, Figure(None, why="no_data")) == EN("kpis.why_no_data")
    at_least = Figure(12.0 * D, n=2, low=12.0 * D, censored=True)
    assert words.value(EN, BY_KEY["mtbf"], at_least) == "at least 12.0 d"
    assert words.interval(EN, BY_KEY["mtbf"], at_least) == "12.0 d or more"
    assert words.interval(EN, COUNT, Figure(186.0, n=186)) == ""


def test_differences_carry_their_sign_and_shares_are_told_in_points() -> None:
    assert words.difference(EN, "share", -0.006) == "−0.6 pp"
    assert words.difference(EN, "share", 0.0004) == "+0.04 pp"
    assert words.difference(EN, "ms", 2 * H) == "+2 h"
    assert words.difference(EN, "count", -22) == "−22"


def test_a_figure_tells_everything_in_one_line() -> None:
    figure = a_figure(0.979, low=0.975, high=0.982, n=1_204, coverage=0.986)
    assert words.whole(EN, SHARE, figure) == (
        "97.9% · 95% interval 97.5–98.2% · n 1,204 · coverage 98.6%"
    )


@given(st.floats(0, 1e13), st.sampled_from(sorted({kpi.unit for kpi in KPIS})))
def test_no_amount_is_too_large_or_small_for_words(x: float, unit: str) -> None:
    for t in (KO, EN):
        assert re.search(r"\d", words.amount(t, unit, x))  # type: ignore[arg-type]


# -- periods -------------------------------------------------------------------------------------


def test_days_name_the_year_once() -> None:
    period = a_period(**{"from": "2026-10-28", "to": "2026-11-23"})
    assert words.days(EN, period) == "Wed 28 Oct – Mon 23 Nov 2026"
    over = a_period(**{"from": "2025-12-30", "to": "2026-01-02"})
    assert words.days(EN, over) == "Tue 30 Dec 2025 – Fri 2 Jan 2026"
    assert words.days(EN, a_period(**{"from": "2026-11-23", "to": "2026-11-23"})) == (
        "Mon 23 Nov 2026"
    )


@pytest.mark.parametrize(
    ("word", "said"),
    [("28d", "Last 28 days"), ("week", "This week"), ("2026-W47", "Week 47, 2026"),
     ("2026-10", "Oct 2026"), ("2026-Q3", "Q3 2026"), ("2025", "2025"), ("", "")],
)  # fmt: skip
def test_periods_have_names(word: str, said: str) -> None:
    assert words.name(EN, word) == said


def test_an_interval_is_rounded_away_from_its_middle_and_has_its_unit_once() -> None:
    edge = a_figure(0.9999, low=0.00001, high=0.99998)
    assert words.interval(EN, SHARE, edge) == "0–100%"
    counted = a_figure(12.0, low=10.0, high=14.0)
    assert words.value(KO, BY_KEY["alert_rate"], counted) == KO("kpis.amount_rate", n="12.0")
    assert words.interval(KO, BY_KEY["alert_rate"], counted) == KO(
        "kpis.between", low="10.0", high=KO("kpis.amount_rate", n="14.0")
    )


def test_at_least_nothing_is_not_said() -> None:
    none = Figure(0.0, n=30, low=0.0, censored=True)
    assert words.value(EN, BY_KEY["repeat_failures"], none) == "none known"
    assert words.interval(EN, BY_KEY["repeat_failures"], none) == ""


def test_a_target_says_its_direction() -> None:
    assert words.goal(EN, SHARE, 0.97) == "≥ 97%"
    assert words.goal(EN, BY_KEY["repeat_failures"], 0.1) == "≤ 10%"
    assert words.goal(EN, BY_KEY["alert_rate"], 3) == "3.00"


def test_little_work_is_not_none_and_what_is_awaited_has_no_seconds() -> None:
    weeks = [words.amount(EN, "weeks", x) for x in (0.001, 0.25, 0)]
    assert weeks == ["<0.01 weeks", "0.25 weeks", "0 weeks"]
    assert [words.to_the_minute(EN, x) for x in (25 * M + 38 * S, 12 * S, 3 * H)] == [
        "25 min", "1 min", "3 h",
    ]  # fmt: skip


def test_owners_are_called_by_their_names() -> None:
    say = a_reader(language="en").say
    assert say(Dim.OWNER, "city") == "Goyang City" and say(Dim.OWNER, "army") == "army"


def test_none_counted_is_a_number_where_there_is_a_figure() -> None:
    assert words.cases(Figure(0.0, n=0)) == "0" and words.cases(Figure(0.5, n=1204)) == "1,204"
    assert words.cases(Figure(None)) == words.NOTHING


def test_time_of_many_devices_is_told_in_device_days() -> None:
    told = [part(EN, BY_KEY["availability"], "up_ms", x) for x in (41_308 * D, 0.68 * D, 0)]
    assert told == ["41,308 device-days", "0.68 device-days", "0 device-days"]
    assert part(EN, BY_KEY["mtbf"], "point_ms", 12 * D) == "12.0 d"


def test_every_part_reason_and_state_of_a_kpi_has_words() -> None:
    """Families of texts that are asked for by name only when they occur."""
    from dashboard.kpis.figure import PART_UNITS
    from layouts.kpis.detail import INNER

    names = {f"kpis.part_{name}" for name in set(PART_UNITS) - INNER}
    for why in ("no_data", "too_few", "low_coverage", "hidden"):
        names |= {f"kpis.why_{why}", f"kpis.short_{why}"}
    for kpi in KPIS:
        names |= {f"kpis.{kpi.key}", f"kpis.{kpi.key}_what", f"kpis.{kpi.key}_how"}
        names |= {f"kpis.section_{kpi.section}", f"kpis.unit_{kpi.unit}"}
    assert not names - set(catalogue("ko"))
