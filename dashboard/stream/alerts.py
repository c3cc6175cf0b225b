"""Step 4: the life of an alert, from the field's messages and people's actions.

Field facts (raised, cleared) are kept as facts and may come in any order; people's actions
have one total order, the stream's. The state follows from both:

    closed by a person            -> closed, with a verdict
    cleared and acknowledged      -> closed
    cleared, not acknowledged     -> returned
    acknowledged                  -> acknowledged
    else                          -> unacknowledged

Latching types never clear by themselves: a press of a bell is over in a second, the need is not.
"""

from __future__ import annotations

from zlib import crc32

from msgspec import field
from msgspec.structs import replace

from dashboard.records import ActionOutcome, AlertEvent, AlertState, AlertView
from dashboard.site import Site
from dashboard.stream.kinds import ActionMessage, AlertMessage
from dashboard.stream.rollups import KST_MS, Part
from dashboard.stream.times import epoch_ms

GATEWAY_DOWN = "gateway_down"  # raised by the control room itself
SIMULATOR_ROLE = "simulator"  # history is written without knowing versions
VERDICTS_FALSE = ("mistaken", "malfunction", "test")
_NIGHT_FROM, _NIGHT_TO = 22, 6  # KST hours in which tampering is urgent

S = AlertState
# what a person may do in which state, and the state it leads to
TRANSITIONS: dict[tuple[str, str], str] = {
    (S.UNACKNOWLEDGED, "acknowledge"): S.ACKNOWLEDGED,
    (S.RETURNED, "acknowledge"): S.CLOSED,
    (S.UNACKNOWLEDGED, "assign"): S.UNACKNOWLEDGED,
    (S.ACKNOWLEDGED, "assign"): S.ACKNOWLEDGED,
    (S.ACKNOWLEDGED, "release"): S.UNACKNOWLEDGED,
    (S.UNACKNOWLEDGED, "note"): S.UNACKNOWLEDGED,
    (S.ACKNOWLEDGED, "note"): S.ACKNOWLEDGED,
    (S.RETURNED, "note"): S.RETURNED,
    (S.CLOSED, "note"): S.CLOSED,
    (S.UNACKNOWLEDGED, "close"): S.CLOSED,
    (S.ACKNOWLEDGED, "close"): S.CLOSED,
    (S.RETURNED, "close"): S.CLOSED,
}


class AlertRecord(AlertView, array_like=True):
    """raised_tie decides between two versions of one alert's raising, whichever came first."""

    raised_tie: int = 0
    acknowledged_now: bool = False  # by people alone: acknowledged and not released
    closed_by: str = ""


class Waiting(AlertView, array_like=True):
    """What came for an alert that was not raised yet; kept until it is."""

    cleared: list[tuple[int, int]] = field(default_factory=list)  # at_ms, arrived_ms
    actions: list[ActionMessage] = field(default_factory=list)


def priority_of(kind: str, raised_ms: int, site: Site) -> int:
    if kind == "tamper":
        hour = (raised_ms + KST_MS) // 3_600_000 % 24
        return 2 if hour >= _NIGHT_FROM or hour < _NIGHT_TO else 3
    rule = site.alert_types.get(kind)
    return rule.priority if rule else 3


def is_latching(kind: str, site: Site) -> bool:
    rule = site.alert_types.get(kind)
    return rule.latching if rule else kind in ("bell", "sos_app", "scream")


def raised(m: AlertMessage, raw: bytes, arrived_ms: int, site: Site) -> AlertRecord:
    """A new alert from its message; zone and route are filled in by the caller."""
    at_ms = epoch_ms(m.ts)
    return AlertRecord(
        m.alert_id, m.type, priority_of(m.type, at_ms, site), S.UNACKNOWLEDGED, at_ms,
        latching=is_latching(m.type, site), device_id=m.device_id or "", lon=m.lon, lat=m.lat,
        confidence=m.confidence, cap_status=m.cap_status, note=m.note, arrived_ms=arrived_ms,
        history=[AlertEvent(at_ms, "raised", arrived_ms=arrived_ms)], raised_tie=crc32(raw),
    )  # fmt: skip


def raised_again(alert: AlertRecord, again: AlertRecord) -> AlertRecord | None:
    """The same id once more: None when it says nothing new. The earliest raising is kept."""
    if (again.raised_ms, again.raised_tie) >= (alert.raised_ms, alert.raised_tie):
        return None
    return _settled(
        again, version=alert.version, acknowledged_ms=alert.acknowledged_ms,
        acknowledged_by=alert.acknowledged_by, owner=alert.owner, cleared_ms=alert.cleared_ms,
        closed_ms=alert.closed_ms, verdict=alert.verdict, arrived_ms=alert.arrived_ms,
        acknowledged_now=alert.acknowledged_now, closed_by=alert.closed_by,
        history=[again.history[0], *alert.history[1:]],
    )  # fmt: skip


def clear(alert: AlertRecord, at_ms: int, arrived_ms: int) -> AlertRecord | None:
    """The field says it is over; None when that is known already. The earliest clear is kept."""
    if alert.cleared_ms is not None and alert.cleared_ms <= at_ms:
        return None
    history = [event for event in alert.history if event.what != "cleared"]
    history.append(AlertEvent(at_ms, "cleared", arrived_ms=arrived_ms))
    return _settled(alert, cleared_ms=at_ms, history=history)


def act(alert: AlertRecord, m: ActionMessage, arrived_ms: int) -> tuple[AlertRecord, ActionOutcome]:
    """A person's action: the alert as it is then, and what to tell the person.

    Refused when the action is not possible any more, or when someone else changed state or
    owner since the person looked (their `version` is older than `state_version`).
    """
    if any(event.action_id == m.action_id for event in alert.history):
        return alert, ActionOutcome(m.action_id, True, alert.alert_id, version=alert.version)
    unseen = m.version < alert.state_version and m.role != SIMULATOR_ROLE
    if (alert.state, m.action) not in TRANSITIONS or (unseen and m.action != "note"):
        return alert, _conflict(alert, m)
    if m.action == "close" and alert.latching and not m.verdict:
        return alert, ActionOutcome(m.action_id, False, alert.alert_id, "verdict_required")
    if m.action == "assign" and not m.to:
        return alert, ActionOutcome(m.action_id, False, alert.alert_id, "to_required")
    event = AlertEvent(
        epoch_ms(m.ts), m.action, m.actor, m.note, m.verdict or "", m.to, m.action_id, arrived_ms
    )
    alert = _DO[m.action](alert, event)
    return alert, ActionOutcome(m.action_id, True, alert.alert_id, version=alert.version)


def _acknowledge(alert: AlertRecord, event: AlertEvent) -> AlertRecord:
    return _settled(
        alert, acknowledged_now=True, owner=event.by,
        acknowledged_ms=alert.acknowledged_ms or event.at_ms,
        acknowledged_by=alert.acknowledged_by or event.by, history=[*alert.history, event],
    )  # fmt: skip


def _close(alert: AlertRecord, event: AlertEvent) -> AlertRecord:
    """Closing what nobody had taken also takes it."""
    if not alert.acknowledged_now:
        alert = replace(
            alert,
            acknowledged_now=True,
            acknowledged_ms=alert.acknowledged_ms or event.at_ms,
            acknowledged_by=alert.acknowledged_by or event.by,
        )
    return _settled(
        alert, closed_by=event.by, closed_ms=event.at_ms, verdict=event.verdict,
        owner=alert.owner or event.by, history=[*alert.history, event],
    )  # fmt: skip


def _assign(alert: AlertRecord, event: AlertEvent) -> AlertRecord:
    return _settled(alert, owner=event.to, history=[*alert.history, event])


def _release(alert: AlertRecord, event: AlertEvent) -> AlertRecord:
    return _settled(alert, acknowledged_now=False, owner="", history=[*alert.history, event])


def _note(alert: AlertRecord, event: AlertEvent) -> AlertRecord:
    return replace(alert, version=alert.version + 1, history=[*alert.history, event])


_DO = {
    "acknowledge": _acknowledge,
    "assign": _assign,
    "release": _release,
    "note": _note,
    "close": _close,
}


def _settled(alert: AlertRecord, **changes: object) -> AlertRecord:
    """The alert with these changes, its state as it follows, its version one higher."""
    alert = replace(alert, **changes)
    alert.version += 1
    alert.state_version = alert.version
    alert.state = _state(alert)
    if alert.state == S.CLOSED and not alert.closed_by:
        alert.closed_ms = max(alert.cleared_ms or 0, alert.acknowledged_ms or 0)
    return alert


def _state(alert: AlertRecord) -> str:
    if alert.closed_by:
        return S.CLOSED
    if alert.cleared_ms is not None and not alert.latching:
        return S.CLOSED if alert.acknowledged_now else S.RETURNED
    return S.ACKNOWLEDGED if alert.acknowledged_now else S.UNACKNOWLEDGED


def _conflict(alert: AlertRecord, m: ActionMessage) -> ActionOutcome:
    """Who was first: the last one to change state or owner."""
    people = [e for e in alert.history if e.what not in ("raised", "note")]
    last = people[-1] if people else alert.history[0]
    return ActionOutcome(
        m.action_id, False, alert.alert_id, "conflict",
        last.by, last.what, last.at_ms, alert.version,
    )  # fmt: skip


def parts(alert: AlertRecord) -> list[Part]:
    """What an alert adds to the figures of its group; nothing but a count for tests."""
    at_ms = alert.raised_ms
    if alert.cap_status != "Actual":
        return [Part(at_ms, f"x:{alert.type}", 1)]
    found = [Part(at_ms, f"a:{alert.type}", 1)]
    if alert.verdict:
        found.append(Part(at_ms, f"v:{alert.type}:{alert.verdict}", 1))
    for leg, moment in (("ack", alert.acknowledged_ms), ("close", alert.closed_ms)):
        if moment is not None:
            found += [Part(at_ms, f"l:{leg}:n", 1), Part(at_ms, f"l:{leg}:ms", moment - at_ms)]
    return found
