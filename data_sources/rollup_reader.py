"""Reading the worker's rollups: hours summed over partitions and groups, per zone."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec
from redis.asyncio import Redis

from dashboard.usual import HourCount
from data_sources import keys

STATES = ("s0", "s1", "s2", "s3", "s4")  # ms in a state
ALERT = "a:"  # prefix of raised alerts by type

Zone = dict[str, dict[str, int]]  # group id -> measure -> value
Hours = dict[int, dict[str, "ZoneHour"]]  # hour -> zone code -> sums


class ZoneHour(msgspec.Struct):
    people: int = 0
    covered_ms: int = 0
    expected_ms: int = 0  # time of the counters that exist
    alerts: int = 0

    def count(self) -> HourCount:
        return HourCount(self.people, self.covered_ms, self.expected_ms)


class RollupReader:
    def __init__(self, redis: Redis, partitions: int) -> None:
        self._redis: Any = redis
        self._partitions = range(partitions)

    async def hours(self, hours: Iterable[int]) -> Hours:
        """hours: epoch ms // 3,600,000. An hour nothing is known of is an empty dict."""
        wanted = sorted(set(hours))
        found: Hours = {hour: defaultdict(ZoneHour) for hour in wanted}
        for p in self._partitions:
            pipe = self._redis.pipeline(transaction=False)
            pipe.hgetall(keys.state(p, "groups"))
            for hour in wanted:
                pipe.hgetall(keys.hourly(p, hour))
            groups, *rows = await pipe.execute()
            await asyncio.to_thread(_add_all, found, groups, zip(wanted, rows, strict=True))
        return found


def _add_all(
    found: Hours, groups: dict[bytes, bytes], rows: Iterable[tuple[int, dict[bytes, bytes]]]
) -> None:
    counters = {
        gid.decode() for gid, packed in groups.items()
        if msgspec.msgpack.decode(packed)[0] == "counter"
    }  # fmt: skip
    for hour, zones in rows:
        for code, packed in zones.items():
            _add(found[hour][code.decode()], msgspec.msgpack.decode(packed), counters)


def _add(hour: ZoneHour, groups: dict[Any, dict[str, int]], counters: set[str]) -> None:
    for gid, measures in groups.items():
        if str(gid) in counters:
            hour.people += measures.get("t_in", 0) + measures.get("t_out", 0)
            hour.covered_ms += measures.get("t_ms", 0)
            hour.expected_ms += sum(measures.get(state, 0) for state in STATES)
        hour.alerts += sum(n for name, n in measures.items() if name.startswith(ALERT))
