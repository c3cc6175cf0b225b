"""The field contract, read once more from docs/CONTRACT.md and written down independently.

Knows nothing of dashboard/stream: what the simulator sends must be right by the text.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
KINDS = {"bell", "cctv", "light", "logo", "sign", "counter", "env", "gateway"}
TYPES = {"bell", "sos_app", "scream", "fight", "fall", "intrusion", "loitering", "abandonment",
         "fire", "crowding", "tamper"}  # fmt: skip
CATEGORIES = {"theft", "violence", "sexual", "stalking", "property_damage", "disorder",
              "missing", "suspicious", "traffic", "other"}  # fmt: skip
REQUIRED = {
    "registry": {"device_id", "ts", "kind", "lon", "lat"},
    "status": {"device_id", "ts", "state"},
    "alerts": {"alert_id", "ts", "type"},
    "traffic": {"sensor_id", "from", "to", "in", "out"},
    "incidents": {"incident_id", "rev", "category", "reported_at"},
    "actions": {"action_id", "ts", "actor", "role", "action"},
}
OPTIONAL = {
    "registry": {"name", "zone", "site_id", "route_id", "gateway_id", "owner", "vendor", "model",
                 "installed_on", "heartbeat_s", "pilot_id", "video_url", "retired", "inspected_on"},
    "status": {"seq", "boot_id", "until", "faults", "lamp", "battery", "rssi_dbm", "snr_db",
               "tamper", "fw", "lux"},
    "alerts": {"event", "device_id", "lon", "lat", "confidence", "cap_status", "note"},
    "traffic": {"rev", "quality"},
    "incidents": {"occurred_from", "occurred_to", "code112", "dispatched_at", "arrived_at",
                  "closed_at", "lon", "lat", "zone", "route_id", "alert_id", "cap_status"},
    "actions": {"alert_id", "device_id", "version", "note", "verdict", "to", "reason", "until",
                "order_id", "done_at"},
}  # fmt: skip
TIMES = {"ts", "until", "reported_at", "occurred_from", "occurred_to",
         "dispatched_at", "arrived_at", "closed_at", "done_at"}  # fmt: skip
IDS = {"device_id", "sensor_id", "alert_id", "incident_id", "gateway_id", "action_id", "route_id",
       "order_id"}  # fmt: skip


def problems(stream: str, body: str) -> list[str]:
    """What is wrong with a message by the contract; empty when nothing is."""
    if len(body.encode()) > 16 * 1024:
        return ["too large"]
    try:
        m = json.loads(body)
    except ValueError:
        return ["not JSON"]
    if not isinstance(m, dict) or type(m.get("v")) is not int or m["v"] != 1:
        return ["v is not 1"]
    times = TIMES | {"from", "to"} if stream == "traffic" else TIMES
    found = [f"{name} is missing" for name in REQUIRED[stream] - set(m)]
    found += [f"{name} is unknown" for name in set(m) - REQUIRED[stream] - OPTIONAL[stream] - {"v"}]
    found += [f"{name}: {m[name]!r}" for name in times & set(m) if moment(m[name]) is None]
    found += [f"{name}: {m[name]!r}" for name in IDS & set(m) if not ID.fullmatch(str(m[name]))]
    found += [f"{k} is long" for k, v in m.items() if isinstance(v, str) and len(v) > 200]
    return found or list(filter(None, RULES[stream](m)))


def moment(text: Any) -> datetime | None:
    """None unless RFC 3339 with an offset."""
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo is not None else None


def _registry(m: dict[str, Any]) -> list[str]:
    return [
        "" if m["kind"] in KINDS else f"kind {m['kind']}",
        "" if -180 <= m["lon"] <= 180 and -90 <= m["lat"] <= 90 else "no place on Earth",
        "" if m.get("heartbeat_s", 1) > 0 else "heartbeat_s",
        *(
            "" if re.fullmatch(r"\d{4}-\d\d-\d\d", m.get(name, "2020-01-01")) else name
            for name in ("installed_on", "inspected_on")
        ),
    ]


def _status(m: dict[str, Any]) -> list[str]:
    lamp, length = m.get("lamp", {}), timedelta(0)
    if "until" in m:
        length = moment(m["until"]) - moment(m["ts"])
    return [
        "" if m["state"] in ("ok", "fault") else "state",
        "" if m["state"] == "ok" or m.get("faults") else "a fault without a code",
        "" if timedelta(0) <= length <= timedelta(days=31) else "until",
        "" if set(lamp) <= {"on", "dim", "mode"} and 0 <= lamp.get("dim", 0) <= 1 else "lamp",
        "" if lamp.get("mode", "manual") in ("schedule", "sos_blink", "manual") else "lamp mode",
        "" if 0 <= m.get("battery", 0) <= 1 else "battery",
    ]


def _alerts(m: dict[str, Any]) -> list[str]:
    raised = m.get("event", "raised") == "raised"
    return [
        "" if m["type"] in TYPES else "type",
        "" if m.get("event", "raised") in ("raised", "cleared") else "event",
        "" if not raised or "device_id" in m or {"lon", "lat"} <= set(m) else "no place",
        "" if 0 <= m.get("confidence", 0) <= 1 else "confidence",
        "" if m.get("cap_status", "Actual") in ("Actual", "Test", "Exercise") else "cap_status",
    ]


def _traffic(m: dict[str, Any]) -> list[str]:
    minutes = (moment(m["to"]) - moment(m["from"])) / timedelta(minutes=1)
    whole = all(type(m[name]) is int and m[name] >= 0 for name in ("in", "out"))
    return [
        "" if 1 <= minutes <= 60 else "interval",
        "" if whole else "counts",
        "" if m.get("quality", "ok") in ("ok", "suspect", "bad") else "quality",
    ]


def _incidents(m: dict[str, Any]) -> list[str]:
    order = [moment(m[k]) for k in ("reported_at", "dispatched_at", "arrived_at", "closed_at")
             if k in m]  # fmt: skip
    occurred = [moment(m[k]) for k in ("occurred_from", "occurred_to") if k in m]
    return [
        "" if m["category"] in CATEGORIES else "category",
        "" if type(m["rev"]) is int else "rev",
        "" if m.get("code112", 0) in range(5) else "code112",
        "" if order == sorted(order) else "before it was reported",
        "" if occurred == sorted(occurred) else "occurred",
    ]


def _actions(m: dict[str, Any]) -> list[str]:
    of_alerts = ("acknowledge", "assign", "release", "note", "close")
    of_orders = ("assign", "parts", "repaired", "note", "cancel", "exclude", "include")
    of_devices = ("out_of_service", "return_to_service")
    known = of_alerts if "alert_id" in m else of_orders + of_devices
    verdicts = ("real", "test", "mistaken", "malfunction", "unknown")
    return [
        "" if m["action"] in known else "action",
        "" if {"alert_id", "order_id", "device_id"} & set(m) else "about nothing",
        "" if m["action"] != "close" or m.get("verdict") in verdicts else "verdict",
    ]


RULES = {
    "registry": _registry,
    "status": _status,
    "alerts": _alerts,
    "traffic": _traffic,
    "incidents": _incidents,
    "actions": _actions,
}
