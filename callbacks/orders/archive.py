"""The orders a list is made of: open ones from memory, closed ones read now and then."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from callbacks.orders import facts
from dashboard.order_list import STATES, Wanted
from dashboard.records import OrderView

if TYPE_CHECKING:
    from data_sources.sources import Sources

READ_AGAIN_MS = 60_000  # what closes meanwhile is in memory for a day


class Archive:
    """One for the process: many pages ask for the same."""

    def __init__(self, sources: Sources) -> None:
        self.known = facts.Known(sources)
        self._sources = sources
        self._year: dict[str, OrderView] = {}
        self._read_ms: int | None = None

    async def orders(self, wanted: Wanted, now_ms: int) -> list[OrderView]:
        """Raises SourceUnavailable when closed ones must be read and cannot be."""
        if wanted.state == STATES[0]:
            return self._sources.orders.open()
        if self._read_ms is None or abs(now_ms - self._read_ms) > READ_AGAIN_MS:
            found = await self._sources.orders.since(now_ms - facts.LOOK_BACK_MS)
            self._year = {order.order_id: order for order in found}
            self._read_ms = now_ms
        at_hand = {name: order for name, (_, order) in self._sources.city.orders.items()}
        return list((self._year | at_hand).values())

    def stamp(self, orders: Iterable[OrderView]) -> tuple[int, int]:
        """Another one whenever something of what is listed, or a name in it, changed."""
        devices = self._sources.city.devices
        versions = frozenset((order.order_id, order.version) for order in orders)
        return devices.registry_version, hash(versions)
