"""Which devices cost most, out of their changes of state. Days from the beginning of a week."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dashboard.kpis.states import spans_of
from dashboard.kpis.worst import TRANSITION, DeviceLoss, worst_devices
from dashboard.records import Status
from dashboard.stream.rollups import DAY_MS
from tests.kpis.facts_builder import at

OK, OUT, UNKNOWN, OFFLINE, FAULT = Status
FROM, TO = at(0), at(7)


def table(*rows: tuple[int, float, int]) -> np.ndarray:
    """(device, day, status), sorted."""
    return np.array([(device, at(day), status) for device, day, status in rows], TRANSITION)


def worst(rows: np.ndarray, devices: int = 4, limit: int = 50) -> list[DeviceLoss]:
    return worst_devices(rows, np.zeros(devices, np.int32), FROM, TO, limit)


def test_those_down_longest_come_first() -> None:
    rows = table((0, -9, OK), (0, 1, FAULT), (0, 2, OK), (1, -9, OK), (1, 3, OFFLINE), (1, 6, OK))
    assert worst(rows) == [
        DeviceLoss(1, 3 * DAY_MS, 1, 0, 4 / 7),
        DeviceLoss(0, DAY_MS, 1, 0, 6 / 7),
    ]


def test_what_began_before_the_period_is_cut_and_no_failure_of_it() -> None:
    [one] = worst(table((0, -9, OK), (0, -1, OFFLINE), (0, 2, OK)))
    assert (one.down_ms, one.failures) == (2 * DAY_MS, 0)


def test_what_goes_on_is_counted_to_the_end() -> None:
    [one] = worst(table((0, -9, OK), (0, 5, OFFLINE)))
    assert (one.down_ms, one.failures) == (2 * DAY_MS, 1)


def test_what_comes_after_the_period_is_not_counted() -> None:
    assert worst(table((0, -9, OK), (0, 8, OFFLINE))) == []


def test_silent_and_then_faulty_is_one_failure() -> None:
    [one] = worst(table((0, -9, OK), (0, 1, OFFLINE), (0, 2, FAULT), (0, 3, OK)))
    assert (one.down_ms, one.failures) == (2 * DAY_MS, 1)


def test_unknown_and_out_of_service_are_neither_up_nor_down() -> None:
    rows = table((0, -9, OK), (0, 1, UNKNOWN), (0, 3, OUT), (0, 5, FAULT), (0, 6, OK))
    assert worst(rows) == [DeviceLoss(0, DAY_MS, 1, 2 * DAY_MS, 2 / 3)]


def test_a_device_known_since_midweek_is_judged_since_then() -> None:
    [one] = worst(table((0, 5, OK), (0, 6, FAULT)))
    assert one.availability == 0.5


def test_of_equals_the_more_frequent_failures_come_first() -> None:
    rows = table(
        (0, -9, OK), (0, 1, FAULT), (0, 3, OK),
        (1, -9, OK), (1, 1, FAULT), (1, 2, OK), (1, 4, FAULT), (1, 5, OK),
    )  # fmt: skip
    assert [one.device for one in worst(rows)] == [1, 0]
    assert [one.device for one in worst(rows, limit=1)] == [1]


def test_devices_that_were_not_asked_for_are_left_out() -> None:
    rows = table((0, -9, FAULT), (1, -9, FAULT))
    found = worst_devices(rows, np.array([-1, 3], np.int32), FROM, TO)
    assert [one.device for one in found] == [1]


def test_of_no_changes_there_are_no_worst() -> None:
    assert worst(table()) == []


changes = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-20, 20), st.sampled_from(list(Status))),
    max_size=40,
    unique_by=lambda row: row[:2],
)


@given(changes)
def test_sums_of_all_devices_are_those_of_their_spans(rows: list[tuple[int, int, int]]) -> None:
    found = table(*sorted(rows))
    losses = {one.device: one for one in worst(found)}
    for device in range(4):
        own = found[found["device"] == device]
        changed = list(zip(own["at"].tolist(), own["status"].tolist(), strict=True))
        spans = list(spans_of(changed, FROM, TO, TO))
        down = sum(end - start for start, end, status in spans if status in (OFFLINE, FAULT))
        loss = losses.get(device)
        assert (loss.down_ms if loss else 0) == down
        if loss:
            unknown = sum(end - start for start, end, status in spans if status == UNKNOWN)
            assert loss.unknown_ms == unknown
            assert loss.availability is None or 0 <= loss.availability <= 1
