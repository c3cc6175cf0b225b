"""Step 5: foot traffic and incidents, records that a higher revision replaces.

Whatever a record adds to the figures is a list of Parts; replacing a record takes the old
parts back and adds the new ones, so a moved or recategorised incident leaves its old cell.
"""

from __future__ import annotations

from zlib import crc32

from dashboard.geo import zone_of
from dashboard.records import IncidentView, TrafficView
from dashboard.site import Site
from dashboard.stream.kinds import IncidentMessage, TrafficMessage
from dashboard.stream.rollups import DAY_MS, Part, by_hour
from dashboard.stream.times import epoch_ms, time_ms
from dashboard.sun import Night

MILLION = 1_000_000


class TrafficRecord(TrafficView, array_like=True):
    tie: int = 0


class IncidentRecord(IncidentView, array_like=True):
    tie: int = 0


def traffic_of(m: TrafficMessage, raw: bytes) -> TrafficRecord:
    from_ms, to_ms = time_ms(m.from_) or 0, time_ms(m.to) or 0
    return TrafficRecord(m.sensor_id, from_ms, to_ms, m.in_, m.out, m.rev, m.quality, crc32(raw))


def incident_of(m: IncidentMessage, raw: bytes, site: Site) -> IncidentRecord:
    zone = m.zone
    if not zone and m.lon is not None and m.lat is not None:
        zone = zone_of(site, m.lon, m.lat)
    moments = (m.occurred_from, m.occurred_to)
    legs = (m.dispatched_at, m.arrived_at, m.closed_at)
    start, end = (None if at is None else epoch_ms(at) for at in moments)
    dispatched, arrived, closed = (None if at is None else epoch_ms(at) for at in legs)
    return IncidentRecord(
        m.incident_id, m.rev, m.category, epoch_ms(m.reported_at), start, end, m.code112,
        dispatched, arrived, closed, m.lon, m.lat, zone, m.route_id, m.alert_id, m.cap_status,
        crc32(raw),
    )  # fmt: skip


def replaces(
    new: TrafficRecord | IncidentRecord, old: TrafficRecord | IncidentRecord | None
) -> bool:
    """A higher rev wins; between equal revs that differ, the checksum decides, not the order."""
    return old is None or (new.rev, new.tie) > (old.rev, old.tie)


def traffic_parts(record: TrafficRecord, night: Night) -> list[Part]:
    if record.quality != "ok":
        return [Part(at, "t_bad_ms", ms) for at, ms in by_hour(record.from_ms, record.to_ms)]
    found: list[Part] = []
    left_in, left_out, left_ms = record.n_in, record.n_out, record.to_ms - record.from_ms
    for at_ms, ms in by_hour(record.from_ms, record.to_ms):
        n_in, n_out = left_in * ms // left_ms, left_out * ms // left_ms
        left_in, left_out, left_ms = left_in - n_in, left_out - n_out, left_ms - ms
        found += [Part(at_ms, "t_in", n_in), Part(at_ms, "t_out", n_out), Part(at_ms, "t_ms", ms)]
        if dark_ms := night(at_ms, at_ms + ms):
            found.append(Part(at_ms, "t_night", (n_in + n_out) * dark_ms // ms))
    return found


def incident_parts(record: IncidentRecord) -> list[Part]:
    """Exercises and tests are kept, but add to no figure."""
    if record.cap_status != "Actual":
        return []
    found = [Part(record.reported_ms, f"i:{record.category}", 1)]
    found += [Part(at, f"o:{record.category}", weight) for at, weight in _aoristic(record)]
    start = record.reported_ms
    for leg, moment in (("dispatch", record.dispatched_ms), ("arrive", record.arrived_ms)):
        if moment is not None and moment >= start:
            found += [Part(start, f"l:{leg}:n", 1), Part(start, f"l:{leg}:ms", moment - start)]
    return found


def _aoristic(record: IncidentRecord) -> list[tuple[int, int]]:
    """One incident as weights over the hours it may have happened in; they sum to a million.

    Intervals of more than 24 hours say nothing about the time of day and are left out.
    """
    start, end = record.occurred_from_ms, record.occurred_to_ms
    if start is None and end is None:
        return [(record.reported_ms, MILLION)]
    if start is None or end is None or start == end:
        return [(start if start is not None else end or 0, MILLION)]
    if end - start > DAY_MS:
        return []
    weights: list[tuple[int, int]] = []
    left, left_ms = MILLION, end - start
    for at_ms, ms in by_hour(start, end):
        weight = left * ms // left_ms
        weights.append((at_ms, weight))
        left, left_ms = left - weight, left_ms - ms
    return weights
