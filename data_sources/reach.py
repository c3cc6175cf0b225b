"""Redis's own errors become ours at the edge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from redis.exceptions import RedisError

from dashboard.errors import SourceUnavailable


@contextmanager
def reaching(what: str) -> Iterator[None]:
    """with reaching("sessions"): ...; raises SourceUnavailable when Redis does not answer."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise SourceUnavailable(f"{what}: {type(error).__name__}") from error
