"""What to repair first: what brings most back to most people."""

from __future__ import annotations

from typing import Any

from dashboard.kpis.repair_list import Passers, People, Repair, passers_of, repair_list
from dashboard.stream.rollups import DAY_MS, Group
from tests.kpis.facts_builder import BELL, COUNTER, GATEWAY, LIGHT, at, facts, round_, states

NOW = at(7)
ROUTE_1 = Passers({"r1": People(2_000.0, 600.0)}, {"z1": People(500.0, 100.0)})


def listed(*rounds: dict[str, Any], passers: Passers = ROUTE_1, **more: Any) -> list[Repair]:
    known = facts(rounds=list(rounds))
    return repair_list(known.rounds, known.groups, passers, NOW, **more)


def test_a_repair_says_what_it_brings_and_why() -> None:
    [one] = listed(round_(at(3), BELL, down=at(2), device=17))
    assert (one.device, one.devices, one.device_hours_per_day) == (17, 1, 24)
    assert one.lost_ms == 5 * DAY_MS
    assert (one.passers_per_day, one.counted_by, one.gain) == (2_000, "route", 2_000)


def test_a_gateway_brings_back_all_behind_it() -> None:
    [one] = listed(round_(at(3), GATEWAY, "outage", down=at(6), children=37))
    assert (one.devices, one.device_hours_per_day, one.lost_ms) == (38, 912, 38 * DAY_MS)
    assert (one.passers_per_day, one.counted_by, one.gain) == (500, "zone", 19_000)


def test_most_people_times_devices_come_first() -> None:
    order = [
        round_(at(1), LIGHT, device=1),  # 600 after dark x 1
        round_(at(6), GATEWAY, device=2, children=37),  # 500 x 38
        round_(at(5), GATEWAY, device=3),  # 500 x 1
    ]
    assert [one.device for one in listed(*order)] == [2, 1, 3]


def test_where_nobody_counts_device_hours_decide_and_then_what_is_lost() -> None:
    nowhere = Group("light", "z9", "r9", "Maru")
    order = [
        round_(at(5), nowhere, device=1),
        round_(at(1), nowhere, device=2),
        round_(at(6), nowhere, device=3, children=5),
    ]
    found = listed(*order)
    assert [one.device for one in found] == [3, 2, 1]
    assert all(one.passers_per_day is None and one.counted_by == "" for one in found)


def test_what_is_done_waits_for_proof_or_is_an_inspection_needs_no_repair() -> None:
    assert not listed(
        round_(at(1), restored=at(2)),
        round_(at(1), cancelled=at(2)),
        round_(at(1), repaired=at(2)),
        round_(at(1), cause="inspection"),
    )


def test_a_long_list_is_cut() -> None:
    assert len(listed(*[round_(at(1))] * 9, limit=4)) == 4


def test_rows_lead_back_to_the_rounds() -> None:
    rounds = [round_(at(1), restored=at(2)), round_(at(1), device=5)]
    [one] = listed(*rounds)
    assert one.row == 1


def test_passers_by_are_those_of_the_foot_traffic() -> None:
    elsewhere = Group("counter", "z2", "", "Dasom")
    dead = Group("counter", "z3", "r3", "Dasom")
    week = {**states(up=14), "t_in": 14_000, "t_ms": 14 * DAY_MS, "t_night": 3_500}  # two of them
    half = {**states(up=3, offline=4), "t_in": 300, "t_ms": 3 * DAY_MS}
    found = passers_of(facts({COUNTER: week, elsewhere: week, dead: half, BELL: states(up=7)}))
    one = People(1_000.0, 250.0)
    assert found == Passers({"r1": one}, {"z1": one, "z2": one})


def test_a_light_serves_those_who_pass_in_the_dark() -> None:
    [one] = listed(round_(at(3), LIGHT, device=17))
    assert (one.passers_per_day, one.gain) == (600, 600)
