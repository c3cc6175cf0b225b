"""The words of the reading API: times are RFC 3339 UTC, names as in the contract."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from dashboard.city import SILENT_MS, City
from dashboard.coarse import Veil, coarse_alert, coarse_device
from dashboard.device_table import GONE, STATUSES
from dashboard.records import AlertView, DeviceView

Json = dict[str, Any]


def rfc3339(ms: int | None) -> str | None:
    """Milliseconds are shown only where there are any. Negative stands for "never"."""
    if ms is None or ms < 0:
        return None
    at = datetime.fromtimestamp(ms / 1000, UTC)
    text = at.isoformat(timespec="milliseconds" if ms % 1000 else "seconds")
    return text.replace("+00:00", "Z")


def device_json(city: City, at: int, exact: bool) -> Json:
    devices = city.devices
    record, view = devices.registrations[at], devices.views[at]
    view = view or DeviceView(record.device_id)
    if not exact:
        view = coarse_device(view)
    shown = devices.shown[at]
    return {
        "device_id": record.device_id,
        "kind": record.kind,
        "name": record.name,
        "status": "retired" if shown == GONE else STATUSES[shown],
        "since": rfc3339(view.since_ms),
        "last_seen": rfc3339(view.last_seen_ms),
        "lon": record.lon,
        "lat": record.lat,
        "zone": record.zone,
        "route_id": record.route_id,
        "site_id": record.site_id,
        "gateway_id": record.gateway_id,
        "owner": record.owner,
        "vendor": record.vendor,
        "model": record.model,
        "installed_on": record.installed_on,
        "heartbeat_s": record.heartbeat_s,
        "pilot_id": record.pilot_id,
        "video_url": record.video_url if exact else "",
        "feed_silent": devices.partition[at] in devices.silent,
        **_condition(view),
    }


def _condition(view: DeviceView) -> Json:
    """What the device itself said last, and what an operator said of it."""
    lamp = {"on": view.lamp_on, "dim": view.lamp_dim, "mode": view.lamp_mode}
    out = {
        "by": view.out_of_service_by,
        "reason": view.out_of_service_reason,
        "until": rfc3339(view.out_of_service_until_ms),
    }
    return {
        "faults": view.faults,
        "behind": view.behind,
        "battery": view.battery,
        "lamp": lamp if view.lamp_on is not None or view.lamp_mode else None,
        "rssi_dbm": view.rssi_dbm,
        "snr_db": view.snr_db,
        "tamper": view.tamper,
        "fw": view.fw,
        "lux": view.lux,
        "out_of_service": out if view.out_of_service_by else None,
    }


def alert_api_json(city: City, alert: AlertView, veil: Veil | None) -> Json:
    """veil None = exact; else without device, point, notes, and with an opaque id."""
    place = city.place(alert) if veil is None else None
    if veil is not None:
        alert = coarse_alert(alert, veil)
    return {
        "alert_id": alert.alert_id,
        "type": alert.type,
        "priority": alert.priority,
        "state": alert.state,
        "raised_at": rfc3339(alert.raised_ms),
        "acknowledged_at": rfc3339(alert.acknowledged_ms),
        "acknowledged_by": alert.acknowledged_by,
        "owner": alert.owner,
        "cleared_at": rfc3339(alert.cleared_ms),
        "closed_at": rfc3339(alert.closed_ms),
        "verdict": alert.verdict,
        "version": alert.version,
        "latching": alert.latching,
        "device_id": alert.device_id or None,
        "lon": alert.lon,
        "lat": alert.lat,
        "zone": alert.zone,
        "route_id": alert.route_id,
        "near": None if place is None else {"device": place[0], "metres": place[1]},
        "confidence": alert.confidence,
        "cap_status": alert.cap_status,
        "children": alert.children,
        "note": alert.note,
        "history": [_event_json(event) for event in alert.history],
    }


def _event_json(event: Any) -> Json:
    named = {"by": event.by, "note": event.note, "verdict": event.verdict, "to": event.to}
    said = {name: value for name, value in named.items() if value}
    return {"at": rfc3339(event.at_ms), "what": event.what, **said}


def feeds_json(partitions: Iterable[Any], city: City, now_ms: int) -> list[Json]:
    """partitions: data_sources.feeds.PartitionFigures; read fresh, not from the live picture."""
    return [_partition_json(figures, city, now_ms) for figures in partitions]


def _partition_json(figures: Any, city: City, now_ms: int) -> Json:
    feed = figures.feed
    return {
        "partition": figures.partition,
        "worker": figures.owner,
        "epoch": figures.epoch,
        "watermark": rfc3339(feed.watermark_ms) if feed else None,
        "stale": figures.stale,
        "stale_since": rfc3339(feed.stale_since_ms) if feed else None,
        "worker_silent": now_ms - city.heard_ms.get(figures.partition, 0) > SILENT_MS,
        "unregistered": feed.unregistered if feed else 0,
        "streams": {one.name: _stream_json(one) for one in figures.streams},
    }


def _stream_json(one: Any) -> Json:
    count = one.count
    return {
        "written": one.written,
        "accepted": count.accepted,
        "duplicate": count.duplicate,
        "rejected": count.rejected_total,
        "rejected_by_reason": count.rejected,
        "unknown_fields": count.unknown_fields,
        "lag": one.lag_entries,
        "lag_s": one.lag_ms / 1000,
        "last_message": rfc3339(count.last_arrival_ms),
        "last_event": rfc3339(count.last_event_ms),
    }
