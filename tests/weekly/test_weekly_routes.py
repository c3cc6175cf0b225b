"""Which safe routes need attention, and how much."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import pytest

from dashboard.stream.rollups import HOUR_MS, Group
from dashboard.weekly.routes import routes_of
from tests.builders import SITE
from tests.kpis.facts_builder import FOUR_WEEKS, Sums, alert, at, facts, round_, states
from tests.weekly.streets import (
    BELL,
    BUSY,
    CAMERA,
    FOOT,
    LAMP,
    group,
    keys,
    lamps,
    levels,
    needs,
    open_,
    the_one,
    walkers,
)

# -- levels --------------------------------------------------------------------------------------


def test_nothing_is_said_of_routes_where_all_is_well() -> None:
    assert needs() == ()


def test_a_bell_that_is_out_for_a_day_is_weak_and_for_less_to_be_watched() -> None:
    assert levels(rounds=[open_(hours=24)]) == {"R-03": "weak"}
    assert levels(rounds=[open_(hours=23.9)]) == {"R-03": "watch"}


@pytest.mark.parametrize(
    ("down", "level"), [(at(4, 22), "weak"), (at(4, 23.9), "weak"), (at(5), "watch")]
)
def test_a_lamp_that_is_out_through_three_midnights_is_weak(down: int, level: str) -> None:
    """That at the end of the week is one of them."""
    assert levels(rounds=[round_(down + HOUR_MS, LAMP, down=down)]) == {"R-03": level}


def test_anything_else_that_is_out_for_a_day_is_to_be_watched_and_for_less_it_is_not() -> None:
    assert levels(rounds=[open_(hours=24, group=CAMERA)]) == {"R-03": "watch"}
    assert levels(rounds=[open_(hours=23.9, group=CAMERA)]) == {}
    assert levels(rounds=[open_(days=1.1, group=LAMP)]) == {"R-03": "watch"}


def test_a_tenth_without_light_is_weak_and_more_than_the_target_to_be_watched() -> None:
    due_h = 20 * 84
    assert levels(BUSY | {LAMP: lamps(20, 0.10 * due_h)}) == {"R-03": "weak"}
    assert levels(BUSY | {LAMP: lamps(20, 0.0999 * due_h)}) == {"R-03": "watch"}
    assert levels(BUSY | {LAMP: lamps(20, 0.031 * due_h)}) == {"R-03": "watch"}
    assert levels(BUSY | {LAMP: lamps(20, 0.030 * due_h)}) == {}
    no_target = replace(SITE, targets={})
    assert needs(BUSY | {LAMP: lamps(20, 0.031 * due_h)}, no_target) == ()


def test_silent_and_faulty_lamps_give_no_light_and_unknown_ones_are_not_counted() -> None:
    silent = states(up=100, q0=900 * HOUR_MS, q3=60 * HOUR_MS, q4=40 * HOUR_MS, q2=700 * HOUR_MS)
    one = the_one(BUSY | {LAMP: silent})
    assert (one.level, one.dark_ms, one.dark_share) == ("weak", 100 * HOUR_MS, 0.1)


def test_of_lamps_that_were_unknown_for_most_of_the_time_nothing_is_concluded() -> None:
    unheard = states(up=100, q0=300 * HOUR_MS, q3=100 * HOUR_MS, q2=401 * HOUR_MS)
    assert levels(BUSY | {LAMP: unheard}) == {}
    assert levels(BUSY | {LAMP: {**unheard, "q2": 399 * HOUR_MS}}) == {"R-03": "weak"}


def test_less_dark_than_a_night_of_one_lamp_says_nothing() -> None:
    assert levels(BUSY | {LAMP: lamps(1, 12)}) == {"R-03": "weak"}
    assert levels(BUSY | {LAMP: lamps(1, 11.9)}) == {}


@pytest.mark.parametrize(("passers", "level"), [(4, "watch"), (0, "watch"), (5, "weak")])
def test_where_nobody_passes_in_the_dark_nothing_is_weak(passers: int, level: str) -> None:
    quiet = BUSY | {FOOT: walkers(passers)}
    assert levels(quiet, rounds=[open_(days=5)]) == {"R-03": level}
    assert levels(quiet, rounds=[open_(days=5, group=LAMP)]) == {"R-03": level}
    assert levels(quiet | {LAMP: lamps(20, 200)}) == {"R-03": level}


def test_where_nobody_counts_people_pass() -> None:
    uncounted = {group: of for group, of in BUSY.items() if group != FOOT}
    one = the_one(uncounted, rounds=[open_(days=5)])
    assert (one.level, one.people) == ("weak", None)


def test_more_alerts_than_chance_lets_one_expect_are_to_be_watched() -> None:
    everywhere = {group("bell", route.id): states(up=70) for route in SITE.routes}
    usual = [alert(at(1), group("bell", route.id)) for route in SITE.routes for _ in range(6)]
    assert levels(everywhere, alerts=usual) == {}
    more = [alert(at(2), BELL) for _ in range(12)]
    one = the_one(everywhere, alerts=[*usual, *more])
    assert (one.level, one.alerts, keys(one)) == ("watch", 18, ["route_alerts_many"])


def test_an_empty_week_and_one_to_come_need_nothing() -> None:
    assert needs({}) == ()
    assert routes_of(facts(BUSY, now_ms=at(0), rounds=[open_(days=9)]), SITE) == ()


# -- what is open --------------------------------------------------------------------------------


def test_inspections_and_what_is_restored_cancelled_or_opened_later_are_not_out() -> None:
    rounds = [
        open_(days=3, cause="inspection"),
        open_(days=3, restored=at(6.9)),
        open_(days=3, cancelled=at(6.9)),
        round_(at(7, 1), BELL),
    ]
    assert needs(rounds=rounds) == ()


def test_what_is_restored_after_the_week_was_out_at_its_end() -> None:
    assert levels(rounds=[open_(days=3, restored=at(7, 1))]) == {"R-03": "weak"}


def test_devices_are_counted_by_kind_each_once_and_the_oldest_tells_how_long() -> None:
    rounds = [
        open_(days=2, group=CAMERA, device=1),
        open_(days=6, group=CAMERA, device=1),
        open_(days=1, group=CAMERA, device=2),
        open_(days=3, group=CAMERA, device=-1),
        open_(days=3, group=CAMERA, device=-1),
        open_(hours=3, group=LAMP, device=3),
        open_(days=9, group=group("cctv", "", "z9"), device=4),
    ]
    one = the_one(rounds=rounds)
    assert (one.faults, one.by_kind) == (5, {"cctv": 4, "light": 1})
    assert one.longest_ms == 6 * 24 * HOUR_MS


# -- order ---------------------------------------------------------------------------------------


def test_weak_ones_first_then_by_people_in_the_dark_then_by_faults_then_by_how_long() -> None:
    def dark(route: str, hours: float, people: float) -> Sums:
        return {group("light", route): lamps(20, hours), group("counter", route): walkers(people)}

    sums = dark("R-01", 100, 1_000) | dark("R-02", 60, 9_000) | dark("R-09", 170, 100)
    sums |= {LAMP: lamps(20), FOOT: walkers(10)}
    rounds = [open_(days=2, group=group("cctv", r)) for r in ("R-11", "R-12", "R-13")]
    rounds += [
        open_(days=1, group=group("sign", "R-12")),
        open_(days=6, group=group("sign", "R-20")),
    ]
    assert list(levels(sums, rounds=rounds)) == [
        "R-09", "R-02", "R-01", "R-12", "R-20", "R-11", "R-13"]  # fmt: skip


def test_a_little_dark_where_many_pass_does_not_come_before_more_faults() -> None:
    sums = BUSY | {group("light", "R-11"): lamps(20, 11), group("counter", "R-11"): walkers(90_000)}
    rounds = [open_(days=2, group=group("cctv", r)) for r in ("R-11", "R-12")]
    rounds.append(open_(days=1, group=group("sign", "R-12")))
    assert list(levels(sums, rounds=rounds)) == ["R-12", "R-11"]


def test_it_is_the_same_however_groups_are_numbered() -> None:
    groups = [
        group(kind, route.id) for route in SITE.routes for kind in ("light", "counter", "bell")
    ]
    sums = {g: lamps(20, 7 * k) | walkers(50 * k) for k, g in enumerate(groups)}
    rounds = [open_(days=k / 9, group=g, device=k) for k, g in enumerate(groups)]
    one = needs(sums, rounds=rounds)
    other = needs(dict(reversed(sums.items())), rounds=rounds[::-1])
    assert one == other and len(one) > 20


def test_it_takes_less_than_fifteen_milliseconds_of_a_city_of_ten_thousand() -> None:
    kinds, vendors = ("bell", "light", "counter", "cctv", "sign", "env"), ("A", "B", "C", "D")
    groups = [Group(kind, "z1", route.id, vendor, "city", "")
              for kind in kinds for route in SITE.routes for vendor in vendors]  # fmt: skip
    rounds = [open_(days=k % 9, group=groups[k % 690], device=k) for k in range(500)]
    raised = [alert(at(k % 7), groups[k % 690]) for k in range(400)]
    whole = facts({g: lamps(15, 4) | walkers(99) for g in groups}, FOUR_WEEKS, alerts=raised,
                  rounds=rounds)  # fmt: skip
    took = []
    for _ in range(5):
        start = perf_counter()
        routes_of(whole, SITE)
        took.append(perf_counter() - start)
    assert min(took) < 0.015
