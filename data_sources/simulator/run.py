"""The simulator as a process: first the past, as fast as it is taken in, then the present.

1. What was written before is remembered in Redis (sim:state): a restart goes on from there,
   with the same devices, and fills the gap. There is never a second history.
2. History: registry, then chunks of a day, held back so that the control room keeps up.
3. Live: every 50 ms what happened since the last time. Time is only ever taken up where it
   was left, so a slow moment, a suspended machine or a Redis that is away causes no drift.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import redis

from dashboard.site import Site
from data_sources import keys
from data_sources.simulator.beats import natural_rate
from data_sources.simulator.city import build_city
from data_sources.simulator.desk import Desk
from data_sources.simulator.entry import DAY, MINUTE, SECOND, Entry, day_of
from data_sources.simulator.field import Field, full_hour, registry
from data_sources.simulator.incidents import PER_WEEK, past_records
from data_sources.simulator.inspections import Inspections
from data_sources.simulator.life import Dying
from data_sources.simulator.progress import Progress
from data_sources.simulator.writer import MOST_BEHIND, Writer

_STEP_S = 0.05
_STRETCH_MS = 10 * SECOND  # most that is made at once when catching up
_GAP_MS = 15 * MINUTE  # longer absences are filled with runs instead of beats
_LONGEST_GAP_MS = 56 * DAY
_REMEMBER_S = 1.0
_PIECE = 5_000  # entries between two looks at how far behind the control room is
_RECORD_DAYS = 392  # of incidents; the control room takes none older than 400
_LOAD_BEHIND = 200_000  # live: only a load generator ever comes near


@dataclass(frozen=True, slots=True)
class Options:
    """rate_per_s: messages a second in all; None = natural_factor times the city's own."""

    site: str
    devices: int
    seed: int
    weeks: int
    partitions: int
    operators: bool
    natural_factor: float = 1.0
    rate_per_s: float | None = None
    dead_share: float = 0.0  # of the sensors that fall silent for good
    dead_from_ms: int | None = None  # None = when the simulator starts
    incidents: float = PER_WEEK  # a week


class Memory(msgspec.Struct):
    """What is kept between runs. devices, seed, partitions: of the city that was registered."""

    devices: int
    seed: int
    partitions: int
    until_ms: int  # everything before is written
    history_from_ms: int
    history_to_ms: int


class Simulation:
    def __init__(
        self, client: redis.Redis, site: Site, options: Options,
        now_ms: Callable[[], int] = lambda: int(time.time() * 1000),
    ) -> None:  # fmt: skip
        self.stopping = False
        self._redis = client
        self._site = site
        self._options = options
        self._now_ms = now_ms
        self._said = ""
        self._writer = Writer(client, options.partitions, self._say)
        self._progress = Progress(client, options.seed)
        self._city = build_city(site, options.devices, options.seed, options.partitions)

    def run(self) -> None:
        memory = self._recall()
        if memory is None:
            memory = self._start_anew()
        elif self._is_other_city(memory):
            memory = self._change_city(memory)
        field = self._field(full_hour(memory.history_to_ms))
        if memory.until_ms < memory.history_to_ms:
            self._write_past(field, memory, memory.history_to_ms, operators=True)
            self._tidy_up()
        if not self.stopping:
            self._progress.live()
            self._live(field, memory)

    def _field(self, hours_until_ms: int) -> Field:
        options = self._options
        dead_from_ms = self._now_ms() if options.dead_from_ms is None else options.dead_from_ms
        dying = Dying(options.dead_share, dead_from_ms)
        return Field(self._city, options.seed, hours_until_ms, dying, options.incidents)

    # -- the past ---------------------------------------------------------------------------

    def _start_anew(self) -> Memory:
        now = self._now_ms() // SECOND * SECOND
        weeks = 0 if self._others_wrote() else self._options.weeks
        start = full_hour(now - weeks * 7 * DAY) if weeks else now - MINUTE
        memory = Memory(self._options.devices, self._options.seed, self._options.partitions,
                        start, start, now)  # fmt: skip
        if weeks:
            self._progress.begin(start, now)
        self._register(start)
        if weeks:
            self._hand_over(start, now)
        self._remember(memory)
        return memory

    def _hand_over(self, start_ms: int, now_ms: int) -> None:
        """Incidents of the year before the field was connected, as an agency brings them."""
        days = range(day_of(now_ms) - _RECORD_DAYS, day_of(start_ms))
        options = self._options
        self._write(past_records(self._city, options.seed, days, options.incidents)(start_ms))

    def _register(self, at_ms: int) -> None:
        inspected = Inspections(self._city, self._options.seed).last
        self._write(registry(self._city.devices, at_ms, inspected=inspected))
        if self._city.devices:
            self._wait(0)

    def _write_past(self, field: Field, memory: Memory, to_ms: int, *, operators: bool) -> None:
        start, span = memory.until_ms, to_ms - memory.history_from_ms
        for chunk in field.past(start, to_ms, operators=operators):
            self._write(chunk)
            if self.stopping:
                return
            memory.until_ms = min(memory.until_ms + DAY, to_ms)
            self._remember(memory)
            self._progress.show((memory.until_ms - memory.history_from_ms) / max(1, span))

    def _tidy_up(self) -> None:
        """Closes what operators of the past would have closed, had they been there."""
        self._wait(0)
        if not self.stopping:
            self._write(Desk(self._redis, self._options.partitions).forgotten(self._now_ms()))

    def _is_other_city(self, memory: Memory) -> bool:
        now = (self._options.devices, self._options.seed, self._options.partitions)
        return now != (memory.devices, memory.seed, memory.partitions)

    def _change_city(self, memory: Memory) -> Memory:
        """Devices that are no longer there are retired, the others registered anew."""
        now = self._now_ms() // SECOND * SECOND
        kept = {(device.id, device.p) for device in self._city.devices}
        before = build_city(self._site, memory.devices, memory.seed, memory.partitions)
        gone = tuple(d for d in before.devices if (d.id, d.p) not in kept)
        gone = tuple(d for d in gone if d.p < self._options.partitions)
        self._write(registry(gone, now - MINUTE, retired=True))
        self._register(now - MINUTE)
        return Memory(self._options.devices, self._options.seed, self._options.partitions,
                      now - MINUTE, now - MINUTE, now)  # fmt: skip

    # -- the present ------------------------------------------------------------------------

    def _live(self, field: Field, memory: Memory) -> None:
        desk = self._sit_down(field) if self._options.operators else None
        field.go_live(memory.until_ms, self._rate(), vendors=self._options.operators)
        remembered_s = 0.0
        while not self.stopping:
            started_s = time.monotonic()
            if self._now_ms() - memory.until_ms > _GAP_MS:
                self._fill_gap(field, memory)
            self._step(field, memory, desk)
            if started_s - remembered_s > _REMEMBER_S:
                remembered_s = started_s
                self._remember(memory)
            time.sleep(max(0.0, _STEP_S - (time.monotonic() - started_s)))
        self._remember(memory)

    def _step(self, field: Field, memory: Memory, desk: Desk | None) -> None:
        now = self._now_ms()
        while memory.until_ms < now and not self.stopping:
            until = min(now, memory.until_ms + _STRETCH_MS)
            self._write(field.live(memory.until_ms, until), _LOAD_BEHIND)
            memory.until_ms = until
        if desk is not None:
            try:
                self._writer.write(desk.turn(now))
            except redis.RedisError as error:
                self._say(f"waiting for Redis: {error}")

    def _fill_gap(self, field: Field, memory: Memory) -> None:
        now = self._now_ms() // SECOND * SECOND
        memory.until_ms = max(memory.until_ms, now - _LONGEST_GAP_MS)
        self._write_past(field, memory, now, operators=self._options.operators)
        field.go_live(memory.until_ms, self._rate(), vendors=self._options.operators)

    def _sit_down(self, field: Field) -> Desk:
        desk = Desk(self._redis, self._options.partitions, field.told_of)
        while not self.stopping:
            try:
                desk.sit_down()
                break
            except redis.RedisError as error:
                self._say(f"waiting for Redis: {error}")
                time.sleep(1.0)
        return desk

    def _rate(self) -> float:
        if self._options.rate_per_s is not None:
            return self._options.rate_per_s
        factor = self._options.natural_factor
        return factor * natural_rate(self._city) if factor > 1 else 0.0

    # -- the edge ---------------------------------------------------------------------------

    def _write(self, entries: list[Entry], most_behind: int = MOST_BEHIND) -> None:
        for start in range(0, len(entries), _PIECE):
            if self.stopping:
                return
            self._writer.write(entries[start : start + _PIECE])
            self._wait(most_behind)

    def _wait(self, most_behind: int) -> None:
        while not self.stopping and self._writer.behind() > most_behind:
            self._progress.again()
            time.sleep(0.02)

    def _recall(self) -> Memory | None:
        raw = self._redis.get(keys.SIM_STATE)
        return msgspec.json.decode(raw, type=Memory) if isinstance(raw, bytes) else None

    def _remember(self, memory: Memory) -> None:
        try:
            self._redis.set(keys.SIM_STATE, msgspec.json.encode(memory))
        except redis.RedisError as error:
            self._say(f"waiting for Redis: {error}")

    def _others_wrote(self) -> bool:
        """Messages are there that are not ours: a history would come too late."""
        streams = [keys.stream(p, "status") for p in range(self._options.partitions)]
        return any(self._redis.exists(stream) for stream in streams)

    def _say(self, text: str) -> None:
        if text and text != self._said:
            print(f"· simulator: {text}", file=sys.stderr, flush=True)
        self._said = text
