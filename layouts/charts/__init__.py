"""Charts: the one door through which anything of plotly gets onto a page.

    chart = charts.line_chart(t, charts.Axis("share"), [charts.Line(name, points)])
    charts.graph(t, ids.Kpis.CHART, chart, label="Availability, week by week", revision=query)

Builders are pure: rows in, Chart out. A chart is its figure (plain JSON, as small as it can be)
and the table that says the same in words; `graph` puts both on the page. Colours in a figure
are names of tokens ("--chart-line"): assets/js/charts.js puts in what the reader's theme makes
of them, and everything else that all charts share. Times are UTC epoch ms, shown as KST.
"""

from __future__ import annotations

from layouts.charts.bars import Bar, bar_chart
from layouts.charts.chart import Axis, Chart, Point, Table
from layouts.charts.funnel import FunnelPoint, funnel_chart
from layouts.charts.graph import graph
from layouts.charts.lines import Line, line_chart
from layouts.charts.multiples import Panel, multiples

__all__ = [
    "Axis",
    "Bar",
    "Chart",
    "FunnelPoint",
    "Line",
    "Panel",
    "Point",
    "Table",
    "bar_chart",
    "funnel_chart",
    "graph",
    "line_chart",
    "multiples",
]
