"""Seconds in each state, settled a grace behind the watermark, in order of event time.

Whatever arrives is first queued with its event time; `settle` then lets the ledger's watch
hear it in that order, as far as the frontier (watermark - grace). Disorder up to the grace
therefore changes nothing. What comes later than that is heard at the frontier.

The queue is not stored on its own: each device's record carries its own entries, so the
commit that stores the record stores them too (see devices.py).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

from dashboard.records import Status
from dashboard.stream.rollups import HOUR_MS, Rollups, hour_of
from dashboard.stream.vitals import NEVER, Beat, Vitals, Watch

GRACE_MS = 60_000
HOURS_AT_ONCE = 100  # settled in one go, so that a long leap in time never holds a commit up
RUN_OK, RUN_FAULT, OUT, BACK, JOIN, LEAVE = range(6)  # kinds of entry
PAUSE, RESUME = 6, 7  # entries of the whole partition, with device id ""

Entry = tuple[int, str, int, int, int]  # at_ms, device id, order among equals, kind, value
Settled = Callable[[str, Vitals, int], None]  # device, its vitals after a change, since when

_DOWN = (Status.FAULT, Status.OFFLINE)


class Ledger:
    """value of an entry: last sign of life (RUN_*), group number (JOIN), else 0."""

    def __init__(self, rollups: Rollups, settled: Settled) -> None:
        self.watch = Watch(self._changed)
        self.frontier_ms = NEVER
        self.group_of: dict[str, int] = {}  # joined devices -> group number
        self.now_counts: dict[int, list[int]] = {}  # group number -> devices in each Status
        self.dirty_counts: set[int] = set()
        self._queue: list[Entry] = []
        self._rollups = rollups
        self._settled = settled

    def queue(self, entry: Entry) -> Entry:
        """Take an entry in; returns it with the time at which it will be heard."""
        if entry[0] <= self.frontier_ms:
            entry = (self.frontier_ms + 1, *entry[1:])
        heapq.heappush(self._queue, entry)
        return entry

    def settle(self, frontier_ms: int, beat_of: Callable[[str], Beat]) -> None:
        if self.frontier_ms != NEVER:
            frontier_ms = min(frontier_ms, self.frontier_ms + HOURS_AT_ONCE * HOUR_MS)
        if frontier_ms <= self.frontier_ms:
            return
        queue = self._queue
        while queue and queue[0][0] <= frontier_ms:
            entry = heapq.heappop(queue)
            self._pass_to(entry[0])
            self._hear(entry, beat_of)
        self._pass_to(frontier_ms)

    def apply_settled(self, entry: Entry) -> None:
        """On loading: an entry that was heard before the restart and changed no status."""
        _, device_id, _, kind, life_ms = entry
        vitals = self.watch.vitals.get(device_id)
        if vitals is not None and kind in (RUN_OK, RUN_FAULT):
            vitals.life_ms = max(vitals.life_ms, life_ms)
            if entry[0] >= vitals.told_ms:
                vitals.told, vitals.told_ms = kind, entry[0]

    def _pass_to(self, at_ms: int) -> None:
        """Let time pass, stopping at each full hour to open the next one's cells."""
        if self.frontier_ms == NEVER:
            self.frontier_ms = at_ms
        while hour_of(self.frontier_ms) < hour_of(at_ms):
            boundary_ms = (hour_of(self.frontier_ms) + 1) * HOUR_MS
            self.watch.advance(boundary_ms)
            self.frontier_ms = boundary_ms
            self._open_hour(boundary_ms)
        self.watch.advance(at_ms)
        self.frontier_ms = max(self.frontier_ms, at_ms)

    def _open_hour(self, from_ms: int) -> None:
        for number, counts in self.now_counts.items():
            for status, n in enumerate(counts):
                if n:
                    self._rollups.add_span(number, f"s{status}", from_ms, from_ms + HOUR_MS, n)

    def _hear(self, entry: Entry, beat_of: Callable[[str], Beat]) -> None:
        at_ms, device_id, _, kind, value = entry
        if kind == PAUSE:
            self.watch.pause()
            return
        if kind == RESUME:
            self.watch.resume(at_ms)
            return
        if device_id not in self.watch.vitals:
            self.watch.adopt(device_id, Vitals(since_ms=at_ms), beat_of(device_id))
        if kind <= RUN_FAULT:
            self.watch.hear(device_id, kind, at_ms, value)
        elif kind in (OUT, BACK):
            self.watch.put_out_of_service(device_id, at_ms if kind == OUT else None)
        else:
            self._move(device_id, at_ms, value if kind == JOIN else None, beat_of(device_id))

    def _move(self, device_id: str, at_ms: int, number: int | None, beat: Beat) -> None:
        """Count a device in another group from at_ms on; None: in none (retired)."""
        vitals = self.watch.vitals[device_id]
        if self.group_of.get(device_id) == number:
            self.watch.adopt(device_id, vitals, beat)
            return
        old = self.group_of.pop(device_id, None)
        if old is not None:
            self._count(old, vitals.status, at_ms, -1)
        if number is not None:
            self.group_of[device_id] = number
            vitals.since_ms = max(vitals.since_ms, at_ms)  # never count from before it joined
            self._count(number, vitals.status, at_ms, +1)
        self.watch.adopt(device_id, vitals, beat)
        self.watch.judge(device_id)
        self._settled(device_id, vitals, NEVER)

    def _changed(self, device_id: str, vitals: Vitals, old: int, old_since_ms: int) -> None:
        vitals.since_ms = since_ms = max(vitals.since_ms, old_since_ms)
        number = self.group_of.get(device_id)
        if number is not None:
            self._count(number, old, since_ms, -1)
            self._count(number, vitals.status, since_ms, +1)
            self._count_failure(number, vitals.status, old, since_ms, old_since_ms)
        self._settled(device_id, vitals, since_ms)

    def _count(self, number: int, status: int, at_ms: int, n: int) -> None:
        end_ms = (hour_of(max(self.frontier_ms, at_ms)) + 1) * HOUR_MS
        self._rollups.add_span(number, f"s{int(status)}", at_ms, end_ms, n)
        self.now_counts.setdefault(number, [0, 0, 0, 0, 0])[status] += n
        self.dirty_counts.add(number)

    def _count_failure(self, number: int, new: int, old: int, at_ms: int, since_ms: int) -> None:
        if new in _DOWN and old not in _DOWN:
            self._rollups.add_span(number, "fail", at_ms, at_ms + 1, 1)
        elif new == Status.OK and old in _DOWN:
            self._rollups.add_span(number, "back", at_ms, at_ms + 1, 1)
            self._rollups.add_span(number, "back_ms", at_ms, at_ms + 1, at_ms - since_ms)
