"""The work orders at hand: open ones, and those closed so recently that they may be changed."""

from __future__ import annotations

from collections.abc import Set

from dashboard.contracts import DAY_MS
from dashboard.records import ActionOutcome, OrderCause, OrderState, OrderView
from dashboard.site import Site
from dashboard.stream import order_actions, orders
from dashboard.stream.kinds import ActionMessage

KEPT_DAYS = 62  # so long a closed order can still be put right: two months' bills


class Shelf:
    """orders by id; those let go of are still kept by the edge.

    dirty, let_go: ids of what changed since the last commit.
    """

    def __init__(self) -> None:
        self.orders: dict[str, OrderView] = {}
        self.dirty: set[str] = set()
        self.let_go: set[str] = set()
        self._last_of: dict[str, str] = {}  # device -> its newest order of trouble

    def put(self, order: OrderView) -> None:
        self.orders[order.order_id] = order
        self.dirty.add(order.order_id)
        if order.cause != OrderCause.INSPECTION:
            self._last_of[order.device_id] = order.order_id

    def last_of(self, device_id: str) -> str:
        """Its newest order of trouble, open or closed; "" for none at hand."""
        return self._last_of.get(device_id, "")

    def is_open(self, order_id: str) -> bool:
        order = self.orders.get(order_id)
        return order is not None and order.closed_ms is None

    def failed_before(self, device_id: str, down_ms: int, reopen_days: int) -> OrderView | None:
        """The order of a trouble that was over so shortly before that this is the same one."""
        order = self.orders.get(self.last_of(device_id))
        if order is None or order.state != OrderState.VERIFIED:
            return None
        restored_ms = order.rounds[-1].restored_ms or 0
        return order if down_ms - restored_ms <= reopen_days * DAY_MS else None

    def act(
        self, order_id: str, m: ActionMessage, arrived_ms: int, site: Site
    ) -> tuple[ActionOutcome, bool]:
        """A person's action: what to tell the person, and whether it changed anything."""
        order = self.orders.get(order_id)
        if order is None:
            return ActionOutcome(m.action_id, False, order_id, "unknown_order"), False
        new, outcome = order_actions.act(order, m, arrived_ms, site)
        if new is not order:
            self.put(new)
        return outcome, new is not order

    def call_off(self, order_id: str, at_ms: int, reason: str) -> None:
        """Nothing when it is closed already."""
        if self.is_open(order_id):
            self.put(orders.call_off(self.orders[order_id], at_ms, reason))

    def restore(self) -> None:
        for order in sorted(self.orders.values(), key=lambda one: one.opened_ms):
            if order.cause != OrderCause.INSPECTION:
                self._last_of[order.device_id] = order.order_id

    def sweep(self, settled_ms: int, needed: Set[str]) -> None:
        """Let go of what was closed KEPT_DAYS ago, unless somebody still needs it."""
        limit_ms = settled_ms - KEPT_DAYS * DAY_MS
        gone = [
            order.order_id
            for order in self.orders.values()
            if order.closed_ms is not None and order.closed_ms < limit_ms
        ]
        for order_id in gone:
            if order_id in needed or order_id in self.dirty:
                continue
            order = self.orders.pop(order_id)
            if self.last_of(order.device_id) == order_id:
                del self._last_of[order.device_id]
            self.let_go.add(order_id)

    def done(self) -> None:
        """The commit succeeded."""
        self.dirty.clear()
        self.let_go.clear()
