"""What a role without EXACT_POINTS_SEE is told of alerts and devices: route and zone only.

Left out are the point, the device and everything that would give them away: the alert's id
(field systems put device ids into it) is replaced by an opaque one; notes are free text; a
blinking lamp or a tamper contact says where somebody calls for help.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from dashboard.records import AlertView, DeviceView, Registration

FEW = 5  # counts of people's affairs below this are not shown


class Veil:
    """Opaque alert ids: stable for all processes that share the secret, useless without it."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret[:64]

    def name(self, alert_id: str) -> str:
        digest = blake2b(alert_id.encode(), key=self._secret, digest_size=10)
        return f"A-{digest.hexdigest()}"


def coarse_alert(alert: AlertView, veil: Veil) -> AlertView:
    """The alert with nothing in it that leads to a point. Times, state and people stay."""
    return AlertView(
        alert_id=veil.name(alert.alert_id),
        type=alert.type,
        priority=alert.priority,
        state=alert.state,
        raised_ms=alert.raised_ms,
        version=alert.version,
        state_version=alert.state_version,
        latching=alert.latching,
        zone=alert.zone,
        route_id=alert.route_id,
        confidence=alert.confidence,
        cap_status=alert.cap_status,
        acknowledged_ms=alert.acknowledged_ms,
        acknowledged_by=alert.acknowledged_by,
        owner=alert.owner,
        cleared_ms=alert.cleared_ms,
        closed_ms=alert.closed_ms,
        verdict=alert.verdict,
        arrived_ms=alert.arrived_ms,
        children=alert.children,
        history=[_coarse_event(event) for event in alert.history],
    )


def _coarse_event(event: Any) -> Any:
    return type(event)(
        at_ms=event.at_ms, what=event.what, by=event.by, verdict=event.verdict, to=event.to
    )


def coarse_device(view: DeviceView) -> DeviceView:
    """State and age only: no lamp, tamper contact or radio, which tell of an alert nearby."""
    return DeviceView(
        device_id=view.device_id,
        status=view.status,
        since_ms=view.since_ms,
        last_seen_ms=view.last_seen_ms,
        faults=[fault for fault in view.faults if fault != "tamper"],
        behind=view.behind,
        battery=view.battery,
        fw=view.fw,
        out_of_service_until_ms=view.out_of_service_until_ms,
    )


def coarse_registration(record: Registration) -> dict[str, Any]:
    """Fields of a registration that are left out for such a role."""
    return {"video_url": ""} if record.video_url else {}


def hide_few(counts: dict[str, int]) -> dict[str, int | None]:
    """Counts below FEW become None; a lone one takes the next smallest with it, because the
    total is public and would give it back by subtraction."""
    few = [name for name, n in counts.items() if 0 < n < FEW]
    if len(few) == 1:
        rest = [name for name, n in counts.items() if n >= FEW]
        few += sorted(rest, key=lambda name: counts[name])[:1]
    return {name: None if name in few else n for name, n in counts.items()}
