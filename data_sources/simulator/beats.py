"""Status in the present: heartbeats in each device's own rhythm, and every change at once."""

from __future__ import annotations

import heapq

from data_sources.simulator.city import City, Device
from data_sources.simulator.entry import HOUR, Entry
from data_sources.simulator.life import Life, Outage, spans, state_at
from data_sources.simulator.speech import Speech, switches


class Beats:
    """Ask for one stretch of time after the other: between(a, b), between(b, c) ...

    How the time is cut makes no difference. `extra_per_s` turns it into a load generator:
    so many additional messages a second, each a change of some device's state.
    """

    def __init__(self, city: City, life: Life, from_ms: int, extra_per_s: float = 0.0) -> None:
        self._devices = city.devices
        self._life = life
        self._speech = Speech(city)
        self._extra_per_ms = extra_per_s / 1000
        self._movable = [d.index for d in city.devices if d.kind != "gateway"]
        self._flipped: set[int] = set()
        self._blinking: dict[int, tuple[int, int]] = {}  # light -> from, until
        self._beats = [(_next_beat(device, from_ms), device.index) for device in city.devices]
        heapq.heapify(self._beats)
        self._planned_ms = from_ms  # changes are known up to here
        self._changes: list[tuple[int, int]] = []
        self._outages: dict[int, list[Outage]] = {}

    def blink(self, indexes: list[int], from_ms: int, to_ms: int) -> None:
        """Street lights near a call for help blink for a while: a mode of the lamp, no fault.
        To be told before that time is asked for."""
        for index in indexes:
            self._blinking[index] = (from_ms, to_ms)
            heapq.heappush(self._changes, (from_ms, index))
            heapq.heappush(self._changes, (to_ms, index))

    def between(self, from_ms: int, to_ms: int) -> list[Entry]:
        """Everything said in [from_ms, to_ms), in order of time."""
        entries: list[Entry | None] = []
        at = from_ms
        while at < to_ms:
            if at >= self._planned_ms:
                self._plan()
            end = min(to_ms, self._planned_ms)
            entries += self._stretch(at, end)
            at = end
        return sorted(entry for entry in entries if entry is not None)

    def _stretch(self, from_ms: int, to_ms: int) -> list[Entry | None]:
        entries = []
        while self._changes and self._changes[0][0] < to_ms:
            entries.append(self._say(*reversed(heapq.heappop(self._changes))))
        while self._beats and self._beats[0][0] < to_ms:
            at, index = self._beats[0]
            entries.append(self._say(index, at))
            heapq.heapreplace(self._beats, (at + self._devices[index].heartbeat_ms, index))
        return entries + self._load(from_ms, to_ms)

    def _say(self, index: int, at_ms: int) -> Entry | None:
        """None while the device is silent."""
        outages = self._outages.get(index)
        code = state_at(outages, at_ms) if outages else None
        if code == "":
            return None
        if code is None and index in self._flipped:
            code = "load"
        return self._speech.beat(index, at_ms, code, blink=self._blinks(index, at_ms))

    def _blinks(self, index: int, at_ms: int) -> bool:
        from_ms, to_ms = self._blinking.get(index, (0, 0))
        return from_ms <= at_ms < to_ms

    def _load(self, from_ms: int, to_ms: int) -> list[Entry | None]:
        entries: list[Entry | None] = []
        rate = self._extra_per_ms
        if not rate or not self._movable:
            return entries
        for number in range(int(from_ms * rate), int(to_ms * rate)):
            index = self._movable[number * 7_919 % len(self._movable)]
            self._flipped ^= {index}
            entries.append(self._say(index, min(to_ms - 1, int(number / rate) + 1)))
        return entries

    def _plan(self) -> None:
        """Looks an hour ahead: outages that hold or begin, lamps that switch."""
        start, end = self._planned_ms, self._planned_ms + HOUR
        self._outages = self._life.outages(start, end)
        for index, outages in self._outages.items():
            for span in spans(outages, start - 1, end):
                if start <= span.from_ms < end:
                    self._changes.append((span.from_ms, index))
        for device in self._devices:
            if device.kind == "light":
                times = switches(device, start - 1, end)
                self._changes += [(at, device.index) for at in times if at >= start]
        heapq.heapify(self._changes)
        self._planned_ms = end


def natural_rate(city: City) -> float:
    """Heartbeats a second of the whole city."""
    return sum(1000 / device.heartbeat_ms for device in city.devices)


def _next_beat(device: Device, from_ms: int) -> int:
    beat, phase = device.heartbeat_ms, int(device.traits.phase * device.heartbeat_ms)
    return from_ms + (phase - from_ms) % beat
