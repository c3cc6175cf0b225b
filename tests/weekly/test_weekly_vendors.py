"""Vendors of the week: as on the page of KPIs, rounded to what is told."""

from __future__ import annotations

from math import isclose

import pytest

from dashboard.kpis.scorecard import vendors
from dashboard.stream.rollups import Group
from dashboard.weekly.summary import Told, VendorLine
from dashboard.weekly.vendors import vendor_lines
from tests.kpis.facts_builder import Rows, Sums, at, facts, round_, states
from tests.kpis.recount import kpis_of_devices as recounted
from tests.kpis.recount.answers import Answer, Cut, known
from tests.kpis.recount.room import room
from tests.weekly.recounted import WEEKS, borders


def bells(vendor: str) -> Group:
    return Group("bell", "z1", "R-03", vendor, "city", "")


def lines(sums: Sums, **tables: Rows) -> dict[str, VendorLine]:
    return {one.vendor: one for one in vendor_lines(facts(sums, **tables))}


def test_figures_are_rounded_to_what_is_told() -> None:
    rounds = [
        round_(at(1), bells("Gaon"), due=at(3), restored=at(2) + 1_234, device=1),
        round_(at(1), bells("Gaon"), due=at(2), restored=at(4), device=2),
        round_(at(1), bells("Gaon"), due=at(2), restored=at(2, 0, 0, 9), device=3),
        round_(at(5), bells("Gaon"), due=at(9), device=4),
    ]
    one = lines({bells("Gaon"): states(up=200, offline=3, fault=7 / 3)}, rounds=rounds)["Gaon"]
    assert one.availability.value == 0.974  # 200 / 205.33: 0.97403
    assert one.sla == Told(0.3333, 3, one.sla.low, one.sla.high, one.sla.coverage,
                           parts={"met": 1.0, "missed": 2.0, "overdue": 0.0})  # fmt: skip
    assert one.mttr.value == 145_803_000 and one.mttr.n == 3  # 40 h 30 min 3.411 s
    assert (one.mttr.parts, one.backlog) == ({}, 1)


def test_sides_are_told_where_chance_does_not_explain_them_and_enough_is_known() -> None:
    sums = {bells("Gaon"): states(up=40 * 7, fail=2), bells("Maru"): states(up=400 * 7, fail=3),
            bells("Dasom"): states(up=30 * 7, offline=15 * 7, fail=40),
            bells("Byeol"): states(up=3 * 7, offline=7 * 7, fail=40)}  # fmt: skip
    found = lines(sums)
    assert found["Dasom"].sides == {"availability": "worse", "mtbf": "worse"}
    assert "availability" not in found["Gaon"].sides
    assert (found["Byeol"].enough, found["Byeol"].sides) == (False, {})


def test_they_come_in_the_order_of_the_page_of_kpis() -> None:
    sums = {bells(v): states(up=300, offline=n) for v, n in (("Gaon", 3), ("Maru", 90), ("Z", 1))}
    whole = facts(sums)
    assert [one.vendor for one in vendor_lines(whole)] == [one.vendor for one in vendors(whole)]
    assert vendor_lines(whole)[0].vendor == "Maru"


def test_a_week_without_devices_has_none() -> None:
    assert vendor_lines(facts({})) == ()


@pytest.mark.parametrize("word", WEEKS)
def test_they_agree_with_a_recount_from_raw_messages(word: str) -> None:
    control_room = room()
    everything = known(control_room.frontier_ms)
    found = vendor_lines(control_room.facts(*borders(word)))
    names = set(everything.spans["vendor"]) - {""}
    assert {one.vendor for one in found} == names
    for one in found:
        cut = Cut(everything.of(vendor=one.vendor), *borders(word))
        told = {"availability": one.availability, "sla": one.sla, "mttr": one.mttr}
        for key, mine in told.items():
            same(mine, getattr(recounted, key)(cut), 1_000 if key == "mttr" else 1e-4)
        assert one.backlog == recounted.backlog(cut).value
        assert one.devices == recounted.availability(cut).n


def same(told: Told, other: Answer, step: float) -> None:
    assert told.n == other.n
    for mine, theirs in ((told.value, other.value), (told.low, other.low), (told.high, other.high)):
        if mine is None or theirs is None:
            assert mine is theirs
        else:
            assert isclose(mine, theirs, abs_tol=0.6 * step, rel_tol=1e-9)
