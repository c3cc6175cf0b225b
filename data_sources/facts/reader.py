"""What Redis is asked for: cells of days and hours, and records in chunks.

Cells, the counts of now and the frontier are read in one transaction: a day in progress is
projected to the end of its hour, and only these together say what of it is still to come.
Groups come last: every number that occurs in a cell is then among them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from redis.asyncio import Redis

from dashboard.stream.rollups import Cell, Group
from dashboard.stream.vitals import NEVER
from data_sources import keys

CHUNK = 2_000  # records per HSCAN
T = TypeVar("T")
_CELL = msgspec.msgpack.Decoder(dict[int, dict[str, int]])
_COUNTS = msgspec.msgpack.Decoder(list[int])
_GROUP = msgspec.msgpack.Decoder(tuple[str, ...])


@dataclass(frozen=True, slots=True)
class Sums:
    """Of one partition at one moment, as stored; decode in a thread.

    frontier_ms None: nothing has been counted yet.
    """

    partition: int
    frontier_ms: int | None
    days: dict[int, Iterable[bytes]]
    hours: dict[int, Iterable[bytes]]
    counts: dict[bytes, bytes]
    groups: dict[bytes, bytes]

    def cells(self, packed: Iterable[bytes]) -> list[Cell]:
        return [_CELL.decode(one) for one in packed]

    def now_counts(self) -> dict[int, list[int]]:
        return {int(number): _COUNTS.decode(packed) for number, packed in self.counts.items()}

    def group_list(self) -> list[Group]:
        found = {int(number): packed for number, packed in self.groups.items()}
        return [Group(*_GROUP.decode(found[number])) for number in range(len(found))]


class FactReader:
    def __init__(self, redis: Redis, partitions: int) -> None:
        self.redis: Any = redis
        self.partitions = range(partitions)

    async def frontier(self, p: int) -> int | None:
        return _frontier(await self.redis.hget(keys.state(p, "meta"), "frontier"))

    async def sums(self, p: int, days: Sequence[int], hours: Sequence[int]) -> Sums:
        pipe = self.redis.pipeline(transaction=True)
        pipe.hget(keys.state(p, "meta"), "frontier")
        pipe.hgetall(keys.state(p, "groups_now"))
        for day in days:
            pipe.hgetall(keys.daily(p, day))
        for hour in hours:
            pipe.hgetall(keys.hourly(p, hour))
        pipe.hgetall(keys.state(p, "groups"))
        frontier, counts, *rows, groups = await pipe.execute()
        of_days, of_hours = rows[: len(days)], rows[len(days) :]
        return Sums(
            p, _frontier(frontier),
            {day: row.values() for day, row in zip(days, of_days, strict=True)},
            {hour: row.values() for hour, row in zip(hours, of_hours, strict=True)},
            counts, groups,
        )  # fmt: skip

    async def records(self, p: int, part: str, kind: type[T]) -> AsyncIterator[list[T]]:
        """All of a state part, in chunks; a record may come twice."""
        decode = msgspec.msgpack.Decoder(kind).decode
        cursor = 0
        while True:
            cursor, rows = await self.redis.hscan(keys.state(p, part), cursor, count=CHUNK)
            yield await asyncio.to_thread(_decoded, rows.values(), decode)
            if not cursor:
                return

    async def count(self, p: int, part: str) -> int:
        return int(await self.redis.hlen(keys.state(p, part)))

    async def history(self, p: int, month: int) -> AsyncIterator[dict[bytes, bytes]]:
        """Transitions of a KST month (yyyymm) by device, in chunks."""
        cursor = 0
        while True:
            cursor, rows = await self.redis.hscan(keys.history(p, month), cursor, count=CHUNK)
            yield rows
            if not cursor:
                return


def _decoded(packed: Iterable[bytes], decode: Any) -> list[Any]:
    return [decode(one) for one in packed]


def _frontier(said: bytes | None) -> int | None:
    at_ms = NEVER if said is None else int(said)
    return None if at_ms == NEVER else at_ms
