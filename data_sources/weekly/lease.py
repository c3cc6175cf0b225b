"""The right to do something that only one process may do at a time. It ends by itself when the
holder goes away without a word."""

from __future__ import annotations

import secrets
from typing import Any

from redis.asyncio import Redis

from data_sources.reach import reaching

_TAKE = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""


class Lease:
    """Every method raises SourceUnavailable."""

    def __init__(self, redis: Redis, key: str, for_ms: int) -> None:
        self._redis: Any = redis
        self._key = key
        self._token = secrets.token_hex(8)
        self.for_ms = for_ms

    async def take(self) -> bool:
        """Takes it, or makes it last so long again; False while another process holds it."""
        with reaching("lease"):
            return bool(await self._redis.eval(_TAKE, 1, self._key, self._token, self.for_ms))

    async def release(self) -> None:
        """Of one that is not ours any more: nothing."""
        with reaching("lease"):
            await self._redis.eval(_RELEASE, 1, self._key, self._token)
