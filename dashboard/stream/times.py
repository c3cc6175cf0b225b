"""From the times of messages to UTC epoch milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

import msgspec

from dashboard.stream.kinds import Time

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE_MS = timedelta(milliseconds=1)


def epoch_ms(moment: datetime) -> int:
    """UTC epoch milliseconds, rounded down."""
    return (moment - _EPOCH) // _ONE_MS


_minutes: dict[str, int] = {}  # "2026-11-22T21:14:+09:00" -> epoch ms of that minute


def read_ms(text: str) -> int | None:
    """UTC epoch milliseconds of an RFC 3339 time with an offset; None when it is not one.

    Times differ from one minute to the next only in their seconds, so their minute is
    remembered and only the seconds are read again.
    """
    tail = "Z" if text[-1:] == "Z" else text[-6:]
    seconds = text[17 : len(text) - len(tail)]
    base_ms = _minutes.get(text[:17] + tail)
    if base_ms is not None and text.isascii() and seconds[:2].isdecimal() and seconds < "6":
        if len(seconds) == 2:
            return base_ms + int(seconds) * 1000
        if seconds[2] == "." and seconds[3:].isdecimal():
            return base_ms + int(seconds[:2]) * 1000 + int(seconds[3:6].ljust(3, "0"))
    try:
        at_ms = epoch_ms(msgspec.convert(text, Time))
    except msgspec.ValidationError:
        return None
    if text[16:17] == ":" and len(seconds) == 2 and seconds.isdecimal():
        if len(_minutes) > 10_000:
            _minutes.clear()
        _minutes[text[:17] + tail] = at_ms - int(seconds) * 1000
    elif text[16:17] == ":" and seconds[2:3] == "." and seconds[:2].isdecimal():
        whole_ms = int(seconds[:2]) * 1000 + int(seconds[3:6].ljust(3, "0"))
        _minutes[text[:17] + tail] = at_ms - whole_ms
    return at_ms


# For what is asked for several times of one message, or by many messages of one interval.
time_ms = lru_cache(maxsize=1024)(read_ms)
