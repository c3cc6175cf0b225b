"""Step 3 of a message's way: what a registry or a status message does to one device.

A device is known by two records: its Registration (newest registry message as a whole) and
its DeviceRecord (newest status as a whole, what is shown, and what the ledger needs).
"""

from __future__ import annotations

from zlib import crc32

from msgspec import field

from dashboard.geo import zone_of
from dashboard.records import DeviceView, Registration
from dashboard.site import Site
from dashboard.stream.kinds import RegistryMessage, StatusMessage
from dashboard.stream.rollups import Group
from dashboard.stream.times import epoch_ms
from dashboard.stream.vitals import FAULT, LAMP_OFF, OK, Vitals

OLD, QUIET, VISIBLE = range(3)


class DeviceRecord(DeviceView, array_like=True):
    """The view others may read, then what only the worker needs.

    newest: (event time, seq, tie) of the status shown; a tie between equals is broken by
    the message's checksum, so that the order of arrival never decides.
    group: the number under which the ledger counts it, None while unregistered or retired.
    pending: ledger entries as (at_ms, order, kind, value), settled or not.
    """

    newest: tuple[int, int, int] = (-(2**62), -(2**62), 0)
    shown: Vitals = field(default_factory=Vitals)
    settled: Vitals = field(default_factory=Vitals)
    group: int | None = None
    pending: list[tuple[int, int, int, int]] = field(default_factory=list)


def registration_of(m: RegistryMessage, site: Site) -> Registration:
    """Zone and heartbeat come from the point and the kind where the message is silent."""
    rule = site.kinds.get(m.kind)
    heartbeat_s = m.heartbeat_s or (rule.heartbeat_s if rule else 60)
    return Registration(
        m.device_id, epoch_ms(m.ts), m.kind, m.lon, m.lat, m.name,
        m.zone or zone_of(site, m.lon, m.lat),
        m.site_id, m.route_id, m.gateway_id, m.owner, m.vendor, m.model,
        m.installed_on.isoformat() if m.installed_on else "",
        heartbeat_s, m.pilot_id, m.video_url, m.retired,
        m.inspected_on.isoformat() if m.inspected_on else "",
    )  # fmt: skip


def group_of(r: Registration) -> Group:
    return Group(r.kind, r.zone, r.route_id, r.vendor, r.owner, r.pilot_id)


def hear_status(
    device: DeviceRecord, m: StatusMessage, at_ms: int, raw: bytes, arrived_ms: int
) -> int:
    """Put a status into the record.

    OLD: equal or newer information is there already; VISIBLE: something a person sees has
    changed (a battery by 5 %); QUIET: only that it is alive.
    """
    seq = -(2**62) if m.seq is None else m.seq
    if at_ms < device.newest[0]:
        return OLD
    newest = (at_ms, seq, crc32(raw))
    if newest <= device.newest:
        return OLD
    device.newest = newest
    news = VISIBLE if _looks_different(device, m) else QUIET
    device.faults = m.faults
    device.battery = m.battery
    device.rssi_dbm = m.rssi_dbm
    device.snr_db = m.snr_db
    device.tamper = m.tamper
    device.fw = m.fw
    device.lux = m.lux
    device.arrived_ms = arrived_ms
    lamp = m.lamp
    device.lamp_on, device.lamp_dim, device.lamp_mode = (
        (lamp.on, lamp.dim, lamp.mode or "") if lamp else (None, None, "")
    )
    return news


def _looks_different(device: DeviceRecord, m: StatusMessage) -> bool:
    lamp = m.lamp
    return (
        m.faults != device.faults
        or m.tamper != device.tamper
        or _step(m.battery) != _step(device.battery)
        or (lamp.on if lamp else None) != device.lamp_on
        or ((lamp.mode or "") if lamp else "") != device.lamp_mode
    )


def _step(battery: float | None) -> int:
    return -1 if battery is None else int(battery * 20)


def told_of(m: StatusMessage) -> int:
    return FAULT if m.state == "fault" else OK


def run_of(m: StatusMessage) -> int:
    """What the ledger notes: it minds lamps that are off. No word of a lamp means it is lit."""
    is_off = m.lamp is not None and m.lamp.on is False
    return LAMP_OFF if is_off and m.state == "ok" else told_of(m)
