"""What is usual for a week, and how often chance alone leaves it."""

from __future__ import annotations

from collections.abc import Callable
from math import isclose

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.kpis.estimates import share
from dashboard.kpis.figure import Figure
from dashboard.kpis.survival import Waits, median_wait
from dashboard.weekly.measures import BY_KEY, MEASURES, Measure
from dashboard.weekly.summary import Usual
from dashboard.weekly.usual import usual_of
from tests.weekly.recount import usual_range

COUNT, WAIT, SHARE, PEOPLE = (
    BY_KEY[key] for key in ("bell_presses", "acknowledged", "sla", "traffic")
)
DIGITS = {"count": 0, "per_day": 0, "ms": -3, "share": 4}
Draw = Callable[[np.random.Generator], Figure]


def known(value: float, half: float = 0.0, **fields: object) -> Figure:
    """half: of its interval."""
    ends = {"low": max(0.0, value - half), "high": value + half} if half else {}
    return Figure(value, n=40, **{"coverage": 0.98, **ends, **fields})  # type: ignore[arg-type]


def judged(measure: Measure, now: Figure, *past: Figure | None) -> Usual:
    return usual_of(measure, now, past, running=False)


def same(usual: Usual, found: usual_range.Range, unit: str) -> None:
    assert usual.z is not None and not usual.why
    assert isclose(usual.z, min(99.0, max(-99.0, found.z)), abs_tol=0.011)
    for name in ("middle", "low", "high"):
        one, other = getattr(usual, name), getattr(found, name)
        assert isclose(one, other, abs_tol=0.51 * 10.0 ** -DIGITS[unit]), name


# -- against another way of working it out ----------------------------------------------------


@settings(max_examples=60)
@given(st.lists(st.integers(0, 60), min_size=4, max_size=51), st.integers(0, 150))
def test_counts_are_judged_as_on_the_page_of_trends(past: list[int], now: int) -> None:
    usual = judged(COUNT, known(now), *map(known, past))
    same(usual, usual_range.of_counts(now, past), "count")


@settings(max_examples=25)
@given(st.lists(st.integers(150, 250), min_size=4, max_size=51), st.integers(50, 400))
def test_large_counts_too(past: list[int], now: int) -> None:
    same(judged(COUNT, known(now), *map(known, past)), usual_range.of_counts(now, past), "count")


UNITS = {
    "ms": (WAIT, st.floats(1_000, 4e6), st.floats(0, 1e6)),
    "share": (SHARE, st.floats(0, 1), st.floats(0, 0.4)),
    "per_day": (PEOPLE, st.floats(0, 1e5), st.floats(0, 1e4)),
}


@pytest.mark.parametrize("unit", UNITS)
@given(data=st.data())
def test_all_else_is_judged_by_students_t(unit: str, data: st.DataObject) -> None:
    measure, values, halves = UNITS[unit]
    weeks = st.lists(st.tuples(values, halves), min_size=5, max_size=12)
    *past, now = (known(*week) for week in data.draw(weeks))
    as_known = [usual_range.Known(one.value or 0.0, ends(one)) for one in (*past, now)]
    found = usual_range.between(unit, as_known[-1], as_known[:-1][-8:], judged=True)
    same(judged(measure, now, *past), found, unit)


def ends(figure: Figure) -> tuple[float, float] | None:
    return None if figure.low is None or figure.high is None else (figure.low, figure.high)


# -- what is not judged ----------------------------------------------------------------------


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.key)
def test_three_weeks_are_no_history(measure: Measure) -> None:
    assert judged(measure, known(0.9), *[known(0.9)] * 3) == Usual(why="no_history")
    assert judged(measure, known(0.9), *[known(0.9)] * 4).weeks == 4


UNFIT = (None, Figure(None, why="no_data"), known(0.9, coverage=0.49), known(0.9, censored=True))


@pytest.mark.parametrize("unfit", UNFIT)
@pytest.mark.parametrize("measure", (COUNT, WAIT, SHARE, PEOPLE), ids=lambda one: one.key)
def test_weeks_in_which_too_little_was_heard_are_no_history(
    measure: Measure, unfit: Figure | None
) -> None:
    four = [known(0.5), known(0.7), known(0.6), known(0.9)]
    assert judged(measure, known(0.8), *[unfit] * 8, *four[:3]).why == "no_history"
    with_gaps = (four[0], unfit, *four[1:3], unfit, unfit, four[3])
    assert judged(measure, known(0.8), *with_gaps) == judged(measure, known(0.8), *four)


def test_a_week_of_which_just_half_was_heard_counts() -> None:
    assert judged(COUNT, known(9, coverage=0.5), *[known(5, coverage=0.5)] * 4).z is not None


anything = st.one_of(
    st.just(Figure(None, why="no_data")),
    st.builds(known, st.floats(0, 200), st.floats(0, 90), coverage=st.floats(0, 1)),
)


@given(st.sampled_from(MEASURES), st.lists(anything, max_size=20), anything, anything)
def test_a_week_in_progress_is_never_judged(
    measure: Measure, past: list[Figure], now: Figure, later: Figure
) -> None:
    usual = usual_of(measure, now, past, running=True)
    assert (usual.z, usual.mark, usual.side) == (None, "", "")
    assert usual.why == ("running" if usual.weeks else "no_history")
    assert usual == usual_of(measure, later, past, running=True)  # however much of it is over


@given(st.sampled_from(MEASURES), st.lists(anything, max_size=20), st.floats(0, 0.4999))
def test_a_week_of_which_less_than_half_was_heard_is_not_judged(
    measure: Measure, past: list[Figure], coverage: float
) -> None:
    usual = judged(measure, known(5, coverage=coverage), *past)
    assert usual.z is None and usual.why in ("low_coverage", "no_history")


@given(st.sampled_from(MEASURES), st.lists(anything, max_size=20), anything)
def test_it_tells_a_figure_or_why_there_is_none(
    measure: Measure, past: list[Figure], now: Figure
) -> None:
    usual = judged(measure, now, *past)
    assert (usual.z is None) == bool(usual.why)
    assert bool(usual.mark) == bool(usual.side) == (usual.z is not None and abs(usual.z) >= 2)
    if usual.weeks:
        assert usual.low is not None and usual.middle is not None and usual.high is not None
        assert 0 <= usual.low <= usual.middle <= usual.high


def test_a_median_of_which_only_the_least_is_known_is_never_called_short() -> None:
    minutes = [known(60_000.0 * n) for n in (5, 6, 5, 7, 6)]
    short, long = (known(ms, censored=True) for ms in (1_000.0, 9e7))
    assert judged(WAIT, short, *minutes).why == "too_few"
    assert judged(WAIT, long, *minutes).side == "worse"


# -- what is said of it ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "mark", "side"),
    [("bell_presses", 10, "", ""), ("bell_presses", 19, "out", "more"),
     ("bell_presses", 40, "far", "more"), ("bell_presses", 2, "out", "less"),
     ("sla", 0.5, "far", "worse"), ("sla", 1.0, "far", "better"),
     ("backlog", 30, "far", "worse"), ("traffic", 0, "far", "less")],
)  # fmt: skip
def test_it_names_the_side(key: str, value: float, mark: str, side: str) -> None:
    usual = {"sla": (0.9, 0.91, 0.89, 0.9), "backlog": (10, 11, 9, 10)}.get(key, (10,) * 8)
    found = judged(BY_KEY[key], known(value), *map(known, usual))
    assert (found.mark, found.side) == (mark, side)


@given(st.lists(st.integers(0, 40), min_size=4, max_size=30), st.integers(0, 200))
def test_a_count_is_marked_where_it_leaves_the_range_that_is_told(past: list[int], n: int) -> None:
    usual = judged(COUNT, known(n), *map(known, past))
    assert usual.low is not None and usual.high is not None
    if not usual.low <= n <= usual.high:
        assert usual.mark
    elif usual.mark:  # from ten on it is not exact, which is a seam where weeks scatter much
        assert usual.low < 10 <= n


def test_a_first_miss_after_weeks_without_one_is_no_surprise() -> None:
    for weeks in (4, 8):
        assert judged(SHARE, share(49, 50), *[share(50, 50)] * weeks).mark == ""
    assert judged(SHARE, share(35, 50), *[share(50, 50)] * 8).mark == "far"


def test_a_week_of_few_cases_may_differ_more() -> None:
    weeks = [share(n, 200) for n in (180, 182, 178, 181, 179, 180, 183, 177)]
    assert judged(SHARE, share(140, 200), *weeks).mark == "far"
    assert judged(SHARE, share(7, 10), *weeks).mark == ""


@given(st.lists(st.floats(1_000, 1e6), min_size=8, max_size=8), st.lists(st.floats(1_000, 1e6)))
def test_only_the_last_eight_weeks_are_usual(last: list[float], older: list[float]) -> None:
    now = known(50_000.0)
    whole = judged(WAIT, now, *map(known, [*older, *last]))
    assert whole == judged(WAIT, now, *map(known, last))


# -- how often chance alone leaves it ----------------------------------------------------------


def presses(mean: float) -> Draw:
    return lambda rng: known(float(rng.poisson(mean)))


def waits(n: int) -> Draw:
    def draw(rng: np.random.Generator) -> Figure:
        ms = rng.lognormal(np.log(60_000), 1.0, max(1, rng.poisson(n)))
        return median_wait(Waits(ms, np.ones(len(ms), bool)))

    return draw


def done(n: int, p: float) -> Draw:
    return lambda rng: share(float(rng.binomial(n, p)), n)


def people(rng: np.random.Generator) -> Figure:
    return known(float(rng.normal(30_000, 900)))


CHANCE = {
    "one press": (COUNT, presses(1)), "twenty presses": (COUNT, presses(20)),
    "two hundred presses": (COUNT, presses(200)),
    "few waits": (WAIT, waits(5)), "waits": (WAIT, waits(40)),
    "repairs in time": (SHARE, done(60, 0.9)), "people": (PEOPLE, people),
}  # fmt: skip


@pytest.mark.parametrize("weeks", (4, 8))
@pytest.mark.parametrize("what", CHANCE)
def test_chance_alone_seldom_leaves_it(what: str, weeks: int) -> None:
    """Of weeks without any change one in twenty at most is out, and few are far; but it is not so
    wide either that nothing ever is."""
    rng, (measure, draw) = np.random.default_rng([len(what), weeks]), CHANCE[what]
    n = 300
    drawn = [draw(rng) for _ in range(n + weeks)]
    found = [judged(measure, drawn[at + weeks], *drawn[at : at + weeks]) for at in range(n)]
    out, far = (np.mean([abs(one.z or 0.0) >= z for one in found]) for z in (2, 3))
    assert 0.002 <= out <= 0.065
    assert far <= 0.01
