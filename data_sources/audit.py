"""The log of access: sign-ins, sign-outs, refusals, views of exact places, exports.

One stream, never trimmed by the application (retention: docs/OPERATIONS.md). Holds names and
addresses, never passwords, session ids or tokens.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from redis.asyncio import Redis

from data_sources import keys
from data_sources.reach import reaching


class Audit:
    def __init__(self, redis: Redis, now_ms: Callable[[], int]) -> None:
        self._redis: Any = redis
        self._now_ms = now_ms

    async def write(self, what: str, user: str, address: str, **details: str | int) -> None:
        """what: signed_in, sign_in_refused, signed_out, throttled, exact_view, export, ..."""
        entry = {"at_ms": self._now_ms(), "what": what, "user": user, "address": address}
        with reaching("audit"):
            await self._redis.xadd(keys.AUDIT, {"d": msgspec.json.encode(entry | details)})
