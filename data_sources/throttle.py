"""How many bad passwords are too many; counted in Redis, so by all web processes together.

Only bad ones count. A person's own typing is stopped early; the two wider limits stop one
address that tries many names and many addresses that try one name.
"""

from __future__ import annotations

import time
from typing import Any

from limits import RateLimitItem, parse
from limits.aio.storage import RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from redis.asyncio import Redis

from data_sources import keys
from data_sources.reach import reaching

PAIR = parse("5 per 5 minutes")
ADDRESS = parse("40 per 5 minutes")
USER = parse("100 per hour")


class Throttle:
    def __init__(self, redis: Redis) -> None:
        pool: Any = redis.connection_pool
        storage = RedisStorage(
            "async+redis://", implementation="redispy", key_prefix=keys.THROTTLE,
            connection_pool=pool,
        )  # fmt: skip
        self._limiter = FixedWindowRateLimiter(storage)

    async def wait_s(self, user: str, address: str) -> int:
        """Seconds until the next try is heard; 0 = now."""
        with reaching("throttle"):
            return max([await self._wait_s(*row) for row in _rows(user, address)])

    async def count_bad(self, user: str, address: str) -> None:
        with reaching("throttle"):
            for limit, *names in _rows(user, address):
                await self._limiter.hit(limit, *names)

    async def forget(self, user: str, address: str) -> None:
        """After a right password the person's own mistakes are forgotten."""
        with reaching("throttle"):
            await self._limiter.clear(PAIR, user, address)

    async def _wait_s(self, limit: RateLimitItem, *names: str) -> int:
        if await self._limiter.test(limit, *names):
            return 0
        stats = await self._limiter.get_window_stats(limit, *names)
        # the library counts by the wall clock, so its own clock is the one to compare with
        return max(1, round(stats.reset_time - time.time()))


def _rows(user: str, address: str) -> tuple[tuple[RateLimitItem, str, str], ...]:
    return (PAIR, user, address), (ADDRESS, "any", address), (USER, user, "any")
