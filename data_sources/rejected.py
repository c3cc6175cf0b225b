"""Messages that were not accepted, newest first, and whether Redis keeps what it acknowledged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from data_sources import keys
from data_sources.reach import reaching

SHOWN_BYTES = 1_000


@dataclass(frozen=True, slots=True)
class RejectedMessage:
    partition: int
    entry_id: str  # in the rejected stream: what "send again" names
    stream: str
    reason: str
    detail: str
    at_ms: int
    text: str  # the beginning of what was sent
    length: int  # bytes


async def read_rejected(redis: Redis, partitions: int, most: int) -> list[RejectedMessage]:
    """The newest of all partitions together."""
    client: Any = redis
    found: list[RejectedMessage] = []
    with reaching("rejected"):
        for p in range(partitions):
            entries = await client.xrevrange(keys.rejected(p), count=most)
            found += [_message(p, entry_id.decode(), fields) for entry_id, fields in entries]
    return sorted(found, key=lambda one: one.at_ms, reverse=True)[:most]


async def read_durability(redis: Redis) -> str:
    """appendfsync in force: always, everysec, no; off without AOF, unknown if not told."""
    client: Any = redis
    with reaching("durability"):
        try:
            told = await client.config_get("append*")
        except ResponseError:  # a managed server that keeps CONFIG to itself
            return "unknown"
    words = {_text(name): _text(value) for name, value in told.items()}
    return words.get("appendfsync", "unknown") if words.get("appendonly") == "yes" else "off"


def _message(p: int, entry_id: str, fields: dict[bytes, bytes]) -> RejectedMessage:
    words = {name.decode(): value for name, value in fields.items()}
    raw = words.get("d", b"")
    at = words.get("at", b"").decode()
    return RejectedMessage(
        partition=p,
        entry_id=entry_id,
        stream=words.get("stream", b"").decode("utf-8", "replace").rpartition(":")[2],
        reason=words.get("reason", b"").decode("utf-8", "replace"),
        detail=words.get("detail", b"").decode("utf-8", "replace"),
        at_ms=int(at) if at.isdigit() else int(entry_id.partition("-")[0]),
        text=raw[:SHOWN_BYTES].decode("utf-8", "replace"),
        length=len(raw),
    )


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
