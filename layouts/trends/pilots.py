"""The list of pilots, and for those who may the form that defines one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.kpis.choice import day_of_ms
from dashboard.pilots.ground import Ground
from dashboard.pilots.pilot import CONTROL, TREATED, Kept
from dashboard.roles import Permission
from layouts.trends import pilot_form
from layouts.trends.explain import explained
from layouts.trends.here import Here, Picture
from layouts.trends.pilot_words import area_words, days_words, note

COLUMNS = ("name", "days", "treated", "control", "state")


def pilots_picture(here: Here, kept: Sequence[Kept], ground: Ground) -> Picture:
    """ground: what can be chosen in the form."""
    t = here.t
    listed = _table(here, kept) if kept else note(t("pilots.none"))
    form: list[Any] = []
    if here.who.may(Permission.PILOTS_DEFINE):
        form = [pilot_form.define(here, ground)]
    return Picture(above=[explained(t, "pilots.list"), listed, *form])


def _table(here: Here, kept: Sequence[Kept]) -> html.Div:
    t = here.t
    caption = html.Caption(t("pilots.list"), className="visually-hidden")
    heads = [html.Th(t(f"pilots.column_{name}"), scope="col") for name in COLUMNS]
    rows = [_row(here, one) for one in kept]
    table = html.Table(
        [caption, html.Thead(html.Tr(heads)), html.Tbody(rows)], className="table pilots__table"
    )
    return html.Div(
        table, className="pilots__across", tabIndex="0", role="region",
        **{"aria-label": t("pilots.list")},
    )  # fmt: skip


def _row(here: Here, kept: Kept) -> html.Tr:
    pilot = kept.now
    chosen = here.address.pilot == pilot.id
    link = html.A(
        pilot.name,
        href=here.address.but(pilot="" if chosen else pilot.id),
        className="pilots__name trends__pick",
        **({"aria-current": "true"} if chosen else {}),
    )
    cells = [
        [html.Small(pilot.id, className="pilots__id"), " ", link],
        days_words(here, pilot),
        area_words(here, pilot.area(TREATED)),
        area_words(here, pilot.area(CONTROL)),
        _state(here, kept),
    ]
    return html.Tr(
        [html.Td(cell) for cell in cells],
        className="pilots__row--chosen" if chosen else "",
        **{"data-key": pilot.id},
    )


def _state(here: Here, kept: Kept) -> Any:
    t, pilot = here.t, kept.now
    if pilot.withdrawn:
        return t("pilots.state_withdrawn")
    today = day_of_ms(here.now_ms)
    ended = pilot.last is not None and pilot.last < today
    planned = "planned" if pilot.first > today else "running"
    said = t("pilots.state_ended" if ended else f"pilots.state_{planned}")
    if not kept.changed:
        return said
    return [said, " · ", t("pilots.state_changed", n=len(kept.changed))]
