"""Foot traffic of every counter, hour by hour, as long as Redis keeps it: read once, then kept up.

    foot = await FootReader(...).foot()       # dashboard/trends/foot.py

Columns grow with counters; the oldest hours fall out at midnight. Hours nobody told anything of
are nan: unknown is no zero.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable

import msgspec
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.city import City
from dashboard.deltas import Delta
from dashboard.errors import SourceUnavailable
from dashboard.records import Kind, Registration, Status
from dashboard.stream.rollups import HOUR_MS, KST_MS, day_of
from dashboard.trends.foot import Foot
from data_sources import keys
from data_sources.facts.reader import FactReader
from data_sources.live_feed import LiveFeed
from data_sources.reach import reaching

log = logging.getLogger(__name__)
EVERY_MS = 60_000
DAYS_AT_ONCE = 10
DAYS = keys.HOURLY_DAYS
_CELL = msgspec.msgpack.Decoder(dict[int, dict[str, int]])
Hours = NDArray[np.float32]  # (counters, days * 24)


class FootReader:
    def __init__(self, feed: LiveFeed, reader: FactReader, now_ms: Callable[[], int]) -> None:
        self._feed = feed
        self._reader = reader
        self._now_ms = now_ms
        self._one = asyncio.Lock()
        self._changed: set[int] = set()
        self._read_ms = 0
        self._sheets = Sheets()
        self._foot: Foot | None = None
        feed.on_delta.append(self._tell)
        feed.on_new_city.append(self._begin_anew)

    async def foot(self) -> Foot:
        """As of about a minute ago at most; the last good one while Redis is away. Raises
        SourceUnavailable before the first."""
        async with self._one:
            if self._foot is None or self._now_ms() - self._read_ms >= EVERY_MS:
                try:
                    await self._read()
                except SourceUnavailable:
                    if self._foot is None:
                        raise
                    log.warning("foot traffic not refreshed")
            if self._foot is None:  # a new city came while the old one's hours were read
                raise SourceUnavailable("foot traffic: not read yet")
            return self._foot

    def _tell(self, delta: Delta) -> None:
        self._changed.update(delta.days)

    def _begin_anew(self, _city: City) -> None:
        self._sheets, self._foot = Sheets(), None
        self._changed.clear()

    async def _read(self) -> None:
        sheets, city = self._sheets, self._feed.city
        changed, self._changed = self._changed, set()
        today = day_of(city.watermark_ms or self._now_ms())
        days = sheets.wanted(today, changed)
        try:
            for start in range(0, len(days), DAYS_AT_ONCE):
                await self._take(sheets, days[start : start + DAYS_AT_ONCE])
        except BaseException:  # given up as well: what was not read is still to be read
            if sheets is self._sheets:
                self._changed.update(days)
            raise
        if sheets is self._sheets:
            self._foot = await asyncio.to_thread(sheets.foot, city, city.watermark_ms)
            self._read_ms = self._now_ms()

    async def _take(self, sheets: Sheets, days: list[int]) -> None:
        for p in self._reader.partitions:
            pipe = self._reader.redis.pipeline(transaction=False)
            for day in days:
                pipe.hgetall(keys.counted(p, day))
            with reaching("foot traffic"):
                rows = await pipe.execute()
            await asyncio.to_thread(sheets.put, dict(zip(days, rows, strict=True)))


class Sheets:
    """people, covered: (counters, DAYS * 24), from `first` on, by KST hour; nan = not told."""

    def __init__(self) -> None:
        self.first = 0  # KST day of the first column
        self._at: dict[str, int] = {}
        self._people: Hours = np.zeros((0, DAYS * 24), np.float32)
        self._covered: Hours = np.zeros((0, DAYS * 24), np.float32)

    @property
    def nbytes(self) -> int:
        return int(self._people.nbytes + self._covered.nbytes)

    def wanted(self, today: int, changed: Iterable[int]) -> list[int]:
        """Days to read: at first all; then yesterday, today, those since, and those that changed.
        Moves the sheets on."""
        first = today - DAYS + 1
        if not self.first:
            self.first = first
            return list(range(first, today + 1))
        since = min(self.first + DAYS - 2, today - 1)
        self._move_to(first)
        return sorted({*range(max(first, since), today + 1), *(d for d in changed if d >= first)})

    def put(self, days: dict[int, dict[bytes, bytes]]) -> None:
        """What a partition says of these days; a counter belongs to one partition."""
        for day, counters in days.items():
            place = (day - self.first) * 24
            if not 0 <= place < DAYS * 24:
                continue
            for sensor, packed in counters.items():
                self._fill(self._row(sensor.decode()), place, _CELL.decode(packed))

    def foot(self, city: City, watermark_ms: int) -> Foot:
        """For every registered counter that is not retired, also one that never counted: silence
        is not to be overlooked."""
        devices = city.devices
        found = [
            (registration, Status(devices.shown[at]).word)
            for at, registration in enumerate(devices.registrations)
            if is_counter(registration)
        ]
        rows = [self._row(registration.device_id) for registration, _ in found]
        end = (watermark_ms + KST_MS) // HOUR_MS + 1 - self.first * 24
        hours = np.arange(max(0, min(end, DAYS * 24)), dtype=np.int64)
        index = pd.Index((self.first * 24 + hours) * HOUR_MS - KST_MS, name="hour")
        names = [registration.device_id for registration, _ in found]
        people, covered = (
            pd.DataFrame(sheet[rows][:, : len(hours)].T, index=index, columns=names)
            for sheet in (self._people, self._covered)
        )
        counters = pd.DataFrame(
            {
                "zone": [one.zone for one, _ in found],
                "route": [one.route_id for one, _ in found],
                "name": [one.name for one, _ in found],
                "status": [status for _, status in found],
            },
            index=people.columns,
        )
        return Foot(people, covered.fillna(0.0), counters)

    def _fill(self, row: int, place: int, cell: dict[int, dict[str, int]]) -> None:
        people, covered = self._people[row], self._covered[row]
        people[place : place + 24] = np.nan
        covered[place : place + 24] = 0.0
        for hour, measures in cell.items():
            ms = measures.get("ms", 0)
            if ms > 0:  # below: a revision of what came before there were cells of counters
                people[place + hour] = max(0, measures.get("n", 0))
                covered[place + hour] = min(1.0, ms / HOUR_MS)

    def _row(self, sensor: str) -> int:
        at = self._at.get(sensor)
        if at is None:
            at = self._at[sensor] = len(self._at)
            if at >= len(self._people):
                room = 64 + at // 8
                self._people = np.concatenate(
                    [self._people, np.full((room, DAYS * 24), np.nan, np.float32)]
                )
                self._covered = np.concatenate(
                    [self._covered, np.zeros((room, DAYS * 24), np.float32)]
                )
        return at

    def _move_to(self, first: int) -> None:
        by = min(DAYS, first - self.first) * 24
        if by <= 0:
            return
        kept = DAYS * 24 - by
        for sheet, empty in ((self._people, np.nan), (self._covered, 0.0)):
            sheet[:, :kept] = sheet[:, by:].copy()
            sheet[:, kept:] = empty
        self.first = first


def is_counter(registration: Registration) -> bool:
    return registration.kind == Kind.COUNTER and not registration.retired
