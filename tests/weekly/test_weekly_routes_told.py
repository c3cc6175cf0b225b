"""What is said of a safe route, and what is not: people's affairs under five."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dashboard.kpis.breakdown import breakdown
from dashboard.kpis.facts import Facts
from dashboard.kpis.groups import Dim
from dashboard.kpis.indicators import BY_KEY
from dashboard.weekly.route_facts import streets_of
from dashboard.weekly.routes import routes_of
from dashboard.weekly.summary import Said
from tests.builders import SITE
from tests.kpis.facts_builder import alert, at, facts, states
from tests.weekly.streets import (
    BELL,
    BUSY,
    CAMERA,
    FOOT,
    LAMP,
    group,
    keys,
    lamps,
    open_,
    the_one,
    walkers,
)

# -- what is said --------------------------------------------------------------------------------


def test_reasons_come_by_weight_bells_and_lamps_first() -> None:
    rounds = [
        open_(days=2, group=CAMERA),
        open_(hours=5, group=group("sign")),
        open_(days=4, group=LAMP),
        open_(days=2, group=BELL),
    ]
    one = the_one(BUSY | {LAMP: lamps(20, 60)}, rounds=rounds)
    assert [said.values["kind"].value for said in one.reasons if "kind" in said.values] == [
        "bell", "light", "cctv", "sign"]  # fmt: skip
    assert keys(one) == ["route_out_one"] * 2 + ["route_out_one", "route_dark", "route_out_one",
                                                 "route_people"]  # fmt: skip


def lasted(said: Said) -> tuple[str, Any]:
    return said.values["lasted"].kind, said.values["lasted"].value


def test_how_long_is_told_in_nights_of_lamps_in_days_of_others_and_in_hours_under_a_day() -> None:
    def told(**more: Any) -> tuple[str, Any]:
        return lasted(
            the_one(rounds=[open_(**more), open_(days=9, group=group("sign"))]).reasons[-1]
        )

    assert lasted(the_one(rounds=[open_(days=5.5, group=LAMP)]).reasons[0]) == ("nights", 6)
    assert lasted(the_one(rounds=[open_(days=2.9, group=CAMERA)]).reasons[0]) == ("days", 3)
    assert told(hours=3.9, group=CAMERA) == ("hours", 3)
    assert told(hours=0.6, group=CAMERA) == ("hours", 1)


def test_several_of_a_kind_are_said_in_words_of_their_own() -> None:
    one = the_one(rounds=[open_(days=2, group=CAMERA, device=n) for n in (1, 2)])
    assert keys(one) == ["route_out"] and one.reasons[0].values["n"].value == 2


def test_figures_lead_to_the_rows_that_define_them() -> None:
    one = the_one(BUSY | {LAMP: lamps(20, 60)}, rounds=[open_(days=4, group=LAMP)])
    out, dark, people = one.reasons
    assert out.values["n"].of == "row:backlog"
    assert (dark.values["share"].value, dark.values["share"].of) == (
        one.dark_share, "row:availability_night")  # fmt: skip
    assert dark.values["hours"].value == 60
    assert (people.values["people"].value, people.values["people"].of) == (
        1_230,
        "row:traffic_night",
    )


# -- people's affairs ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("passers", "told"), [(0, 0), (1, None), (4, None), (5, 10), (14, 10), (16, 20), (1_234, 1_230)]
)
def test_passers_are_told_in_tens_and_not_under_five(passers: int, told: int | None) -> None:
    assert the_one(BUSY | {FOOT: walkers(passers)}, rounds=[open_(days=5)]).people == told


def test_passers_are_made_up_for_what_was_not_counted_unless_that_is_most() -> None:
    rounds = [open_(days=5)]
    assert the_one(BUSY | {FOOT: walkers(1_000, 0.8)}, rounds=rounds).people == 1_000
    assert the_one(BUSY | {FOOT: walkers(1_000, 0.4)}, rounds=rounds).people is None
    assert the_one(BUSY | {FOOT: walkers(6, 0.6)}, rounds=rounds).people is None  # fewer were seen


def with_alerts(counts: dict[str, int], order: int = 1) -> Facts:
    bells = [group("bell", route) for route in list(counts)[::order]]
    raised = [alert(at(1), group("bell", r)) for r, n in counts.items() for _ in range(n)]
    rounds = [open_(days=2, group=group("sign", route)) for route in counts if route]
    return facts({bell: states(up=70) for bell in bells}, alerts=raised, rounds=rounds)


def told_alerts(whole: Facts) -> dict[str, int | None]:
    return {one.route: one.alerts for one in routes_of(whole, SITE)}


def test_alerts_under_five_are_not_told_and_none_are() -> None:
    found = told_alerts(with_alerts({"R-01": 4, "R-02": 1, "R-03": 0, "R-04": 5, "R-05": 9}))
    assert found == {"R-01": None, "R-02": None, "R-03": 0, "R-04": 5, "R-05": 9}


@pytest.mark.parametrize("order", [1, -1])
def test_a_lone_one_under_five_hides_the_next_smallest_ones_with_it(order: int) -> None:
    """All of those, since which comes first depends on how groups are numbered."""
    found = told_alerts(with_alerts({"R-01": 3, "R-02": 7, "R-03": 6, "R-04": 6, "": 30}, order))
    assert found == {"R-01": None, "R-02": 7, "R-03": None, "R-04": None}


@pytest.mark.parametrize("seed", range(20))
def test_alerts_do_not_give_back_what_the_page_of_kpis_hides_by_route(seed: int) -> None:
    chance = np.random.default_rng(seed)
    counts = {f"R-{n:02}": int(chance.integers(0, 9)) for n in range(1, 6)} | {"": 12}
    whole = with_alerts(counts)
    parts = breakdown(BY_KEY["alert_rate"], whole, Dim.ROUTE, coarse=True).parts
    hidden = {part.word for part in parts if part.hidden}
    mine = told_alerts(whole)
    assert not {route for route in mine if mine[route] is not None} & hidden
    assert {route: n for route, n in mine.items() if n is not None}.items() <= counts.items()


def test_tests_exercises_and_what_other_devices_raise_are_no_alerts_of_a_route() -> None:
    raised = [alert(at(1), BELL) for _ in range(6)] + [alert(at(1), BELL, actual=False)] * 3
    raised += [alert(at(2), group("gateway"), type="gateway_down")] * 4
    assert the_one(alerts=raised, rounds=[open_(days=2)]).alerts == 6


def test_fewer_than_five_alerts_are_never_many() -> None:
    sums = {BELL: states(up=0.01), group("bell", "R-08"): states(up=700)}
    raised = [alert(at(1), BELL) for _ in range(4)] + [alert(at(1), group("bell", "R-08"))] * 20
    known = dict(zip((r.id for r in SITE.routes), streets_of(facts(sums, alerts=raised), SITE),
                     strict=True))  # fmt: skip
    assert (known["R-03"].raised.n, known["R-03"].raised.many) == (None, False)


def test_no_reason_tells_what_the_route_does_not() -> None:
    raised = [alert(at(1), BELL) for _ in range(4)]
    one = the_one(BUSY | {FOOT: walkers(3), LAMP: lamps(20, 200)}, alerts=raised,
                  rounds=[open_(days=2)])  # fmt: skip
    assert (one.people, one.alerts) == (None, None)
    assert keys(one) == ["route_out_one", "route_dark"]
