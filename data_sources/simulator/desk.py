"""The edge of the simulated operators: they read what every web process reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import msgspec
import redis

from dashboard.deltas import Delta
from dashboard.records import AlertView
from data_sources import keys
from data_sources.simulator.entry import Entry
from data_sources.simulator.rota import Rota, forgotten

_DELTA = msgspec.msgpack.Decoder(Delta)
_ALERT = msgspec.msgpack.Decoder(AlertView)
_AT_ONCE = 200


class Desk:
    def __init__(
        self, client: redis.Redis, partitions: int,
        ours: Callable[[str, int], bool] = lambda *_: True,
    ) -> None:  # fmt: skip
        self._redis = client
        self._partitions = range(partitions)
        self._rota = Rota(ours)
        self._read: dict[str, bytes] = {}

    def sit_down(self) -> None:
        """The tail of each live stream first, then the alerts as they are: nothing is missed."""
        for p in self._partitions:
            last = cast(list[Any], self._redis.xrevrange(keys.live(p), count=1))
            self._read[keys.live(p)] = last[0][0] if last else b"0-0"
            self._rota.hear(p, self._alerts(p))

    def turn(self, now_ms: int) -> list[Entry]:
        """Looks at what is new, and what is to be done now. Does not wait."""
        wanted: dict[Any, Any] = dict(self._read)
        answer = cast(Any, self._redis.xread(wanted, count=_AT_ONCE))
        for key, entries in answer.items() if isinstance(answer, dict) else answer or ():
            name = key.decode()
            p = next(p for p in self._partitions if keys.live(p) == name)
            for entry_id, fields in _flat(entries):
                self._read[name] = entry_id
                self._rota.hear(p, _DELTA.decode(fields[b"d"]).alerts)
        return self._rota.due(now_ms)

    def forgotten(self, now_ms: int) -> list[Entry]:
        found: list[Entry] = []
        for p in self._partitions:
            found += forgotten(p, self._alerts(p), now_ms)
        return sorted(found)

    def _alerts(self, p: int) -> list[AlertView]:
        stored = cast("dict[bytes, bytes]", self._redis.hgetall(keys.state(p, "alerts")))
        return [_ALERT.decode(packed) for packed in stored.values()]


def _flat(entries: Any) -> list[tuple[bytes, dict[bytes, bytes]]]:
    """RESP3 wraps what RESP2 does not."""
    if entries and isinstance(entries[0], list) and entries[0] and isinstance(entries[0][0], tuple):
        entries = entries[0]
    return [(entry_id, fields) for entry_id, fields in entries if fields]
