"""The vendor scorecard: each vendor against what its own mix of devices lets one expect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard import format as common
from dashboard.kpis.choice import Choice
from dashboard.kpis.groups import Dim
from dashboard.kpis.indicators import BY_KEY
from dashboard.kpis.scorecard import FEW_DEVICES, SCORED, VendorScore
from dashboard.text import Translate
from layouts.kpis import words
from layouts.kpis.address import DETAIL, OVERVIEW, Address, narrowed
from layouts.kpis.here import Here
from layouts.kpis.lists import number, plain_table
from layouts.kpis.table import value_cell

# (outside, side) -> shape; the words are kpis.judged_<side>_<level>
SHAPES = {
    ("99.8", "worse"): "▼", ("95", "worse"): "▽", ("95", "better"): "△", ("99.8", "better"): "▲",
}  # fmt: skip
LEVELS = {"95": "95", "99.8": "998"}


def scorecard(here: Here, scores: Sequence[VendorScore]) -> list[Any]:
    t = here.t
    if not scores:
        return [html.P(t("kpis.vendors_none"), className="empty")]
    heads = [(t("kpis.dim_vendor"), False), (t("kpis.devices"), True)]
    heads += [(t(f"kpis.{key}"), True) for key in SCORED]
    rows = [_row(here, score) for score in scores]
    whole = here.address.of_kpi("availability", Dim.VENDOR)
    link = html.A(t("kpis.vendors_funnel_link"), href=whole)
    return [
        html.P(t("kpis.vendors_what"), className="kpis__note kpis__lead"),
        plain_table(t("kpis.title_vendors"), heads, rows),
        html.P(t("kpis.vendors_legend", few=FEW_DEVICES), className="kpis__note"),
        html.P([t("kpis.vendors_funnel"), " ", link], className="kpis__note"),
    ]


def _row(here: Here, score: VendorScore) -> html.Tr:
    t, choice = here.t, narrowed(here.address.choice, Dim.VENDOR, score.vendor)
    name = html.A(score.vendor, href=Address(choice, OVERVIEW).href)
    few = None if score.enough else html.Small(t("kpis.vendors_few"))
    cells = [html.Th([name, few], scope="row"), number(common.number(score.devices))]
    cells += [_cell(here, score, key, choice) for key in SCORED]
    look = None if score.enough else "kpis__few"
    return html.Tr(cells, className=look, **{"data-key": score.vendor})


def _cell(here: Here, score: VendorScore, key: str, choice: Choice) -> html.Td:
    t, kpi, figure = here.t, BY_KEY[key], score.figures[key]
    mark = _mark(t, score, key)
    shown: list[Any] = value_cell(t, kpi, figure)
    if figure.value is not None:
        href = Address(choice, DETAIL, key).href
        shown[0] = html.A(words.value(t, kpi, figure), href=href, className="kpis__name")
    expected = score.expected.get(key)
    if expected is not None:
        said = t("kpis.expected", value=words.amount(t, kpi.unit, expected))
        shown.append(html.Small(said))
    look = "kpis__number"
    if mark and score.judged[key][1] == "worse":
        look += " kpis__worse"
    return html.Td([mark, " " if mark else None, *shown], className=look)


def _mark(t: Translate, score: VendorScore, key: str) -> html.Span | None:
    outside, side = score.judged.get(key, ("", ""))
    shape = SHAPES.get((outside, side))
    if shape is None or not score.enough:
        return None
    said = html.Span(t(f"kpis.judged_{side}_{LEVELS[outside]}"), className="visually-hidden")
    return html.Span([html.Span(shape, **{"aria-hidden": "true"}), said], className="kpis__judged")
