"""Vendors side by side, fairly."""

from __future__ import annotations

import pytest

from dashboard.kpis.scorecard import vendors
from dashboard.stream.rollups import DAY_MS, Group
from tests.kpis.facts_builder import FOUR_WEEKS, at, facts, round_, states


def of(kind: str, vendor: str) -> Group:
    return Group(kind, "z1", "", vendor)


def fleet(devices: int, up: float, failures: int) -> dict[str, float]:
    """For four weeks; up: share of the time."""
    days = 28.0 * devices
    return states(up=days * up, offline=days * (1 - up), fail=failures)


def scores(sums: dict, **tables: list) -> dict:
    return {one.vendor: one for one in vendors(facts(sums, FOUR_WEEKS, **tables))}


def test_a_vendor_is_judged_against_devices_of_the_same_kinds() -> None:
    """Gateways are up 90 % of the time whoever makes them: no reproach to who makes them all."""
    found = scores({
        of("gateway", "Haneul"): fleet(50, 0.90, 500),
        of("gateway", "Maru"): fleet(50, 0.90, 500),
        of("bell", "Maru"): fleet(100, 0.99, 100),
        of("bell", "Gaon"): fleet(100, 0.99, 100),
    })  # fmt: skip
    assert found["Haneul"].expected["availability"] == pytest.approx(0.90)
    assert found["Maru"].expected["availability"] == pytest.approx((50 * 0.9 + 100 * 0.99) / 150)
    for one in found.values():
        assert one.judged["availability"] == ("", "") and one.judged["mtbf"] == ("", "")


def test_who_fails_more_than_chance_allows_is_on_the_worse_side() -> None:
    # expected of 100 bells each: 200 failures; Gaon has 300: beyond 200 + 3.09 √200 = 244
    found = scores(
        {of("bell", "Gaon"): fleet(100, 0.97, 300), of("bell", "Maru"): fleet(100, 0.97, 100)}
    )
    assert found["Gaon"].judged["mtbf"] == ("99.8", "worse")
    assert found["Maru"].judged["mtbf"] == ("99.8", "better")
    assert found["Gaon"].expected["mtbf"] == pytest.approx(5432 * DAY_MS / 400)


def test_contracts_kept_are_judged_against_all() -> None:
    def rounds(vendor: str, met: int, missed: int) -> list[dict]:
        group = of("bell", vendor)
        done = [round_(at(1), group, due=at(2), restored=at(1, hours=1))] * met
        return done + [round_(at(1), group, due=at(2))] * missed

    fleets = {of("bell", name): fleet(100, 0.97, 100) for name in ("Gaon", "Maru")}
    found = scores(fleets, rounds=rounds("Gaon", 100, 0) + rounds("Maru", 60, 40))
    assert found["Gaon"].judged["sla"] == ("99.8", "better")
    assert found["Maru"].judged["sla"] == ("99.8", "worse")
    assert found["Maru"].figures["backlog"].value == 40


def test_who_needs_attention_comes_first_and_who_is_small_last() -> None:
    names = [
        one.vendor
        for one in vendors(facts({
            of("bell", "Good"): fleet(100, 0.99, 100),
            of("bell", "Tiny"): fleet(3, 0.5, 40),
            of("bell", "Bad"): fleet(100, 0.93, 300),
            of("bell", ""): fleet(100, 0.9, 300),
        }, FOUR_WEEKS))
    ]  # fmt: skip
    assert names == ["Bad", "Good", "Tiny"]


def test_who_is_small_is_told_but_not_ranked() -> None:
    found = scores({of("bell", "Tiny"): fleet(3, 0.5, 40), of("bell", "Good"): fleet(100, 1, 9)})
    assert not found["Tiny"].enough and found["Good"].enough
    assert (found["Tiny"].devices, found["Tiny"].device_days) == (3, 84)
    assert found["Tiny"].figures["availability"].value == 0.5


def test_a_vendor_whose_devices_are_silent_is_not_ranked_either() -> None:
    found = scores({of("bell", "Mute"): fleet(100, 0.4, 60), of("bell", "Good"): fleet(100, 1, 9)})
    assert not found["Mute"].enough


def test_without_vendors_there_is_no_scorecard() -> None:
    assert vendors(facts()) == []
    assert vendors(facts({of("bell", ""): fleet(10, 1, 0)})) == []
