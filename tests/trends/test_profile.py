"""Who passes by hour of the week: usual, scaled for silent counters, and what stands out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.kpis.choice import Period, start_of
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.trends.levels import median_of
from dashboard.trends.profile import Place, Profile, Run, profile, street_of, week_of
from dashboard.usual import HourCount, level_of, usual_of
from tests.builders import SITE
from tests.trends.streets import (
    FROM_MS,
    LAST_WEEK,
    NOW_MS,
    WEEKS,
    counts,
    dead,
    foot,
    street,
    week_shape,
)

HOURS = WEEKS * 168
LAST = HOURS - 168


ALL = Place()


def shown(of: object, place: Place = ALL, period: Period = LAST_WEEK) -> Profile:
    return profile(street(of), place, period, NOW_MS)  # type: ignore[arg-type]


def test_it_agrees_hour_by_hour_with_the_figure_of_the_live_map() -> None:
    people = counts()
    found = shown(foot({"F-1": people}))
    assert found.levels is not None
    for at in range(168):
        past = [HourCount(int(people[LAST + at - 168 * k]), 1, 1) for k in range(1, 9)]
        usual, now = usual_of(past), HourCount(int(people[LAST + at]), 1, 1)
        assert found.levels.usual[at] == usual.middle
        assert found.levels.scale[at] == pytest.approx(usual.scale)
        assert found.levels.words[at] == level_of(now, usual).level
        assert found.levels.people[at] == now.people


def test_the_sum_of_a_street_is_the_plain_sum_where_everything_was_counted() -> None:
    people = {"F-1": counts(1, 1), "F-2": counts(3, 2), "F-3": counts(0.2, 3)}
    found = shown(foot(people))
    assert found.levels is not None
    assert found.levels.people == pytest.approx(sum(one[LAST:] for one in people.values()))
    assert found.levels.coverage == pytest.approx(np.ones(168))
    assert found.made_up == pytest.approx(0.0)


def street_with_a_busy_counter() -> dict[str, np.ndarray]:
    """Forty-five of a hundred people pass F-0, the others one of nine."""
    scales = [45.0, *[55 / 9] * 9]
    return {f"F-{at}": counts(scale, at) for at, scale in enumerate(scales)}


def test_a_busy_counter_that_dies_does_not_make_the_street_quiet() -> None:
    people = street_with_a_busy_counter()
    found = shown(foot(people, {"F-0": dead(HOURS, LAST)})).levels
    assert found is not None
    day = np.flatnonzero(np.tile(np.arange(24), 7) >= 7)
    truth = sum(one[LAST:] for one in people.values())
    assert found.people[day] == pytest.approx(truth[day], rel=0.2)
    assert found.people[day].sum() == pytest.approx(truth[day].sum(), rel=0.01)
    assert found.coverage[day] == pytest.approx(np.full(len(day), 0.55), abs=0.05)
    assert found.words.count("quiet") + found.words.count("busy") <= 1
    by_counters = (truth - people["F-0"][LAST:]) * 10 / 9
    z = (by_counters - found.usual) / found.scale
    assert (z[day] <= -3).mean() > 0.8  # what scaling by the share of counters would have said


def test_too_little_seen_of_the_people_is_no_judgement_however_many_counters_count() -> None:
    people = street_with_a_busy_counter()
    people["F-0"] *= 3
    found = shown(foot(people, {"F-0": dead(HOURS, LAST)})).levels
    assert found is not None
    day = np.flatnonzero(np.tile(np.arange(24), 7) >= 7)
    assert np.isnan(found.people[day]).all()
    assert {found.words[at] for at in day} == {"unknown"}


@settings(max_examples=30)
@given(st.integers(0, 2), st.floats(0.3, 3.0), st.integers(0, 10**6))
def test_whichever_counter_is_silent_the_street_is_told_without_bias(
    silent: int, times: float, seed: int
) -> None:
    """Counts without chance: f times the usual is told as f times the usual, exactly."""
    shapes = np.random.default_rng(seed).uniform(5, 50, (3, 168))
    people = {f"F-{n}": np.tile(shapes[n], WEEKS) for n in range(3)}
    for one in people.values():
        one[LAST:] *= times
    found = shown(foot(people, {f"F-{silent}": dead(HOURS, LAST)})).levels
    assert found is not None
    share = 1 - shapes[silent] / shapes.sum(axis=0)
    assert found.coverage == pytest.approx(share, rel=1e-4)
    told = share >= 0.5 + 1e-6
    assert found.people[told] == pytest.approx(times * shapes.sum(axis=0)[told], rel=1e-4)
    assert np.isnan(found.people[share < 0.5 - 1e-6]).all()


@settings(max_examples=20)
@given(st.integers(0, HOURS - 1))
def test_a_dead_counter_changes_nothing_of_what_is_said_of_the_others(since: int) -> None:
    people = {"F-1": counts(1, 1), "F-2": counts(1, 2)}
    before = shown(foot(people), Place(counter="F-1")).levels
    after = shown(foot(people, {"F-2": dead(HOURS, since)}), Place(counter="F-1")).levels
    assert before is not None and after is not None
    for name in ("people", "coverage", "usual", "scale"):
        assert np.array_equal(getattr(before, name), getattr(after, name), equal_nan=True)


@settings(max_examples=20)
@given(st.floats(0.5, 1.0))
def test_part_of_an_hour_is_scaled_to_the_whole(share: float) -> None:
    people, covered = counts(), np.ones(HOURS)
    covered[LAST:] = np.float32(share)
    whole = shown(foot({"F-1": people})).levels
    part = shown(foot({"F-1": people * covered}, {"F-1": covered})).levels
    assert whole is not None and part is not None
    assert part.people == pytest.approx(whole.people, rel=1e-4)
    assert part.coverage == pytest.approx(np.full(168, share), rel=1e-4)


def test_gaps_are_no_part_of_what_is_usual() -> None:
    people, covered = counts(), np.ones(HOURS)
    gap = slice(LAST - 3 * 168, LAST - 2 * 168)
    people[gap], covered[gap] = 0.0, 0.4
    found = shown(foot({"F-1": people}, {"F-1": covered})).levels
    assert found is not None and set(found.weeks) == {7}
    for at in (8, 18, 110):
        past = [people[LAST + at - 168 * k] for k in range(1, 9) if k != 3]
        assert found.usual[at] == median(past)


def test_holidays_are_left_out_of_usual_and_not_judged() -> None:
    """Christmas 2026 is a Friday; Christmas of the site's own is any day it names."""
    from_ms, now_ms = start_of(date(2026, 11, 23)), start_of(date(2027, 2, 1))
    people = np.tile(week_shape(), WEEKS)
    day = (start_of(date(2026, 12, 25)) - from_ms) // HOUR_MS
    people[day : day + 24] = 0
    of = foot({"F-1": people}, from_ms=from_ms)
    at = Period(now_ms - 7 * DAY_MS, now_ms)
    found = profile(street_of(of, SITE, now_ms), Place(), at, now_ms).levels
    assert found is not None
    friday = slice(4 * 24, 5 * 24)
    assert set(found.weeks[friday]) == {8 - 2}  # 1 January 2027 is a Friday, too
    assert found.usual[friday] == pytest.approx(week_shape()[friday])
    extra = replace(SITE, calendar=replace(SITE.calendar, extra=("2027-01-27",)))
    own = profile(street_of(of, extra, now_ms), Place(), at, now_ms).levels
    assert own is not None and own.words[2 * 24 : 3 * 24] == ["holiday"] * 24
    assert np.isnan(own.z[2 * 24 : 3 * 24]).all() and not np.isnan(own.people).any()


def test_hours_in_which_a_counter_was_stuck_are_neither_usual_nor_shown() -> None:
    people = counts()
    people[LAST - 168 : LAST] = 0  # a week of zeros, though it says it counted
    people[LAST + 100 :] = 0
    found = shown(foot({"F-1": people})).levels
    assert found is not None
    assert found.usual[18] == median(people[LAST + 18 - 168 * k] for k in range(2, 9))
    assert found.words[-10:] == ["unknown"] * 10


def test_a_new_counter_raises_nothing_before_it_is_known_for_three_weeks() -> None:
    covered = np.zeros(HOURS)
    covered[LAST - 2 * 168 :] = 1.0
    old = {"F-1": counts(1, 1)}
    found = shown(foot({**old, "F-2": counts(5, 2)}, {"F-2": covered})).levels
    alone = shown(foot(old)).levels
    assert found is not None and alone is not None
    assert found.people == pytest.approx(alone.people)


def test_without_history_it_tells_what_was_counted_and_judges_nothing() -> None:
    people = counts(weeks=1)
    now_ms = FROM_MS + 7 * DAY_MS
    period = Period(FROM_MS, now_ms)
    found = profile(street(foot({"F-1": people}), now_ms), Place(), period, now_ms)
    assert found.levels is not None
    assert found.levels.people == pytest.approx(people)
    assert set(found.levels.words) == {"unknown"} and not found.busy and not found.unlike


def test_it_finds_the_busy_and_the_quiet_hours() -> None:
    found = shown(foot({"F-1": np.tile(week_shape(10), WEEKS)}))
    assert Run((0, 1, 2, 3, 5, 6), 18, 2, pytest.approx(700)) == found.busy[0]
    assert (4,) in [run.weekdays for run in found.busy if run.hour == 17 and run.hours == 4]
    longest = found.quiet[0]
    assert (longest.hour, longest.hours) == (23, 8) and longest.weekdays == (0, 1, 2, 5, 6)
    flat = shown(foot({"F-1": np.full(HOURS, 5.0)}))
    assert not flat.busy and not flat.quiet


def test_it_finds_the_hours_that_are_unlike_usual_the_most_first() -> None:
    people = np.tile(week_shape(10), WEEKS)
    people[LAST + 40] *= 3
    people[LAST + 60] *= 4
    found = shown(foot({"F-1": people}))
    assert set(found.unlike) == {40, 60}
    assert found.levels is not None and found.levels.words[40] == "busy"
    assert found.levels.ratio(40) == pytest.approx(3)
    assert found.levels.ratio(2) is None  # usually nobody


@pytest.mark.parametrize(
    ("place", "period"),
    [
        (Place(counter="none"), LAST_WEEK),
        (Place(route="r9"), LAST_WEEK),
        (Place(), Period(FROM_MS - 70 * DAY_MS, FROM_MS - 63 * DAY_MS)),
    ],
)
def test_where_nothing_is_known_nothing_is_said(place: Place, period: Period) -> None:
    found = shown(foot({"F-1": counts()}), place, period)
    assert found.levels is None and found.made_up is None and found.coverage == 0


def test_nobody_counted_at_all_is_no_trouble() -> None:
    nothing = foot({"F-1": np.zeros(HOURS)}, {"F-1": np.zeros(HOURS)})
    assert shown(nothing).levels is None


def test_the_week_shown_is_the_last_seven_days_that_are_over() -> None:
    noon = NOW_MS + 12 * HOUR_MS
    running = Period(NOW_MS - 14 * DAY_MS, NOW_MS + 7 * DAY_MS)
    assert week_of(running, noon) == (NOW_MS - 7 * DAY_MS, NOW_MS)
    assert week_of(LAST_WEEK, noon) == (NOW_MS - 7 * DAY_MS, NOW_MS)


@given(st.lists(st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=2, max_size=2),
                min_size=1, max_size=9))  # fmt: skip
def test_the_median_leaves_out_what_is_not_known(rows: list[list[int | None]]) -> None:
    values = np.array([[np.nan if x is None else float(x) for x in row] for row in rows])
    for column, found in zip(values.T, median_of(values), strict=True):
        known = [x for x in column if not np.isnan(x)]
        assert found == median(known) if known else np.isnan(found)
