"""What Redis keeps of one device: its changes of state, its orders and alerts, its messages."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
import numpy as np

from dashboard.kpis.device_year import DeviceYear, Known, RawMessage, device_year, year_ending
from dashboard.kpis.tables import ROUND_MARK
from dashboard.raw_messages import told
from dashboard.records import AlertView, OrderView
from data_sources import keys
from data_sources.facts.book import Book
from data_sources.facts.reader import FactReader
from data_sources.facts.transitions import months_until
from data_sources.reach import reaching

MONTHS_BACK = 36  # the state at the beginning of a year may be that old
MESSAGES = 20
LOOKED_THROUGH = 30_000  # newest entries of the status stream: some minutes of a large city
PIECE = 5_000
STATUS = "status"
OTHERS = ("alerts", "traffic", "registry")  # seldom enough to look at only a few
FEW = 1_000
T = TypeVar("T")
_TRANSITION = struct.Struct(">qB")


class DeviceFile:
    """Every method raises SourceUnavailable when Redis is away."""

    def __init__(self, reader: FactReader) -> None:
        self._redis: Any = reader.redis

    async def year(self, book: Book, at: int, to_ms: int, exact: bool) -> DeviceYear:
        """exact False: without alerts, and of its messages only what it says of itself."""
        devices = book.city.devices
        record, p = devices.registrations[at], devices.partition[at]
        from_ms, until_ms = year_ending(to_ms)
        tables, _ = await asyncio.to_thread(book.look)
        mine = np.flatnonzero(tables.rounds["device"] == at).tolist()
        orders = dict.fromkeys(tables.round_ids[k].rpartition(ROUND_MARK)[0] for k in mine)
        alerts = np.flatnonzero(tables.alert_devices == at).tolist() if exact else []
        raised = [k for k in alerts if from_ms <= tables.alerts["raised"][k] < until_ms]
        known = Known(
            record,
            _in_force(await self.transitions(p, record.device_id, until_ms), from_ms),
            book.frontier_ms or to_ms,
            await self.records(p, "orders", list(orders), OrderView),
            await self.records(p, "alerts", [tables.alert_ids[k] for k in raised], AlertView)
            if exact else None,
            await self.messages(p, record.device_id, exact),
        )  # fmt: skip
        return await asyncio.to_thread(device_year, known, to_ms)

    async def transitions(self, p: int, device_id: str, until_ms: int) -> list[tuple[int, int]]:
        """(at_ms, Status) in order, of the last three years."""
        with reaching("history"):
            pipe = self._redis.pipeline(transaction=False)
            for month in months_until(until_ms, MONTHS_BACK):
                pipe.hget(keys.history(p, month), device_id)
            packed = b"".join(row for row in await pipe.execute() if row)
        rows = [(at, status) for at, status in _TRANSITION.iter_unpack(packed)]
        return sorted(rows, key=lambda row: row[0])  # stable: of two at one moment the later holds

    async def records(self, p: int, part: str, ids: Sequence[str], kind: type[T]) -> list[T]:
        if not ids:
            return []
        with reaching(part):
            rows = await self._redis.hmget(keys.state(p, part), list(ids))
        decode = msgspec.msgpack.Decoder(kind).decode
        return [decode(packed) for packed in rows if packed]

    async def orders(
        self, partitions: Sequence[int], names: Sequence[tuple[str, int]]
    ) -> list[tuple[OrderView, int]]:
        """Rounds by order id and number, in that order; what is gone is left out."""
        ids = list(dict.fromkeys(order_id for order_id, _ in names))
        known: dict[str, OrderView] = {}
        for p in partitions:
            for start in range(0, len(ids), PIECE):
                piece = ids[start : start + PIECE]
                records = await self.records(p, "orders", piece, OrderView)
                known.update((one.order_id, one) for one in records)
        return [
            (known[order_id], no)
            for order_id, no in names
            if order_id in known and no < len(known[order_id].rounds)
        ]

    async def messages(self, p: int, device_id: str, exact: bool) -> list[RawMessage]:
        """Its newest messages, newest first: as they came, or for coarse roles without what
        would tell of people. Streams keep an hour at the most."""
        found = await self._look_through(p, STATUS, device_id, (exact, LOOKED_THROUGH))
        if exact:
            for stream in OTHERS:
                found += await self._look_through(p, stream, device_id, (exact, FEW))
        return sorted(found, key=lambda one: one.arrived_ms, reverse=True)[:MESSAGES]

    async def _look_through(
        self, p: int, stream: str, device_id: str, limits: tuple[bool, int]
    ) -> list[RawMessage]:
        (exact, most), found, last = limits, [], "+"
        for _ in range(0, most, PIECE):
            with reaching("messages"):
                entries = await self._redis.xrevrange(
                    keys.stream(p, stream), max=last, count=min(PIECE, most)
                )
            found += await asyncio.to_thread(_about, stream, entries, device_id, exact)
            if len(entries) < min(PIECE, most) or len(found) >= MESSAGES:
                break
            last = f"({entries[-1][0].decode()}"
        return found


def _about(
    stream: str, entries: list[tuple[bytes, dict[bytes, bytes]]], device_id: str, exact: bool
) -> list[RawMessage]:
    rows = ((entry_id.decode(), told(fields.get(b"d", b""), device_id, exact))
            for entry_id, fields in entries)  # fmt: skip
    return [
        RawMessage(stream, int(entry_id.partition("-")[0]), entry_id, text)
        for entry_id, text in rows
        if text is not None
    ]


def _in_force(rows: Sequence[tuple[int, int]], from_ms: int) -> list[tuple[int, int]]:
    """From the last one before that moment on."""
    first = max((at for at, row in enumerate(rows) if row[0] <= from_ms), default=0)
    return list(rows[first:])
