"""Opening a Redis client: one place for time-outs, retries and what may be shown of a URL.

Nobody retries by default: redis-py would repeat a command whose reply was lost, and a write
repeated is a write done twice. A reader that may safely ask again says `asks_again=True`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import redis
import redis.asyncio
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.retry import Retry

from dashboard.errors import BadSettings

REPLY_S = 5.0  # a reply later than this counts as a lost connection
CONNECT_S = 2.0
CONNECTIONS = 32  # of one asyncio client


def open_client(url: str, *, block_ms: int = 0, asks_again: bool = False) -> redis.Redis:
    """block_ms: the longest XREAD BLOCK this client will issue. Answers are bytes.

    Raises BadSettings for a URL that cannot be one of Redis. Does not connect yet.
    """
    retry = Retry(ExponentialBackoff(cap=0.5, base=0.02), 3) if asks_again else None
    try:
        return redis.Redis.from_url(url, **_options(block_ms, retry or Retry(NoBackoff(), 0)))
    except ValueError as error:
        raise _bad_url(url) from error


def open_async(url: str, *, block_ms: int = 0, asks_again: bool = False) -> redis.asyncio.Redis:
    """As open_client, for asyncio. Whoever finds every connection in use waits for one: two
    hundred browsers that come back at the same moment must not be refused."""
    from redis.asyncio.retry import Retry as AsyncRetry

    retry = AsyncRetry(ExponentialBackoff(cap=0.5, base=0.02), 3) if asks_again else None
    options = _options(block_ms, retry or AsyncRetry(NoBackoff(), 0))
    try:
        pool = redis.asyncio.BlockingConnectionPool.from_url(
            url, max_connections=CONNECTIONS, timeout=REPLY_S, **options
        )
    except ValueError as error:
        raise _bad_url(url) from error
    client: redis.asyncio.Redis = redis.asyncio.Redis.from_pool(pool)
    return client


def shown(url: str) -> str:
    """The URL with its password hidden, for messages and logs."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    netloc = parts.netloc.replace(f":{parts.password}@", ":***@")
    return urlunsplit(parts._replace(netloc=netloc))


def _options(block_ms: int, retry: Any) -> dict[str, Any]:
    return {
        "retry": retry,
        "socket_timeout": REPLY_S + block_ms / 1000,
        "socket_connect_timeout": CONNECT_S,
        "health_check_interval": 0,
    }


def _bad_url(url: str) -> BadSettings:
    return BadSettings(
        f"REDIS_URL={shown(url)!r}: expected redis://, rediss:// or unix:// and a path"
    )
