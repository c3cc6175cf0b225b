"""Records as rows: newest version, the group of their device, and what follows a device."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.kpis.choice import start_of
from dashboard.kpis.columns import Columns
from dashboard.kpis.facts import CATEGORIES, CAUSES, NONE, VERDICTS
from dashboard.kpis.tables import Tables, frozen, inspection_due, inspections_of, numbers_of
from dashboard.records import OrderCause, OrderState, OrderView, Registration, Round
from dashboard.stream.rollups import Group
from tests.live_room import a_device, an_alert, an_incident

PAIR = np.dtype([("a", "i8"), ("b", "i1")])


class Registry:
    """Devices by number, in order of their first registration."""

    def __init__(self, *records: Registration) -> None:
        self.records = {record.device_id: record for record in records}
        self.tables = Tables(self._find)

    def _find(self, device_id: str) -> tuple[int, Registration] | None:
        record = self.records.get(device_id)
        return None if record is None else (list(self.records).index(device_id), record)

    def change(self, record: Registration) -> None:
        self.records[record.device_id] = record
        self.tables.device_changed(record.device_id)


def an_order(order_id: str = "W-B-1-x", **fields: Any) -> OrderView:
    given = {"cause": OrderCause.FAULT, "device_id": "B-0001", "state": OrderState.OPEN,
             "opened_ms": 1_000, "kind": "bell", "zone": "Z1", "vendor": "Gaon",
             "rounds": [Round(500, 1_000)]}  # fmt: skip
    return OrderView(order_id, **(given | fields))


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 5), st.integers(0, 100))))
def test_a_table_holds_the_newest_version_of_each_row(puts: list[tuple[int, int, int]]) -> None:
    table, expected = Columns(PAIR), {}
    for name, version, value in puts:
        taken = table.put(str(name), version, (value, version), name)
        assert taken == (str(name) not in expected or version >= expected[str(name)][1])
        if taken:
            expected[str(name)] = (value, version)
    assert dict(zip(table.ids, table.rows.tolist(), strict=True)) == expected
    assert [str(device) for device in table.devices] == table.ids


def test_a_snapshot_does_not_change_any_more() -> None:
    table = Columns(PAIR)
    table.put("x", 1, (1, 1))
    before = table.snapshot()
    table.put("x", 2, (2, 2))
    assert before["a"].tolist() == [1] and table.rows["a"].tolist() == [2]


# -- alerts -----------------------------------------------------------------------------------


def test_an_alert_carries_its_device_s_group_and_its_own_place() -> None:
    device = a_device("B-0001", vendor="Gaon", owner="city", pilot_id="P")
    registry = Registry(device)
    registry.tables.take_alert(an_alert(
        "A", zone="Z9", route_id="R-09", raised_ms=10, arrived_ms=11, acknowledged_ms=12,
        closed_ms=14, cleared_ms=13, verdict="mistaken", priority=2,
    ))  # fmt: skip
    snapshot = registry.tables.snapshot()
    row = snapshot.alerts[0]
    assert snapshot.groups.groups[row["group"]] == Group("bell", "Z9", "R-09", "Gaon", "city", "P")
    assert row[["raised", "arrived", "acked", "cleared", "closed"]].tolist() == (10, 11, 12, 13, 14)
    assert VERDICTS[row["verdict"]] == "mistaken" and row["actual"] and row["priority"] == 2
    assert snapshot.alert_types[row["type"]] == "bell"
    assert snapshot.alert_ids[0] == "A" and snapshot.alert_devices.tolist() == [0]


def test_an_alert_of_nobody_s_device_has_only_a_place() -> None:
    tables = Registry().tables
    tables.take_alert(an_alert("A", device_id="", cap_status="Exercise"))
    snapshot = tables.snapshot()
    assert snapshot.groups.groups[0] == Group("", "4128552500", "R-01")
    assert not snapshot.alerts["actual"][0] and snapshot.alert_devices.tolist() == [-1]
    assert snapshot.alerts["acked"][0] == snapshot.alerts["closed"][0] == NONE


def test_a_late_verdict_replaces_and_an_older_version_does_not() -> None:
    tables = Registry().tables
    for version, verdict in ((1, ""), (3, "real"), (2, "")):
        tables.take_alert(an_alert("A", version=version, verdict=verdict))
    snapshot = tables.snapshot()
    assert [VERDICTS[v] for v in snapshot.alerts["verdict"]] == ["real"]


def test_alerts_follow_their_device_to_another_zone_and_vendor() -> None:
    registry = Registry(a_device("B-0001", vendor="Gaon"), a_device("B-0002", vendor="Gaon"))
    for name in ("B-0001", "B-0002"):
        registry.tables.take_alert(an_alert(f"A{name}", device_id=name))
    before = registry.tables.snapshot()
    registry.change(a_device("B-0001", ts_ms=2, zone="Z2", vendor="Maru"))
    after = registry.tables.snapshot()
    assert [after.groups.groups[g].vendor for g in after.alerts["group"]] == ["Maru", "Gaon"]
    assert after.groups.groups[after.alerts["group"][0]].zone == "Z2"
    assert before.alerts["group"][0] == before.alerts["group"][1]


def test_a_device_that_registers_later_gives_its_alerts_a_kind() -> None:
    """The worker tells of the alert again, in the same version."""
    registry, alert = Registry(), an_alert("A", device_id="B-0001")
    registry.tables.take_alert(alert)
    assert registry.tables.snapshot().groups.groups[0].kind == ""
    registry.change(a_device("B-0001"))
    registry.tables.take_alert(alert)
    after = registry.tables.snapshot()
    assert after.groups.groups[after.alerts["group"][0]].kind == "bell"


# -- orders and incidents ---------------------------------------------------------------------


def test_each_round_of_an_order_is_a_row() -> None:
    registry = Registry(a_device("B-0001", zone="elsewhere"))
    first = Round(500, 1_000, due_ms=5_000, restored_ms=2_000, verified_ms=3_000)
    second = Round(8_000, 9_000, excluded="vandalism", repaired_ms=9_500)
    registry.tables.take_order(an_order(rounds=[first, second], children=37, cause="outage"))
    snapshot = registry.tables.snapshot()
    rows = snapshot.rounds
    assert rows["no"].tolist() == [0, 1] and rows["due"].tolist() == [5_000, NONE]
    assert rows["restored"].tolist() == [2_000, NONE] and rows["repaired"].tolist() == [NONE, 9_500]
    assert rows["excluded"].tolist() == [False, True] and set(rows["children"]) == {37}
    assert {CAUSES[c] for c in rows["cause"]} == {"outage"} and rows["device"].tolist() == [0, 0]
    # the registration at its opening, not today's
    assert snapshot.groups.groups[rows["group"][0]] == Group("bell", "Z1", "", "Gaon", "", "")


def test_only_the_last_round_of_a_cancelled_order_was_cancelled() -> None:
    tables = Registry().tables
    tables.take_order(an_order(
        rounds=[Round(1, 2, verified_ms=3), Round(4, 5, cancelled_ms=9)],
        state=OrderState.CANCELLED, closed_ms=9,
    ))  # fmt: skip
    assert tables.snapshot().rounds["cancelled"].tolist() == [NONE, 9]


def test_an_order_that_is_older_than_known_changes_nothing() -> None:
    tables = Registry().tables
    tables.take_order(an_order(version=5, rounds=[Round(1, 2, repaired_ms=4)]))
    tables.take_order(an_order(version=4, rounds=[Round(1, 2)]))
    assert tables.snapshot().rounds["repaired"].tolist() == [4]


def test_a_revised_incident_leaves_its_old_place() -> None:
    tables = Registry().tables
    tables.take_incident(an_incident("I", rev=1, zone="Z1", category="theft", reported_ms=5))
    tables.take_incident(an_incident(
        "I", rev=2, zone="Z2", category="violence", reported_ms=6, dispatched_ms=7, alert_id="A",
    ))  # fmt: skip
    tables.take_incident(an_incident("I", rev=1, zone="Z1", category="theft", reported_ms=5))
    snapshot = tables.snapshot()
    row = snapshot.incidents[0]
    assert len(snapshot.incidents) == 1 and row["reported"] == 6 and row["dispatched"] == 7
    assert CATEGORIES[row["category"]] == "violence" and row["alert"]
    assert snapshot.groups.groups[row["group"]] == Group("", "Z2", "")


# -- groups and inspections -------------------------------------------------------------------


def test_groups_of_a_snapshot_do_not_grow() -> None:
    tables = Registry().tables
    tables.take_alert(an_alert("A"))
    before = tables.snapshot()
    number = tables.groups.number_of(Group("cctv", "Z7"))
    after = tables.snapshot()
    assert len(before.groups) == 1 and after.groups.groups[number] == Group("cctv", "Z7")


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), max_size=8))
def test_frozen_groups_keep_their_numbers(pairs: list[tuple[str, str]]) -> None:
    tables = Registry().tables
    numbers = [tables.groups.number_of(Group(*pair)) for pair in pairs]
    copy = frozen(tables.groups)
    assert [copy.number_of(Group(*pair)) for pair in pairs] == numbers
    assert copy.words == tables.groups.words


@pytest.mark.parametrize(
    ("said", "due"),
    [("2026-01-31", date(2026, 3, 2)), ("", None), ("yesterday", None), ("9999-12-31", None)],
)
def test_an_inspection_falls_due_at_midnight_in_korea(said: str, due: date | None) -> None:
    assert inspection_due(said, 30) == (None if due is None else start_of(due))


def test_inspections_are_of_devices_that_stand_and_must_be_inspected() -> None:
    tables = Registry().tables
    records = [
        a_device("B-1", inspected_on="2026-01-01"), a_device("B-2"),
        a_device("L-1", kind="light"), a_device("B-3", retired=True),
    ]  # fmt: skip
    numbers = numbers_of(records, tables.groups)
    assert numbers.tolist() == [0, 0, 1, -1]
    rows = inspections_of(records, numbers, {"bell": 30})
    assert rows["device"].tolist() == [0, 1] and rows["known"].tolist() == [True, False]
    assert rows["due"].tolist() == [start_of(date(2026, 1, 31)), NONE]
