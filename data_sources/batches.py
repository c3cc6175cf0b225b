"""Step 1: reading a batch of each partition's streams, in the order it should be taken in.

Alerts and actions come first, whatever waits in the other streams. The others are merged by
entry id, that is by arrival: where one stream returned as much as was asked for, more of it
may be older than what the others hold, so nothing beyond its last entry is taken yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import redis

from data_sources import keys

COUNT = 2_000
FAST = ("actions", "alerts")
SLOW = ("registry", "status", "traffic", "incidents")
NAMES = (*FAST, *SLOW, "canary")

Raw = list[Any]  # [entry id, [field, value, ...]]
Entry = tuple[str, bytes, bytes | None]


@dataclass(slots=True)
class Batch:
    """entries in order; read = last id taken of each stream; drained = nothing was left over."""

    entries: list[Entry] = field(default_factory=list)
    read: dict[str, bytes] = field(default_factory=dict)
    canaries: list[tuple[bytes, bytes | None]] = field(default_factory=list)
    drained: bool = True


def prepare(client: redis.Redis) -> redis.Redis:
    """Answers of XREAD as the parser gives them: half the time of redis-py's own shaping."""
    client.set_response_callback("XREAD", lambda answer, **_: answer)
    return client


def read_batches(
    client: redis.Redis, positions: Mapping[int, Mapping[str, bytes]], block_ms: int
) -> dict[int, Batch]:
    """One XREAD over all partitions; waits at most block_ms when there is nothing."""
    asked = {_key(p, name).encode(): (p, name) for p, known in positions.items() for name in known}
    wanted: dict[Any, Any] = {key: positions[p][name] for key, (p, name) in asked.items()}
    answer = cast(Any, client.xread(wanted, count=COUNT, block=block_ms))
    if not answer:
        return {}
    found: dict[int, dict[str, list[Raw]]] = {}
    for key, entries in answer.items() if isinstance(answer, dict) else answer:
        p, name = asked[key]
        found.setdefault(p, {})[name] = entries
    return {p: merge(streams) for p, streams in found.items()}


def merge(streams: Mapping[str, list[Raw]]) -> Batch:
    batch = Batch()
    for name in FAST:
        _take(batch, name, streams.get(name, []))
    slow = {name: streams[name] for name in SLOW if streams.get(name)}
    full = [_order(entries[-1][0]) for entries in slow.values() if len(entries) >= COUNT]
    batch.drained = not full
    if len(slow) == 1:
        for name, entries in slow.items():
            _take(batch, name, entries)
    elif slow:
        _take_merged(batch, slow, min(full) if full else None)
    for entry_id, fields in streams.get("canary", []):
        batch.canaries.append((entry_id, _payload(fields)))
        batch.read["canary"] = entry_id
    return batch


def _take(batch: Batch, name: str, entries: list[Raw]) -> None:
    if entries:
        batch.entries += [(name, entry_id, _payload(fields)) for entry_id, fields in entries]
        batch.read[name] = entries[-1][0]


def _take_merged(
    batch: Batch, slow: Mapping[str, list[Raw]], limit: tuple[bytes, int, bytes] | None
) -> None:
    together = [
        (_order(entry_id), name, entry_id, fields)
        for name, entries in slow.items()
        for entry_id, fields in entries
    ]
    together.sort(key=lambda one: (one[0], one[1]))
    for order, name, entry_id, fields in together:
        if limit is not None and order > limit:
            break
        batch.entries.append((name, entry_id, _payload(fields)))
        batch.read[name] = entry_id


def _payload(fields: list[bytes]) -> bytes | None:
    """The field `d`; the contract says it is the only one, producers may know no better."""
    if fields[0] == b"d":
        return fields[1]
    pairs = dict(zip(fields[::2], fields[1::2], strict=True))
    return pairs.get(b"d")


def _order(entry_id: bytes) -> tuple[bytes, int, bytes]:
    """Sorts ids "ms-n" as numbers without reading them: ms has 13 digits from 2001 to 2286,
    and of two n the longer one is the larger."""
    return entry_id[:13], len(entry_id), entry_id


def _key(p: int, name: str) -> str:
    return keys.canary(p) if name == "canary" else keys.stream(p, name)
