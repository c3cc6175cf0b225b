"""A revision moves an incident and nothing else, in the frame and in every sum made of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.kpis.choice import Period
from dashboard.kpis.facts import CATEGORIES
from dashboard.records import IncidentView
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.trends.aoristic import week_of
from dashboard.trends.choice import TrendChoice
from dashboard.trends.control import control_chart
from dashboard.trends.frame import chosen
from dashboard.trends.legs import legs
from tests.kpis.facts_builder import START_MS
from tests.trends.incidents import frame_of, view

NOW = START_MS + 7 * DAY_MS
PERIOD = Period(START_MS, NOW)
moment = st.integers(START_MS, NOW - 1)
maybe = st.none() | moment


@st.composite
def said(draw: st.DrawFn) -> dict[str, Any]:
    """Whatever an incident may say of itself, sensible or not."""
    start = draw(maybe)
    longest = st.integers(-HOUR_MS, 2 * DAY_MS)
    end = draw(maybe) if start is None else draw(st.none() | longest.map(lambda ms: start + ms))
    return {
        "reported": draw(moment), "occurred_from_ms": start, "occurred_to_ms": end,
        "dispatched_ms": draw(maybe), "arrived_ms": draw(maybe), "closed_ms": draw(maybe),
        "category": draw(st.sampled_from(CATEGORIES)),
        "code112": draw(st.none() | st.integers(0, 4)),
        "zone": draw(st.sampled_from(["", "z1", "z2"])),
        "route_id": draw(st.sampled_from(["", "r1"])),
        "lon": draw(st.none() | st.floats(126.6, 127.0)), "lat": draw(st.floats(37.5, 37.8)),
        "cap_status": draw(st.sampled_from(["Actual", "Actual", "Exercise", "Test"])),
    }  # fmt: skip


many = st.lists(said(), min_size=1, max_size=12)


def views(rows: list[dict[str, Any]]) -> list[IncidentView]:
    return [view(f"I-{n}", **row) for n, row in enumerate(rows)]


def others(frame: pd.DataFrame, at: int) -> pd.DataFrame:
    return frame[frame["row"] != at].astype({"zone": str, "route": str}).reset_index(drop=True)


@given(many, said(), st.data())
@settings(deadline=None, max_examples=60)
def test_a_revision_moves_its_incident_and_nothing_else(
    rows: list[dict[str, Any]], new: dict[str, Any], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(rows) - 1))
    revised = view(f"I-{at}", rev=2, **new)
    before = frame_of(views(rows))
    after = frame_of([*views(rows), revised])
    pd.testing.assert_frame_equal(others(after, at), others(before, at))
    was, now = before[before["row"] == at], after[after["row"] == at]
    assert week_of(after) == pytest.approx(week_of(before) - week_of(was) + week_of(now))
    # The same as if it had never been anything else: nothing of the old remains in any figure.
    rewritten = frame_of(views([new if n == at else row for n, row in enumerate(rows)]))
    _same_figures(after, rewritten)


@given(many, st.data())
@settings(deadline=None, max_examples=60)
def test_the_order_in_which_revisions_come_makes_no_difference(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    every = [
        view(f"I-{n % 4}", rev=1 + n // 4, **row) for n, row in enumerate(rows)
    ]  # up to three revisions of four incidents
    shuffled = data.draw(st.permutations(every))
    _same_figures(frame_of(every), frame_of(shuffled))


@given(many)
@settings(deadline=None, max_examples=30)
def test_a_repeated_or_older_revision_changes_nothing(rows: list[dict[str, Any]]) -> None:
    new = [view(f"I-{n}", rev=3, **row) for n, row in enumerate(rows)]
    old = [view(f"I-{n}", rev=2) for n in range(len(rows))]
    pd.testing.assert_frame_equal(
        frame_of([*new, *old, *new]).astype({"zone": str, "route": str}),
        frame_of(new).astype({"zone": str, "route": str}),
    )


def _same_figures(one: pd.DataFrame, other: pd.DataFrame) -> None:
    for column in ("category", "code", "zone", "route", "cell"):
        counts = (frame[column].astype(str).value_counts() for frame in (one, other))
        first, second = ({k: n for k, n in found.items() if n} for found in counts)
        assert first == second
    assert week_of(one) == pytest.approx(week_of(other))
    assert legs(one, PERIOD, NOW) == legs(other, PERIOD, NOW)
    known = START_MS - 90 * DAY_MS
    assert control_chart(one, NOW, known) == control_chart(other, NOW, known)
    choice = TrendChoice(PERIOD, {"category": "theft"})
    x = [np.sort(chosen(frame, choice, NOW)["x"].to_numpy()) for frame in (one, other)]
    assert np.array_equal(*x, equal_nan=True)
