"""Finding work orders: those at hand in memory, older ones in Redis when asked for."""

from __future__ import annotations

from dashboard.records import OrderState, OrderView
from data_sources.live_feed import LiveFeed
from data_sources.reach import reaching
from data_sources.state_reader import StateReader

CLOSED = (OrderState.VERIFIED, OrderState.CANCELLED)


class OrderBook:
    def __init__(self, feed: LiveFeed, state: StateReader, partitions: int) -> None:
        self._feed, self._state, self._partitions = feed, state, range(partitions)

    def open(self) -> list[OrderView]:
        return [one for _, one in self._feed.city.orders.values() if one.state not in CLOSED]

    async def since(self, since_ms: int) -> list[OrderView]:
        """Open ones and those that were still open at that time, in no order. Raises
        SourceUnavailable."""
        known = {order_id: one for order_id, (_, one) in self._feed.city.orders.items()}
        with reaching("orders"):
            for p in self._partitions:
                for one in await self._state.orders(p):
                    known.setdefault(one.order_id, one)
        return [one for one in known.values() if one.closed_ms is None or one.closed_ms >= since_ms]

    async def find(self, order_id: str) -> tuple[int, OrderView] | None:
        """With its partition. Raises SourceUnavailable when Redis must be asked and is away."""
        if (known := self._feed.city.orders.get(order_id)) is not None:
            return known
        with reaching("orders"):
            for p in self._partitions:
                if (order := await self._state.order(p, order_id)) is not None:
                    return p, order
        return None
