"""Legs of the response: one drawn over a year, all of them in a table for the period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.coarse import FEW
from dashboard.format import number
from dashboard.text import Translate
from dashboard.trends.legs import LEGS, By, Leg, Span
from layouts import charts, sparks
from layouts.kpis.words import NOTHING, span
from layouts.trends.explain import explained
from layouts.trends.here import Here, Picture

DEFAULT = "arrive"
COLUMNS = ("p50", "p90", "n", "without", "reversed")


def legs_picture(here: Here, by: By, legs: Sequence[Leg]) -> Picture:
    t = here.t
    above: list[Any] = [explained(t, "trends_when.legs")]
    if not any(leg.spans for leg in legs):
        return Picture(above=[*above, _note(t("trends_when.legs_none"))])
    drawn = chosen_leg(here.address.leg)
    leg = next(one for one in legs if one.name == drawn)
    above.append(_table(here, by, legs, drawn))
    if not any(one.enough for one in leg.spans):
        return Picture(above=[*above, _note(t(f"trends_when.legs_few_{by}", few=FEW))])
    says = t(f"trends_when.legs_by_{by}", leg=t(f"trends_when.leg_{drawn}"))
    return Picture(above=above, chart=(_chart(t, leg), says))


def chosen_leg(word: str) -> str:
    """Of an address; what is no leg draws the one until the arrival."""
    return word if word in LEGS else DEFAULT


def _note(words: str) -> html.P:
    return html.P(words, className="trends__note")


def _chart(t: Translate, leg: Leg) -> charts.Chart:
    """Nothing is drawn of too few, and the line is broken there."""
    middle = [
        charts.Point(one.start_ms, one.p50, one.low, one.high, _said(t, one)) for one in leg.spans
    ]
    slow = [charts.Point(one.start_ms, one.p90, said=_p90(t, one)) for one in leg.spans]
    lines = [
        charts.Line(t("trends_when.p50"), middle),
        charts.Line(t("trends_when.p90"), slow, "before"),
    ]
    chart = charts.line_chart(t, charts.Axis("ms", zero=True), lines)
    marker = {"color": "--chart-before", "size": 6, "symbol": "diamond-open"}
    chart.figure["data"][-1] |= {"mode": "lines+markers", "marker": marker}  # one between gaps
    return chart


def _said(t: Translate, one: Span) -> str:
    if one.p50 is None:
        return t("trends_when.too_few", n=_count(t, one.n))
    low, high = span(t, one.low or 0), "" if one.high is None else span(t, one.high)
    return t("trends_when.leg_says", p50=span(t, one.p50), low=low, high=high, n=_count(t, one.n))


def _p90(t: Translate, one: Span) -> str:
    if one.p90 is not None:
        return span(t, one.p90)
    return t("trends_when.p90_open") if one.enough else t("trends_when.too_few", n=_count(t, one.n))


def _count(t: Translate, n: int | None) -> str:
    return t("trends_when.few") if n is None else number(n)


# -- all legs --------------------------------------------------------------------------------


def _table(here: Here, by: By, legs: Sequence[Leg], drawn: str) -> html.Div:
    t = here.t
    heads = [html.Th(t("trends_when.leg"), scope="col")]
    heads += [html.Th(t(f"trends_when.{name}"), scope="col") for name in COLUMNS]
    heads.append(html.Th(t(f"trends_when.legs_line_{by}"), scope="col"))
    rows = [_row(here, leg, leg.name == drawn) for leg in legs]
    caption = html.Caption(t("trends_when.legs_caption"), className="visually-hidden")
    table = html.Table(
        [caption, html.Thead(html.Tr(heads)), html.Tbody(rows)], className="table legs__table"
    )
    return html.Div(table, className="legs__across")


def _row(here: Here, leg: Leg, drawn: bool) -> html.Tr:
    """Its name draws it."""
    t, whole = here.t, leg.period
    link = html.A(
        t(f"trends_when.leg_{leg.name}"),
        href=here.address.but(leg="" if leg.name == DEFAULT else leg.name),
        className="trends__pick",
        **({"aria-current": "true"} if drawn else {}),
    )
    cells = [
        NOTHING if whole.p50 is None else html.B(span(t, whole.p50)),
        _p90(t, whole) if whole.enough else NOTHING,
        *(_count(t, n) for n in (whole.n, whole.without, whole.reversed)),
        _spark(t, leg),
    ]
    look = "legs__leg legs__leg--drawn" if drawn else "legs__leg"
    head = html.Th(link, scope="row")
    return html.Tr([head, *(html.Td(cell) for cell in cells)], className=look)


def _spark(t: Translate, leg: Leg) -> Any:
    values = [one.p50 for one in leg.spans]
    known = [x for x in values if x is not None]
    if len(known) < 2:
        return NOTHING
    ends = {"first": known[0], "last": known[-1], "low": min(known), "high": max(known)}
    said = {name: span(t, ms) for name, ms in ends.items()}
    return sparks.spark(values, t("trends_when.spark_says", **said))
