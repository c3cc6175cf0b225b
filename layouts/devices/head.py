"""Which device it is, how it is now, and its year in a few figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import format as common
from dashboard.kpis.choice import day_of_ms
from dashboard.kpis.device_year import DeviceYear, Failure
from dashboard.kpis.states import UNTOLD, availability, coverage
from dashboard.kpis.tables import inspection_due
from dashboard.principal import Principal
from dashboard.records import DeviceView, Status
from dashboard.roles import Permission
from dashboard.text import Translate
from layouts.around import Place
from layouts.devices import address, words
from layouts.devices.address import Asked


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the page says of a device.

    view: as of now, at the precision of the role; None = never heard. status: its word as
    shown, unknown while its feed is silent. inspect_days: so often it must be inspected; 0 = no
    such duty.
    """

    year: DeviceYear
    asked: Asked
    view: DeviceView | None
    status: str
    place: Place
    now_ms: int
    inspect_days: int = 0


def head(t: Translate, who: Principal, report: Report) -> html.Header:
    record = report.year.registration
    name = record.name or record.device_id
    kind = t(f"live_map.kind_{record.kind}")
    return html.Header(
        [
            html.Div(
                [
                    html.H1(name),
                    html.P(" · ".join([record.device_id, kind]), className="devices__id"),
                ]
            ),
            html.P(_now(t, report), className="devices__now"),
            html.Nav(_links(t, who, report), className="devices__links",
                     **{"aria-label": t("devices.links")}),
        ],
        className="devices__head",
        **{"data-title": t("shell.title", page=name)},
    )  # fmt: skip


def _now(t: Translate, report: Report) -> list[Any]:
    """How it is now, in words."""
    record, view = report.year.registration, report.view
    if record.retired:
        day = str(day_of_ms(record.ts_ms))
        return [html.I(className="devices__gone"), html.Strong(t("devices.retired", day=day))]
    mark = html.I(className=f"state state--{report.status}")
    if view is None or view.last_seen_ms is None:
        return [mark, html.Strong(t("devices.never_heard"))]
    said: list[Any] = [mark, html.Strong(t(f"live_map.status_{report.status}"))]
    if view.since_ms is not None:
        age = words.span(t, report.now_ms - view.since_ms)
        said.append(" " + t("devices.since", time=words.moment(view.since_ms), age=age))
    if view.behind:
        said.append(" — " + t("live_map.device_behind", gateway=view.behind))
    elif view.faults:
        said.append(" — " + ", ".join(view.faults))
    return said


def _links(t: Translate, who: Principal, report: Report) -> list[Any]:
    record = report.year.registration
    links: list[Any] = []
    if not record.retired:
        href = address.on_map(record.device_id, record.lat, record.lon)
        links.append(html.A(t("devices.on_map"), href=href, className="button"))
    if who.may(Permission.ORDERS_SEE):
        href = address.orders_of(record.device_id)
        links.append(html.A(t("devices.its_orders"), href=href, className="button"))
    return links


def years(t: Translate, report: Report) -> html.Nav:
    """Which twelve months: the newest, or a calendar year of those it can have lived in."""
    asked = report.asked
    this_year = day_of_ms(report.now_ms).year
    first = max(this_year - 2, _born(report) or 0)
    chosen: list[int | None] = [None, *range(this_year, min(first, this_year) - 1, -1)]
    latest = asked.year is None and asked.to_ms > report.now_ms
    links = []
    for year in chosen:
        words_ = t("devices.latest") if year is None else t("devices.year", year=year)
        here = latest if year is None else year == asked.year
        current = {"aria-current": "true"} if here else {}
        href = address.to(asked.device_id, year)
        links.append(html.A(words_, href=href, className="chip", **current))
    return html.Nav(links, className="devices__years", **{"aria-label": t("devices.years")})


def _born(report: Report) -> int | None:
    installed = report.year.registration.installed_on[:4]
    return int(installed) if installed.isdigit() else None


def facts(t: Translate, report: Report) -> html.Dl:
    """Only what is known is listed."""
    record, view = report.year.registration, report.view
    seen = view.last_seen_ms if view else None
    battery = view.battery if view else None
    gateway = record.gateway_id
    rows: dict[str, Any] = {
        "place": " · ".join(filter(None, [report.place.zone, report.place.route])),
        "vendor": " · ".join(filter(None, [record.vendor, record.model])),
        "owner": report.place.owner or record.owner,
        "pilot": record.pilot_id,
        "gateway": html.A(gateway, href=address.to(gateway)) if gateway else "",
        "installed": record.installed_on,
        "inspected": _inspected(t, report),
        "seen": words.moment(seen) if seen else "",
        "battery": words.share(battery) if battery is not None else "",
        "firmware": view.fw if view else "",
    }
    listed = [
        html.Div([html.Dt(t(f"devices.fact_{name}")), html.Dd(value)], className="devices__fact")
        for name, value in rows.items()
        if value
    ]
    return html.Dl(listed, className="devices__facts panel")


def _inspected(t: Translate, report: Report) -> Any:
    """The last time, and where it is a duty the next."""
    last = report.year.registration.inspected_on
    if not report.inspect_days:
        return last
    if not last:
        return t("devices.inspected_unknown")
    due_ms = inspection_due(last, report.inspect_days)
    if due_ms is None:
        return last
    due = day_of_ms(due_ms)
    late = due < day_of_ms(report.now_ms)
    key = "devices.inspection_overdue" if late else "devices.inspection_due"
    look = "devices__hint devices__hint--bad" if late else "devices__hint"
    return [last, html.Span(t(key, day=str(due)), className=look)]


def figures(t: Translate, year: DeviceYear) -> html.Dl:
    """The year in five figures; each says what it is."""
    times = year.times
    lost = times[Status.FAULT] + times[Status.OFFLINE]
    longest = max((_took(one, year) for one in year.failures), default=0)
    repaired = sum(one.round.restored_ms is not None for one in year.repairs)
    rows = [
        ("availability", words.share(availability(times)), t("devices.availability_what")),
        ("coverage", words.share(coverage(times)), _aside(t, year)),
        ("failures", common.number(year.began), t("devices.failures_what")),
        ("lost", words.span(t, lost) if lost else words.NOTHING,
         t("devices.lost_what", longest=words.span(t, longest)) if lost else ""),
        ("repairs", common.number(len(year.repairs)), t("devices.repairs_what", n=repaired)),
    ]  # fmt: skip
    listed = [
        html.Div(
            [html.Dt(t(f"devices.figure_{name}")), html.Dd(value),
             html.Dd(hint, className="devices__hint")],
            className="devices__figure",
        )
        for name, value, hint in rows
    ]  # fmt: skip
    return html.Dl(listed, className="devices__figures panel")


def _aside(t: Translate, year: DeviceYear) -> str:
    """What is in neither share: not known, and out of service."""
    unknown, out = year.times[Status.UNKNOWN], year.times[Status.OUT_OF_SERVICE]
    said = [t("devices.unknown_for", span=words.span(t, unknown))] if unknown else []
    said += [t("devices.out_for", span=words.span(t, out))] if out else []
    return " · ".join(said) or t("devices.coverage_what")


def _took(one: Failure, year: DeviceYear) -> int:
    """As far as it lies in the year."""
    until = one.to_ms or min(year.now_ms, year.to_ms)
    return min(until, year.to_ms) - max(one.from_ms, year.from_ms)


def known_since(t: Translate, year: DeviceYear) -> html.P | None:
    """Where the history begins, if that is within the year."""
    first = year.spans[0]
    if first.status != UNTOLD:
        return None
    if first.to_ms >= min(year.to_ms, year.now_ms):
        return html.P(t("devices.nothing_known"), className="devices__hint", role="status")
    began = words.moment(first.to_ms)
    return html.P(t("devices.known_since", time=began), className="devices__hint")
