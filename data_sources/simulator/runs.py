"""Status for the past: one message per stretch of unchanged state, a week at the longest.

Lamps, which switch every dusk and dawn, are told only of the last day: before it a light's
message says that it worked, not when it shone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from data_sources.simulator.city import City, Device
from data_sources.simulator.entry import DAY, SECOND, Entry
from data_sources.simulator.life import Life, Outage, spans
from data_sources.simulator.speech import Speech, switches

WEEK = 7 * DAY


def runs(city: City, life: Life, from_ms: int, to_ms: int) -> Iterator[list[Entry]]:
    """Chunks of a day, each in order of time. Every device is covered without a gap except
    where it is silent; nothing reaches beyond to_ms."""
    speech = Speech(city)
    for start in range(from_ms, to_ms, DAY):
        chunk = _Chunk(speech, from_ms, start, min(start + DAY, to_ms), to_ms)
        # A run that starts in this chunk may last a week.
        outages = life.outages(start, min(start + DAY + WEEK, to_ms))
        entries: list[Entry] = []
        for device in city.devices:
            entries += chunk.of(device, outages.get(device.index))
        entries.sort()
        yield entries


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The runs that begin in [start, end) of a past from first to last."""

    speech: Speech
    first: int
    start: int
    end: int
    last: int

    def of(self, device: Device, outages: list[Outage] | None) -> Iterator[Entry]:
        """A run begins at each routine cut, and at each change of state in between."""
        shining = device.kind == "light" and self.end > self.last - 2 * DAY
        if not shining and not (outages and self._begins(device, outages)):
            yield from self._calm(device)
            return
        cuts = [cut for cut in self._cuts(device) if cut < self.last]
        for cut, until in zip(cuts, [*cuts[1:], self.last], strict=True):
            told_lamp = shining and cut >= self.last - DAY
            for span in spans(outages or (), cut, until):
                if self.start <= span.from_ms < self.end and span.code != "":
                    yield self.speech.run(device.index, *span, lamp=told_lamp)

    def _begins(self, device: Device, outages: list[Outage]) -> bool:
        """Whether an outage concerns any run that begins in this chunk."""
        cut = self._next_cut(device)
        end = cut + WEEK if cut < self.end or self.start == self.first else self.end
        return any(o.from_ms < end and o.to_ms >= self.start for o in outages)

    def _next_cut(self, device: Device) -> int:
        """Routine cuts come once a week, spread over it."""
        offset = int(device.traits.phase * WEEK) // SECOND * SECOND
        return self.start + (offset - (self.start - self.first)) % WEEK

    def _calm(self, device: Device) -> Iterator[Entry]:
        """Most devices on most days: nothing, or one routine cut."""
        cut = self._next_cut(device)
        last = self.last - DAY if device.kind == "light" else self.last
        if self.start == self.first and cut > self.first:
            yield self.speech.run(device.index, self.first, min(cut, last), None, lamp=False)
        if cut < min(self.end, last):
            yield self.speech.run(device.index, cut, min(cut + WEEK, last), None, lamp=False)

    def _cuts(self, device: Device) -> list[int]:
        """The last routine cut before the chunk, those in it, and the first one after."""
        cut = self._next_cut(device)
        cuts = sorted({max(cut - WEEK, self.first), cut, cut + WEEK})
        if device.kind == "light":
            shown_from = max(self.last - DAY, self.first)
            late = switches(device, max(shown_from, self.start - DAY), self.end + DAY)
            cuts = sorted({*(c for c in cuts if c < shown_from), shown_from, *late})
        return cuts
