"""One message on its way to a stream, and the quick writing of times."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
KST = 9 * HOUR

_OF_DAY = [f"T{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(86_400)]


class Entry(NamedTuple):
    """body: the JSON text of field `d`. Sorts by time; ties by partition, stream and text."""

    at_ms: int
    p: int
    stream: str
    body: str


@cache
def _date(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(day)).isoformat()


def day_of(at_ms: int) -> int:
    """KST calendar day, as days since 1970-01-01."""
    return (at_ms + KST) // DAY


def day_start(day: int) -> int:
    return day * DAY - KST


def stamp(at_ms: int) -> str:
    """RFC 3339 in Korean time, with a fraction only where there is one."""
    day, rest = divmod(at_ms + KST, DAY)
    second, ms = divmod(rest, SECOND)
    fraction = f".{ms:03}" if ms else ""
    return f"{_date(day)}{_OF_DAY[second]}{fraction}+09:00"


def compact_stamp(at_ms: int) -> str:
    """As used in ids: 20261122T211405."""
    return stamp(at_ms)[:19].replace("-", "").replace(":", "")
