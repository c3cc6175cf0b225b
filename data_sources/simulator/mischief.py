"""What goes wrong on the way: messages twice, late, or broken. About one in 2,000."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random
from zlib import crc32

from data_sources.simulator.entry import SECOND, Entry

_TWICE, _LATE, _BROKEN = 0.0002, 0.00015, 0.00015
_MOST_LATE_S = 40  # within what the control room settles behind (60 s)


def mischief(entries: Iterable[Entry], seed: int) -> Iterator[Entry]:
    """The entries and what is wrong about some, no longer in order of sending.

    A late one keeps its event time. A broken one is a copy: nothing is lost by it. The
    operators' own actions are left alone: they do not come from the field.
    """
    for entry in entries:
        chance = crc32(entry.body.encode(), seed) / 2**32
        if chance >= _TWICE + _LATE + _BROKEN or entry.stream in ("actions", "registry"):
            yield entry
            continue
        rng = Random(chance)
        later = entry.at_ms + rng.randrange(2, _MOST_LATE_S) * SECOND
        if _TWICE <= chance < _TWICE + _LATE:
            yield entry._replace(at_ms=later)
            continue
        yield entry
        body = entry.body if chance < _TWICE else broken(entry.body, rng)
        yield entry._replace(at_ms=later, body=body)


def broken(body: str, rng: Random) -> str:
    """Never acceptable: cut short, a version of the future, a time without an offset..."""
    return rng.choice(
        (
            body[: len(body) // 2],
            body.replace('"v":1', '"v":2', 1),
            body.replace("+09:00", ""),
            body.replace('"v":1,', "", 1),
            body.replace('"v":1', '"v":"1"', 1),
            body.replace('"v":1,"', '"v":1,"no_', 1),
        )
    )
