"""Steps 3 and 5: what each kind of field message does to the picture.

Every function answers ACCEPTED, DUPLICATE (equal or newer information was there) or a
Rejection, and leaves what it changed in picture.changes.
"""

from __future__ import annotations

from typing import Literal

from dashboard.records import Registration
from dashboard.stream import counts, devices
from dashboard.stream.alerts import parts as alert_parts
from dashboard.stream.kinds import IncidentMessage, RegistryMessage, StatusMessage, TrafficMessage
from dashboard.stream.ledger import JOIN, LEAVE
from dashboard.stream.messages import Rejection
from dashboard.stream.picture import Picture
from dashboard.stream.rollups import DAY_MS, Group
from dashboard.stream.times import time_ms
from dashboard.stream.vitals import FAULT, NEVER

ACCEPTED: Literal["accepted"] = "accepted"
DUPLICATE: Literal["duplicate"] = "duplicate"
Answer = str | Rejection

STATUS_HORIZON_MS = 31 * DAY_MS
TRAFFIC_HORIZON_MS = 2 * DAY_MS
INCIDENT_HORIZON_MS = 400 * DAY_MS
TOO_LATE = Rejection("too_late", "older than the horizon of its kind")


def take_registry(p: Picture, m: RegistryMessage, _raw: bytes, _arrived_ms: int) -> Answer:
    registration = devices.registration_of(m, p.site)
    device_id = registration.device_id
    old = p.registrations.get(device_id)
    group = None if registration.retired else devices.group_of(registration)
    if old is not None and _tie(registration) <= _tie(old):
        if registration.ts_ms > p.ledger.frontier_ms and registration != old:
            _queue_move(p, device_id, registration.ts_ms, group)
            p.workshop.register(registration)
        return DUPLICATE
    before = p.group_of(device_id)
    p.registrations[device_id] = registration
    p.changes.registrations.add(device_id)
    record = p.device(device_id)
    if record.shown.since_ms == NEVER:
        record.shown.since_ms = registration.ts_ms
    p.shown.adopt(device_id, record.shown, p.beat_of(device_id))
    p.shown.judge(device_id)
    _queue_move(p, device_id, registration.ts_ms, group)
    p.workshop.register(registration)
    after = devices.group_of(registration)
    if before != after:
        _relabel(p, device_id, before, after)
    p.changes.devices.add(device_id)
    p.changes.seen.add(device_id)
    return ACCEPTED


def _tie(registration: Registration) -> tuple[int, str]:
    """Newest first; between two of the same moment their text decides, not their arrival."""
    return registration.ts_ms, repr(registration)


def _queue_move(p: Picture, device_id: str, at_ms: int, group: Group | None) -> None:
    if group is None:
        p.ledger.note(device_id, (at_ms, 0, LEAVE, 0))
    else:
        p.ledger.note(device_id, (at_ms, 0, JOIN, p.rollups.number_of(group)))
    p.changes.devices.add(device_id)


def _relabel(p: Picture, device_id: str, before: Group, after: Group) -> None:
    """What is still held of a device's alerts and counts moves with its registration."""
    for key in p.traffic_of.get(device_id, ()):
        held = counts.traffic_parts(p.traffic[key], p.night)
        p.rollups.add(before, held, -1)
        p.rollups.add(after, held, +1)
    for alert_id in p.alerts_of.get(device_id, ()):
        alert = p.alerts[alert_id]
        old = Group("", alert.zone, alert.route_id) if not before.kind else before
        p.rollups.add(old, alert_parts(alert), -1)
        p.rollups.add(after, alert_parts(alert), +1)
        alert.zone, alert.route_id = after.zone, after.route
        if alert.lon is None:  # it came before its device was registered
            alert.lon, alert.lat = p.registrations[device_id].lon, p.registrations[device_id].lat
        p.changes.alerts.add(alert_id)


def take_status(p: Picture, m: StatusMessage, raw: bytes, arrived_ms: int) -> Answer:
    at_ms = time_ms(m.ts) or 0
    if at_ms < p.clock.watermark_ms - STATUS_HORIZON_MS:
        return TOO_LATE
    device_id = m.device_id
    device = p.devices.get(device_id) or p.device(device_id)
    life_ms = at_ms if m.until is None else time_ms(m.until) or 0
    news = devices.hear_status(device, m, at_ms, raw, arrived_ms)
    told = devices.told_of(m)
    p.shown.hear(device_id, told, at_ms if news else NEVER, life_ms)
    if device.last_seen_ms is None or life_ms > device.last_seen_ms:
        device.last_seen_ms = life_ms
    if news == devices.VISIBLE:
        p.changes.seen.add(device_id)
    if at_ms > p.ledger.frontier_ms or news:
        order = 0 if m.seq is None else m.seq
        p.ledger.note(device_id, (at_ms, order, devices.run_of(m), life_ms))
        if told == FAULT:
            p.workshop.hear_codes(device_id, at_ms, m.faults)
    p.changes.devices.add(device_id)
    return ACCEPTED if news else DUPLICATE


def take_traffic(p: Picture, m: TrafficMessage, raw: bytes, _arrived_ms: int) -> Answer:
    record = counts.traffic_of(m, raw)
    if record.from_ms < p.clock.watermark_ms - TRAFFIC_HORIZON_MS:
        return TOO_LATE
    key = f"{record.sensor_id}|{record.from_ms}"
    old = p.traffic.get(key)
    if not counts.replaces(record, old):
        return DUPLICATE
    group = p.group_of(record.sensor_id)
    for sign, one in ((-1, old), (+1, record)):
        if one is not None:
            parts = counts.traffic_parts(one, p.night)
            p.rollups.add(group, parts, sign)
            p.rollups.add_counted(record.sensor_id, parts, sign)
    p.traffic[key] = record
    p.traffic_of.setdefault(record.sensor_id, set()).add(key)
    p.changes.traffic.add(key)
    return ACCEPTED


def take_incident(p: Picture, m: IncidentMessage, raw: bytes, _arrived_ms: int) -> Answer:
    record = counts.incident_of(m, raw, p.site)
    if record.reported_ms < p.clock.watermark_ms - INCIDENT_HORIZON_MS:
        return TOO_LATE
    old = p.incidents.get(record.incident_id)
    if not counts.replaces(record, old):
        return DUPLICATE
    for sign, one in ((-1, old), (+1, record)):
        if one is not None:
            group = Group("", one.zone, one.route_id)
            p.rollups.add(group, counts.incident_parts(one), sign)
    p.incidents[record.incident_id] = record
    p.changes.incidents.add(record.incident_id)
    return ACCEPTED


def prune_traffic(p: Picture) -> None:
    """Once an hour of feed time: let go of counts beyond the horizon (their sums stay)."""
    limit_ms = p.clock.watermark_ms - TRAFFIC_HORIZON_MS
    if p.clock.pruned_ms >= limit_ms - 3_600_000:
        return
    p.clock.pruned_ms = limit_ms
    gone = [key for key, record in p.traffic.items() if record.from_ms < limit_ms]
    for key in gone:
        record = p.traffic.pop(key)
        p.traffic_of[record.sensor_id].discard(key)
        p.changes.traffic.discard(key)
        p.changes.gone_traffic.add(key)
