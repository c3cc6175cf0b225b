"""Time in each state, settled a grace behind the watermark, in order of event time.

Whatever arrives is noted with its event time; `settle` then lets the ledger's watch hear it in
that order, as far as the frontier (watermark - grace). Disorder up to the grace therefore
changes nothing. What comes later than that is heard at the frontier.

Most of it is a beat that only says "still so": it waits with its device and costs nothing until
something else about the device is decided. Only what may change a status is put on the agenda.
The waiting entries are part of the device's record, so the commit that stores it stores them.
"""

from __future__ import annotations

import heapq
from bisect import insort
from collections.abc import Callable

from dashboard.records import Status
from dashboard.stream.projection import Projection, end_of_hour
from dashboard.stream.rollups import HOUR_MS, Group, Rollups, hour_of
from dashboard.stream.vitals import NEVER, Beat, Vitals
from dashboard.stream.watch import Watch
from dashboard.sun import Night

GRACE_MS = 60_000
HOURS_AT_ONCE = 100  # settled in one go, so that a long leap in time never holds a commit up
# kinds of entry; a sign of life is one up to RUN_FAULT
RUN_OFF, RUN_OK, RUN_FAULT, OUT, BACK, JOIN, LEAVE = -2, 0, 1, 2, 3, 4, 5
PAUSE, RESUME = 6, 7  # of the whole feed

Entry = tuple[int, int, int, int]  # at_ms, order among equals, kind, value
Pause = tuple[int, int]  # at_ms, PAUSE or RESUME
Settled = Callable[[str, Vitals, int], None]  # device, its vitals after a change, since when

_SAID = {RUN_OFF: Status.OK, RUN_OK: Status.OK, RUN_FAULT: Status.FAULT}
_WHOLE_FEED = Group()


class Ledger:
    """value of an entry: last sign of life (RUN_*), group number (JOIN), else 0.

    waiting: entries of each device not heard yet, in order; the lists are shared with the
    device records.
    """

    def __init__(
        self, rollups: Rollups, settled: Settled, beat_of: Callable[[str], Beat], night: Night
    ) -> None:
        self.watch = Watch(self._changed, self._catch_up)
        self.frontier_ms = NEVER
        self.waiting: dict[str, list[Entry]] = {}
        self.pauses: list[Pause] = []
        self.group_of: dict[str, int] = {}  # joined devices -> group number
        self._projection = Projection(rollups, night)
        self.now_counts = self._projection.counts
        self.dirty_counts = self._projection.dirty
        self._agenda: list[tuple[int, str]] = []  # device "" = the whole feed
        self._rollups = rollups
        self._settled = settled
        self._beat_of = beat_of

    def note(self, device_id: str, entry: Entry) -> None:
        """Take an entry of a device in, at the frontier if it is too late for its own time."""
        if entry[0] <= self.frontier_ms:
            entry = (self.frontier_ms + 1, *entry[1:])
        waiting = self.waiting.get(device_id)
        if waiting is None:
            waiting = self.waiting[device_id] = []
        if len(waiting) > 2 and waiting[0][0] <= self.frontier_ms:
            self._catch_up(device_id, self.frontier_ms)
        if not waiting or entry >= waiting[-1]:
            if self._is_plain(device_id, entry, waiting):
                waiting.append(entry)
                return
            waiting.append(entry)
            heapq.heappush(self._agenda, (entry[0], device_id))
        elif entry not in waiting:
            insort(waiting, entry)
            self._wake(device_id)

    def note_pause(self, from_ms: int, to_ms: int) -> None:
        for pause in ((max(from_ms, self.frontier_ms + 1), PAUSE), (to_ms, RESUME)):
            insort(self.pauses, pause)
            heapq.heappush(self._agenda, (pause[0], ""))

    def settle(self, frontier_ms: int) -> None:
        if self.frontier_ms == NEVER:
            self.frontier_ms = self._beginning(frontier_ms)
            self._projection.end_ms = end_of_hour(self.frontier_ms)
        if self.frontier_ms == NEVER or frontier_ms < self.frontier_ms:
            return
        frontier_ms = min(frontier_ms, self.frontier_ms + HOURS_AT_ONCE * HOUR_MS)
        agenda = self._agenda
        while agenda and agenda[0][0] <= frontier_ms:
            at_ms, device_id = heapq.heappop(agenda)
            self._pass_to(at_ms)
            if device_id:
                self._hear_until(device_id, at_ms)
            else:
                self._hear_pauses(at_ms)
        self._pass_to(frontier_ms)

    def _beginning(self, frontier_ms: int) -> int:
        """The first sign of life, once it is a grace old; NEVER until then.

        Nothing is counted from before: master data may be years older than the feed, and each
        of those hours would be a cell.
        """
        lives = (e[0] for waiting in self.waiting.values() for e in waiting if e[2] <= RUN_FAULT)
        first_ms = min(lives, default=NEVER)
        return first_ms if first_ms <= frontier_ms else NEVER

    def restore(self) -> None:
        """After loading: what was heard before the restart is applied, the rest awaited."""
        self._projection.restore(self.frontier_ms)
        for device_id in self.waiting:
            if device_id in self.watch.vitals:
                self._catch_up(device_id, self.frontier_ms)
            self._wake(device_id)
        self._agenda += [(at_ms, "") for at_ms, _ in self.pauses]
        heapq.heapify(self._agenda)
        self.watch.restore()

    def _is_plain(self, device_id: str, entry: Entry, waiting: list[Entry]) -> bool:
        """True for a beat in time that says what the last one said: it can change no status."""
        vitals = self.watch.vitals.get(device_id)
        if vitals is None or vitals.status != _SAID.get(entry[2]):
            return False
        told, life_ms = (waiting[-1][2:]) if waiting else (vitals.told, vitals.life_ms)
        if told != entry[2]:
            return False
        beat = self.watch.beats[device_id]
        return entry[0] - life_ms <= beat.silence_ms and not beat.is_gateway

    def _wake(self, device_id: str) -> None:
        for entry in self.waiting.get(device_id, ()):
            heapq.heappush(self._agenda, (entry[0], device_id))

    def _catch_up(self, device_id: str, until_ms: int) -> None:
        """Apply the beats that lay waiting, in order; by themselves they change no status."""
        waiting = self.waiting.get(device_id)
        if not waiting or waiting[0][0] > until_ms:
            return
        if self.watch.beats[device_id].is_gateway:
            return  # each of its entries is on the agenda: its children depend on the moment
        vitals = self.watch.vitals[device_id]
        n = 0
        for at_ms, _, kind, value in waiting:
            if at_ms > until_ms or kind > RUN_FAULT:
                break
            n += 1
            if at_ms >= vitals.told_ms:
                if kind != vitals.told:
                    vitals.told, vitals.told_since_ms = kind, at_ms
                    self._hear_lamp(device_id, at_ms)
                vitals.told_ms = at_ms
            vitals.life_ms = max(vitals.life_ms, value)
        del waiting[:n]

    def _hear_until(self, device_id: str, at_ms: int) -> None:
        waiting = self.waiting[device_id]
        while waiting and waiting[0][0] <= at_ms:
            self._hear(device_id, waiting.pop(0))

    def _hear_pauses(self, at_ms: int) -> None:
        while self.pauses and self.pauses[0][0] <= at_ms:
            pause_ms, kind = self.pauses.pop(0)
            if kind == PAUSE:
                self.watch.pause()
            else:
                self.watch.resume(pause_ms)

    def _pass_to(self, at_ms: int) -> None:
        """Let time pass, stopping at each full hour to open the next one's cells."""
        while hour_of(self.frontier_ms) < hour_of(at_ms):
            boundary_ms = (hour_of(self.frontier_ms) + 1) * HOUR_MS
            self.watch.advance(boundary_ms)
            self._move_frontier(boundary_ms)
            self._projection.open_hour(boundary_ms)
        self.watch.advance(at_ms)
        self._move_frontier(max(self.frontier_ms, at_ms))

    def _move_frontier(self, to_ms: int) -> None:
        if self.watch.stale:
            number = self._rollups.number_of(_WHOLE_FEED)
            self._rollups.add_span(number, "pause_ms", self.frontier_ms, to_ms, 1)
        self.frontier_ms = to_ms

    def _hear(self, device_id: str, entry: Entry) -> None:
        at_ms, _, kind, value = entry
        if kind > RUN_FAULT:
            at_ms = max(at_ms, self.frontier_ms)  # was noted before the counting began
        if device_id not in self.watch.vitals:
            self.watch.adopt(device_id, Vitals(since_ms=at_ms), self._beat_of(device_id))
        if kind <= RUN_FAULT:
            self.watch.hear(device_id, kind, at_ms, value)
            self._hear_lamp(device_id, at_ms)
        elif kind in (OUT, BACK):
            self.watch.put_out_of_service(device_id, at_ms if kind == OUT else None)
        else:
            beat = self._beat_of(device_id)
            self._move(device_id, at_ms, value if kind == JOIN else None, beat)

    def _move(self, device_id: str, at_ms: int, number: int | None, beat: Beat) -> None:
        """Count a device in another group from at_ms on; None: in none (retired)."""
        vitals = self.watch.vitals[device_id]
        if self.group_of.get(device_id) == number:
            self.watch.adopt(device_id, vitals, beat)
            return
        old = self.group_of.pop(device_id, None)
        if old is not None:
            self._projection.leave(old, vitals, at_ms)
        if number is not None:
            self.group_of[device_id] = number
            vitals.since_ms = max(vitals.since_ms, at_ms)  # never count from before it joined
            self._projection.join(number, vitals, at_ms)
        self.watch.adopt(device_id, vitals, beat)
        self.watch.judge(device_id)
        self._settled(device_id, vitals, NEVER)

    def _changed(self, device_id: str, vitals: Vitals, old: int, old_since_ms: int) -> None:
        if vitals.status == old:
            return  # only the gateway it is behind is another: that is counted nowhere
        vitals.since_ms = since_ms = max(vitals.since_ms, old_since_ms)
        if vitals.status not in (Status.OK, Status.FAULT):
            self._wake(device_id)
        number = self.group_of.get(device_id)
        if number is not None:
            self._projection.change(number, vitals, old, old_since_ms)
        self._settled(device_id, vitals, since_ms)

    def _hear_lamp(self, device_id: str, at_ms: int) -> None:
        """Its lamp changes no status, but the time in which it was ok and off."""
        vitals, number = self.watch.vitals[device_id], self.group_of.get(device_id)
        if number is not None and self._projection.mind_lamp(number, vitals, at_ms):
            self._settled(device_id, vitals, NEVER)
