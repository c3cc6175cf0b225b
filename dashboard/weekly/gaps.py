"""Data that are missing from a week: devices of a kind that were not heard, silent feeds.

Not heard is what is neither working nor said to be faulty: unknown and silent (kpis/exposure.py).
A silent feed takes all kinds with it; what it took is told once, as the feed's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dashboard.kpis.choice import day_of_ms
from dashboard.kpis.exposure import HEARD, SCHEDULED, of_kinds, span_of, time_in
from dashboard.kpis.facts import Facts
from dashboard.records import Kind
from dashboard.weekly.summary import Gap, rounded

# Of a kind's scheduled time of a day, beyond what the feed's silence took. Devices that break down
# one by one make up 0 to 2 %; what is cut off together, or a kind whose data do not come, is above.
UNHEARD = 0.10
# Where there are but a few of a kind, one or two that are out are a fault and no gap in the data,
# unless they are half of all.
DEVICES, HALF = 3, 0.5
SILENT_MS = 5 * 60_000  # of a day; a reader would not miss less
MOST = 20


def gaps_of(days: Sequence[Facts]) -> tuple[Gap, ...]:
    """days: facts of each KST day of the week. The worst first. A day before anything was counted
    is none; one of which all that was counted is lost is."""
    known = [day for day in days if span_of(day) > 0]
    kinds = [kind.value for kind in Kind if any(_time(day, kind.value)[0] for day in known)]
    found = [gap for day in known for gap in (*_of_feed(day), *_of_devices(day, kinds))]
    found.sort(key=lambda gap: (-gap.share, gap.what != "feed", gap.day, gap.kind))
    return tuple(found[:MOST])


def _of_feed(day: Facts) -> Iterator[Gap]:
    """On the mean of its partitions, as feed_uptime."""
    ms = _silent_ms(day)
    if ms > SILENT_MS:
        yield Gap("feed", _name(day), "", rounded(ms / span_of(day), "share") or 0.0, _told(ms))


def _of_devices(day: Facts, kinds: Sequence[str]) -> Iterator[Gap]:
    silent = min(1.0, _silent_ms(day) / span_of(day))
    lost = not any(_time(day, kind)[0] for kind in kinds) and not day.total("s1")
    for kind in kinds:
        scheduled, heard = _time(day, kind)
        share = 1 - heard / scheduled if scheduled else float(lost)
        missing = scheduled - heard
        many = missing - silent * scheduled >= DEVICES * span_of(day) or share - silent >= HALF
        if many and share - silent > UNHEARD:
            yield Gap("devices", _name(day), kind, rounded(share, "share") or 0.0, _told(missing))


def _time(day: Facts, kind: str) -> tuple[float, float]:
    """Of its devices: scheduled, and of that heard."""
    mask = of_kinds(day, (kind,))
    return time_in(day, SCHEDULED, mask), time_in(day, HEARD, mask)


def _silent_ms(day: Facts) -> float:
    return day.total("pause_ms") / day.feeds


def _name(day: Facts) -> str:
    return day_of_ms(day.period.from_ms).isoformat()


def _told(ms: float) -> int:
    return round(ms / 1000) * 1000
