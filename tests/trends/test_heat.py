"""Hours of the week: every incident weighs one, as the worker weighs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dashboard.kpis.choice import Period
from dashboard.stream.counts import MILLION, IncidentRecord, incident_parts
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.trends.aoristic import hour_weights, week_of
from dashboard.trends.choice import TrendChoice
from dashboard.trends.frame import hour_of_week
from dashboard.trends.heat import Heat, heat, rates_of
from dashboard.trends.window import compare
from tests.kpis.facts_builder import START_MS, at
from tests.trends.incidents import frame

WEEK = Period(START_MS, START_MS + 7 * DAY_MS)
THEN = START_MS - 70 * DAY_MS  # known for long enough
moments = st.integers(START_MS, WEEK.to_ms - 1)
lengths = st.one_of(
    st.none(), st.integers(0, DAY_MS), st.integers(-DAY_MS, -1), st.integers(DAY_MS + 1, 9 * DAY_MS)
)
rows = st.lists(st.tuples(moments, lengths), max_size=25)


def found(incidents: pd.DataFrame, known_from_ms: int = 0, **more: Any) -> Heat:
    choice = TrendChoice(WEEK)
    return heat(compare(incidents, choice, WEEK.to_ms, known_from_ms, "hour"), **more)


def happened(pairs: Iterable[tuple[int, int | None]]) -> pd.DataFrame:
    """(when it began, how long it may have lasted); None: only the report is known."""
    return frame(*(
        {"reported": start} if ms is None else
        {"reported": WEEK.to_ms - 1, "occurred_from_ms": start, "occurred_to_ms": start + ms}
        for start, ms in pairs
    ))  # fmt: skip


def test_an_interval_is_shared_among_its_hours_to_the_minute() -> None:
    shown = found(happened([(at(days=4, hours=21.75), HOUR_MS)]))  # Friday 21:45 to 22:45
    assert shown.weights[4, 21] == pytest.approx(0.25)
    assert shown.weights[4, 22] == pytest.approx(0.75)
    assert shown.weights.sum() == pytest.approx(1)


def test_sunday_night_runs_into_monday_morning() -> None:
    shown = found(happened([(at(days=6, hours=23.5), HOUR_MS)]))
    assert (shown.weights[6, 23], shown.weights[0, 0]) == (0.5, 0.5)


def test_an_interval_that_ends_on_the_hour_does_not_touch_the_next() -> None:
    shown = found(happened([(at(hours=8), 2 * HOUR_MS)]))
    assert shown.weights[0, 8:11].tolist() == [0.5, 0.5, 0]


def test_a_whole_day_is_kept_and_a_millisecond_more_is_left_out() -> None:
    shown = found(happened([(at(), DAY_MS), (at(), DAY_MS + 1), (at(hours=5), -1)]))
    assert shown.n == 1 and shown.parts["left_out"] == 2
    assert shown.weights[0] == pytest.approx(np.full(24, 1 / 24))


def test_what_is_known_of_the_time_is_told() -> None:
    shown = found(happened([(at(), None), (at(), None), (at(), 0), (at(), 5), (at(), -5)]))
    assert shown.parts == {"moments": 1, "reported": 2, "intervals": 1, "left_out": 1}


@given(rows)
@settings(deadline=None)
def test_every_incident_placed_in_time_weighs_one(pairs: list[tuple[int, int | None]]) -> None:
    incidents = happened(pairs)
    shown = found(incidents)
    assert shown.n is not None and shown.weights.sum() == pytest.approx(shown.n)
    assert shown.n + (shown.parts["left_out"] or 0) == len(pairs)
    each = hour_weights(incidents).groupby("at")["weight"].sum()
    assert len(each) == shown.n and each.to_numpy() == pytest.approx(np.ones(shown.n))
    assert (shown.weights >= 0).all()


@given(rows)
@settings(deadline=None)
def test_it_agrees_with_what_the_worker_adds_up(pairs: list[tuple[int, int | None]]) -> None:
    theirs = np.zeros(168)
    pieces = 0
    for start, ms in pairs:
        until = None if ms is None else start + ms
        record = IncidentRecord("I", 1, "theft", start if ms is None else WEEK.to_ms - 1,
                                None if ms is None else start, until)  # fmt: skip
        parts = [part for part in incident_parts(record) if part.measure.startswith("o:")]
        pieces = max(pieces, len(parts))
        for part in parts:
            theirs[hour_of_week(np.array([part.at_ms]))[0]] += part.n
    ours = week_of(happened(pairs)).ravel()
    # A worker's weights are whole millionths, each rounded down; the last takes the rest.
    assert ours == pytest.approx(theirs / MILLION, abs=(pieces + 1) * len(pairs) / MILLION + 1e-9)


@given(rows)
@settings(deadline=None)
def test_it_is_a_plain_recount_minute_by_minute(pairs: list[tuple[int, int | None]]) -> None:
    minutes = [(a // 60_000 * 60_000, None if b is None else b // 60_000 * 60_000)
               for a, b in pairs]  # fmt: skip
    counted: Counter[tuple[int, int]] = Counter()
    for start, ms in minutes:
        if ms is not None and not 0 <= ms <= DAY_MS:
            continue
        end = start + (ms or 60_000)
        span = pd.date_range(pd.Timestamp(start, unit="ms", tz="UTC").tz_convert("Asia/Seoul"),
                             periods=(end - start) // 60_000, freq="min")  # fmt: skip
        for moment in span:
            counted[moment.weekday(), moment.hour] += 1 / len(span)  # type: ignore[assignment]
    ours = week_of(happened(minutes))
    assert {at: ours[at] for at in counted} == pytest.approx(dict(counted))
    assert ours.sum() == pytest.approx(sum(counted.values()))


# -- against the weeks before ----------------------------------------------------------------


def weekly(hours: float, n: int, weeks: Iterable[int]) -> list[dict[str, Any]]:
    """n incidents in one hour of the week, so many weeks ago (0 = this one)."""
    return [{"reported": at(days=-7 * week, hours=hours)} for week in weeks for _ in range(n)]


def test_an_hour_is_compared_with_the_same_hour_of_eight_weeks() -> None:
    incidents = frame(*weekly(22, 16, range(1, 9)), *weekly(22, 40, [0]))
    shown = found(incidents, THEN)
    one = shown.judged[22]
    assert (shown.weeks, one.n, one.expected) == (8, 40, 16)
    assert one.z == pytest.approx(2 * (40**0.5 - 4) / (1 + 1 / 8) ** 0.5)
    assert shown.flags[22] == "more" and shown.flags.count("") == 167


def test_few_in_an_hour_are_compared_exactly() -> None:
    incidents = frame(*weekly(22, 1, range(1, 9)), *weekly(22, 9, [0]))
    one = found(incidents, THEN).judged[22]
    p = 2 * stats.binomtest(9, 17, 1 / 9, alternative="greater").pvalue  # 9 of 17, a week of nine
    assert one.exact and one.z == pytest.approx(stats.norm.isf(p / 2))


def test_without_history_nothing_is_called_unusual() -> None:
    shown = found(frame(*weekly(22, 40, [0])), START_MS)
    assert shown.weeks == 0 and not any(shown.flags)
    assert all(one.expected is None for one in shown.judged) and shown.by_chance == 0


def test_hours_that_come_in_bursts_are_flagged_more_slowly() -> None:
    calm = frame(*weekly(22, 10, range(1, 9)), *weekly(22, 25, [0]))
    bursts = frame(*weekly(22, 40, [2, 7]), *weekly(22, 25, [0]))
    calm_heat, burst_heat = found(calm, THEN), found(bursts, THEN)
    assert calm_heat.phi == 1 and calm_heat.flags[22] == "more"
    assert burst_heat.phi > 20 and burst_heat.flags[22] == ""


def test_the_number_of_flags_by_chance_is_what_chance_gives() -> None:
    """No change at all, 168 cells of many rates: at most as many flags as are announced."""
    generator, flags, announced = np.random.default_rng(4), 0, 0.0
    rate = generator.uniform(0.5, 30, 168)
    for _ in range(30):
        counts = generator.poisson(rate, (9, 168))
        moments_ = [at(days=-7 * week, hours=hour) for week in range(9) for hour in range(168)]
        reported = np.repeat(moments_, counts.ravel())
        bare = {"reported": reported, "start": np.full(len(reported), -1)}
        incidents = pd.DataFrame({**bare, "end": bare["start"]})
        shown = found(incidents, THEN)
        flags, announced = flags + sum(map(bool, shown.flags)), announced + shown.by_chance
    assert announced == pytest.approx(30 * 168 * 0.0027)
    assert flags <= announced + 3 * announced**0.5 and flags > 0


# -- against those who pass ------------------------------------------------------------------


def test_rates_are_per_thousand_passers_and_only_where_enough_pass() -> None:
    passers = np.full((7, 24), 500.0)
    passers[0, 3], passers[0, 4] = 99, np.nan
    shown = found(happened([(at(hours=3), 0), (at(hours=4), 0), (at(hours=5), 0)]), passers=passers)
    assert shown.rates is not None and shown.rates[0, 5] == 2 and shown.rates[0, 6] == 0
    assert np.isnan(shown.rates[0, [3, 4]]).all()
    assert np.isnan(rates_of(np.ones((7, 24)), np.zeros((7, 24)))).all()


# -- nothing --------------------------------------------------------------------


def test_nothing_at_all_is_an_empty_week() -> None:
    for incidents in (frame(), frame({"reported": at(days=-3)}), happened([(at(), -1)])):
        shown = found(incidents, THEN)
        assert shown.n == 0 and not shown.weights.any() and not any(shown.flags)
