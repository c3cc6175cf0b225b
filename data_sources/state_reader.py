"""Reading the worker's state hashes: all of a part for the City, single records on demand.

The worker's records carry a private tail after the shared view; decoding stops before it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import msgspec
from redis.asyncio import Redis

from dashboard.change import Loaded
from dashboard.deltas import Delta, FeedState
from dashboard.records import (
    AlertView,
    DeviceView,
    IncidentView,
    OrderView,
    Registration,
    TrafficView,
)
from data_sources import keys

CHUNK = 5_000  # hash fields per HSCAN: keeps Redis answering others meanwhile
T = TypeVar("T")


class StateReader:
    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis

    async def tail(self, p: int) -> tuple[str, int]:
        """Id and watermark of the newest entry of the live stream; "0-0", 0 if there is none."""
        newest = await self._redis.xrevrange(keys.live(p), count=1)
        if not newest:
            return "0-0", 0
        entry_id, fields = newest[0]
        try:
            watermark = msgspec.msgpack.decode(fields[b"d"], type=Delta).watermark_ms
        except msgspec.DecodeError:
            watermark = 0
        return entry_id.decode(), watermark

    async def holds(self, p: int, cursor: str) -> bool:
        """Whether the entry at the cursor is still there, so nothing after it was lost."""
        return cursor == "0-0" or bool(await self._redis.xrange(keys.live(p), cursor, cursor))

    async def load(self, p: int) -> Loaded:
        """The snapshot of a partition. Read the tail of its live stream before."""
        feed = await self._redis.hget(keys.state(p, "meta"), "feed")
        return Loaded(
            p,
            await self._all(p, "registry", Registration),
            await self._all(p, "devices", DeviceView),
            await self._all(p, "alerts", AlertView),
            await self._all(p, "incidents", IncidentView),
            await self._all(p, "traffic", TrafficView),
            await self.orders_now(p),
            msgspec.msgpack.decode(feed, type=FeedState) if feed else None,
        )

    async def views(self, p: int, device_ids: Sequence[str]) -> list[DeviceView | None]:
        """Devices as they are now; in the order asked for."""
        rows = await self._redis.hmget(keys.state(p, "devices"), device_ids)
        decode = msgspec.msgpack.Decoder(DeviceView).decode
        return [decode(packed) if packed else None for packed in rows]

    async def alerts(self, p: int) -> list[AlertView]:
        """Every alert Redis has of a partition, however old."""
        return await self._all(p, "alerts", AlertView)

    async def alert(self, p: int, alert_id: str) -> AlertView | None:
        packed = await self._redis.hget(keys.state(p, "alerts"), alert_id)
        return msgspec.msgpack.decode(packed, type=AlertView) if packed else None

    async def incidents(self, p: int, ids: Sequence[str]) -> list[IncidentView]:
        """Those of a partition that are known, however old."""
        rows = await self._redis.hmget(keys.state(p, "incidents"), ids)
        return _decoded([row for row in rows if row], msgspec.msgpack.Decoder(IncidentView).decode)

    async def orders_now(self, p: int) -> list[OrderView]:
        """Work orders that are open, and those closed so lately that they may be put right."""
        names = await self._redis.hkeys(keys.state(p, "orders_now"))
        return await self._orders(p, names)

    async def orders(self, p: int) -> list[OrderView]:
        """Every work order Redis has of a partition, however old."""
        return await self._all(p, "orders", OrderView)

    async def order(self, p: int, order_id: str) -> OrderView | None:
        found = await self._orders(p, [order_id])
        return found[0] if found else None

    async def _orders(self, p: int, names: Sequence[Any]) -> list[OrderView]:
        decode = msgspec.msgpack.Decoder(OrderView).decode
        found: list[OrderView] = []
        for start in range(0, len(names), CHUNK):
            piece = names[start : start + CHUNK]
            rows = await self._redis.hmget(keys.state(p, "orders"), piece)
            found += await asyncio.to_thread(_decoded, [row for row in rows if row], decode)
        return found

    async def _all(self, p: int, part: str, kind: type[T]) -> list[T]:
        decode = msgspec.msgpack.Decoder(kind).decode
        found: list[T] = []
        cursor = 0
        while True:
            cursor, rows = await self._redis.hscan(keys.state(p, part), cursor, count=CHUNK)
            found += await asyncio.to_thread(_decoded, rows.values(), decode)
            if not cursor:
                return found


def _decoded(packed: Iterable[bytes], decode: Any) -> list[Any]:
    return [decode(one) for one in packed]
