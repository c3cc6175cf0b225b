"""Counts broken down: like hours with like, against a recount, and what each role may be told."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.kpis.choice import Period
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.trends.change import Counts, Row, counts
from dashboard.trends.choice import TrendChoice
from dashboard.trends.scatter import scatter
from dashboard.trends.window import WEEK_MS, compare
from tests.kpis.facts_builder import START_MS, at
from tests.trends.incidents import frame

WEEK = Period(START_MS, START_MS + 7 * DAY_MS)
WEEKEND = Period(at(days=4), at(days=7))  # Friday to Sunday
LONG_KNOWN = START_MS - 70 * WEEK_MS


def found(
    incidents: pd.DataFrame, period: Period = WEEK, by: str = "category", known: int = LONG_KNOWN,
    now_ms: int = WEEK.to_ms, coarse: bool = False, **wanted: str,
) -> Counts:  # fmt: skip
    choice = TrendChoice(period, wanted)
    return counts(compare(incidents, choice, now_ms, known), by, coarse)


def each_week(n: int, weeks: Iterable[int] = range(1, 9), days: float = 2, **more: Any) -> list:
    """weeks: so many before the period's, 0 = in it."""
    return [{"reported": at(days=days - 7 * week), **more} for week in weeks for _ in range(n)]


def row(counts: Counts, key: str) -> Row:
    (found,) = (row for row in counts.rows if row.key == key)
    return found


def test_it_agrees_with_a_recount_in_pandas() -> None:
    rng = np.random.default_rng(8)
    rows = [{"reported": int(moment), "category": str(rng.choice(["theft", "violence", "missing"]))}
            for moment in rng.integers(START_MS - 30 * WEEK_MS, WEEK.to_ms, 31 * 90)]  # fmt: skip
    incidents = frame(*rows)
    shown = found(incidents, known=START_MS - 30 * WEEK_MS)
    table = pd.DataFrame(rows)
    table["week"] = (table["reported"] - START_MS) // WEEK_MS
    by_week = table.groupby(["week", "category"]).size().unstack(fill_value=0)
    mu = by_week.loc[-8:-1].mean()
    z = 2 * (np.sqrt(by_week.loc[0]) - np.sqrt(mu)) / sqrt(1 + 1 / 8)
    told = scatter(by_week.loc[:-1].sum(axis=1).to_numpy())
    for key in by_week.columns:
        one = row(shown, key).judged
        assert one is not None and one.n == by_week.loc[0, key]
        assert one.expected == pytest.approx(mu[key])
        assert one.z == pytest.approx(float(told.allow(np.array([z[key]]))[0]))
    assert shown.total.judged is not None
    assert shown.total.judged.expected == pytest.approx(mu.sum())
    assert shown.phi == told.phi


def test_a_weekend_is_held_against_weekends() -> None:
    busy = each_week(20, range(9), days=5) + each_week(1, range(9), days=1)  # Saturdays, Tuesdays
    one = found(frame(*busy), WEEKEND).total.judged
    assert one is not None and one.n == 20 and one.expected == pytest.approx(20)
    assert one.z == pytest.approx(0.0)


def test_a_week_in_progress_is_held_against_as_much_of_those_before() -> None:
    rows = each_week(12, range(9), days=0.5) + each_week(30, range(1, 9), days=4)
    one = found(frame(*rows), now_ms=at(days=2)).total.judged
    assert one is not None and (one.n, one.expected) == (12, pytest.approx(12))


def test_hours_that_come_twice_count_twice() -> None:
    """Eight days: two Mondays, one of each other day. Its weight also widens what is unsure."""
    period = Period(START_MS, START_MS + 8 * DAY_MS)
    rows = each_week(20, range(1, 9), days=0.5) + each_week(10, range(1, 9), days=3)
    one = found(frame(*rows, *each_week(90, [0])), period, now_ms=period.to_ms).total.judged
    assert one is not None and one.expected == pytest.approx(20 * 2 + 10)
    variance = 160 * (2 / 8) ** 2 + 80 * (1 / 8) ** 2
    assert one.z == pytest.approx(2 * (sqrt(90) - sqrt(50)) / sqrt(1 + variance / 50))


def test_of_a_group_never_seen_before_nothing_is_expected_and_much_is_flagged() -> None:
    rows = each_week(10, range(9)) + each_week(7, [0], category="violence")
    shown = found(frame(*rows))
    new = row(shown, "violence")
    assert shown.rows[0] is new and new.flag == "more"
    assert new.judged is not None and (new.judged.expected, new.judged.exact) == (0.0, True)


def test_of_a_group_that_is_gone_a_row_remains() -> None:
    rows = each_week(10, range(9)) + each_week(9, category="violence")
    gone = row(found(frame(*rows)), "violence")
    assert gone.judged is not None and gone.judged.n == 0 and gone.flag == "less"


def test_places_nobody_knows_have_a_row_and_codes_nobody_said_have_none() -> None:
    rows = each_week(6, range(9), zone="", code112=None)
    shown = found(frame(*rows), by="zone")
    assert [one.key for one in shown.rows] == [""]
    assert found(frame(*rows), by="code").rows == ()


def test_known_for_less_than_two_weeks_nothing_is_judged() -> None:
    shown = found(frame(*each_week(9, range(2))), known=START_MS - 13 * DAY_MS)
    assert shown.weeks == 0 and shown.by_chance == 0 and not shown.flagged
    assert shown.total.judged is not None and shown.total.judged.z is None
    empty = found(frame(), known=0)
    assert (empty.rows, empty.weeks) == ((), 0)


def test_the_same_days_last_year_are_held_against_as_a_single_count() -> None:
    """sqrt 2 (sqrt x1 - sqrt x0); under ten exact."""
    dated = Period(START_MS, WEEK.to_ms)
    year = dated.last_year()
    rows = each_week(36, [0]) + [{"reported": year.from_ms + HOUR_MS}] * 25
    one = found(frame(*rows), dated).total
    assert one.last_year == 25 and one.z_last_year == pytest.approx(sqrt(2) * (6 - 5))
    few = found(frame(*each_week(5, [0])), dated).total
    assert few.last_year == 0 and abs(few.z_last_year or 0.0) < 2  # 5 to 0: 1 in 16
    assert found(frame(*rows), dated, known=START_MS - 20 * WEEK_MS).total.last_year is None


def test_few_of_last_year_are_for_roles_with_points_only() -> None:
    then = WEEK.last_year().from_ms + HOUR_MS
    rows = each_week(9, range(9)) + each_week(9, range(9), category="disorder")
    rows += [{"reported": then}] * 3 + [{"reported": then, "category": "disorder"}] * 8
    assert {one.last_year for one in found(frame(*rows)).rows} == {3, 8}
    shown = found(frame(*rows), coarse=True)
    assert shown.total.last_year == 11  # 8 would tell of the other 3
    assert {(one.last_year, one.z_last_year) for one in shown.rows} == {(None, None)}


def test_it_says_how_many_flags_chance_alone_would_give() -> None:
    kinds = ("theft", "violence", "missing")
    shown = found(frame(*(one for kind in kinds for one in each_week(9, range(9), category=kind))))
    assert shown.by_chance == pytest.approx(3 * 0.0027)


def test_roles_without_exact_points_are_told_nothing_of_few() -> None:
    """Neither now nor before nor a year ago, nor by taking what is told from the total."""
    rows = [
        *each_week(8, range(9)),
        *each_week(3, [0], category="violence"),
        *each_week(20, [0], category="missing"),
        *each_week(1, [3, 4], category="missing"),
    ]
    shown = found(frame(*rows), coarse=True)
    assert row(shown, "violence").judged is None
    assert row(shown, "theft").judged is None  # or violence would be the total without the others
    rows += each_week(8, range(9), category="disorder")
    rows += each_week(30, range(9), category="traffic")
    told = [one for one in found(frame(*rows), coarse=True).rows if one.judged]
    assert told[0].key == "missing"  # flagged, so first, though its z is not told
    surge = next(one for one in told if one.key == "missing")
    assert surge.judged is not None and surge.judged.n == 20 and surge.flag == "more"
    assert (surge.judged.expected, surge.judged.z, surge.judged.low) == (None, None, None)


groups_of = st.dictionaries(
    st.sampled_from(["theft", "violence", "missing", "disorder", "traffic"]),
    st.tuples(st.integers(0, 12), st.integers(0, 3)),
)


@settings(max_examples=60, deadline=None)
@given(groups_of)
def test_no_hidden_count_is_the_total_without_the_others(groups: dict) -> None:
    rows = [one for kind, (n, weekly) in groups.items()
            for one in each_week(n, [0], category=kind)
            + each_week(weekly, [1, 2, 5], category=kind)]  # fmt: skip
    shown = found(frame(*rows), coarse=True)
    told = {one.key: one.judged for one in shown.rows if one.judged}
    now = {kind: n for kind, (n, _) in groups.items() if n}
    past = {kind: 3 * weekly for kind, (_, weekly) in groups.items() if weekly}
    hidden_now = [n for kind, n in now.items() if kind not in told]
    hidden_past = [n for kind, n in past.items() if kind not in told or told[kind].expected is None]
    total = shown.total.judged
    assert all(one.n == 0 or one.n >= 5 for one in told.values())
    assert all(not one.expected or 8 * one.expected >= 5 for one in told.values())
    if total is not None:
        assert len(hidden_now) != 1 or hidden_now[0] >= 5
        assert total.expected is None or len(hidden_past) != 1 or hidden_past[0] >= 5


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_incidents_makes_no_difference(random: Any) -> None:
    rows = each_week(3, range(9)) + each_week(9, [0, 4], category="violence")
    mixed = list(rows)
    random.shuffle(mixed)
    assert found(frame(*rows)) == found(frame(*mixed))
