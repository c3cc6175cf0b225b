"""Killing sensors improves nothing: coverage falls, intervals widen, nobody is called better.

What is measured of devices themselves gets worse whatever dies. What is measured of alerts moves
by chance, as it would with any fifth of them gone; there the number and the coverage fall and no
verdict comes of it.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.kpis.compare import change
from dashboard.kpis.estimates import Clusters, time_share
from dashboard.kpis.facts import Facts
from dashboard.kpis.figure import Figure, Kpi
from dashboard.kpis.indicators import BY_KEY, KPIS
from dashboard.stream.rollups import DAY_MS
from tests.kpis.facts_builder import COUNTER, chosen, facts
from tests.kpis.test_traffic_kpis import ELSEWHERE, THIRD, counted
from tests.kpis.towns import Town

SPAN = 28 * DAY_MS
HEARD = ("availability", "availability_night", "unknown_share", "mtbf", "alert_rate", "traffic",
         "alerts_per_10k", "false_alarms")  # fmt: skip
OF_ALERTS = [kpi.key for kpi in KPIS if kpi.of == "alerts" and kpi.key != "alerts_per_10k"]

seeds = st.integers(0, 10**6)
some_towns = settings(max_examples=20, deadline=None)


def with_a_fifth_dead(seed: int) -> tuple[Facts, Facts]:
    town = Town(seed, 400)
    dead = np.random.default_rng(seed + 1).random(town.n) < 0.2
    return town.facts(), town.facts(dead)


def width(kpi: Kpi, figure: Figure) -> float:
    """Of shares the difference of the limits, of what knows no upper end their ratio."""
    assert figure.low and figure.high
    return figure.high - figure.low if kpi.unit == "share" else figure.high / figure.low


@some_towns
@given(seeds)
def test_coverage_falls(seed: int) -> None:
    well, dead = with_a_fifth_dead(seed)
    for kpi in KPIS:
        before, after = kpi.value(well), kpi.value(dead)
        if before.coverage is not None:
            assert after.coverage < before.coverage, kpi.key


@some_towns
@given(seeds)
def test_intervals_widen(seed: int) -> None:
    well, dead = with_a_fifth_dead(seed)
    for key in HEARD:
        kpi = BY_KEY[key]
        assert width(kpi, kpi.value(dead)) >= width(kpi, kpi.value(well)) * (1 - 1e-9), key


@some_towns
@given(seeds)
def test_what_is_measured_of_devices_does_not_improve(seed: int) -> None:
    well, dead = with_a_fifth_dead(seed)
    for kpi in KPIS:
        if kpi.of in ("devices", "orders", "feeds") and kpi.better:
            before, after = kpi.value(well).value, kpi.value(dead).value
            if before is not None:
                gain = (after - before) * (1 if kpi.better == "high" else -1)
                assert gain <= 1e-12, kpi.key


@some_towns
@given(seeds)
def test_nobody_is_called_better(seed: int) -> None:
    well, dead = with_a_fifth_dead(seed)
    for kpi in KPIS:
        verdict = change(kpi, kpi.value(dead), kpi.value(well)).verdict
        assert verdict in ("worse", "same", "not_enough", "none"), kpi.key


@some_towns
@given(seeds)
def test_of_alerts_fewer_are_counted(seed: int) -> None:
    well, dead = with_a_fifth_dead(seed)
    assert OF_ALERTS
    for key in OF_ALERTS:
        before, after = BY_KEY[key].value(well), BY_KEY[key].value(dead)
        assert after.n < before.n and after.coverage < before.coverage


def test_with_everything_dead_availability_is_nought_and_nothing_is_known() -> None:
    town = Town(1, 200)
    gone = town.facts(np.ones(town.n, bool))
    figure = BY_KEY["availability"].value(gone)
    assert (figure.value, figure.low, figure.high) == (0, 0, 1) and figure.coverage < 0.05
    assert not BY_KEY["availability"].enough(figure)
    assert BY_KEY["mtbf"].value(gone).value is None


groups = st.lists(st.tuples(st.integers(1, 30), st.floats(0, 0.5)), min_size=1, max_size=7)


@given(groups, st.integers(0, 40), st.data())
def test_few_groups_never_look_better_known_by_dying(
    found: list[tuple[int, float]], failures: int, data: st.DataObject
) -> None:
    """With fewer than eight groups it holds for whatever dies, not only on the average."""
    devices = np.array([n for n, _ in found], np.float64)
    bad = devices * np.array([share for _, share in found]) * SPAN
    good = devices * SPAN - bad
    dying = np.array([data.draw(st.integers(0, int(g // SPAN))) for g in good], np.float64) * SPAN
    noticed = data.draw(st.integers(0, int(dying.sum() / SPAN)))  # that failed in the period
    before = time_share(Clusters(good, bad, SPAN, failures))
    after = time_share(Clusters(good - dying, bad + dying, SPAN, failures + noticed))
    assert after.value <= before.value
    if after.value >= 0.5:
        assert after.high - after.low >= before.high - before.low - 1e-12


@pytest.mark.parametrize("dead_days", [0, 1, 3, 5])
def test_foot_traffic_is_less_known_the_longer_counters_are_silent(dead_days: int) -> None:
    def one(dead: int) -> Figure:
        sums = {COUNTER: counted(2_000), ELSEWHERE: counted(500 * (7 - dead), 7 - dead, dead)}
        return BY_KEY["traffic"].value(facts({**sums, THIRD: counted(1_000)}))

    less, more = one(dead_days), one(dead_days + 1)
    assert more.coverage < less.coverage
    assert more.high / more.low > less.high / less.low


def test_a_choice_of_parts_is_judged_by_the_coverage_of_those_parts() -> None:
    town = Town(5, 400)
    dead = town.kind == 0  # all bells
    whole = town.facts(dead)
    bells, cameras = chosen(whole, kind="bell"), chosen(whole, kind="cctv")
    value = BY_KEY["availability"].value
    assert value(bells).coverage < 0.05 < 0.9 < value(cameras).coverage
