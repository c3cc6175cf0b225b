"""How a partition's feed is doing: counted by the worker about once a second; and trimming."""

from __future__ import annotations

from collections.abc import Mapping

import redis

from dashboard.config import Settings
from dashboard.deltas import FeedState
from dashboard.stream import pipeline
from dashboard.stream.picture import STREAMS, Picture
from data_sources import keys
from data_sources.commit_ops import Ops

HOUR_MS = 3_600_000
_ACTIONS_KEPT_H = 24 * 400  # the stream of actions is the audit trail
_CANARIES_KEPT_H = 1
_REJECTED_KEPT_H = 24 * 30  # time enough to put a producer right and send again


def written(client: redis.Redis, p: int) -> dict[str, int]:
    """How many entries each stream ever got: those there now and those trimmed away."""
    pipe = client.pipeline(transaction=False)
    for name in STREAMS:
        pipe.xlen(keys.stream(p, name))
    pipe.hmget(keys.state(p, "counters"), [f"trimmed:{name}" for name in STREAMS])
    *lengths, trimmed = pipe.execute()
    return {
        name: int(length) + int(gone or 0)
        for name, length, gone in zip(STREAMS, lengths, trimmed, strict=True)
    }


def feed_state(p: int, picture: Picture, total: Mapping[str, int], now_ms: int) -> FeedState:
    """total: entries ever written to each stream. The owner is filled in by the worker."""
    counts = picture.counts
    taken = {n: c.accepted + c.duplicate + c.rejected_total for n, c in counts.items()}
    return FeedState(
        p, "", 0, now_ms, picture.clock.watermark_ms,
        pipeline.stale_since(picture, now_ms), dict(counts),
        sum(1 for device_id in picture.devices if device_id not in picture.registrations),
        {name: max(0, total[name] - taken[name]) for name in STREAMS}, dict(total),
    )  # fmt: skip


def trim(ops: Ops, p: int, positions: Mapping[str, bytes], now_ms: int, settings: Settings) -> None:
    """Let go of what is both processed and older than it is kept. Only the worker trims."""
    for name in STREAMS:
        kept_h = _ACTIONS_KEPT_H if name == "actions" else settings.field_keep_h
        before = _older(positions[name], now_ms - kept_h * HOUR_MS)
        ops.trim(keys.stream(p, name), before, f"trimmed:{name}")
    rejected_from = f"{now_ms - _REJECTED_KEPT_H * HOUR_MS}-0"
    ops.trim(keys.rejected(p), rejected_from, "trimmed:rejected")
    canaries = _older(positions["canary"], now_ms - _CANARIES_KEPT_H * HOUR_MS)
    ops.trim(keys.canary(p), canaries, "trimmed:canary")
    ops.trim(keys.live(p), f"{now_ms - settings.live_keep_h * HOUR_MS}-0", "trimmed:live")


def _older(position: bytes, limit_ms: int) -> str:
    at_ms = int(position.partition(b"-")[0])
    return position.decode() if at_ms < limit_ms else f"{limit_ms}-0"
