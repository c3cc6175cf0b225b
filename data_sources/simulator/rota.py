"""Simulated operators at work in the present: they see what the control room shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dashboard.records import AlertState, AlertView
from dashboard.stream.alerts import GATEWAY_DOWN
from data_sources.simulator.entry import MINUTE, SECOND, Entry
from data_sources.simulator.operators import Plan, action, plan_for

_ANSWER_MS = 5 * SECOND  # an action without an effect by then is tried again
FORGOTTEN_MS = 20 * MINUTE  # of a history: still open after so long


class Rota:
    """Pure: alerts as they are told, and the time, are arguments.

    ours(alert id, raised_ms): whether the simulated field raised it. What somebody presses by
    hand to try the control room is his to deal with.
    """

    def __init__(self, ours: Callable[[str, int], bool] = lambda *_: True) -> None:
        self._ours = ours
        self._open: dict[str, tuple[int, AlertView]] = {}
        self._asked: dict[str, int] = {}

    def hear(self, p: int, alerts: Iterable[AlertView]) -> None:
        for alert in alerts:
            self._asked.pop(alert.alert_id, None)
            if alert.state == AlertState.CLOSED:
                self._open.pop(alert.alert_id, None)
            elif alert.alert_id in self._open or self._is_ours(alert):
                self._open[alert.alert_id] = (p, alert)

    def _is_ours(self, alert: AlertView) -> bool:
        return alert.type == GATEWAY_DOWN or self._ours(alert.alert_id, alert.raised_ms)

    def due(self, now_ms: int) -> list[Entry]:
        """What they do now. An alert someone else has taken is left to him."""
        entries = []
        for alert_id, (p, alert) in self._open.items():
            if now_ms - self._asked.get(alert_id, 0) < _ANSWER_MS:
                continue
            plan = plan_for(alert_id, alert.type, alert.cap_status)
            what = _next_step(alert, plan, now_ms)
            if what:
                self._asked[alert_id] = now_ms
                body = action(alert_id, what, now_ms, plan, alert.version)
                entries.append(Entry(now_ms, p, "actions", body))
        return entries


def _next_step(alert: AlertView, plan: Plan, now_ms: int) -> str:
    """ "" while there is nothing to do yet."""
    if alert.state in (AlertState.UNACKNOWLEDGED, AlertState.RETURNED):
        untouched = not alert.owner and alert.acknowledged_ms is None
        due = now_ms >= alert.raised_ms + plan.take_after_ms
        return "acknowledge" if untouched and due else ""
    ours = alert.owner.startswith("sim-") and alert.acknowledged_ms is not None
    if not ours or now_ms < (alert.acknowledged_ms or 0) + plan.close_after_ms:
        return ""
    # A gateway's alarm ends when the gateway is heard again, not when somebody likes.
    return "" if alert.type == GATEWAY_DOWN else "close"


def forgotten(p: int, alerts: Iterable[AlertView], now_ms: int) -> list[Entry]:
    """What operators did about alerts of a past that is written down only now: those the
    control room raised itself (gateways), and those a clear and an action missed each other."""
    entries: list[Entry] = []
    for alert in alerts:
        if alert.state == AlertState.CLOSED or now_ms - alert.raised_ms < FORGOTTEN_MS:
            continue
        plan = plan_for(alert.alert_id, alert.type, alert.cap_status)
        taken_ms = min(now_ms, alert.raised_ms + plan.take_after_ms)
        closed_ms = min(now_ms, taken_ms + plan.close_after_ms)
        if alert.state != AlertState.ACKNOWLEDGED:
            body = action(alert.alert_id, "acknowledge", taken_ms, plan)
            entries.append(Entry(taken_ms, p, "actions", body))
        if alert.state != AlertState.RETURNED and alert.type != GATEWAY_DOWN:
            body = action(alert.alert_id, "close", closed_ms, plan)
            entries.append(Entry(closed_ms, p, "actions", body))
    return sorted(entries)
