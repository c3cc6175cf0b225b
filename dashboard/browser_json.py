"""The words of the browser protocol: AlertJson, FeedJson and the delta message.

Each message is encoded once per precision: exact, and coarse for roles without
EXACT_POINTS_SEE. The two are the same text unless alerts or outcomes are in it.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import msgspec

from dashboard.change import Change
from dashboard.city import City
from dashboard.coarse import Veil, coarse_alert
from dashboard.device_table import KINDS
from dashboard.records import ActionOutcome, AlertView

Json = dict[str, Any]


def encode(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def alert_json(city: City, alert: AlertView, veil: Veil | None) -> Json:
    """veil None = exact."""
    place = city.place(alert) if veil is None else None
    shown = alert if veil is None else coarse_alert(alert, veil)
    return {
        "id": shown.alert_id,
        "type": shown.type,
        "priority": shown.priority,
        "state": shown.state,
        "raised": shown.raised_ms,
        "acknowledged": shown.acknowledged_ms,
        "acknowledged_by": shown.acknowledged_by,
        "owner": shown.owner,
        "cleared": shown.cleared_ms,
        "closed": shown.closed_ms,
        "verdict": shown.verdict,
        "version": shown.version,
        "latching": shown.latching,
        "device": shown.device_id or None,
        "lon": shown.lon,
        "lat": shown.lat,
        "zone": shown.zone,
        "route": shown.route_id,
        "confidence": shown.confidence,
        "cap": shown.cap_status,
        "children": shown.children,
        "place": None if place is None else {"near": place[0], "m": place[1]},
        "note": (shown.note or None) if veil is None else None,
    }


def outcome_json(outcome: ActionOutcome) -> Json:
    return {
        "action_id": outcome.action_id,
        "ok": outcome.ok,
        "subject": outcome.subject,
        "reason": outcome.reason,
        "by": outcome.who_by,
        "action": outcome.who_action,
        "at": outcome.who_at_ms or None,
        "version": outcome.version,
    }


def feed_json(city: City, now_ms: int, measured: Json) -> Json:
    """measured: latency and number of browsers of this process."""
    feeds = list(city.feeds.values())
    streams: dict[str, dict[str, int | None]] = {}
    for feed in feeds:
        for name, count in feed.streams.items():
            row = streams.setdefault(name, {"lag": 0, "last": None})
            row["lag"] = (row["lag"] or 0) + feed.lag_entries.get(name, 0)
            row["last"] = max(row["last"] or 0, count.last_arrival_ms or 0) or None
    return {
        "at": now_ms,
        "connected": city.connected,
        "stale_since": city.stale_since_ms,
        "worker_silent_since": city.worker_silent_since(now_ms),
        "partitions_silent": sorted(city.devices.silent),
        "watermark": city.oldest_watermark_ms,
        "streams": streams,
        "unregistered": sum(feed.unregistered for feed in feeds),
        **measured,
    }


def sim_json(city: City) -> Json | None:
    """None = a real feed."""
    if city.progress is None:
        return None
    done = float(city.progress.get("done", 1.0))
    return {"on": True, "done": done, "phase": city.progress.get("phase", "live")}


def device_row(city: City, at: int) -> list[Any]:
    """A device a browser does not know yet, or that moved: words instead of numbers."""
    devices = city.devices
    record = devices.registrations[at]
    return [
        at, record.device_id, record.kind, devices.lon[at], devices.lat[at],
        record.zone, record.route_id, record.name, devices.shown[at],
    ]  # fmt: skip


def delta_texts(city: City, change: Change, veil: Veil, parts: Json) -> tuple[str, str]:
    """(exact, coarse). parts: feed, traffic and whatever else this process adds."""
    common: Json = {
        "t": "delta", "seq": city.seq, "at": change.at_ms, "wm": city.watermark_ms,
        "d": [number for pair in change.statuses.items() for number in pair],
        "new": [device_row(city, at) for at in change.placed],
    }  # fmt: skip
    common |= parts
    if change.all_statuses:
        common["all"] = b64encode(bytes(city.devices.shown)).decode()
    if change.incidents:
        common["incidents"] = city.incidents_version
    if change.canaries:
        common["canary"] = [name for name, _ in change.canaries]
    if change.progress:
        common["sim"] = sim_json(city)
    alerts = list(change.alerts.values())
    veiled = [alert_json(city, alert, veil) for alert in alerts]
    coarse = encode(common | {"alerts": veiled, "outcomes": []})
    if not alerts and not change.outcomes:
        return coarse, coarse
    return encode(common | {
        "alerts": [alert_json(city, a, None) for a in alerts],
        "outcomes": [outcome_json(one) for one in change.outcomes],
    }), coarse  # fmt: skip


def snapshot_head(city: City, veil: Veil | None, parts: Json, recent_ms: int) -> Json:
    """Header of the snapshot without what is said of the user. Alerts: open and just closed."""
    devices = city.devices
    since = city.watermark_ms - recent_ms
    alerts = [a for a in city.alerts.values() if a.closed_ms is None or a.closed_ms >= since]
    return {
        "city": city.id,
        "seq": city.seq,
        "n": len(devices),
        "exact": veil is None,
        "kinds": list(KINDS),
        "zones": devices.zones.words,
        "routes": devices.routes.words,
        "alerts": [alert_json(city, alert, veil) for alert in alerts],
        "wm": city.watermark_ms,
        "incidents": city.incidents_version,
        "sim": sim_json(city),
        **parts,
    }
