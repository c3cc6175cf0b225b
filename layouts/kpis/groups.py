"""A KPI by group: a dimension of choice, bars with intervals, a table, and the funnel plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.kpis.figure import NO_DATA, Kpi
from dashboard.kpis.groups import NOWHERE, Dim
from dashboard.text import Translate
from layouts import charts
from layouts.kpis import words
from layouts.kpis.here import Here
from layouts.kpis.lists import plain_table
from layouts.kpis.table import value_cell
from layouts.kpis.vendors import LEVELS, SHAPES

if TYPE_CHECKING:
    from dashboard.kpis.funnel import FunnelPoint
    from dashboard.kpis.report import Breakdown, Part

FUNNELS = (Dim.VENDOR, Dim.ZONE, Dim.ROUTE)
DRAWN = 30  # bars; all of them are in the table


def heading(here: Here, kpi: Kpi, chosen: Dim) -> html.Div:
    t = here.t
    links = [_by(here, kpi, dim, chosen) for dim in kpi.dims if here.known.get(dim)]
    by = html.Nav(links, className="kpis__by", **{"aria-label": t("kpis.by")})
    return html.Div([html.H2(t("kpis.by_group")), by], className="kpis__heading kpis__split")


def _by(here: Here, kpi: Kpi, dim: Dim, chosen: Dim) -> html.A:
    mark = {"aria-current": "true"} if dim is chosen else {}
    href = here.address.of_kpi(kpi.key, dim)
    return html.A(here.t(f"kpis.dim_{dim}"), href=href, className="kpis__by-link", **mark)


def bars(here: Here, kpi: Kpi, found: Breakdown, target: float | None) -> charts.Chart:
    outside = sides(found)
    counted = kpi.unit == "count"  # where nothing is, there is no bar
    shown = [part for part in found.parts if not is_empty(part) and (part.figure.n or not counted)]
    drawn = [_bar(here, kpi, (found.dim, part), outside.get(part.word, "")) for part in shown]
    axis = charts.Axis(kpi.unit, here.t(f"kpis.{kpi.key}"), zero=kpi.unit != "share")
    about = here.t(f"kpis.dim_{found.dim}")
    return charts.bar_chart(here.t, axis, drawn[:DRAWN], target, about)


def _bar(here: Here, kpi: Kpi, of: tuple[Dim, Part], mark: Any) -> charts.Bar:
    dim, part = of
    figure = part.figure
    said = words.whole(here.t, kpi, figure)
    return charts.Bar(
        here.say(dim, part.word), figure.value, figure.low, figure.high, said,
        part.hidden, mark,
    )  # fmt: skip


def sides(found: Breakdown) -> dict[str, str]:
    """word -> better or worse, of groups that chance does not explain."""
    if found.funnel is None:
        return {}
    return {one.word: one.side for one in found.funnel.points if one.outside == "99.8"}


def is_empty(part: Part) -> bool:
    return part.figure.why == NO_DATA


def table(here: Here, kpi: Kpi, found: Breakdown) -> list[Any]:
    """Each group's name narrows the page to it; groups without data share a sentence."""
    t = here.t
    points = {one.word: one for one in found.funnel.points} if found.funnel else {}
    heads = [
        (t(f"kpis.dim_{found.dim}"), False),
        (t("kpis.column_value"), True),
        (t("kpis.column_n"), True),
        (t("kpis.column_coverage"), True),
        (t("kpis.column_whole"), False),
    ]
    shown = [part for part in found.parts if not is_empty(part)]
    rows = [_row(here, kpi, (found.dim, part), points.get(part.word)) for part in shown]
    few = next((at for at, part in enumerate(shown) if _is_few(kpi, part)), None)
    if few is not None:
        said = html.Td(t("kpis.by_few", few=kpi.few), colSpan=len(heads), className="kpis__note")
        rows.insert(few, html.Tr(said, **{"data-key": "few"}))
    empty = [here.say(found.dim, part.word) for part in found.parts if is_empty(part)]
    note = t("kpis.by_empty", names=", ".join(sorted(empty)))
    return [
        plain_table(t("kpis.by_group"), heads, rows, framed=True) if rows else None,
        html.P(note, className="kpis__note") if empty else None,
    ]


def _is_few(kpi: Kpi, part: Part) -> bool:
    """These come after all others."""
    return part.figure.value is not None and not kpi.enough(part.figure)


def _judged(t: Translate, point: FunnelPoint | None) -> html.Td:
    """The shape and its words, as in the scorecard and the funnel."""
    if point is None or not point.outside:
        return html.Td("")
    shape = SHAPES.get((point.outside, point.side), "")
    if not shape:
        return html.Td(t("charts.outside_other", level=point.outside))
    said = t(f"kpis.judged_{point.side}_{LEVELS[point.outside]}")
    return html.Td(f"{shape} {said}", className=f"kpis__side--{point.side}")


def _row(here: Here, kpi: Kpi, of: tuple[Dim, Part], point: FunnelPoint | None) -> html.Tr:
    t, (dim, part) = here.t, of
    figure = part.figure
    name: Any = here.say(dim, part.word)
    if part.word != NOWHERE:
        name = html.A(name, href=here.address.of_group(dim, part.word))
    value: Any = html.Span(t("kpis.short_hidden"), className="kpis__why")
    if not part.hidden:
        value = value_cell(t, kpi, figure)
    cells = [
        html.Th(name, scope="row"),
        html.Td(value, className="kpis__number kpis__value"),
        html.Td(words.cases(figure), className="kpis__number"),
        html.Td(
            words.NOTHING if figure.coverage is None else words.share(figure.coverage),
            className="kpis__number",
        ),
        _judged(t, point),
    ]
    look = "kpis__few" if _is_few(kpi, part) else None
    return html.Tr(cells, className=look, **{"data-key": part.word or "-"})


def funnel(here: Here, kpi: Kpi, found: Breakdown) -> charts.Chart | None:
    """None where a funnel says nothing: no such figure, or a single group."""
    if found.funnel is None or found.dim not in FUNNELS or len(found.funnel.points) < 2:
        return None
    t = here.t
    axis = charts.Axis(kpi.unit, here.t(f"kpis.{kpi.key}"))
    points = [
        charts.FunnelPoint(
            label=here.say(found.dim, one.word),
            exposure=one.exposure,
            value=one.value,
            limits_95=one.limits_95,
            limits_998=one.limits_998,
            outside=one.outside,
            side=one.side,
        )
        for one in found.funnel.points
    ]
    return charts.funnel_chart(
        t, axis, points, found.funnel.overall, t(f"kpis.exposure_{found.funnel.unit}")
    )


def funnel_heading(t: Translate) -> list[Any]:
    return [
        html.H2(t("kpis.funnel"), className="kpis__heading"),
        html.P(t("kpis.funnel_what"), className="kpis__note"),
    ]
