"""How a work order stands: against its contract, by its age, on whose hands."""

from __future__ import annotations

import math
from typing import Any

import pytest

from dashboard.order_standing import age_ms, band_of, loads, standing
from tests.orders.work_orders import DAY, HOUR, NOW, a_round, an_order


@pytest.mark.parametrize(
    ("stands", "one", "fields"),
    [
        ("running", a_round(1, 25), {}),
        ("soon", a_round(1, 24), {}),
        ("soon", a_round(1, 0), {}),
        ("overdue", a_round(1, -0.001), {}),
        ("none", a_round(1, None), {}),
        ("met", a_round(9, -1, repaired_ms=NOW - HOUR), {}),
        ("late", a_round(9, -1, repaired_ms=NOW - HOUR + 1), {}),
        ("met", a_round(9, -1, repaired_ms=NOW, restored_ms=NOW - 2 * HOUR), {}),
        ("excluded", a_round(9, -1, excluded="works"), {}),
        ("none", a_round(9, -1, cancelled_ms=NOW), {"state": "cancelled"}),
        ("lapsed", a_round(9, None), {"cause": "inspection"}),
        ("late", a_round(9, None, repaired_ms=NOW), {"cause": "inspection"}),
    ],
)  # fmt: skip
def test_how_a_round_stands_against_its_contract(
    stands: str, one: Any, fields: dict[str, Any]
) -> None:
    assert standing(an_order("1", one, **fields), one, NOW) == stands


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, 0), (3.99, 0), (4, 4), (7.99, 4), (8, 8), (14.99, 8), (15, 15), (30.99, 15), (31, 31)],
)
def test_age_bands(days: float, band: int) -> None:
    assert band_of(math.floor(days * DAY)) == band


def test_the_age_is_that_of_the_last_round() -> None:
    again = an_order("1", a_round(900, verified_ms=NOW - 100 * HOUR), a_round(5))
    assert age_ms(again, NOW) == 5 * HOUR
    over = an_order("2", a_round(9), state="verified", closed_ms=NOW - 2 * HOUR)
    assert age_ms(over, NOW) == 7 * HOUR


def test_who_has_most_overdue_comes_first() -> None:
    found = loads(
        [
            an_order("1"), an_order("2", state="parts"),
            an_order("3", a_round(50, -1), assignee="Gaon"),
            an_order("4", state="open"),
            an_order("5", state="verified", closed_ms=NOW),
        ],
        NOW,
    )  # fmt: skip
    said = [(load.assignee, load.n, load.overdue, load.parts) for load in found]
    assert said == [("Gaon", 1, 1, 0), ("Maru", 2, 0, 1), ("", 1, 0, 0)]
    assert found[0].oldest_ms == 50 * HOUR
