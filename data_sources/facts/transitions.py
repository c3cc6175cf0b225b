"""When devices changed their state in the last thirteen months, as one sorted table.

Read when first asked for. Months that are over are kept; the last two are read again when older
than a minute.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from redis.exceptions import RedisError

from dashboard.city import City
from dashboard.device_table import DeviceTable
from dashboard.errors import SourceUnavailable
from dashboard.kpis.worst import TRANSITION
from data_sources.facts.reader import FactReader

MONTHS = 13
CHANGING = 2  # of the last months
EVERY_MS = 60_000
_PACKED = np.dtype([("at", ">i8"), ("status", "u1")])  # as the worker writes it
_KST = timedelta(hours=9)
Rows = NDArray[Any]


class Transitions:
    """Of one City's devices at a time, by their numbers in it."""

    def __init__(self, reader: FactReader, now_ms: Callable[[], int]) -> None:
        self._reader = reader
        self._now_ms = now_ms
        self._city: City | None = None
        self._months: dict[int, tuple[int, Rows]] = {}  # yyyymm -> when read, rows
        self._table: Rows | None = None
        self._lock = asyncio.Lock()

    @property
    def nbytes(self) -> int:
        return sum(rows.nbytes for _, rows in self._months.values()) + (
            self._table.nbytes if self._table is not None else 0
        )

    async def table(self, city: City, until_ms: int) -> Rows:
        """TRANSITION rows by device and time, back to twelve months before that of until_ms.

        A device without any in that time has one that says since when it is as it is now.
        Raises SourceUnavailable when Redis is away and nothing was read before.
        """
        async with self._lock:
            if city is not self._city:
                self._city, self._months, self._table = city, {}, None
            try:
                await self._read(city, months_until(until_ms))
            except (RedisError, OSError) as error:
                if self._table is None:
                    raise SourceUnavailable(f"history: {type(error).__name__}") from error
            if self._table is None:
                rows = [rows for _, rows in self._months.values()]
                self._table = await asyncio.to_thread(_merged, rows, city.devices)
            return self._table

    async def _read(self, city: City, months: list[int]) -> None:
        now_ms = self._now_ms()
        for month in [month for month in self._months if month not in months]:
            del self._months[month]
        for month in months:
            known = self._months.get(month)
            changing = month in months[-CHANGING:]
            if known is None or (changing and now_ms - known[0] >= EVERY_MS):
                self._months[month] = now_ms, await self._month(city.devices, month)
                self._table = None

    async def _month(self, devices: DeviceTable, month: int) -> Rows:
        pieces = [np.empty(0, TRANSITION)]
        for p in self._reader.partitions:
            async for chunk in self._reader.history(p, month):
                pieces.append(await asyncio.to_thread(_unpacked, chunk, devices))
        return np.concatenate(pieces)


def months_until(at_ms: int, number: int = MONTHS) -> list[int]:
    """yyyymm of so many KST months, that of at_ms last."""
    day = datetime.fromtimestamp(at_ms / 1000, UTC) + _KST
    last = day.year * 12 + day.month - 1
    return [month // 12 * 100 + month % 12 + 1 for month in range(last - number + 1, last + 1)]


def _unpacked(chunk: dict[bytes, bytes], devices: DeviceTable) -> Rows:
    """Devices that nobody registered count in no figure and are left out."""
    found = [
        (at, packed)
        for name, packed in chunk.items()
        if (at := devices.index.get(name.decode())) is not None
    ]
    numbers = np.array([at for at, _ in found], np.int32)
    lengths = np.array([len(packed) // _PACKED.itemsize for _, packed in found], np.int64)
    said = np.frombuffer(b"".join(packed for _, packed in found), _PACKED)
    rows = np.empty(len(said), TRANSITION)
    rows["device"] = np.repeat(numbers, lengths)
    rows["at"], rows["status"] = said["at"], said["status"]
    return rows


def _merged(months: list[Rows], devices: DeviceTable) -> Rows:
    """Stable: of two at one moment the one written later holds."""
    rows = np.concatenate([*months, _standing(months, devices)])
    return rows[np.lexsort((rows["at"], rows["device"]))]


def _standing(months: list[Rows], devices: DeviceTable) -> Rows:
    """For devices that have changed nothing in all that time."""
    heard = np.zeros(len(devices), bool)
    for rows in months:
        heard[rows["device"]] = True
    found = [
        (at, view.since_ms, devices.told[at])
        for at in np.flatnonzero(~heard).tolist()
        if (view := devices.views[at]) is not None and view.since_ms is not None
    ]
    return np.array(found, TRANSITION)
