"""The picture in memory: counters, overlays, what browsers are told."""

from __future__ import annotations

import gzip
import random
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.change import Loaded
from dashboard.city import DAY, City
from dashboard.deltas import Delta
from dashboard.device_table import GONE, DeviceTable
from dashboard.latency import Latencies
from dashboard.place import PlaceGrid
from dashboard.records import Status
from dashboard.snapshot import Deflated, pack_header
from tests.live_room import a_device, a_feed, a_view, an_alert, an_incident

NOW = 1_800_000_000_000


def a_city(*devices: str) -> City:
    city = City("c1", started_ms=NOW)
    city.load(Loaded(0, [a_device(name) for name in devices], [a_view(name) for name in devices]))
    return city


def a_delta(**fields: object) -> Delta:
    return Delta(0, NOW, NOW, **fields)


def test_a_change_is_told_once_and_counted() -> None:
    city = a_city("B-1", "B-2")
    change = city.apply(a_delta(devices=[a_view("B-1", Status.FAULT)]), NOW)
    assert change.statuses == {0: Status.FAULT}
    assert city.devices.by_status() == [1, 0, 0, 0, 1]
    assert not city.apply(a_delta(devices=[a_view("B-1", Status.FAULT)]), NOW)


def test_devices_nobody_registered_are_listed_until_they_are() -> None:
    city = a_city()
    city.apply(a_delta(devices=[a_view("X-1", Status.FAULT)]), NOW)
    assert list(city.devices.unregistered) == ["X-1"] and len(city.devices) == 0
    change = city.apply(a_delta(registrations=[a_device("X-1")]), NOW)
    assert list(change.placed) == [0] and city.devices.shown[0] == Status.FAULT
    assert not city.devices.unregistered


def test_an_older_registration_changes_nothing_and_a_retired_device_is_gone() -> None:
    city = a_city("B-1")
    city.apply(a_delta(registrations=[a_device("B-1", ts_ms=9, retired=True)]), NOW)
    assert city.devices.shown[0] == GONE and sum(city.devices.by_status()) == 0
    assert not city.apply(a_delta(registrations=[a_device("B-1", ts_ms=8)]), NOW)


def test_an_older_version_of_an_alert_is_not_taken() -> None:
    city = a_city("B-1")
    city.apply(a_delta(alerts=[an_alert("A", version=3, state="acknowledged")]), NOW)
    city.apply(a_delta(alerts=[an_alert("A", version=2)]), NOW)
    assert city.alerts["A"].state == "acknowledged"


def test_a_silent_worker_and_its_return() -> None:
    city = a_city("B-1", "B-2")
    city.apply(a_delta(devices=[a_view("B-2", Status.OUT_OF_SERVICE)]), NOW)
    assert not city.check_silence(NOW + 4_000)
    change = city.check_silence(NOW + 6_000)
    assert change.all_statuses and change.urgent
    assert list(city.devices.shown) == [Status.UNKNOWN, Status.OUT_OF_SERVICE]
    assert city.worker_silent_since(NOW + 6_000) == NOW
    back = city.apply(a_delta(devices=[a_view("B-1", Status.FAULT)]), NOW + 7_000)
    assert back.all_statuses and city.devices.shown[0] == Status.FAULT


def test_only_the_stale_partition_is_unknown() -> None:
    city = City("c1", partitions=2, started_ms=NOW)
    for p in (0, 1):
        city.load(Loaded(p, [a_device(f"B-{p}")], [a_view(f"B-{p}")]))
    city.apply(Delta(1, NOW, NOW, feed=a_feed(1, stale_since_ms=NOW - 60_000)), NOW)
    assert list(city.devices.shown) == [Status.OK, Status.UNKNOWN]
    assert city.stale_since_ms == NOW - 60_000


def test_what_is_too_old_is_forgotten() -> None:
    city = a_city("B-1")
    city.apply(a_delta(alerts=[an_alert("new", state="closed", closed_ms=NOW),
                               an_alert("old", state="closed", closed_ms=NOW - 2 * DAY),
                               an_alert("open", raised_ms=1)],
                       incidents=[an_incident("i1", reported_ms=NOW - 90 * DAY)]), NOW)  # fmt: skip
    city.prune()
    assert set(city.alerts) == {"new", "open"} and not city.incidents
    assert set(city.partition_of_alert) == {"new", "open"}


def test_changes_that_travel_together_say_the_last_word() -> None:
    city = a_city("B-1", "B-2")
    first = city.apply(a_delta(devices=[a_view("B-1", Status.FAULT)]), NOW)
    first.add(city.apply(a_delta(devices=[a_view("B-1", Status.OK)]), NOW))
    assert first.statuses == {0: Status.OK}
    first.add(city.check_silence(NOW + 9_000))
    assert first.all_statuses and not first.statuses


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4), st.booleans()), max_size=60))
def test_what_is_shown_follows_from_what_was_told(steps: list[tuple[int, int, bool]]) -> None:
    table = DeviceTable()
    for number, (device, status, silent) in enumerate(steps):
        name = f"D-{device}"
        kind = ("bell", "cctv", "light")[number % 3]
        table.register(device % 2, a_device(name, ts_ms=number, kind=kind, retired=status == 3))
        table.tell([a_view(name, status)])
        table.set_silent(device % 2, silent)
    assert sum(table.by_status()) == len(table) - len(table.retired)
    assert [sum(column) for column in zip(*table.by_kind().values(), strict=True)] in (
        [],
        table.by_status(),
    )
    assert list(table.shown) == [
        GONE if table.registrations[at].retired
        else Status.UNKNOWN if table.partition[at] in table.silent
        and table.told[at] != Status.OUT_OF_SERVICE
        else table.told[at]
        for at in range(len(table))
    ]  # fmt: skip


def test_around_finds_what_a_slow_search_finds() -> None:
    chance, grid, points = random.Random(7), PlaceGrid(), []
    for index in range(500):
        points.append((126_780_000 + chance.randrange(9000), 37_660_000 + chance.randrange(9000)))
        grid.put(index, *points[-1])
    grid.put(3, 126_784_000, 37_664_000)
    points[3] = (126_784_000, 37_664_000)
    found = grid.around(126_784_000, 37_664_000, 100)
    assert found[0].index == 3 and found[0].metres == 0
    near = {i for i, (x, y) in enumerate(points)
            if hypot((x - 126_784_000) * 0.0880, (y - 37_664_000) * 0.1112) < 99}  # fmt: skip
    assert near <= {one.index for one in found}
    assert [one.metres for one in found] == sorted(one.metres for one in found)
    assert grid.nearest(127_000_000, 37_000_000) is None


@pytest.mark.parametrize("size", [0, 1, 100_000])
def test_joined_gzip_parts_are_one_valid_body(size: int) -> None:
    columns = random.Random(1).randbytes(size)
    head = pack_header(b'{"n":1}')
    assert len(head) % 4 == 0
    assert gzip.decompress(Deflated.of(columns).gzip_after(head)) == head + columns


def test_latency_is_of_the_window_only() -> None:
    window = Latencies(window_ms=1_000)
    for at, took in ((0, 500), (1_500, 10), (1_600, 20), (1_700, 30)):
        window.add(at, took)
    assert window.quantiles(2_000, 0.5, 0.95) == (3, [20, 30])
    assert window.quantiles(9_000, 0.5) == (0, [None])
