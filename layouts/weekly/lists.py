"""What stands below the table: routes that need attention, vendors, pilots, what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from dash import html

from dashboard.kpis.groups import Dim
from dashboard.weekly.summary import Gap, PilotLine, RouteNeed, Said, VendorLine
from layouts.kpis import address as kpis
from layouts.kpis import words as kpi_words
from layouts.trends import address as trends
from layouts.weekly import words
from layouts.weekly.effect import effect
from layouts.weekly.here import Here

FIGURE = "weekly__figure--first"
SHORT = 12  # letters of a figure that is not broken in two
VENDOR_COLUMNS = ("vendor", "devices", "availability", "sla", "mttr", "backlog")


def said(here: Here, sentence: Said, marked: bool = False) -> list[Any]:
    """With links to what its figures come from, marked as their rows are. What follows a short
    one without a space, a particle or a full stop, stays on its line."""
    told: list[Any] = []
    for one in words.say(here.t, here.say, sentence):
        if not isinstance(one, str):
            look = f"{FIGURE}{_mark(here, one.of)}" if marked else FIGURE
            told.append(html.A(one.text, href=f"#{words.anchor(one.of)}", className=look))
        elif told and isinstance(told[-1], html.A) and len(told[-1].children) <= SHORT:
            glued = one.split(" ", 1)[0]
            told[-1] = html.Span([told[-1], glued], className="weekly__glued")
            told.append(one[len(glued) :])
        else:
            told.append(one)
    return told


def _mark(here: Here, of: str) -> str:
    """The colour of a row that is out of the usual; the sentence says it in words."""
    rows = {f"row:{row.key}": row.usual for row in here.summary.rows}
    usual = rows.get(of)
    if usual is None or not usual.mark:
        return ""
    return f" weekly__figure--{'better' if usual.side == 'better' else usual.mark}"


def section(title: str, beside: str, content: Iterable[Any], name: str) -> html.Section:
    """name: of its place, and of its key for the script that draws it anew."""
    small = html.Span(beside, className="weekly__beside") if beside else None
    return html.Section(
        [html.H2([title, " ", small] if small else title), *content],
        id=name,
        className=f"weekly__part weekly__part--{name}",
        **{"data-key": name},
    )


def none(words_: str) -> html.P:
    return html.P(words_, className="weekly__none")


# -- routes --------------------------------------------------------------------------------------


def routes(here: Here) -> html.Section:
    t, needs = here.t, here.summary.routes
    beside = t("weekly_page.routes_of", n=len(needs), of=here.summary.routes_in_all)
    listed: list[Any] = [html.Ul([_route(here, one) for one in needs], className="weekly__list")]
    if not needs:
        beside, listed = "", [none(t("weekly_page.no_routes"))]
    return section(t("weekly_page.routes"), beside, listed, "routes")


def _route(here: Here, need: RouteNeed) -> html.Li:
    t = here.t
    name = here.say(Dim.ROUTE, need.route).removeprefix(need.route).strip()
    level = html.Span(
        t(f"weekly_page.level_{need.level}"), className=f"weekly__tag weekly__tag--{need.level}"
    )
    link = html.A(name or need.route, href=kpis.to({"kpi": "availability", "period": here.word,
                                                    "route": need.route}))  # fmt: skip
    reasons = [html.P(said(here, one)) for one in need.reasons]
    return html.Li(
        [html.B(need.route, className="weekly__id"), html.Div([level, " ", link, *reasons])],
        id=f"route-{need.route}",
        className="weekly__item",
        **{"data-key": need.route},
    )


# -- vendors -------------------------------------------------------------------------------------


def vendors(here: Here) -> html.Section:
    t, lines = here.t, here.summary.vendors
    content: list[Any] = [none(t("weekly_page.no_vendors"))]
    if lines:
        heads = [
            html.Th(t(f"weekly_page.vendor_{name}"), scope="col", role="columnheader",
                    className=None if name == "vendor" else "is-number")
            for name in VENDOR_COLUMNS
        ]  # fmt: skip
        caption = html.Caption(t("weekly_page.vendors_of"), className="visually-hidden")
        head = html.Thead(html.Tr(heads, role="row"), role="rowgroup")
        body = html.Tbody([_vendor(here, one) for one in lines], role="rowgroup")
        table = html.Table([caption, head, body], className="weekly__vendors", role="table")
        content = [table, html.P(t("weekly_page.vendors_how"), className="weekly__note")]
    return section(t("weekly_page.vendors"), "", content, "vendors")


def _vendor(here: Here, one: VendorLine) -> html.Tr:
    t = here.t
    query = {"kpi": "availability", "period": here.word, "vendor": one.vendor}
    name: list[Any] = [html.A(here.say(Dim.VENDOR, one.vendor), href=kpis.to(query))]
    if not one.enough:
        name.append(html.Small(t("weekly_page.vendor_few")))
    cells: list[tuple[str, list[Any]]] = [
        ("devices", [kpi_words.count(one.devices)]),
        ("availability", [words.figure(t, one.availability, "share")]),
        ("sla", [words.figure(t, one.sla, "share")]),
        ("mttr", [words.figure(t, one.mttr, "ms")]),
        ("backlog", [kpi_words.count(one.backlog)]),
    ]
    for key, cell in cells:
        if side := one.sides.get(key):
            look = f"weekly__side weekly__side--{side}"
            cell.append(html.Small(t(f"weekly_page.vendor_{side}"), className=look))
    told = [
        html.Td(cell, role="cell", className="is-number",
                **{"data-label": t(f"weekly_page.vendor_{key}")})
        for key, cell in cells
    ]  # fmt: skip
    head = html.Th(name, scope="row", role="rowheader")
    return html.Tr([head, *told], role="row", **{"data-key": one.vendor})


# -- pilots --------------------------------------------------------------------------------------


def pilots(here: Here) -> html.Section:
    t, lines = here.t, here.summary.pilots
    beside = t("weekly_page.pilots_n", n=len(lines)) if lines else ""
    listed = html.Ul([_pilot(here, one) for one in lines], className="weekly__list")
    content = [listed] if lines else [none(t("weekly_page.no_pilots"))]
    return section(t("weekly_page.pilots"), beside, content, "pilots")


def _pilot(here: Here, one: PilotLine) -> html.Li:
    t = here.t
    link = html.A(one.name, href=trends.to({"view": trends.PILOTS, "pilot": one.pilot}))
    start = words.day(t, date.fromisoformat(one.start))
    status = t(f"weekly_page.pilot_{one.status}", start=start, end=_end(here, one))
    body = [link, html.P(status), html.P(effect(t, one))]
    return html.Li(
        [html.B(one.pilot, className="weekly__id"), html.Div(body)],
        className="weekly__item", **{"data-key": one.pilot},
    )  # fmt: skip


def _end(here: Here, one: PilotLine) -> str:
    return words.day(here.t, date.fromisoformat(one.end)) if one.end else ""


# -- what is missing -----------------------------------------------------------------------------


def gaps(here: Here) -> html.Section:
    t, summary = here.t, here.summary
    listed: list[Any] = [html.Li(_gap(here, one)) for one in summary.gaps]
    listed += [html.Li(said(here, one)) for one in summary.caveats]
    content = (
        html.Ul(listed, className="weekly__caveats") if listed else none(t("weekly_page.no_gaps"))
    )
    return section(t("weekly_page.gaps"), "", [content], "gaps")


def _gap(here: Here, gap: Gap) -> str:
    t, day = here.t, kpi_words.day(here.t, date.fromisoformat(gap.day))
    if gap.what == "feed":
        return t("weekly_page.gap_feed", day=day, span=kpi_words.span(t, gap.ms))
    kind = t(f"weekly.device_{gap.kind}")
    return t("weekly_page.gap_devices", day=day, kind=kind, share=kpi_words.share(gap.share))
