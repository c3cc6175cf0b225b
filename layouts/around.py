"""What stands within a hundred metres, and what else is open there: for alerts and devices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import format as words
from dashboard.records import AlertView, Kind, Status
from dashboard.text import Translate

OK = Status.OK.word


@dataclass(frozen=True, slots=True)
class Place:
    """Names in the reader's language; "" = outside every zone, on no route."""

    zone: str = ""
    route: str = ""
    owner: str = ""  # of a device


@dataclass(frozen=True, slots=True)
class Neighbour:
    device_id: str
    kind: str
    metres: int
    status: str


def section(title: str, aside: str, content: Any) -> html.Section:
    return html.Section([html.H3([title, html.Span(aside)]), content], className="detail__section")


def around_devices(t: Translate, devices: Sequence[Neighbour], near_m: int) -> html.Section:
    """A row per kind; what is not normal is named, the rest is counted."""
    title = t("live_map.around", n=near_m)
    if not devices:
        nothing = html.P(t("live_map.around_none", n=near_m), className="detail__hint")
        return section(title, "", nothing)
    rows = [
        _kind_row(t, kind, [one for one in devices if one.kind == kind])
        for kind in dict.fromkeys([*map(str, Kind), *(one.kind for one in devices)])
        if any(one.kind == kind for one in devices)
    ]
    count = t("live_map.around_count", n=len(devices))
    return section(title, count, html.Div(rows, className="around"))


def _kind_row(t: Translate, kind: str, devices: Sequence[Neighbour]) -> html.Div:
    bad = [one for one in devices if one.status != OK]
    named = bad or [min(devices, key=lambda one: one.metres)]
    normal = len(devices) - len(bad)
    note = t("live_map.around_all_ok") if not bad else ""
    if bad and normal:
        note = t("live_map.around_working", n=normal)
    return html.Div(
        [
            html.Span(t(f"live_map.kind_{kind}"), className="around__kind"),
            html.Span([_device_link(t, one) for one in named], className="around__devices"),
            html.Span(note, className="around__note"),
        ],
        className="around__row",
    )


def _device_link(t: Translate, one: Neighbour) -> html.Button:
    status = t(f"live_map.status_{one.status}")
    said = t("live_map.metres", n=one.metres) if one.status == OK else status
    to = {"data-choose": "device", "data-choose-id": one.device_id}
    return html.Button(
        [html.I(className=f"state state--{one.status}"), f"{one.device_id} {said}"],
        type="button",
        className="link" if one.status == OK else "link link--bad",
        **to,
    )


def around_alerts(t: Translate, alerts: Iterable[AlertView], now_ms: int) -> html.Section:
    rows = [_alert_row(t, alert, now_ms) for alert in alerts]
    content = html.Div(rows, className="around") if rows else html.P(
        t("live_map.around_alerts_none"), className="detail__hint"
    )  # fmt: skip
    return section(t("live_map.around_alerts"), "", content)


def _alert_row(t: Translate, alert: AlertView, now_ms: int) -> html.Button:
    to = {"data-choose": "alert", "data-choose-id": alert.alert_id}
    said = [alert_title(t, alert), words.ago(alert.raised_ms, now_ms, t)]
    return html.Button(" · ".join(said), type="button", className="link", **to)


def alert_title(t: Translate, alert: AlertView) -> str:
    """The type in words, with the AI's confidence where there is one."""
    try:
        title = t(f"alerts.type_{alert.type}")
    except KeyError:  # a type newer than the catalogue
        title = t("alerts.type_other")
    if alert.confidence is None:
        return title
    return f"{title} {t('alerts.confidence', percent=round(alert.confidence * 100))}"
