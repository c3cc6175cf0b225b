"""Status for the past: one message per stretch of unchanged state, a day at the longest."""

from __future__ import annotations

from collections.abc import Iterator

from data_sources.simulator.city import City, Device
from data_sources.simulator.entry import DAY, SECOND, Entry
from data_sources.simulator.life import Life, Outage, spans
from data_sources.simulator.speech import Speech, switches


def runs(city: City, life: Life, from_ms: int, to_ms: int) -> Iterator[list[Entry]]:
    """Chunks of a day, each in order of time. Every device is covered without a gap except
    where it is silent; nothing reaches beyond to_ms."""
    speech = Speech(city)
    for start in range(from_ms, to_ms, DAY):
        end = min(start + DAY, to_ms)
        # A run that starts in this chunk may last into the next.
        outages = life.outages(start, min(end + DAY, to_ms))
        entries: list[Entry] = []
        for device in city.devices:
            cuts = _cuts(device, start, to_ms)
            if start == from_ms:
                cuts.insert(0, from_ms)
            troubled = outages.get(device.index)
            if troubled:
                entries += _troubled(speech, device, cuts, troubled, (start, end, to_ms))
            else:
                entries += _calm(speech, device, cuts, end, to_ms)
        entries.sort()
        yield entries


def _cuts(device: Device, start: int, to_ms: int) -> list[int]:
    """Where runs of an untroubled device begin in [start, start + two days), the last beyond."""
    if device.kind == "light":
        cuts = switches(device, start - 1, start + 2 * DAY)
    else:
        first = start + int(device.traits.phase * DAY) // SECOND * SECOND
        cuts = [first, first + DAY]
    return [cut for cut in cuts if cut < to_ms]


def _calm(speech: Speech, device: Device, cuts: list[int], end: int, to_ms: int) -> Iterator[Entry]:
    for i, cut in enumerate(cuts):
        if cut >= end:
            return
        until = cuts[i + 1] if i + 1 < len(cuts) else to_ms
        if until > cut:
            yield speech.run(device.index, cut, until, None)


def _troubled(
    speech: Speech, device: Device, cuts: list[int], outages: list[Outage],
    limits: tuple[int, int, int],
) -> Iterator[Entry]:  # fmt: skip
    """limits: start and end of the chunk, end of everything.

    A cut inside the chunk starts a run; so does every change of state. A stretch that began
    in the chunk before and is cut by nothing was told there already.
    """
    start, end, to_ms = limits
    bounds = [*cuts, to_ms]
    before = start - DAY  # a run begun in the chunk before lasts until the first change here
    for at, until in zip([before, *cuts], bounds, strict=True):
        for span in spans(outages, at, until):
            began_here = start <= span.from_ms < end
            if began_here and span.code != "" and span.to_ms > span.from_ms:
                yield speech.run(device.index, span.from_ms, span.to_ms, span.code)
