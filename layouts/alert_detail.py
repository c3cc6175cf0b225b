"""One alert in the detail panel: cause in plain words, then what is around it and its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import format as words
from dashboard.records import AlertEvent, AlertState, AlertView
from dashboard.text import Translate
from layouts.around import Neighbour, Place, alert_title, around_alerts, around_devices, section

WAITING = (AlertState.UNACKNOWLEDGED, AlertState.RETURNED)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Foot traffic of the alert's zone in the last full hour; usual None = not known."""

    n: int
    usual: float | None
    level: str  # quiet, usual, busy, unknown


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """near: name of the alert's own or nearest device and metres to it, None for coarse roles."""

    alert: AlertView
    place: Place
    now_ms: int
    near: tuple[str, int] | None = None
    around: Sequence[Neighbour] = ()
    others: Sequence[AlertView] = ()
    traffic: Traffic | None = None
    near_m: int = 100


def head(t: Translate, facts: AlertFacts) -> list[Any]:
    alert = facts.alert
    waits = alert.state in WAITING
    mark = f"mark mark--large mark--p{alert.priority}" + ("" if waits else " mark--held")
    age = (
        {"data-age-from": str(alert.raised_ms), "data-age-ticking": "1"}
        if not alert.closed_ms
        else {}
    )
    urgent = " detail__age--urgent" if waits and alert.priority == 1 else ""
    return [
        html.Div(
            [
                html.I(str(alert.priority), className=mark, **{"aria-hidden": "true"}),
                html.Div(
                    [
                        html.H2(alert_title(t, alert)),
                        html.P(_area(t, facts), className="detail__place"),
                    ]
                ),
                html.Time(
                    words.span(facts.now_ms - alert.raised_ms, t),
                    className="detail__age" + urgent,
                    **age,
                ),
            ],
            className="detail__head",
        ),
        html.P(cause(t, facts), className="detail__says"),
        html.P(_standing(t, alert), className="detail__place"),
    ]  # fmt: skip


def more(t: Translate, facts: AlertFacts) -> list[Any]:
    parts = [_traffic(t, facts.traffic)] if facts.traffic else []
    if facts.near is not None:
        parts.append(around_devices(t, facts.around, facts.near_m))
        parts.append(around_alerts(t, facts.others, facts.now_ms))
    return [*parts, timeline(t, facts.alert)]


def cause(t: Translate, facts: AlertFacts) -> str:
    """Sentences: what happened where and when, how sure, and what is special about it."""
    alert = facts.alert
    values = {
        "time": _time(alert.raised_ms), "place": _place(t, facts), "children": alert.children,
    }  # fmt: skip
    try:
        said = [t(f"alerts.cause_{alert.type}", **values)]
    except KeyError:  # a type newer than the catalogue
        said = [t("alerts.cause_other", **values)]
    if alert.confidence is not None:
        said.append(t("alerts.cause_confidence", percent=round(alert.confidence * 100)))
    if alert.cleared_ms is not None:
        said.append(t("alerts.cause_returned", time=_time(alert.cleared_ms)))
    if alert.cap_status in ("Test", "Exercise"):
        said.append(t(f"alerts.cause_{alert.cap_status.lower()}"))
    if alert.note and facts.near is not None:
        said.append(t("alerts.cause_note", note=alert.note))
    return " ".join(said)


def timeline(t: Translate, alert: AlertView) -> html.Section:
    """Newest last, as it is told."""
    events = [_event(t, event, alert) for event in alert.history]
    rows = html.Ol(events, className="timeline")
    return section(t("alerts.timeline"), "", rows)


def _event(t: Translate, event: AlertEvent, alert: AlertView) -> html.Li:
    said = [html.Span(_time(event.at_ms), className="timeline__time"), _what(t, event)]
    if event.what == "raised" and event.arrived_ms > event.at_ms:
        delay = f"{(event.arrived_ms - event.at_ms) / 1000:.1f}"
        said.append(" · " + t("alerts.event_arrived", seconds=delay))
    if event.note:
        said.append(html.Span(event.note, className="timeline__note"))
    raised = " timeline__event--raised" if event.what == "raised" else ""
    return html.Li(said, className="timeline__event" + raised)


def _what(t: Translate, event: AlertEvent) -> str:
    by = event.by or t("alerts.system")
    if event.what == "close":
        if not event.verdict:
            return t("alerts.event_close_plain")
        return t("alerts.event_close", by=by, verdict=t(f"alerts.verdict_{event.verdict}"))
    return t(f"alerts.event_{event.what}", by=by, to=event.to)


def _standing(t: Translate, alert: AlertView) -> str:
    """State, who has it, how it ended."""
    said = [t(f"alerts.state_{alert.state}")]
    if alert.acknowledged_ms and alert.acknowledged_by:
        time = words.clock(alert.acknowledged_ms)[-8:]
        said.append(t("alerts.taken_by", by=alert.acknowledged_by, time=time))
    if alert.state != AlertState.CLOSED and alert.owner != alert.acknowledged_by:
        said.append(alert.owner or t("alerts.unassigned"))
    if alert.verdict:
        said.append(t("alerts.closed_as", verdict=t(f"alerts.verdict_{alert.verdict}")))
    return " · ".join(said)


def _traffic(t: Translate, traffic: Traffic) -> html.Section:
    if traffic.usual is None:
        said = t("live_map.traffic_plain", n=traffic.n)
    else:
        said = t("live_map.traffic_against", n=traffic.n, usual=round(traffic.usual))
    level = t(f"live_map.traffic_level_{traffic.level}")
    return section(t("live_map.traffic_now"), level, html.P(said))


def _area(t: Translate, facts: AlertFacts) -> str:
    alert, place = facts.alert, facts.place
    route = " ".join(filter(None, [alert.route_id, place.route]))
    return " · ".join(filter(None, [alert.device_id, route, place.zone])) or t("alerts.somewhere")


def _place(t: Translate, facts: AlertFacts) -> str:
    """As near as the reader may know."""
    if facts.near is not None:
        name, metres = facts.near
        return t("alerts.near", name=name, m=metres) if metres else name
    return facts.place.route or facts.place.zone or t("alerts.somewhere")


def _time(ms: int) -> str:
    return words.clock(ms)[-8:]
