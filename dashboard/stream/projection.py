"""The hour in progress, counted as if nothing more changed in it.

Projection is the worker's half: it adds. `beyond` is the reader's half: what to take off again,
because it has not happened yet.

The counts of a group: its devices in each Status, and at last (OFF) those lights that are ok but
said that their lamp is off.
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.records import Kind, Status
from dashboard.stream.rollups import HOUR_MS, Rollups, hour_of
from dashboard.stream.vitals import LAMP_OFF, NEVER, Vitals
from dashboard.sun import Night

OFF = len(Status)
_TIME = tuple(f"s{int(status)}" for status in Status)  # of all kinds
_AT_NIGHT = (*(f"q{int(status)}" for status in Status), "dark")  # of lights
_DOWN = (Status.FAULT, Status.OFFLINE)


def beyond(kind: str, counts: Sequence[int], frontier_ms: int, night: Night) -> dict[str, int]:
    """Measure -> milliseconds that lie after the frontier in the cells of a group.

    To be taken off the cells of the hour and of the day of the frontier. counts: of the group,
    as stored together with the frontier; shorter ones of older data are understood.
    """
    end_ms = end_of_hour(frontier_ms)
    left_ms = end_ms - frontier_ms
    found = {name: n * left_ms for name, n in zip(_TIME, counts, strict=False) if n}
    if kind == Kind.LIGHT and (dark_ms := night(frontier_ms, end_ms)):
        found |= {name: n * dark_ms for name, n in zip(_AT_NIGHT, counts, strict=False) if n}
    return found


class Projection:
    """counts: group number -> counts of the group. dirty: groups of which they changed.

    end_ms: of the hour in progress; everything is counted until then.
    """

    def __init__(self, rollups: Rollups, night: Night) -> None:
        self.counts: dict[int, list[int]] = {}
        self.dirty: set[int] = set()
        self.end_ms = NEVER
        self._rollups = rollups
        self._night = night

    def open_hour(self, from_ms: int) -> None:
        self.end_ms = from_ms + HOUR_MS
        for number, counts in self.counts.items():
            for place, n in enumerate(counts):
                if n:
                    self._add(number, place, from_ms, n)

    def restore(self, frontier_ms: int) -> None:
        """Counts from before nights were counted: from now on, the night counts as well."""
        self.end_ms = end_of_hour(frontier_ms)
        for number, counts in self.counts.items():
            if len(counts) <= OFF:
                for status, n in enumerate(counts):
                    self._add_night(number, status, frontier_ms, n)
                counts += [0] * (OFF + 1 - len(counts))
                self.dirty.add(number)

    def join(self, number: int, vitals: Vitals, at_ms: int) -> None:
        self._move(number, vitals.status, at_ms, +1)
        self.mind_lamp(number, vitals, at_ms)

    def leave(self, number: int, vitals: Vitals, at_ms: int) -> None:
        self._move(number, vitals.status, at_ms, -1)
        if vitals.off_ms != NEVER:
            self._light_up(number, vitals, at_ms)

    def change(self, number: int, vitals: Vitals, old: int, old_since_ms: int) -> None:
        """A device is in another status since vitals.since_ms."""
        at_ms = vitals.since_ms
        self._move(number, old, at_ms, -1)
        self._move(number, vitals.status, at_ms, +1)
        self.mind_lamp(number, vitals, at_ms)
        if vitals.status in _DOWN and old not in _DOWN:
            self._rollups.add_span(number, "fail", at_ms, at_ms + 1, 1)
        elif vitals.status == Status.OK and old in _DOWN:
            self._rollups.add_span(number, "back", at_ms, at_ms + 1, 1)
            self._rollups.add_span(number, "back_ms", at_ms, at_ms + 1, at_ms - old_since_ms)

    def mind_lamp(self, number: int, vitals: Vitals, at_ms: int) -> bool:
        """Begin or end the time in which a light is ok and its lamp off; True when it did."""
        is_off = vitals.told == LAMP_OFF and vitals.status == Status.OK
        if is_off == (vitals.off_ms != NEVER) or not self._is_of_lights(number):
            return False
        if is_off:
            vitals.off_ms = at_ms
            self._move(number, OFF, at_ms, +1)
        else:
            self._light_up(number, vitals, at_ms)
        return True

    def _light_up(self, number: int, vitals: Vitals, at_ms: int) -> None:
        """Also when it is said of a moment before it was off: then it never was."""
        self._move(number, OFF, max(at_ms, vitals.off_ms), -1)
        vitals.off_ms = NEVER

    def _move(self, number: int, place: int, at_ms: int, n: int) -> None:
        """n devices more in a Status (or OFF) from at_ms on."""
        self._add(number, place, at_ms, n)
        self.counts.setdefault(number, [0] * (OFF + 1))[place] += n
        self.dirty.add(number)

    def _add(self, number: int, place: int, from_ms: int, n: int) -> None:
        if place != OFF:
            self._rollups.add_span(number, _TIME[place], from_ms, self.end_ms, n)
        self._add_night(number, place, from_ms, n)

    def _add_night(self, number: int, place: int, from_ms: int, n: int) -> None:
        if self._is_of_lights(number):
            span = (from_ms, self.end_ms)
            self._rollups.add_share(number, _AT_NIGHT[place], span, n, self._night)

    def _is_of_lights(self, number: int) -> bool:
        return self._rollups.groups[number].kind == Kind.LIGHT


def end_of_hour(at_ms: int) -> int:
    return (hour_of(at_ms) + 1) * HOUR_MS
