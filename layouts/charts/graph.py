"""Puts a chart on a page: the drawing, and the same in a table that opens below it."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard.text import Translate
from layouts.charts.chart import Chart, Json, Table


def graph(t: Translate, id_: str, chart: Chart, label: str, revision: str = "") -> html.Figure:
    """label: what the chart shows, in words, for those who do not see it.

    revision: what the chart is about (the address's query). While it stays the same, zoom and
    hidden lines stay as the reader left them, whatever the new figures are.
    """
    figure = {**chart.figure, "layout": {**chart.figure["layout"], "uirevision": revision or id_}}
    return html.Figure(
        [
            html.Div(_plot(t, id_, chart, figure), className="chart__across"),
            table_below(t, chart.table, label),
        ],
        className="chart",
        **{"aria-label": label},
    )


def _plot(t: Translate, id_: str, chart: Chart, figure: Json) -> dcc.Graph:
    return dcc.Graph(
        id=id_,
        figure=figure,
        config=config(t),
        responsive=True,
        className="chart__plot",
        style={"height": f"{chart.height_px}px", "minWidth": f"{chart.least_width_px}px"},
    )


def config(t: Translate) -> Json:
    """Nothing is ever sent anywhere; the picture to download is an SVG, which needs no image
    of a blob: that the policy of our pages (callbacks/web/headers.py) forbids."""
    buttons = {"Download plot": t("charts.download"), "Reset axes": t("charts.reset")}
    return {
        "plotlyServerURL": "",
        "displaylogo": False,
        "modeBarButtons": [["toImage", "resetScale2d"]],
        "modeBarButtonsToRemove": ["sendChartToCloud"],
        "toImageButtonOptions": {"format": "svg", "filename": t("charts.file")},
        "locale": t("charts.locale"),
        "locales": {t("charts.locale"): {"dictionary": buttons}},
        "scrollZoom": False,
        "doubleClick": "reset",
    }


def table_below(t: Translate, table: Table, label: str) -> html.Details:
    head = html.Tr([html.Th(words, scope="col") for words in table.head])
    rows = [html.Tr(_cells(row)) for row in table.rows]
    shown = html.Table(
        [html.Caption(label, className="visually-hidden"), html.Thead(head), html.Tbody(rows)],
        className="table chart__table",
    )
    scroller = html.Div(
        shown, className="chart__scroll", tabIndex="0", role="region", **{"aria-label": label}
    )
    return html.Details([html.Summary(t("charts.as_table")), scroller], className="chart__details")


def _cells(row: Any) -> list[Any]:
    first, *rest = row
    return [html.Th(first, scope="row"), *(html.Td(value) for value in rest)]
