"""1. How many messages a second does one worker core take in, with everything on?

A stretch of the city's own traffic (10,000 devices: beats, changes, foot traffic, incidents,
alerts, a little mischief) waits in the streams. The worker takes it in against a real server:
parse, fold, rollups, state, deltas, commits. The reference reads the same entries and does
nothing with them: redis-py's XREAD with the answer left as the parser gives it.

"Per core" is per second of the worker's own processor time; what it waits for Redis meanwhile
is in the figure by the clock, which is told beside it.
"""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import redis

from benchmarks.measure import Row, alone, median, say
from dashboard.config import Settings
from dashboard.site import Site
from data_sources import keys
from data_sources.batches import COUNT, prepare
from data_sources.connect import open_client
from data_sources.embedded import EmbeddedServer
from data_sources.simulator.city import build_city
from data_sources.simulator.field import Field, registry
from data_sources.simulator.writer import Writer
from data_sources.sites import load_site
from data_sources.worker import Worker

SEED = 20261122
ROUNDS = 4  # the first one warms up and does not count
GOAL_PER_S = 80_000
GOAL_OF_RAW = 0.07
STREAMS = ("alerts", "actions", "registry", "status", "traffic", "incidents")


@dataclass
class Rate:
    messages: int
    cpu_s: float
    wall_s: float

    @property
    def per_core(self) -> float:
        return self.messages / self.cpu_s


def measure(folder: Path, devices: int = 10_000, minutes: int = 15) -> list[Row]:
    server = EmbeddedServer(folder / "ingest")
    server.start()
    try:
        return _rows(*_rounds(server.url, load_site("goyang"), devices, minutes))
    finally:
        server.stop()


def _rounds(url: str, site: Site, devices: int, minutes: int) -> tuple[list[Rate], list[Rate]]:
    client = prepare(open_client(url, block_ms=100))
    city = build_city(site, devices, SEED)
    writer = Writer(client, 1, lambda text: None)
    at = time.time_ns() // 1_000_000 - ROUNDS * minutes * 60_000 - 60_000
    worker = _fresh(client, url, site)
    writer.write(registry(city.devices, at))
    _take_all(worker, client)
    field = Field(city, SEED)
    field.go_live(at)
    raw, ours = [], []
    for number in range(ROUNDS):
        worker.release()
        worker = _fresh(client, url, site)
        before = {name: worker.owned[0].store.positions[name] for name in STREAMS}
        entries = field.live(at, at + minutes * 60_000)
        at += minutes * 60_000
        writer.write(entries)
        del entries
        gc.collect()
        raw.append(_read_raw(client, before))
        ours.append(_take_all(worker, client))
        assert raw[-1].messages == ours[-1].messages, (raw[-1], ours[-1])
        say(f"ingest {number}: {ours[-1].per_core:,.0f} per core, raw {raw[-1].per_core:,.0f}")
    worker.release()
    return ours[1:], raw[1:]


def _fresh(client: redis.Redis, url: str, site: Site) -> Worker:
    """A worker that has just loaded its partition, as after every start."""
    worker = Worker(client, Settings(redis_url=url), site)
    while not worker.owned:
        worker.turn()
    return worker


def _read_raw(client: redis.Redis, positions: dict[str, bytes]) -> Rate:
    at: dict[Any, Any] = {keys.stream(0, name): start for name, start in positions.items()}
    messages, cpu, wall = 0, time.process_time(), time.perf_counter()
    while answer := cast(Any, client.xread(at, count=COUNT)):
        for key, entries in answer.items() if isinstance(answer, dict) else answer:
            at[key.decode()] = entries[-1][0]
            messages += len(entries)
    return Rate(messages, time.process_time() - cpu, time.perf_counter() - wall)


def _take_all(worker: Worker, client: redis.Redis) -> Rate:
    """Turns until everything that is in the streams now is committed."""
    ends = {name: _last(client, name) for name in STREAMS}
    before = _taken(client)
    cpu, wall = time.process_time(), time.perf_counter()
    while not worker.owned or any(
        worker.owned[0].store.positions[name] != end for name, end in ends.items()
    ):
        worker.turn()
    used = Rate(0, time.process_time() - cpu, time.perf_counter() - wall)
    used.messages = _taken(client) - before
    return used


def _last(client: redis.Redis, name: str) -> bytes:
    found: Any = client.xrevrange(keys.stream(0, name), count=1)
    return cast(bytes, found[0][0]) if found else b"0-0"


def _taken(client: redis.Redis) -> int:
    """Accepted, duplicate and rejected of all streams, as committed."""
    import msgspec

    from dashboard.deltas import StreamCount

    stored = cast("dict[bytes, bytes]", client.hgetall(keys.state(0, "counters")))
    total = 0
    for name, raw in stored.items():
        if not name.startswith(b"trimmed:"):
            count = msgspec.msgpack.decode(raw, type=StreamCount)
            total += count.accepted + count.duplicate + count.rejected_total
    return total


def _rows(ours: list[Rate], raw: list[Rate]) -> list[Row]:
    rate, reference = median([r.per_core for r in ours]), median([r.per_core for r in raw])
    wall = median([r.messages / r.wall_s for r in ours])
    share = rate / reference
    n = sum(r.messages for r in ours)
    return [
        Row(
            "ingest: messages/s per worker core, everything on",
            "≥ 80,000 and ≥ 0.07 of raw",
            f"{rate:,.0f} ({wall:,.0f} by the clock, waiting for Redis included)",
            f"{reference:,.0f} raw XREAD",
            share,
            rate >= GOAL_PER_S and share >= GOAL_OF_RAW,
            {"per_core_s": rate, "by_the_clock_s": wall, "raw_per_core_s": reference,
             "messages": n, "rounds": [vars(r) for r in ours]},
        )
    ]  # fmt: skip


if __name__ == "__main__":
    alone(measure)
