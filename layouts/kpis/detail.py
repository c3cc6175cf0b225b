"""One KPI: what it says in sentences, over time, by group, and what it is made of.

Charts are Dash's, everything around them is markup; so a view is a list of pieces in the order
of ids.Kpis, and each chart comes with the table that stands below it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.kpis.figure import LOW_COVERAGE, MIN_COVERAGE, Figure, Kpi
from dashboard.text import Translate
from layouts import charts
from layouts.kpis import verdicts, words
from layouts.kpis.head import DEFINITIONS
from layouts.kpis.here import Here
from layouts.kpis.table import part

if TYPE_CHECKING:
    from dashboard.kpis.report import Change, Row

INNER = frozenset({"exposure", "outage_ms", "spread"})  # parts for the arithmetic alone


def summary(here: Here, row: Row) -> list[Any]:
    """Value, sentences and parts on the left, the definition on the right."""
    t, kpi = here.t, row.kpi
    value = html.Div([_value(t, row), html.Div(sentences(t, row), className="kpis__sentences")])
    left = html.Div([value, parts(t, kpi, row.figure)], className="kpis__answer")
    return [html.Div([left, definition(t, kpi)], className="kpis__summary")]


def _value(t: Translate, row: Row) -> html.P:
    figure = row.figure
    rests_on = [
        _interval(t, row.kpi, figure),
        t("kpis.n", n=words.cases(figure)) if figure.n or figure.value is not None else "",
        "" if figure.coverage is None else t("kpis.coverage", share=words.share(figure.coverage)),
    ]
    mark = verdicts.mark(row)
    look = f"kpis__figure kpis__figure--{mark}" if mark else "kpis__figure"
    said = words.value(t, row.kpi, figure)
    shown = html.Span(said, className="kpis__why") if figure.value is None else html.B(said)
    return html.P([shown, html.Span(" · ".join(filter(None, rests_on)))], className=look)


def _interval(t: Translate, kpi: Kpi, figure: Figure) -> str:
    between = words.interval(t, kpi, figure)
    return t("kpis.interval", between=between) if between else ""


def sentences(t: Translate, row: Row) -> list[Any]:
    """What can be said, and what cannot: target, the period before, a year ago."""
    said: list[Any] = []
    if why := _why(row.figure):
        said.append(html.P(t(f"kpis.why_{why}")))
    if row.target is not None and row.figure.value is None:
        said.append(html.P(t("kpis.target_is", target=words.goal(t, row.kpi, row.target))))
    elif row.target is not None:
        state = verdicts.target_state(row)
        shape = html.Span(verdicts.SHAPES[state], **{"aria-hidden": "true"})
        goal = words.target(t, row.kpi.unit, row.target)
        text = t(f"kpis.says_{state}_{row.kpi.better or 'low'}", target=goal)
        said.append(html.P([shape, " ", text], className=f"kpis__says-target kpis__met--{state}"))
    compared = (
        ("previous", row.previous, row.since_previous),
        ("last_year", row.last_year, row.since_last_year),
    )
    said += [html.P(_compared(t, row.kpi, *one)) for one in compared]
    return said


def _why(figure: Figure) -> str:
    if figure.why or figure.coverage is None:
        return figure.why
    return LOW_COVERAGE if figure.coverage < MIN_COVERAGE else ""


def _compared(t: Translate, kpi: Kpi, than: str, before: Figure | None, told: Change) -> str:
    if before is None or before.value is None:
        return t(f"kpis.says_nothing_{than}")
    was = words.value(t, kpi, before)
    if told.difference is None or told.verdict in ("same", "not_enough", "none"):
        known = told.verdict if told.verdict in ("same", "not_enough") else "was"
        return t(f"kpis.says_{known}_{than}", was=was)
    step = verdicts.step(t, kpi, told)
    return t(f"kpis.says_{told.verdict}_{than}", was=was, step=step)


def parts(t: Translate, kpi: Kpi, figure: Figure) -> html.Dl | None:
    """Those worth telling first, then the rest; what only the arithmetic needs is left out."""
    names = dict.fromkeys([*kpi.shown, *figure.parts])
    rows = [
        html.Div([html.Dt(t(f"kpis.part_{name}")), html.Dd(part(t, kpi, name, figure.parts[name]))])
        for name in names
        if name in figure.parts and name not in INNER
    ]
    return html.Dl(rows, className="kpis__parts") if rows else None


def definition(t: Translate, kpi: Kpi) -> html.Section:
    more = html.A(t("kpis.definition_more"), href=f"{DEFINITIONS}#{kpi.key}")
    return html.Section(
        [
            html.H2(t("kpis.definition")),
            html.P(t(f"kpis.{kpi.key}_what")),
            html.P(t(f"kpis.{kpi.key}_how"), className="kpis__how"),
            html.P([f"{t('kpis.source')} {kpi.source} · " if kpi.source else None, more],
                   className="kpis__how"),
        ],
        className="kpis__definition",
    )  # fmt: skip


def over_time(here: Here, row: Row) -> charts.Chart | None:
    """None where there are too few pieces to draw."""
    t, kpi = here.t, row.kpi
    points = [
        charts.Point(from_ms, piece.value, piece.low, piece.high, words.whole(t, kpi, piece))
        for from_ms, _, piece in row.series
    ]
    if sum(point.value is not None for point in points) < 2:
        return None
    axis = charts.Axis(kpi.unit, zero=kpi.unit in ("count", "rate", "per_day", "weeks"))
    line = charts.Line(t(f"kpis.{kpi.key}"), points)
    return charts.line_chart(t, axis, [line], target=row.target)


def chart_heading(t: Translate, row: Row, chart: charts.Chart | None) -> html.H2:
    heading = html.H2(t("kpis.over_time"), className="kpis__heading")
    nothing = html.P(t("kpis.over_time_nothing"), className="kpis__note")
    return html.Div([heading, None if chart else nothing])
