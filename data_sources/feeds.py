"""How the input streams are doing, read fresh: what was written and what became of it.

Counters and positions are committed with the effects, so at a quiet moment accepted +
duplicate + rejected equals written: length of the stream plus what the worker trimmed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec
from redis.asyncio import Redis

from dashboard.deltas import FeedState, StreamCount
from data_sources import keys
from data_sources.reach import reaching


@dataclass(frozen=True, slots=True)
class StreamFigures:
    name: str
    written: int
    count: StreamCount
    position: str
    lag_entries: int
    lag_ms: int  # age of the oldest entry that is not processed yet

    @property
    def processed(self) -> int:
        return self.count.accepted + self.count.duplicate + self.count.rejected_total


@dataclass(frozen=True, slots=True)
class PartitionFigures:
    partition: int
    feed: FeedState | None
    owner: str
    epoch: int
    streams: list[StreamFigures] = field(default_factory=list)

    @property
    def stale(self) -> bool:
        """Also when nothing was ever heard of it."""
        return self.feed is None or self.feed.stale_since_ms is not None


class Feeds:
    def __init__(self, redis: Redis, partitions: int) -> None:
        self._redis: Any = redis
        self._partitions = range(partitions)

    async def read(self, now_ms: int) -> list[PartitionFigures]:
        """Raises SourceUnavailable."""
        with reaching("feeds"):
            return [await self._partition(p, now_ms) for p in self._partitions]

    async def _partition(self, p: int, now_ms: int) -> PartitionFigures:
        pipe = self._redis.pipeline(transaction=True)  # one moment, or the sums would not add up
        pipe.hgetall(keys.state(p, "counters"))
        pipe.hgetall(keys.state(p, "positions"))
        pipe.hget(keys.state(p, "meta"), "feed")
        pipe.get(keys.epoch(p))
        for name in keys.STREAMS:
            pipe.xlen(keys.stream(p, name))
        counters, positions, feed, epoch, *lengths = await pipe.execute()
        streams = [
            await self._stream(p, name, length, counters, positions, now_ms)
            for name, length in zip(keys.STREAMS, lengths, strict=True)
        ]
        state = msgspec.msgpack.decode(feed, type=FeedState) if feed else None
        return PartitionFigures(p, state, state.owner if state else "", int(epoch or 0), streams)

    async def _stream(  # noqa: PLR0913 - the replies of one transaction, kept together
        self, p: int, name: str, length: int,
        counters: dict[bytes, bytes], positions: dict[bytes, bytes], now_ms: int,
    ) -> StreamFigures:  # fmt: skip
        packed = counters.get(name.encode())
        count = msgspec.msgpack.decode(packed, type=StreamCount) if packed else StreamCount()
        written = length + int(counters.get(f"trimmed:{name}".encode(), 0))
        position = positions.get(name.encode(), b"0-0").decode()
        processed = count.accepted + count.duplicate + count.rejected_total
        lag = max(0, written - processed)
        lag_ms = await self._waiting_ms(p, name, position, now_ms) if lag else 0
        return StreamFigures(name, written, count, position, lag, lag_ms)

    async def _waiting_ms(self, p: int, name: str, position: str, now_ms: int) -> int:
        oldest = await self._redis.xrange(keys.stream(p, name), f"({position}", count=1)
        return max(0, now_ms - int(oldest[0][0].split(b"-")[0])) if oldest else 0
