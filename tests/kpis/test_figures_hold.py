"""What holds of every figure, whatever the facts."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.kpis.breakdown import breakdown
from dashboard.kpis.facts import ALERT, COLUMN, INCIDENT, INSPECTION, MEASURES, ROUND, Facts
from dashboard.kpis.figure import NO_DATA, TOO_FEW, Figure
from dashboard.kpis.groups import Dim, Groups
from dashboard.kpis.indicators import BY_KEY, KPIS
from dashboard.kpis.scorecard import vendors
from dashboard.stream.rollups import Group
from tests.kpis.facts_builder import START_MS, TYPES, WEEK, at, chosen, facts
from tests.kpis.towns import Town

some = settings(max_examples=25, deadline=None)
ADDED = {  # parts that are sums over groups
    "availability": ("up_ms", "down_ms", "unknown_ms", "out_ms", "failures"),
    "availability_night": ("lit_ms", "unlit_ms", "down_ms", "unknown_ms"),
    "unknown_share": ("unknown_ms",),
    "mtbf": ("failures", "up_ms"),
    "mttr": ("reported", "by_itself", "open"),
    "sla": ("met", "missed", "overdue", "unproved", "excluded"),
    "backlog": ("band_0", "band_4", "band_8", "band_15", "band_31", "reopened"),
    "repeat_failures": ("repeats",),
    "inspections_overdue": ("late", "soon", "date_unknown"),
    "alert_rate": ("alerts", "up_ms"),
    "false_alarms": ("real", "mistaken", "malfunction", "test", "unclear", "no_verdict"),
    "unverified": ("unclear", "no_verdict"),
    "mtta": ("open",),
    "time_to_close": ("open",),
    "leg_delivered": ("open", "written_in"),
    "leg_acknowledged": ("open", "without"),
    "leg_dispatched": ("open", "without"),
    "leg_arrived": ("open", "without"),
    "leg_closed": ("open",),
    "traffic": ("passages",),
    "alerts_per_10k": ("alerts",),
}
SUMMED_N = set(ADDED) - {"availability", "availability_night", "unknown_share"}  # n is an average


def moment(from_days: int = -40) -> st.SearchStrategy[int]:
    return st.integers(at(from_days), at(20)) | st.just(-1)


def rows(dtype: np.dtype, groups: int, **columns: st.SearchStrategy) -> st.SearchStrategy:
    """Tables with any numbers in them, however contradictory."""
    drawn = {"i8": moment(), "i4": st.integers(0, groups - 1), "i2": st.integers(0, 3),
             "i1": st.integers(0, 2), "?": st.booleans(), "f8": st.floats()}  # fmt: skip
    kinds = {name: dtype[name].str.lstrip("<|").replace("b1", "?") for name in dtype.names}
    one = st.tuples(*(columns.get(name, drawn[kind]) for name, kind in kinds.items()))
    return st.lists(one, max_size=30).map(lambda found: np.array(found, dtype))


@st.composite
def any_facts(draw: st.DrawFn) -> Facts:
    groups = Groups()
    for kind in ("bell", "cctv", "light", "counter", "gateway", ""):
        for zone in ("z1", "z2", ""):
            groups.number_of(Group(kind, zone, draw(st.sampled_from(["", "r1"])), "Gaon"))
    count = len(groups)
    sums = np.random.default_rng(draw(st.integers(0, 10**6))).integers(
        0, draw(st.sampled_from([1, 2, 10**3, 10**10])), (count, len(MEASURES))
    )
    sums = sums * draw(st.sampled_from([0, 1])) * (np.arange(count) % 3 > 0)[:, None]
    people = sums[:, COLUMN["t_in"]] + sums[:, COLUMN["t_out"]]
    sums[:, COLUMN["t_ms"]] += people > 0  # nobody is counted in no time
    raised = st.integers(START_MS, WEEK.to_ms - 1)
    return Facts(
        period=WEEK, now_ms=draw(st.sampled_from([WEEK.to_ms, at(0.01), at(9)])), groups=groups,
        mask=np.ones(count, bool), sums=sums.astype(np.float64),
        usual=np.repeat(sums[None], 8, 0).astype(np.float64),
        weeks_known=draw(st.integers(0, 8)),
        alerts=draw(rows(ALERT, count, raised=raised, verdict=st.integers(0, 5))),
        rounds=draw(rows(ROUND, count, opened=st.integers(at(-40), at(6)))),
        incidents=draw(rows(INCIDENT, count, reported=raised)),
        inspections=draw(rows(INSPECTION, count)), alert_types=list(TYPES),
    )  # fmt: skip


def check(figure: Figure) -> None:
    numbers = [figure.value, figure.low, figure.high, figure.coverage, *figure.parts.values()]
    assert all(isfinite(one) for one in numbers if one is not None), figure
    assert (figure.value is None) == (figure.why in (NO_DATA, TOO_FEW)), figure
    assert figure.n >= 0 and isinstance(figure.n, int)
    if figure.value is not None:
        assert figure.low is None or figure.low <= figure.value * (1 + 1e-12) + 1e-12, figure
        assert figure.high is None or figure.value <= figure.high * (1 + 1e-12) + 1e-12, figure
    if figure.coverage is not None:
        assert 0 <= figure.coverage <= 1


@settings(max_examples=150, deadline=None)
@given(any_facts())
def test_no_figure_is_nan_or_infinite_or_outside_its_interval(found: Facts) -> None:
    for kpi in KPIS:
        figure = kpi.value(found)
        check(figure)
        if kpi.unit == "share" and figure.value is not None:
            assert 0 <= figure.value <= 1, kpi.key


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.key)
def test_of_an_empty_city_every_figure_says_why_it_has_none(kpi: object) -> None:
    figure = kpi.value(facts())
    check(figure)
    assert figure.value is None or kpi.key in ("backlog", "feed_uptime")


@some
@given(any_facts())
def test_breakdowns_and_scorecards_of_anything_hold(found: Facts) -> None:
    for kpi in KPIS:
        for dim in kpi.dims[:2]:
            parts = breakdown(kpi, found, dim, coarse=True)
            for part in parts.parts:
                assert part.hidden or (check(part.figure) is None)
            for point in parts.funnel.points if parts.funnel else ():
                assert all(isfinite(one) for one in (*point.limits_95, *point.limits_998))
    for score in vendors(found):
        assert all(isfinite(one) for one in score.expected.values())


@some
@given(any_facts(), st.sampled_from([Dim.ZONE, Dim.KIND, Dim.ROUTE]))
def test_sums_over_the_parts_are_those_of_the_whole(found: Facts, dim: Dim) -> None:
    words = found.groups.words_of(dim)
    for key, names in ADDED.items():
        if key == "alerts_per_10k":
            continue  # of places where there are bells and counters, which are not all
        value = BY_KEY[key].value
        whole, parts = value(found), [value(chosen(found, **{dim: word})) for word in words]
        for name in names:
            if name in whole.parts:
                together = sum(part.parts.get(name, 0) for part in parts)
                assert together == pytest.approx(whole.parts[name]), (key, name)
        if key in SUMMED_N:
            assert sum(part.n for part in parts) == whole.n, key


@some
@given(st.integers(0, 10**6))
def test_sums_over_a_towns_zones_are_those_of_the_town(seed: int) -> None:
    town = Town(seed, 300).facts()
    zones = [chosen(town, zone=word) for word in town.groups.words_of(Dim.ZONE)]
    for key, names in ADDED.items():
        whole = BY_KEY[key].value(town)
        for name in names:
            together = sum(BY_KEY[key].value(zone).parts.get(name, 0) for zone in zones)
            assert together == pytest.approx(whole.parts.get(name, 0)), (key, name)
    assert BY_KEY["availability"].value(town).n == pytest.approx(
        sum(BY_KEY["availability"].value(zone).n for zone in zones), abs=len(zones)
    )


@some
@given(st.integers(0, 10**6))
def test_a_figure_of_the_whole_lies_between_those_of_its_parts(seed: int) -> None:
    town = Town(seed, 300).facts()
    zones = [chosen(town, zone=word) for word in town.groups.words_of(Dim.ZONE)]
    for key in ("availability", "unknown_share", "sla", "false_alarms", "alert_rate", "mttr"):
        parts = [figure.value for zone in zones if (figure := BY_KEY[key].value(zone)).n]
        assert min(parts) - 1e-9 <= BY_KEY[key].value(town).value <= max(parts) + 1e-9


def test_groups_outside_the_mask_change_nothing() -> None:
    town = Town(7, 300).facts()
    alone = chosen(town, zone="z1")
    noise = town.sums.copy()
    noise[~alone.mask] = 0
    assert (noise == alone.sums).all()
    loud = replace(alone, usual=np.full_like(alone.usual, 9e9))
    for kpi in KPIS:
        if kpi.key != "traffic":
            assert kpi.value(loud) == kpi.value(alone)
