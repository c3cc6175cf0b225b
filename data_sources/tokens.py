"""Bearer tokens for tools that read the API. Redis knows only their sha256."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import Any

import msgspec
from redis.asyncio import Redis

from data_sources import keys
from data_sources.reach import reaching

DAY_MS = 86_400_000


class Token(msgspec.Struct, frozen=True):
    name: str  # who or what uses it, for the log of actions
    role: str
    expires_ms: int


class Tokens:
    def __init__(self, redis: Redis, now_ms: Callable[[], int]) -> None:
        self._redis: Any = redis
        self._now_ms = now_ms

    async def issue(self, name: str, role: str, days: int = keys.TOKEN_DAYS) -> str:
        """The token itself, shown once and never stored."""
        secret = "crt_" + secrets.token_urlsafe(32)
        token = Token(name, role, self._now_ms() + days * DAY_MS)
        await self._redis.hset(keys.TOKENS, _digest(secret), msgspec.json.encode(token))
        return secret

    async def find(self, secret: str) -> Token | None:
        with reaching("tokens"):
            packed = await self._redis.hget(keys.TOKENS, _digest(secret))
        if packed is None:
            return None
        token = msgspec.json.decode(packed, type=Token)
        return token if token.expires_ms > self._now_ms() else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
