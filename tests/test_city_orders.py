"""Work orders in the picture in memory: the newest of each, and not for ever."""

from __future__ import annotations

from typing import Any

from dashboard.change import Change, Loaded
from dashboard.city import CLOSED_KEPT_MS, City
from dashboard.deltas import Delta
from dashboard.records import OrderView, Round

NOW = 1_800_000_000_000


def an_order(name: str, version: int = 1, **more: Any) -> OrderView:
    state = "verified" if more.get("closed_ms") else "open"
    rounds = [Round(1, 1)]
    return OrderView(name, "fault", "D-1", state, 1, version, version, rounds=rounds, **more)


def told(city: City, *orders: OrderView, at_ms: int = NOW) -> Change:
    return city.apply(Delta(0, at_ms, at_ms, orders=list(orders)), at_ms)


def test_the_newest_version_stays_whatever_comes_later() -> None:
    city = City("c1", 2, started_ms=NOW)
    told(city, an_order("W-1", 3))
    told(city, an_order("W-1", 2))
    city.load(Loaded(1, orders=[an_order("W-2", 1)]))
    assert {name: (p, one.version) for name, (p, one) in city.orders.items()} == {
        "W-1": (0, 3), "W-2": (1, 1),
    }  # fmt: skip


def test_browsers_are_told_nothing_of_orders() -> None:
    """The pages ask for them; the live socket belongs to those who watch the map."""
    assert not told(City("c1", started_ms=NOW), an_order("W-1"))


def test_what_was_closed_is_forgotten_after_a_day_what_is_open_never() -> None:
    city = City("c1", started_ms=NOW)
    told(city, an_order("W-1"), an_order("W-2", closed_ms=NOW))
    later = NOW + CLOSED_KEPT_MS
    told(city, at_ms=later)
    assert set(city.orders) == {"W-1", "W-2"}
    told(city, at_ms=later + 60_000)
    assert set(city.orders) == {"W-1"}
