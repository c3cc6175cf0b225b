"""What a figure is made of: the repairs, alerts, incidents, devices, places or days behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import html

from dashboard import format as common
from dashboard.kpis.choice import day_of_ms
from dashboard.kpis.figure import Kpi
from dashboard.kpis.groups import Dim
from dashboard.kpis.members import Member, Members
from dashboard.roles import Permission
from layouts.kpis import words
from layouts.kpis.here import Here
from layouts.kpis.lists import device_link, map_link, number, order_link, place, plain_table

Cell = Callable[[Here, Kpi, Member], html.Td]
NUMBERS = frozenset({"took", "down", "people", "had"})
COLUMNS: dict[str, tuple[str, ...]] = {
    "order": ("order", "device", "kind", "place", "from", "to", "took", "state"),
    "alert": ("alert", "device", "place", "from", "to", "took", "state"),
    "incident": ("place", "from", "to", "took", "state"),
    "device": ("device", "kind", "place", "vendor", "down", "due", "state"),
    "place": ("place", "people"),
    "day": ("day", "had"),
}


def members(here: Here, kpi: Kpi, found: Members) -> html.Section:
    t = here.t
    said = t(f"kpis.members_{found.what}", n=common.number(found.total))
    if found.hidden:
        why = t("kpis.members_no_incidents" if found.what == "incident" else "kpis.why_hidden")
        heading = html.H2(t("kpis.members"), className="kpis__heading")
        return html.Section([heading, html.P(why, className="kpis__note")])
    title = html.H2([t("kpis.members"), " ", html.Small(said)], className="kpis__heading")
    if not found.rows:
        return html.Section([title, html.P(t("kpis.members_none"), className="kpis__note")])
    names = columns(kpi, found)
    heads = [(t(f"kpis.member_{name}"), name in NUMBERS) for name in names]
    rows = [
        html.Tr([CELLS[name](here, kpi, row) for name in names], **{"data-key": _key(at, row)})
        for at, row in enumerate(found.rows)
    ]
    more = found.total - len(found.rows)
    table = plain_table(t("kpis.members"), heads, rows, framed=True)
    told = _more(here, len(found.rows), more) if more > 0 else None
    thinned = html.P(t("kpis.members_thinned"), className="kpis__note") if found.thinned else None
    return html.Section([title, table, told, thinned])


def _more(here: Here, shown: int, n: int) -> html.P:
    told = [here.t("kpis.members_more", shown=common.number(shown), n=common.number(n))]
    if here.who.may(Permission.EXPORTS_MAKE):
        told.append(here.t("kpis.members_export"))
    return html.P(" ".join(told), className="kpis__note")


def columns(kpi: Kpi, found: Members) -> list[str]:
    """Those that say something of these rows."""
    names = list(COLUMNS[found.what])
    inspected = kpi.key == "inspections_overdue"
    if found.what == "device":
        names.remove("down" if inspected else "due")
    nothing = {
        "device": not any(map(device_of, found.rows)),
        "state": not any(row.state for row in found.rows),
    }
    return [name for name in names if not nothing.get(name)]


def device_of(row: Member) -> str:
    """ "" = not to be told, or none."""
    return row.device or (row.id if row.what == "device" else "")


def _key(at: int, row: Member) -> str:
    return f"{row.id or row.device or at}-{row.no}-{row.from_ms}"


def _order(here: Here, _kpi: Kpi, row: Member) -> html.Td:
    name = here.t("kpis.member_round", no=row.no + 1)
    return html.Td(order_link(row.id, name) if row.id else name)


def _alert(here: Here, _kpi: Kpi, row: Member) -> html.Td:
    name = here.t(f"alerts.type_{row.type}")
    return html.Td(map_link(here, "alert", row.id, name) if row.id else name)


def _device(here: Here, _kpi: Kpi, row: Member) -> html.Td:
    name = device_of(row)
    if not name:
        return html.Td(words.NOTHING)
    return html.Td([device_link(name), " ", map_link(here, "device", name)])


def _took(here: Here, _kpi: Kpi, row: Member) -> html.Td:
    if row.value is None:
        return number(words.NOTHING)
    said = words.span(here.t, row.value)
    return number(said if row.to_ms is not None else here.t("kpis.so_far", span=said))


def _down(here: Here, _kpi: Kpi, row: Member) -> html.Td:
    return number(words.NOTHING if row.value is None else words.span(here.t, row.value))


def _had(here: Here, kpi: Kpi, row: Member) -> html.Td:
    return number(words.NOTHING if row.value is None else words.amount(here.t, kpi.unit, row.value))


def _state(here: Here, _kpi: Kpi, row: Member) -> html.Td:
    return html.Td(here.t(f"kpis.state_{row.state}") if row.state else "")


def _moment(at_ms: int | None) -> Any:
    return html.Td(words.NOTHING if at_ms is None else common.clock(at_ms)[:-3])


CELLS: dict[str, Cell] = {
    "order": _order,
    "alert": _alert,
    "device": _device,
    "kind": lambda here, _, row: html.Td(here.say(Dim.KIND, row.group.kind)),
    "place": lambda here, _, row: html.Td(place(here, row.group)),
    "vendor": lambda here, _, row: html.Td(here.say(Dim.VENDOR, row.group.vendor)),
    "from": lambda _, __, row: _moment(row.from_ms),
    "to": lambda _, __, row: _moment(row.to_ms),
    "due": lambda here, _, row: html.Td(
        words.NOTHING if row.from_ms < 0 else words.day(here.t, day_of_ms(row.from_ms))
    ),
    "day": lambda here, _, row: html.Td(words.day(here.t, day_of_ms(row.from_ms))),
    "took": _took,
    "down": _down,
    "people": lambda _, __, row: number(words.count(row.value or 0)),
    "had": _had,
    "state": _state,
}
