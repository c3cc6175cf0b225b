"""When devices are inspected: about as often as the site asks, and not always in time.

Each device has a rhythm a little shorter than the site's limit. Most inspections come with it;
some are put off for weeks, and of a few devices nobody ever wrote down when it was.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import NamedTuple
from zlib import crc32

from data_sources.simulator.city import City, Device, installed_on
from data_sources.simulator.entry import DAY, HOUR, SECOND, Entry, day_of, day_start

_RHYTHM = 0.9  # of the site's limit
_ON_TIME, _PUT_OFF = (0.0, 0.08), (0.1, 0.55)  # delays, as shares of the limit
_SHARE_PUT_OFF = 0.27
_NOT_KNOWN = 0.015
_WORK_FROM, _WORK_H = 9 * HOUR + 30 * 60 * SECOND, 7

Write = Callable[[Device, int, str], str]  # device, moment, date of its inspection -> message


class _Rhythm(NamedTuple):
    device: Device
    limit_days: int
    offset: float  # 0-1 of a rhythm


class Inspections:
    def __init__(self, city: City, seed: int) -> None:
        self._seed = seed
        limits = city.site.inspection_days
        self._rhythms = {
            d.id: _Rhythm(d, limits[d.kind], self._chance(d, "offset"))
            for d in city.devices
            if d.kind in limits and self._chance(d, "known") >= _NOT_KNOWN
        }
        self._moment = lru_cache(maxsize=4 * len(self._rhythms))(self._draw)

    def last(self, device: Device, at_ms: int) -> str:
        """ISO date of the newest inspection; "" where none is asked for or known.

        What is newer than its first inspection was inspected when it was installed.
        """
        rhythm = self._rhythms.get(device.id)
        if rhythm is None:
            return ""
        done = [ms for ms in self._around(rhythm, at_ms) if ms <= at_ms]
        first = installed_on(device)
        return max(first, _date(max(done))) if done else first

    def writer(self, write: Write) -> Callable[[int], list[Entry]]:
        """A day's inspections, as registry messages."""

        def of_day(day: int) -> list[Entry]:
            return [
                Entry(at_ms, device.p, "registry", write(device, at_ms, _date(at_ms)))
                for device, at_ms in self._on(day)
            ]

        return of_day

    def _on(self, day: int) -> list[tuple[Device, int]]:
        start = day_start(day)
        return [
            (rhythm.device, at_ms)
            for rhythm in self._rhythms.values()
            for at_ms in self._around(rhythm, start + DAY - 1)
            if start <= at_ms and installed_on(rhythm.device) <= _date(at_ms)
        ]

    def _around(self, rhythm: _Rhythm, at_ms: int) -> list[int]:
        """The moments of the last few inspections up to at_ms, in no order."""
        step = rhythm.limit_days * _RHYTHM
        turn = int((day_of(at_ms) + 1) / step - rhythm.offset)
        found = [self._moment(rhythm.device.id, n) for n in range(turn - 2, turn + 1)]
        return [ms for ms in found if ms <= at_ms]

    def _draw(self, device_id: str, turn: int) -> int:
        """At working hours of a working day."""
        rhythm = self._rhythms[device_id]
        rng = Random(f"{self._seed}:inspection:{device_id}:{turn}")
        delay = rng.uniform(*(_PUT_OFF if rng.random() < _SHARE_PUT_OFF else _ON_TIME))
        day = int(rhythm.limit_days * (_RHYTHM * (turn + rhythm.offset) + delay))
        weekday = (day + 3) % 7
        day += max(0, 7 - weekday) if weekday >= 5 else 0
        return day_start(day) + _WORK_FROM + rng.randrange(_WORK_H * 3_600) * SECOND

    def _chance(self, device: Device, what: str) -> float:
        return crc32(f"{self._seed}:{what}:{device.id}".encode()) / 2**32


def _date(at_ms: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day_of(at_ms))).isoformat()
