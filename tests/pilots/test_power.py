"""What an evaluation of a size could show: told, and then tried out."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from dashboard.pilots.power import POWER, REALISTIC, Z_TEST, power_of
from dashboard.pilots.wdd import Areas, Pair, wdd


def of_size(before: float, control: float = 1.0, displaced: float = 0.0) -> Areas:
    around = Pair(displaced * before, 0)
    return Areas(Pair(before, 0), Pair(control * before, 0), around, around)


def shown(of: Areas, fall: float, rounds: int = 4_000, phi: float = 1.0) -> float:
    """How often a fall shows (two-sided at 5 %), counting anew each time."""
    draw = np.random.default_rng(7)
    scale = of.after_weight / of.before_weight
    found = 0
    for _ in range(rounds):

        def counted(pair: Pair, share: float = 1.0) -> Pair:
            before, after = draw.poisson([pair.before, pair.before * scale * share])
            return replace(pair, before=int(before), after=int(after))

        of_now = replace(
            of, treated=counted(of.treated, 1 - fall), control=counted(of.control),
            displaced=counted(of.displaced), displaced_control=counted(of.displaced_control),
        )  # fmt: skip
        z = wdd(of_now, phi).z
        found += z is not None and z < -Z_TEST
    return found / rounds


@pytest.mark.parametrize(
    "of",
    [of_size(100), of_size(400, control=2), of_size(150, displaced=0.5),
     replace(of_size(300), before_weight=2.0),
     Areas(Pair(200, 0, 1.2), Pair(150, 0, 0.9))],
)  # fmt: skip
def test_the_smallest_fall_that_would_show_shows_four_times_in_five(of: Areas) -> None:
    power = power_of(of)
    assert power.least is not None
    assert abs(shown(of, power.least) - POWER) < 0.025


def test_where_nothing_changed_it_seldom_shows_a_fall() -> None:
    assert abs(shown(of_size(100), 0.0) - 0.025) < 0.008


def test_so_many_times_as_many_incidents_show_a_fall_of_a_fifth() -> None:
    small = of_size(40, control=1.5)
    power = power_of(small)
    assert not power.able and power.times is not None and power.needed is not None
    assert power.needed == pytest.approx(power.times * 40, abs=1)
    grown = of_size(40 * power.times, control=1.5)
    assert power_of(grown).able or power_of(of_size(41 * power.times, control=1.5)).able
    assert abs(shown(grown, REALISTIC) - POWER) < 0.025


def test_a_single_safe_route_cannot_show_it() -> None:
    """About 100 incidents each need 30 fewer for even weak evidence (Wheeler)."""
    power = power_of(of_size(100))
    assert not power.able
    assert power.least is not None and power.least > 0.3
    assert 1.5 < 0.3 * 100 / sqrt(370) < 1.65  # z of 30 fewer: T 100 -> 70, C 100 -> 100


def test_five_incidents_could_show_nothing_at_all() -> None:
    power = power_of(of_size(5))
    assert power.least is None and not power.able


def test_without_incidents_before_nothing_can_be_said_of_size() -> None:
    power = power_of(Areas(Pair(0, 3), Pair(9, 9)))
    assert (power.least, power.able, power.times, power.needed) == (None, False, None, None)


def test_scatter_beyond_chance_needs_so_many_times_more() -> None:
    plain, wide = power_of(of_size(100)), power_of(of_size(100), phi=2.0)
    assert plain.times is not None and wide.times is not None
    assert wide.times == pytest.approx(2 * plain.times)
