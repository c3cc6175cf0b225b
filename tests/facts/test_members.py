"""What a figure is made of: as many as it counts, and nothing a role may not know."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.kpis.choice import Choice, Period
from dashboard.kpis.cube import Cube, pack
from dashboard.kpis.facts import NONE
from dashboard.kpis.for_role import for_role
from dashboard.kpis.gather import Gathered, Known, Material, gather, plan_of
from dashboard.kpis.indicators import BY_KEY, KPIS
from dashboard.kpis.members import Asked, inspected, members_of, round_names
from dashboard.kpis.report import row
from dashboard.kpis.tables import Tables, inspections_of, numbers_of
from dashboard.records import AlertView, IncidentView, OrderView, Round
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from tests.kpis.facts_builder import START_MS, WEEK
from tests.live_room import a_device

NOW = WEEK.to_ms + 2 * DAY_MS
DEVICES = [a_device(f"D-{n}", kind=kind, zone=f"z{n % 3}", vendor=f"v{n % 2}")
           for n, kind in enumerate(("bell", "cctv", "light", "bell", "counter"))]  # fmt: skip
NUMBERS = {record.device_id: at for at, record in enumerate(DEVICES)}
moment = st.integers(START_MS - 9 * DAY_MS, NOW - 1)
wait = st.none() | st.integers(0, 12 * DAY_MS)


def find(device_id: str):
    at = NUMBERS.get(device_id)
    return None if at is None else (at, DEVICES[at])


@st.composite
def alerts(draw: st.DrawFn) -> list[AlertView]:
    found = []
    for n in range(draw(st.integers(0, 14))):
        raised = draw(moment)
        acked, closed, cleared = (draw(wait) for _ in range(3))
        found.append(AlertView(
            f"A{n}", draw(st.sampled_from(("bell", "fight", "gateway_down"))), 1, "", raised,
            device_id=draw(st.sampled_from([*NUMBERS, "", "nobody"])), zone="z1",
            arrived_ms=raised + draw(st.integers(0, 2 * HOUR_MS)),
            acknowledged_ms=None if acked is None else raised + acked,
            closed_ms=None if closed is None else raised + closed,
            cleared_ms=None if cleared is None else raised + cleared,
            verdict=draw(st.sampled_from(("", "real", "mistaken", "malfunction", "unknown"))),
            cap_status=draw(st.sampled_from(("Actual", "Actual", "Test"))),
        ))  # fmt: skip
    return found


@st.composite
def orders(draw: st.DrawFn) -> list[OrderView]:
    found = []
    for n in range(draw(st.integers(0, 10))):
        device = draw(st.sampled_from(DEVICES))
        rounds = []
        for _ in range(draw(st.integers(1, 3))):
            down = draw(moment)
            later = [draw(wait) for _ in range(4)]
            due, repaired, restored, cancelled = (
                None if ms is None else down + HOUR_MS + ms for ms in later
            )
            rounds.append(Round(
                down, down + HOUR_MS, due, None, repaired, restored, restored,
                draw(st.sampled_from(("", "", "vandalism"))), cancelled_ms=cancelled,
            ))  # fmt: skip
        found.append(OrderView(
            f"W-{n}", draw(st.sampled_from(("fault", "outage", "inspection"))), device.device_id,
            "open", rounds[0].opened_ms, kind=device.kind, zone=device.zone,
            vendor=device.vendor, rounds=rounds,
        ))  # fmt: skip
    return found


@st.composite
def incidents(draw: st.DrawFn) -> list[IncidentView]:
    found = []
    for n in range(draw(st.integers(0, 10))):
        reported = draw(moment)
        legs = [draw(wait) for _ in range(3)]
        sent, came, closed = (None if ms is None else reported + ms for ms in legs)
        found.append(IncidentView(f"I{n}", 1, "theft", reported, dispatched_ms=sent,
                                  arrived_ms=came, closed_ms=closed, zone="z1"))  # fmt: skip
    return found


def gathered(
    told: list[AlertView | OrderView | IncidentView], period: Period = WEEK, **wanted: str
) -> Gathered:
    tables = Tables(find)
    for one in told:
        take = {AlertView: tables.take_alert, OrderView: tables.take_order,
                IncidentView: tables.take_incident}[type(one)]  # fmt: skip
        take(one)
    numbers = numbers_of(DEVICES, tables.groups)
    cube = Cube()
    for day in range((START_MS + 9 * HOUR_MS) // DAY_MS, (NOW + 9 * HOUR_MS) // DAY_MS):
        cell = {int(n): {"s0": DAY_MS, "t_in": 100, "t_ms": DAY_MS} for n in numbers}
        cube.put(day, 0, pack([cell], range(len(tables.groups))))
    inspections = inspections_of(DEVICES, numbers, {"bell": 30})
    plan = plan_of(Choice(period, wanted), [period], Known(NOW, cube.first, 0))
    return gather(plan, Material(cube, tables.snapshot(), inspections, {}))


def asked(limit: int = 1_000, coarse: bool = False, named: bool = True) -> Asked:
    return Asked(limit, coarse, named, lambda n: DEVICES[n].device_id)


LISTED = [kpi for kpi in KPIS if kpi.of in ("orders", "alerts", "incidents")]


@settings(max_examples=60)
@given(alerts(), orders(), incidents())
def test_a_figure_is_made_of_as_many_as_it_counts(a: list, o: list, i: list) -> None:
    found = gathered([*a, *o, *i])
    for kpi in LISTED:
        figure, made_of = kpi.value(found.facts), members_of(kpi, found, asked())
        assert len(made_of.rows) == made_of.total, kpi.key
        if kpi.key == "backlog_weeks":
            assert made_of.total == figure.parts.get("open", 0)
        elif kpi.key == "alerts_per_10k":
            assert made_of.total >= figure.n
        else:
            assert made_of.total == figure.n, kpi.key


@settings(max_examples=40)
@given(alerts(), orders(), st.sampled_from(("zone", "vendor", "kind")))
def test_what_is_told_of_groups_is_the_part_of_the_whole(a: list, o: list, dim: str) -> None:
    whole = gathered([*a, *o])
    words = whole.facts.groups.words_of(dim)
    parts = [gathered([*a, *o], **{dim: word}) for word in words]
    for kpi in LISTED:
        total = members_of(kpi, whole, asked()).total
        assert sum(members_of(kpi, part, asked()).total for part in parts) == total


@settings(max_examples=40)
@given(orders())
def test_rounds_that_are_left_out_would_change_no_figure(o: list) -> None:
    found = gathered(o)
    every = found.tables.rounds
    whole = replace(found.facts, rounds=every[every["opened"] < found.facts.end_ms])
    for kpi in KPIS:
        if kpi.of == "orders":
            assert kpi.value(found.facts) == kpi.value(whole), kpi.key


def test_what_speaks_against_us_comes_first_then_the_newest() -> None:
    done = [Round(START_MS + day * DAY_MS, START_MS + day * DAY_MS + HOUR_MS,
                  START_MS + day * DAY_MS + 5 * HOUR_MS, None,
                  START_MS + day * DAY_MS + hours * HOUR_MS)
            for day, hours in ((1, 3), (2, 9), (3, 4))]  # fmt: skip
    found = gathered([
        OrderView(f"W{n}", "fault", "D-0", "repaired", one.opened_ms, kind="bell", rounds=[one])
        for n, one in enumerate(done)
    ])  # fmt: skip
    rows = members_of(BY_KEY["sla"], found, asked()).rows
    assert [(r.id, r.state) for r in rows] == [("W1", "missed"), ("W2", "met"), ("W0", "met")]
    assert rows[0].value == 8 * HOUR_MS and rows[0].device == "D-0"


def test_a_list_is_cut_but_says_how_many_there_are() -> None:
    told = [OrderView(f"W{n}", "fault", "D-0", "open", START_MS, rounds=[Round(START_MS, START_MS)])
            for n in range(5)]  # fmt: skip
    made_of = members_of(BY_KEY["backlog"], gathered(told), asked(limit=2))
    assert (len(made_of.rows), made_of.total) == (2, 5)
    assert made_of.rows[0].to_ms is None and made_of.rows[0].value == WEEK.to_ms - START_MS


# -- at the precision of the role -------------------------------------------------------------


def some_alerts(n: int) -> list[AlertView]:
    return [AlertView(f"D-0-{k}", "bell", 1, "closed", START_MS + k, device_id="D-0", zone="z0",
                      route_id="R", verdict="real", closed_ms=START_MS + HOUR_MS)
            for k in range(n)]  # fmt: skip


def test_a_coarse_role_is_told_neither_which_alert_nor_which_device() -> None:
    found = gathered(some_alerts(6))
    rows = members_of(BY_KEY["false_alarms"], found, asked(coarse=True)).rows
    assert len(rows) == 6
    for one in rows:
        assert one.id == one.device == ""
        assert one.group == ("", "z0", "", "", "", "")
        assert one.from_ms == START_MS and one.to_ms == START_MS + HOUR_MS
    exact = members_of(BY_KEY["false_alarms"], found, asked()).rows
    assert exact[0].device == "D-0" and exact[0].group.kind == "bell"


@pytest.mark.parametrize(("n", "hidden"), [(0, False), (1, True), (4, True), (5, False)])
def test_a_coarse_role_is_told_nothing_of_under_five(n: int, hidden: bool) -> None:
    found = gathered(some_alerts(n))
    made_of = members_of(BY_KEY["mtta"], found, asked(coarse=True))
    assert made_of.hidden is hidden and (not hidden or (made_of.rows, made_of.total) == ((), 0))
    kpi = BY_KEY["mtta"]
    told = row(kpi, found.facts, found.facts, None, found.pieces, None)
    for figure in (for_role(told, True).figure, for_role(told, True).previous):
        assert (figure.why == "hidden") is hidden
    assert all((f.why == "hidden") is hidden for _, _, f in for_role(told, True).series)
    assert for_role(told, False) is told


def test_a_role_that_sees_no_devices_is_told_no_order_and_no_device() -> None:
    told = [OrderView("W-D-0-x", "fault", "D-0", "open", START_MS, kind="bell", zone="z0",
                      rounds=[Round(START_MS, START_MS)])]  # fmt: skip
    rows = members_of(BY_KEY["backlog"], gathered(told), asked(named=False)).rows
    assert [(one.id, one.device, one.group.zone) for one in rows] == [("", "", "z0")]


def test_devices_to_be_inspected_are_told_the_longest_overdue_first() -> None:
    made_of = inspected(gathered([]), asked())
    assert [one.state for one in made_of.rows] == ["date_unknown"] * 2
    assert {one.id for one in made_of.rows} == {"D-0", "D-3"}
    assert {one.from_ms for one in made_of.rows} == {NONE}


def test_rounds_can_be_named_for_a_file() -> None:
    told = [OrderView(f"W{n}", "fault", "D-0", "open", START_MS + n,
                      rounds=[Round(START_MS + n, START_MS + n, restored_ms=START_MS + 9),
                              Round(START_MS + DAY_MS, START_MS + DAY_MS + n)])
            for n in range(2)]  # fmt: skip
    found = gathered(told)
    assert round_names(None, found, 3) == [("W1", 1), ("W0", 1), ("W1", 0)]
    assert sorted(round_names(BY_KEY["backlog"], found, 9)) == [("W0", 1), ("W1", 1)]
    assert np.array_equal(np.sort(found.rows.rounds), np.arange(4))
