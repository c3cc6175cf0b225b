"""How the feed itself does: what became of its messages, and how late they came.

Counted once per batch, never per message, in the hour in which the batch arrived. It belongs to
no device and no place, so it is in the cells of Group().

  m_ok, m_dup, m_bad   messages of the field accepted, duplicate, rejected; people's actions not
  g0..g11   one sample a batch, of its newest status or foot traffic: from the last moment that
            speaks of to its arrival. g<k>: up to LAG_LIMITS_MS[k]; the last: beyond them all.
  ahead     how many of those samples were dated more than 2 s ahead of their arrival
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from typing import cast

from dashboard.stream.kinds import StatusMessage, TrafficMessage
from dashboard.stream.messages import Rejection, parse
from dashboard.stream.picture import STREAMS, Picture
from dashboard.stream.rollups import HOUR_MS, LAG_LIMITS_MS, Group, Part
from dashboard.stream.times import time_ms

AHEAD_MS = 2_000
FIELD = tuple(name for name in STREAMS if name != "actions")
_WHOLE_FEED = Group()
_MEASURES = ("m_ok", "m_dup", "m_bad")

Entry = tuple[str, bytes, bytes | None]  # stream, entry id, its field `d`
Taken = tuple[int, int, int]  # accepted, duplicate, rejected


def pieces(entries: Sequence[Entry], overtaking: Collection[str]) -> Iterable[Sequence[Entry]]:
    """A batch, cut where the hour of arrival changes: nearly always in one piece.

    entries: those that overtake first, the others after them in order of arrival.
    """
    first = next((n for n, e in enumerate(entries) if e[0] not in overtaking), len(entries))
    ends = [*entries[: first + 1], *entries[-1:]]
    if len({_hour(entry) for entry in ends}) < 2:
        return [entries]
    return [list(same) for _, same in groupby(entries, _hour)]


def taken(p: Picture) -> Taken:
    counts = [p.counts[name] for name in FIELD]
    return (
        sum(count.accepted for count in counts),
        sum(count.duplicate for count in counts),
        sum(count.rejected_total for count in counts),
    )


def note(p: Picture, piece: Sequence[Entry], before: Taken) -> None:
    """After a piece of a batch was taken in; before: what was `taken` until then."""
    if not piece:
        return
    arrived_ms = _hour(piece[-1]) * HOUR_MS
    parts = _new(p, before, arrived_ms)
    lag_ms = _newest_lag(piece)
    if lag_ms is not None:
        parts.append(Part(arrived_ms, f"g{bisect_left(LAG_LIMITS_MS, lag_ms)}", 1))
        if lag_ms < -AHEAD_MS:
            parts.append(Part(arrived_ms, "ahead", 1))
    if parts:
        p.rollups.add(_WHOLE_FEED, parts)


def note_rejected(p: Picture, entry: Entry, before: Taken) -> None:
    """Of an entry that is better not looked at again."""
    p.rollups.add(_WHOLE_FEED, _new(p, before, _hour(entry) * HOUR_MS))


def _new(p: Picture, before: Taken, at_ms: int) -> list[Part]:
    changes = zip(_MEASURES, taken(p), before, strict=True)
    return [Part(at_ms, name, now - then) for name, now, then in changes if now != then]


def _newest_lag(piece: Sequence[Entry]) -> int | None:
    """None without status and foot traffic, or when the newest cannot be read."""
    for stream, entry_id, raw in reversed(piece):
        if stream in ("status", "traffic"):
            parsed = parse(stream, raw)
            if isinstance(parsed, Rejection):
                return None
            said_ms = time_ms(_until(cast("StatusMessage | TrafficMessage", parsed.message)))
            return None if said_ms is None else _arrived_ms(entry_id) - said_ms
    return None


def _until(m: StatusMessage | TrafficMessage) -> str:
    if isinstance(m, TrafficMessage):
        return m.to
    return m.ts if m.until is None else m.until


def _hour(entry: Entry) -> int:
    return _arrived_ms(entry[1]) // HOUR_MS


def _arrived_ms(entry_id: bytes) -> int:
    return int(entry_id[: entry_id.index(b"-")])
