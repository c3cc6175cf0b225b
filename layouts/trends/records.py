"""The incidents behind what is shown: one row each, with the way to the live map.

Only for roles that see exact points; the others are told why there is nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from dash import html

from dashboard.format import number
from dashboard.kpis.facts import CATEGORIES
from dashboard.records import IncidentView
from dashboard.text import Translate
from dashboard.trends.frame import LONGEST_MS
from dashboard.trends.records import FEW_ENOUGH, Records
from layouts.devices.words import moment
from layouts.kpis.words import NOTHING, span
from layouts.trends.explain import explained
from layouts.trends.here import Here, Picture
from layouts.trends.picks import name_of

AGAIN_MS = 600_000  # every look is on record: not one a minute while nobody does anything
ZOOM = 17
LEGS = ("dispatched", "arrived", "closed")


def not_shown(here: Here) -> Picture:
    """To a role that sees no exact points."""
    return Picture(above=[_note(here.t("trends_records.not_for_role"))])


def records_picture(here: Here, found: Records, rows: Sequence[IncidentView]) -> Picture:
    """rows: of found.ids."""
    t, said = here.t, explained(here.t, "trends_records.records")
    if found.too_many:
        words = t("trends_records.too_many", n=number(found.n), few=FEW_ENOUGH)
        return Picture(above=[said, _note(words)])
    if not rows:
        return Picture(above=[said, _note(t("trends_records.none"))])
    parts = [
        said,
        _note(_how_many(t, found)),
        _table(here, rows),
        _note(t("trends_records.logged")),
    ]
    return Picture(above=parts, again_ms=AGAIN_MS)


def _how_many(t: Translate, found: Records) -> str:
    if not found.rest:
        return t("trends_records.all", n=number(found.n))
    return t("trends_records.newest", shown=len(found.ids), n=number(found.n))


def _note(words: str) -> html.P:
    return html.P(words, className="trends__note")


# -- the table -------------------------------------------------------------------------------


def _table(here: Here, rows: Sequence[IncidentView]) -> html.Table:
    names = ["reported", "category", "happened", "zone", "route", "legs", "on_map"]
    if here.sees_codes:
        names.insert(2, "code")
    heads = [html.Th(here.t(f"trends_records.{name}"), scope="col") for name in names]
    caption = html.Caption(here.t("trends_records.caption"), className="visually-hidden")
    body = [_row(here, one, names) for one in rows]
    return html.Table(
        [caption, html.Thead(html.Tr(heads)), html.Tbody(body)], className="records__table"
    )


def _row(here: Here, one: IncidentView, names: Sequence[str]) -> html.Tr:
    t = here.t
    cells = {
        "category": name_of(
            here, "category", one.category if one.category in CATEGORIES else "other"
        ),
        "code": NOTHING if one.code112 is None else t("trends.code", code=one.code112),
        "happened": happened(t, one),
        "zone": here.zone(one.zone),
        "route": here.route(one.route_id),
        "legs": legs(t, one),
        "on_map": _on_map(here, one),
    }
    head = [moment(one.reported_ms), html.Small(one.incident_id, className="records__id")]
    labels = {name: {"data-label": t(f"trends_records.{name}")} for name in names}
    return html.Tr(
        [
            html.Th(head, scope="row", className="records__reported"),
            *(
                html.Td(cells[name], className=f"records__{name}", **labels[name])
                for name in names[1:]
            ),
        ],
        **{"data-key": one.incident_id},
    )


def happened(t: Translate, one: IncidentView) -> str:
    """When, as far as it is known; and what cannot be placed in time."""
    start, end = one.occurred_from_ms, one.occurred_to_ms
    if start is None and end is None:
        return t("trends_records.not_said")
    if start is None or end is None or start == end:
        return moment(end if start is None else start)
    first, last = moment(start), moment(end)
    last = last[-5:] if last[:10] == first[:10] else last  # of the same day: the time alone
    said = t("trends_records.between", first=first, last=last)
    if end < start:
        return t("trends_records.backwards", between=said)
    return t("trends_records.too_long", between=said) if end - start > LONGEST_MS else said


def legs(t: Translate, one: IncidentView) -> str:
    """How long after the report each step was; steps not made are left out."""
    said = []
    for name in LEGS:
        at_ms = getattr(one, f"{name}_ms")
        if at_ms is not None:
            ms = at_ms - one.reported_ms
            key = f"trends_records.{name}" if ms >= 0 else f"trends_records.{name}_before"
            said.append(t(key, span=span(t, abs(ms))))
    return " · ".join(said) or t("trends_records.no_legs")


def _on_map(here: Here, one: IncidentView) -> list[Any]:
    t = here.t
    href = to_map(here, one)
    if not href:
        return [t("trends_records.no_place")]
    words = "to_alert" if one.alert_id else "to_map"
    hint = html.Span(f" {one.incident_id}", className="visually-hidden")
    return [html.A([t(f"trends_records.{words}"), hint], href=href, className="link")]


def to_map(here: Here, one: IncidentView) -> str:
    """The live map where it happened, with the same filter (live_map/url_state.js); its alert
    chosen, if it has one. "" = neither place nor alert."""
    said: dict[str, str] = {}
    if one.lat is not None and one.lon is not None:
        said["at"] = f"{one.lat:.5f},{one.lon:.5f},{ZOOM}"
    if one.alert_id:
        said["sel"] = f"alert:{one.alert_id}"
    if not said:
        return ""
    wanted = here.choice.wanted
    said |= {"layers": "devices.routes.incidents"}
    if here.now_ms - one.reported_ms > 7 * 86_400_000:
        said["days"] = "28"
    said |= {name: wanted[name] for name in ("zone", "route") if name in wanted}
    return "/?" + urlencode(said, safe=",:")
