"""Two weeks side by side: what is called different."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.weekly.compare import Compared, compare
from dashboard.weekly.measures import MEASURES
from dashboard.weekly.summary import Row, Told, Usual
from tests.weekly.summaries import a_row, a_summary

BEFORE, AFTER = "2026-W46", "2026-W47"


def one(key: str, then: Row, now: Row) -> Compared:
    found = compare(a_summary(BEFORE, {key: then}), a_summary(AFTER, {key: now}))
    return next(row for row in found if row.key == key)


def counted(n: float, low: float = 30, high: float = 52, **told: object) -> Row:
    usual = Usual(8, 40, low, high, 0.0)
    return a_row("bell_presses", week=Told(n, int(n), **told), usual=usual)  # type: ignore[arg-type]


def test_it_has_every_row_in_the_order_of_the_table() -> None:
    found = compare(a_summary(BEFORE), a_summary(AFTER))
    assert [row.key for row in found] == [one.key for one in MEASURES]


def test_it_takes_the_earlier_week_first_whichever_is_given_first() -> None:
    two = a_summary(BEFORE, {"bell_presses": counted(30)}), a_summary(AFTER)
    assert compare(*two) == compare(*reversed(two))
    assert compare(*two)[0].earlier.value == 30


def test_it_tells_a_clear_rise_of_a_count() -> None:
    assert one("bell_presses", counted(40), counted(120)).verdict == "more"
    assert one("bell_presses", counted(120), counted(40)).verdict == "less"


def test_it_does_not_call_a_difference_clear_that_weeks_show_anyway() -> None:
    """40 and 80 are far apart by chance alone, but not where weeks go from 0 to 120."""
    assert one("bell_presses", counted(40), counted(80)).verdict == "more"
    assert one("bell_presses", counted(40), counted(80, 0, 120)).verdict == "same"


def test_it_does_not_call_a_difference_clear_that_chance_gives() -> None:
    """Whatever the range says: of 1 and 6 nobody can tell."""
    assert one("bell_presses", counted(1, 1, 1), counted(6, 1, 1)).verdict == "same"


def test_it_judges_nothing_that_was_hardly_heard() -> None:
    assert one("bell_presses", counted(40, coverage=0.4), counted(120)).verdict == "not_enough"


def test_it_judges_no_week_in_progress() -> None:
    found = compare(a_summary(BEFORE), a_summary(AFTER, complete=False))
    assert {row.verdict for row in found} == {"not_enough"}


def test_it_says_nothing_of_what_is_not_known() -> None:
    unknown = a_row("sla", week=Told(None, why="no_data"))
    found = one("sla", unknown, a_row("sla"))
    assert (found.verdict, found.difference) == ("none", None)


@pytest.mark.parametrize(("key", "word"), [("availability", "worse"), ("acknowledged", "better")])
def test_it_says_which_side_is_the_good_one(key: str, word: str) -> None:
    unit = 0.001 if key == "availability" else 1_000.0
    then, now = Told(990 * unit, 40), Told(900 * unit, 40)
    usual = Usual(8, 990 * unit, 985 * unit, 995 * unit, 0.0)
    assert one(key, a_row(key, week=then), a_row(key, week=now, usual=usual)).verdict == word


def test_it_falls_back_on_intervals_where_nothing_is_usual_yet() -> None:
    def told(value: float) -> Row:
        return a_row("sla", week=Told(value, 200, value - 0.03, value + 0.03), usual=Usual())

    assert one("sla", told(0.9), told(0.7)).verdict == "worse"
    assert one("sla", told(0.9), told(0.88)).verdict == "same"
    bare = a_row("acknowledged", usual=Usual())
    longer = a_row("acknowledged", 900_000, usual=Usual())
    assert one("acknowledged", bare, longer).verdict == "not_enough"


@given(st.integers(0, 500), st.integers(0, 500))
def test_it_tells_the_difference_as_later_less_earlier(then: int, now: int) -> None:
    found = one("bell_presses", counted(then), counted(now))
    assert found.difference == now - then
    assert found.verdict in ("more", "same") if now >= then else ("less", "same")
