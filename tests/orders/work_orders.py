"""Work orders as pages show them: only what a test cares about is named."""

from __future__ import annotations

from typing import Any

from dashboard.order_list import Listing, Reader, Wanted, listing
from dashboard.records import OrderView, Round
from dashboard.site import OrderRules
from dashboard.text import translator
from layouts.orders.words import Here

NOW = 1_795_000_000_000  # 2026-11-18 20:06:40 KST
MIN, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def a_round(opened: float = 1.0, due: float | None = 24.0, **facts: Any) -> Round:
    """Opened and due so many hours ago and ahead; broken an hour before it was opened."""
    opened_ms = round(NOW - opened * HOUR)
    due_ms = None if due is None else round(NOW + due * HOUR)
    return Round(opened_ms - HOUR, opened_ms, due_ms, **facts)


def an_order(name: str = "1", *rounds: Round, **fields: Any) -> OrderView:
    """A light of Maru that is silent, charged to Maru."""
    rounds = rounds or (a_round(),)
    given = {"kind": "light", "zone": "4128552500", "route_id": "R-01", "vendor": "Maru",
             "owner": "city", "assignee": "Maru", "state": "assigned", "cause": "outage",
             "device_id": f"L-{name}", "reopened": len(rounds) - 1,
             "opened_ms": rounds[0].opened_ms} | fields  # fmt: skip
    if given["state"] == "open":
        given["assignee"] = ""
    return OrderView(order_id=f"W-L-{name}-a", rounds=list(rounds), **given)


def a_here(language: str = "en") -> Here:
    zones = {"4128552500": "Jungsan 1-dong"}
    return Here(
        translator(language), NOW, zones, {"R-01": "Baekseok Station"},
        lambda device_id: f"light {device_id}", OrderRules(),
    )  # fmt: skip


def listed(*orders: OrderView, user: str = "manager", **wanted: Any) -> Listing:
    reader = Reader(user, NOW, lambda order: f"{order.order_id} {order.device_id}".lower())
    return listing(orders, Wanted(**wanted), reader)


def names(found: Listing) -> list[str]:
    return [order.device_id.removeprefix("L-") for order in found.rows]


def all_text(tree: Any) -> str:
    """Everything a component tree says, in order."""
    if tree is None or isinstance(tree, str | int):
        return str(tree or "")
    if isinstance(tree, list | tuple):
        return "".join(map(all_text, tree))
    return all_text(getattr(tree, "children", ""))
