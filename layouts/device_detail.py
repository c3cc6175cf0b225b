"""One device in the detail panel: its state, what it last said, its day, what is around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import format as words
from dashboard.device_table import STATUSES
from dashboard.records import AlertView, DeviceView, Registration
from dashboard.text import Translate
from layouts.around import Neighbour, Place, around_alerts, around_devices, section

BATTERY_LOW = 0.2
RETIRED = "gone"


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """history: (at_ms, status) from the one in force 24 h ago on, oldest first."""

    record: Registration
    view: DeviceView
    status: str  # as shown: unknown while its feed is silent
    place: Place
    now_ms: int
    since_ms: int  # start of the 24 hours
    history: Sequence[tuple[int, int]] = ()
    around: Sequence[Neighbour] = ()
    alerts: Sequence[AlertView] = ()
    near_m: int = 100
    its_year: str = ""  # address of its own page; "" = not for this role


def head(t: Translate, device: DeviceFacts) -> list[Any]:
    record = device.record
    return [
        html.Div(
            [
                html.I(className=f"state state--{device.status} detail__state"),
                html.Div(
                    [
                        html.H2(record.name or record.device_id),
                        html.P(
                            " · ".join([record.device_id, t(f"live_map.kind_{record.kind}")]),
                            className="detail__place",
                        ),
                    ]
                ),
            ],
            className="detail__head",
        ),
        html.P(_says(t, device), className="detail__says"),
        html.Div(_links(t, device), className="detail__links"),
    ]


def _links(t: Translate, device: DeviceFacts) -> list[Any]:
    on_map = {"data-go": "1"}
    links = [html.Button(t("live_map.show_on_map"), type="button", className="link", **on_map)]
    if device.its_year:
        links.append(html.A(t("devices.year_of_device"), href=device.its_year, className="link"))
    return links


def more(t: Translate, device: DeviceFacts) -> list[Any]:
    return [
        html.Dl(_facts(t, device), className="detail__facts"),
        section(t("live_map.history_24h"), _normal_share(t, device), _day(t, device)),
        around_devices(t, device.around, device.near_m),
        around_alerts(t, device.alerts, device.now_ms),
    ]


def _says(t: Translate, device: DeviceFacts) -> list[Any]:
    """State and since when, in one sentence."""
    view = device.view
    said: list[Any] = [html.B(t(f"live_map.status_{device.status}")), " "]
    if view.since_ms is None:
        said.append(t("live_map.since_unknown"))
    else:
        age = words.span(device.now_ms - view.since_ms, t)
        said.append(t("live_map.since", time=words.clock(view.since_ms), age=age))
    if view.behind:
        said += [" — ", t("live_map.device_behind", gateway=view.behind)]
    if view.out_of_service_by:
        said += [" — ", _out_of_service(t, view)]
    return said


def _out_of_service(t: Translate, view: DeviceView) -> str:
    until = view.out_of_service_until_ms
    return t(
        "live_map.device_out_until",
        time=words.clock(until) if until else "—",
        by=view.out_of_service_by,
        reason=view.out_of_service_reason,
    )


def _facts(t: Translate, device: DeviceFacts) -> list[Any]:
    """Only what is known is listed."""
    record, view = device.record, device.view
    rows = {
        "last_seen": _last_seen(t, device),
        "faults": ", ".join(view.faults),
        "battery": _battery(t, view.battery),
        "signal": _signal(t, view),
        "lamp": _lamp(t, view),
        "tamper": "✓" if view.tamper else "",
        "route": " ".join(filter(None, [record.route_id, device.place.route])),
        "zone": device.place.zone,
        "gateway": _link_to(record.gateway_id),
        "vendor": " · ".join(filter(None, [record.vendor, record.model])),
        "owner": device.place.owner or record.owner,
        "firmware": view.fw,
        "installed": record.installed_on,
    }
    return [
        part
        for name, value in rows.items()
        if value
        for part in (html.Dt(t(f"live_map.device_{name}")), html.Dd(value))
    ]


def _last_seen(t: Translate, device: DeviceFacts) -> str:
    seen = device.view.last_seen_ms
    if seen is None:
        return t("live_map.device_never_seen")
    return f"{words.clock(seen)} · {words.ago(seen, device.now_ms, t)}"


def _battery(t: Translate, share: float | None) -> str:
    if share is None:
        return ""
    key = "device_battery_low" if share < BATTERY_LOW else "device_percent"
    return t(f"live_map.{key}", n=round(share * 100))


def _signal(t: Translate, view: DeviceView) -> str:
    if view.rssi_dbm is None:
        return ""
    return t("live_map.device_signal_value", rssi=round(view.rssi_dbm))


def _lamp(t: Translate, view: DeviceView) -> str:
    if view.lamp_mode == "sos_blink":
        return t("live_map.device_lamp_sos")
    if view.lamp_on is None:
        return ""
    if not view.lamp_on:
        return t("live_map.device_lamp_off")
    dim = 1.0 if view.lamp_dim is None else view.lamp_dim
    return t("live_map.device_lamp_on", dim=round(dim * 100))


def _link_to(device_id: str) -> Any:
    if not device_id:
        return ""
    to = {"data-choose": "device", "data-choose-id": device_id}
    return html.Button(device_id, type="button", className="link", **to)


# -- the last 24 hours ---------------------------------------------------------------------------


def _runs(device: DeviceFacts) -> list[tuple[str, float]]:
    """(status, share of the day) in order; time before the first known state is left open."""
    day = max(1, device.now_ms - device.since_ms)
    rows = [(max(at, device.since_ms), status) for at, status in device.history]
    ends = [*(at for at, _ in rows[1:]), device.now_ms][: len(rows)]
    runs = [
        (STATUSES[status], (end - at) / day)
        for (at, status), end in zip(rows, ends, strict=True)
        if status < len(STATUSES) and end > at
    ]
    known = sum(share for _, share in runs)
    return [(RETIRED, 1 - known), *runs] if runs and known < 0.999 else runs


def _normal_share(t: Translate, device: DeviceFacts) -> str:
    runs = _runs(device)
    known = sum(share for status, share in runs if status != RETIRED)
    if not known:
        return ""
    up = sum(share for status, share in runs if status == "ok") / known
    return t("live_map.history_says", up=f"{100 * up:.1f}".removesuffix(".0"))


def _day(t: Translate, device: DeviceFacts) -> Any:
    runs = _runs(device)
    if not runs:
        return html.P(t("live_map.history_none"), className="detail__hint")
    bars = [
        html.Span(className=f"day__run day__run--{status}", style={"width": f"{share:.3%}"})
        for status, share in runs
    ]
    label = {"role": "img", "aria-label": _normal_share(t, device)}
    ends = [html.Span(t("live_map.history_from")), html.Span(t("live_map.strip_now"))]
    return html.Div(
        [html.Div(bars, className="day", **label), html.Div(ends, className="day__ends")]
    )
