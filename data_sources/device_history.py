"""What a device went through: its transitions, as the worker keeps them per KST month."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from typing import Any

from redis.asyncio import Redis

from data_sources import keys
from data_sources.reach import reaching

KST = timedelta(hours=9)
_TRANSITION = struct.Struct(">qB")


class DeviceHistory:
    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis

    async def transitions(
        self, p: int, device_id: str, from_ms: int, to_ms: int
    ) -> list[tuple[int, int]]:
        """(at_ms, status) in order, from the one in force at from_ms on."""
        rows: list[tuple[int, int]] = []
        for month in _months(from_ms, to_ms):
            with reaching("history"):
                packed = await self._redis.hget(keys.history(p, month), device_id)
            rows += _unpacked(packed or b"")
        rows.sort(key=lambda row: row[0])  # of two at one moment the later written one holds
        first = max((at for at, row in enumerate(rows) if row[0] <= from_ms), default=0)
        return [row for row in rows[first:] if row[0] < to_ms]


def _unpacked(packed: bytes) -> list[tuple[int, int]]:
    """Nine bytes each: since (epoch ms, signed, big-endian) and the status."""
    return [(at, status) for at, status in _TRANSITION.iter_unpack(packed)]


def _months(from_ms: int, to_ms: int) -> list[int]:
    """KST months as yyyymm, with the one before the first: its last state may still hold."""
    first, last = _kst(from_ms).replace(day=1) - timedelta(days=1), _kst(to_ms)
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [month // 12 * 100 + month % 12 + 1 for month in months]


def _kst(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC) + KST
