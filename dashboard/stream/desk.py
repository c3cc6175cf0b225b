"""Step 4 for the picture: alerts from the field, people's actions, outages of gateways."""

from __future__ import annotations

from typing import cast

from dashboard.geo import zone_of
from dashboard.records import ActionOutcome, AlertEvent, AlertState
from dashboard.stream import alerts
from dashboard.stream.alerts import AlertRecord, Waiting
from dashboard.stream.devices import DeviceRecord
from dashboard.stream.intake import ACCEPTED, DUPLICATE, TOO_LATE, Answer
from dashboard.stream.kinds import ActionMessage, AlertMessage
from dashboard.stream.ledger import BACK, OUT
from dashboard.stream.picture import Picture
from dashboard.stream.rollups import DAY_MS
from dashboard.stream.times import epoch_ms

ALERT_HORIZON_MS = 92 * DAY_MS


def take_alert(p: Picture, m: AlertMessage, raw: bytes, arrived_ms: int) -> Answer:
    at_ms = epoch_ms(m.ts)
    if at_ms < p.clock.watermark_ms - ALERT_HORIZON_MS:
        return TOO_LATE
    if m.event == "cleared":
        return _take_clear(p, m.alert_id, at_ms, arrived_ms)
    alert = alerts.raised(m, raw, arrived_ms, p.site)
    old = p.alerts.get(m.alert_id)
    if old is not None:
        again = alerts.raised_again(old, alert)
        if again is None:
            return DUPLICATE
        alert = again
    _place(p, alert)
    _put(p, old, alert)
    _catch_up(p, m.alert_id)
    return ACCEPTED


def _take_clear(p: Picture, alert_id: str, at_ms: int, arrived_ms: int) -> Answer:
    old = p.alerts.get(alert_id)
    if old is None:
        waiting = p.waiting.setdefault(alert_id, _nobody(alert_id))
        if any(at_ms >= known for known, _ in waiting.cleared):
            return DUPLICATE
        waiting.cleared = [(at_ms, arrived_ms)]
        p.changes.waiting.add(alert_id)
        return ACCEPTED
    new = alerts.clear(old, at_ms, arrived_ms)
    if new is None:
        return DUPLICATE
    _put(p, old, new)
    return ACCEPTED


def _nobody(alert_id: str) -> Waiting:
    return Waiting(alert_id, "", 4, "", 0)


def _place(p: Picture, alert: AlertRecord) -> None:
    """Zone and route: the device's, else found from the point."""
    registration = p.registrations.get(alert.device_id)
    if registration is not None:
        alert.zone, alert.route_id = registration.zone, registration.route_id
        if alert.lon is None:
            alert.lon, alert.lat = registration.lon, registration.lat
    elif alert.lon is not None and alert.lat is not None:
        alert.zone = zone_of(p.site, alert.lon, alert.lat)


def _put(p: Picture, old: AlertRecord | None, new: AlertRecord) -> None:
    """Replace an alert, taking the old one's part of the figures back."""
    for sign, one in ((-1, old), (+1, new)):
        if one is not None:
            group = p.group_of(one.device_id, one.zone, one.route_id)
            p.rollups.add(group, alerts.parts(one), sign)
    if old is not None and old.device_id != new.device_id:
        p.alerts_of.get(old.device_id, set()).discard(new.alert_id)
    p.alerts[new.alert_id] = new
    p.alerts_of.setdefault(new.device_id, set()).add(new.alert_id)
    p.changes.alerts.add(new.alert_id)


def _catch_up(p: Picture, alert_id: str) -> None:
    """Apply what came before the alert itself did."""
    waiting = p.waiting.pop(alert_id, None)
    if waiting is None:
        return
    p.changes.waiting.add(alert_id)
    for m in waiting.actions:
        _act(p, m, waiting.arrived_ms)
    for at_ms, arrived_ms in waiting.cleared:
        _take_clear(p, alert_id, at_ms, arrived_ms)


def take_action(p: Picture, m: ActionMessage, _raw: bytes, arrived_ms: int) -> Answer:
    if m.action == "resend":
        p.changes.resend.append((m.action_id, cast(str, m.rejected_id)))
        return ACCEPTED
    if m.device_id is not None and m.action in ("out_of_service", "return_to_service"):
        return _serve(p, m, m.device_id)
    if m.alert_id is None:
        return ACCEPTED if p.workshop.take_action(m, arrived_ms) else DUPLICATE
    alert_id = m.alert_id
    if alert_id not in p.alerts:
        waiting = p.waiting.setdefault(alert_id, _nobody(alert_id))
        if any(known.action_id == m.action_id for known in waiting.actions):
            return DUPLICATE
        waiting.actions.append(m)
        p.changes.waiting.add(alert_id)
        p.changes.outcomes.append(ActionOutcome(m.action_id, False, alert_id, "unknown_alert"))
        return ACCEPTED
    return _act(p, m, arrived_ms)


def _act(p: Picture, m: ActionMessage, arrived_ms: int) -> Answer:
    old = p.alerts[cast(str, m.alert_id)]
    new, outcome = alerts.act(old, m, arrived_ms)
    p.changes.outcomes.append(outcome)
    if new is not old:
        _put(p, old, new)
    elif outcome.ok:
        return DUPLICATE
    return ACCEPTED


def _serve(p: Picture, m: ActionMessage, device_id: str) -> Answer:
    """Take a device out of service, or back; the second of two equal wishes changes nothing."""
    device = p.devices.get(device_id)
    if device is None:
        p.changes.outcomes.append(ActionOutcome(m.action_id, False, device_id, "unknown_device"))
        return ACCEPTED
    p.changes.outcomes.append(ActionOutcome(m.action_id, True, device_id))
    at_ms = epoch_ms(m.ts)
    is_out = device.shown.out_ms is not None
    if m.action == "return_to_service":
        if not is_out:
            return DUPLICATE
        _return_to_service(p, device, at_ms)
        return ACCEPTED
    reason, until_ms = m.reason or m.note, epoch_ms(m.until) if m.until else None
    if is_out and (reason, until_ms) == (
        device.out_of_service_reason, device.out_of_service_until_ms
    ):  # fmt: skip
        return DUPLICATE
    device.out_of_service_by, device.out_of_service_reason = m.actor, reason
    _set_end(p, device, until_ms)
    if not is_out:
        p.ledger.note(device_id, (at_ms, 0, OUT, 0))
        p.shown.put_out_of_service(device_id, at_ms)
    return ACCEPTED


def end_services(p: Picture) -> None:
    """Devices whose time out of service is over, by feed time, return by themselves."""
    over = [name for name, end_ms in p.service_ends.items() if end_ms <= p.clock.watermark_ms]
    for device_id in over:
        _return_to_service(p, p.devices[device_id], p.service_ends[device_id])


def _return_to_service(p: Picture, device: DeviceRecord, at_ms: int) -> None:
    device.out_of_service_by = device.out_of_service_reason = ""
    _set_end(p, device, None)
    p.ledger.note(device.device_id, (at_ms, 0, BACK, 0))
    p.shown.put_out_of_service(device.device_id, None)


def _set_end(p: Picture, device: DeviceRecord, end_ms: int | None) -> None:
    device.out_of_service_until_ms = end_ms
    p.service_ends.pop(device.device_id, None)
    if end_ms is not None:
        p.service_ends[device.device_id] = end_ms
    p.changes.devices.add(device.device_id)
    p.changes.seen.add(device.device_id)


def raise_gateway_alerts(p: Picture, now_ms: int) -> None:
    """One alarm for a dead gateway, cleared when it is heard again; none for its children."""
    for gateway_id, down, at_ms in p.gateway_turned:
        if down:
            _gateway_down(p, gateway_id, at_ms, now_ms)
        else:
            _gateway_back(p, gateway_id, at_ms, now_ms)
    p.gateway_turned.clear()


def _gateway_down(p: Picture, gateway_id: str, since_ms: int, now_ms: int) -> None:
    alert_id = f"{gateway_id[:40]}.down.{since_ms}"
    if alert_id in p.alerts:
        return
    children = [c for c in p.shown.children.get(gateway_id, ()) if not _is_retired(p, c)]
    alert = AlertRecord(
        alert_id, alerts.GATEWAY_DOWN, alerts.priority_of(alerts.GATEWAY_DOWN, since_ms, p.site),
        AlertState.UNACKNOWLEDGED, since_ms, device_id=gateway_id, children=len(children),
        arrived_ms=now_ms, history=[AlertEvent(since_ms, "raised", arrived_ms=now_ms)],
    )  # fmt: skip
    _place(p, alert)
    _put(p, None, alert)


def _gateway_back(p: Picture, gateway_id: str, at_ms: int, now_ms: int) -> None:
    for alert_id in sorted(p.alerts_of.get(gateway_id, ())):
        alert = p.alerts[alert_id]
        if alert.type == alerts.GATEWAY_DOWN and alert.cleared_ms is None:
            new = alerts.clear(alert, max(at_ms, alert.raised_ms), now_ms)
            if new is not None:
                _put(p, alert, new)


def _is_retired(p: Picture, device_id: str) -> bool:
    registration = p.registrations.get(device_id)
    return registration is not None and registration.retired
