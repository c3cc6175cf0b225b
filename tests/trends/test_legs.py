"""Legs of the response: medians that open ones cannot flatter, and no figure of too few."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dashboard.format import KST
from dashboard.kpis.choice import Period
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.trends.control import monday_of
from dashboard.trends.legs import LEGS, Leg, Span, legs, months_until, weeks_until
from tests.kpis.facts_builder import MINUTE_MS, START_MS, at
from tests.trends.incidents import frame

NOW = at(days=3, hours=12)  # Thursday noon of the week in progress
PERIOD = Period(START_MS - 28 * DAY_MS, START_MS + 7 * DAY_MS)
LONG_AGO = at(days=-21)


def answered(reported: int = LONG_AGO, minutes: float | None = 6, **more: Any) -> dict[str, Any]:
    """Arrived after so many minutes, dispatched a minute after the report; None: not yet."""
    if minutes is None:
        return {"reported": reported, **more}
    arrived = reported + round(minutes * MINUTE_MS)
    return {"reported": reported, "dispatched_ms": reported + MINUTE_MS, "arrived_ms": arrived,
            "closed_ms": arrived + HOUR_MS, **more}  # fmt: skip


def found(incidents: pd.DataFrame, coarse: bool = False) -> dict[str, Leg]:
    return {leg.name: leg for leg in legs(incidents, PERIOD, NOW, coarse)[1]}


def week(leg: Leg, start_ms: int) -> Span:
    [one] = [span for span in leg.spans if span.start_ms == monday_of(start_ms)]
    return one


def test_each_leg_is_timed_from_its_own_beginning() -> None:
    shown = found(frame(*(answered(minutes=n) for n in (3, 5, 6, 9, 30))))
    times = {
        name: (week(leg, LONG_AGO).p50, week(leg, LONG_AGO).p90) for name, leg in shown.items()
    }
    minutes = {name: tuple(ms / MINUTE_MS for ms in both if ms) for name, both in times.items()}
    assert minutes == {"arrive": (6, 30), "dispatch": (1, 1), "drive": (5, 29), "close": (60, 60)}


def test_four_are_too_few_to_say() -> None:
    span = found(frame(*(answered() for _ in range(4))))["arrive"].period
    assert (span.n, span.p50, span.p90, span.enough) == (4, None, None, False)


def test_what_was_never_dispatched_is_neither_slow_nor_fast_but_counted() -> None:
    never = [answered(minutes=None, code112=4) for _ in range(20)]
    span = week(
        found(frame(*(answered(minutes=n) for n in range(1, 8)), *never))["arrive"], LONG_AGO
    )
    assert (span.n, span.without, span.p50) == (7, 20, 4 * MINUTE_MS)


def test_a_week_in_progress_does_not_look_fast() -> None:
    """Of ten an hour ago the five quick ones have come; the others are still on their way."""
    reported = NOW - HOUR_MS
    quick = [answered(reported, n) for n in (2, 3, 4, 5, 6)]
    slow = [answered(reported, None) for _ in range(5)]
    arrive = found(frame(*quick, *slow))["arrive"]
    assert week(arrive, NOW).p50 == 6 * MINUTE_MS  # not 4
    assert week(arrive, NOW).p90 is None  # half are known; who knows about nine tenths?
    one_more = found(frame(*quick, *slow, answered(reported, None)))["arrive"]
    assert week(one_more, NOW).p50 is None and week(one_more, NOW).n == 5


def test_an_arrival_before_the_report_is_left_out_and_counted() -> None:
    wrong = [answered(minutes=-5) for _ in range(2)]
    shown = found(frame(*(answered(minutes=n) for n in range(1, 8)), *wrong))
    span = week(shown["arrive"], LONG_AGO)
    assert (span.n, span.without, span.reversed, span.p50) == (7, 0, 2, 4 * MINUTE_MS)
    assert week(shown["dispatch"], LONG_AGO).reversed == 0
    assert week(shown["drive"], LONG_AGO).reversed == 2


def test_an_arrival_without_a_dispatch_counts_for_the_legs_it_has() -> None:
    lone = [answered(dispatched_ms=None) for _ in range(5)]
    shown = found(frame(*lone))
    assert week(shown["arrive"], LONG_AGO).n == 5
    assert (week(shown["drive"], LONG_AGO).n, week(shown["drive"], LONG_AGO).without) == (0, 5)


def test_the_period_is_summed_up_beside_its_weeks() -> None:
    early = [answered(PERIOD.from_ms - 1, 99) for _ in range(9)]
    shown = found(frame(*early, *(answered(at(days=-n), n) for n in range(1, 8))))
    assert (shown["arrive"].period.n, shown["arrive"].period.p50) == (7, 4 * MINUTE_MS)


def test_the_line_begins_with_the_first_week_known_and_keeps_its_gaps() -> None:
    many = [answered(at(days=days)) for days in (-35, -14) for _ in range(6)]
    spans = found(frame(*many))["arrive"].spans
    assert [span.n for span in spans] == [6, 0, 0, 6, 0, 0]
    assert [span.enough for span in spans] == [True, False, False, True, False, False]


def test_where_weeks_have_too_few_months_are_shown() -> None:
    reported = [at(days=-3 * n) for n in range(1, 60)]
    by, shown = legs(frame(*(answered(ms, 7) for ms in reported)), PERIOD, NOW)
    assert by == "month"
    korean = pd.to_datetime(reported, unit="ms", utc=True).tz_convert("Asia/Seoul")
    plain = pd.Series(korean.strftime("%Y-%m")).value_counts().to_dict()
    months = {datetime.fromtimestamp(s.start_ms / 1000, KST).strftime("%Y-%m"): s.n
              for s in shown[0].spans}  # fmt: skip
    assert {month: n for month, n in months.items() if n} == plain


def test_weeks_begin_on_monday_and_months_on_the_first_in_korea() -> None:
    def days(edges: Any) -> list[datetime]:
        return [datetime.fromtimestamp(ms / 1000, UTC).astimezone(KST) for ms in edges.tolist()]

    weeks, months = days(weeks_until(NOW)), days(months_until(NOW))
    assert len(weeks) == 53 and {(d.weekday(), d.hour) for d in weeks} == {(0, 0)}
    assert weeks[-2] <= days(np.array([NOW]))[0] < weeks[-1]
    assert {(d.day, d.hour) for d in months} == {(1, 0)}
    assert (months[0].year, months[0].month) == (2025, 11) and months[-1].month == 12


def test_nothing_known_is_no_line_and_no_error() -> None:
    for incidents in (frame(), frame({"reported": NOW + 1}), frame({"reported": at(days=-400)})):
        shown = found(incidents)
        assert set(shown) == set(LEGS) and not any(leg.spans for leg in shown.values())
        assert all(leg.period.p50 is None for leg in shown.values())


def test_one_incident_only_is_told_without_a_figure() -> None:
    arrive = found(frame(answered()))["arrive"]
    assert (arrive.period.n, arrive.period.without, arrive.period.p50) == (1, 0, None)
    assert not any(span.enough for span in arrive.spans)


def test_a_coarse_role_is_told_no_few_nor_what_would_give_them_back() -> None:
    rows = [answered(minutes=n) for n in range(1, 21)] + [answered(minutes=None)] * 2
    span = week(found(frame(*rows), coarse=True)["arrive"], LONG_AGO)
    assert (span.n, span.without, span.reversed) == (None, None, 0)
    assert span.p50 is not None
    rows += [answered(minutes=None)] * 7
    assert week(found(frame(*rows), coarse=True)["arrive"], LONG_AGO).n == 20


@given(st.lists(st.tuples(st.integers(1, 600), st.booleans()), min_size=5, max_size=60))
@settings(deadline=None, max_examples=50)
def test_it_is_the_library_s_kaplan_meier(pairs: list[tuple[int, bool]]) -> None:
    """Reported so long ago that arrived, or still waited for: scipy says the same."""
    rows = [
        answered(NOW - ms * MINUTE_MS, ms if over else None) | {"closed_ms": None}
        for ms, over in pairs
    ]
    span = found(frame(*rows))["arrive"].period
    over = np.array([one for _, one in pairs])
    if over.sum() < 5:
        assert span.p50 is None
        return
    ms = np.array([float(ms) for ms, _ in pairs]) * MINUTE_MS
    curve = stats.ecdf(stats.CensoredData(uncensored=ms[over], right=ms[~over])).sf
    for mine, p in ((span.p50, 0.5), (span.p90, 0.9)):
        reached = curve.quantiles[curve.probabilities <= 1 - p + 1e-9]
        assert mine == (None if not len(reached) else pytest.approx(reached[0]))
    if over.all():
        assert span.p50 == np.quantile(ms, 0.5, method="inverted_cdf")
