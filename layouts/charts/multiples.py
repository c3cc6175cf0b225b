"""Small multiples: the same measure for many groups, on one scale, so that shapes compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.text import Translate
from layouts.charts.chart import Axis, Chart, Json, Point, Table, moment, told
from layouts.charts.lines import Line, band, time_axis, trace

PANEL_PX, FRAME_PX, PANEL_WIDTH_PX = 118, 44, 150
GAP = 0.04  # between columns, share of the width


@dataclass(frozen=True, slots=True)
class Panel:
    name: str
    points: Sequence[Point]


def multiples(
    t: Translate, axis: Axis, panels: Sequence[Panel], columns: int = 4, about: str = ""
) -> Chart:
    """about: what a panel is (the table's first column)."""
    columns = max(1, min(columns, len(panels)))
    rows = max(1, -(-len(panels) // columns))
    points = [p for panel in panels for p in panel.points]
    divisor, word = axis.scale([v for p in points for v in (p.value, p.low, p.high)])
    data: list[Json] = []
    layout: Json = {"showlegend": False, "hovermode": "x unified", "annotations": []}
    for n, panel in enumerate(panels):
        row, column = divmod(n, columns)
        of = str(n + 1) if n else ""
        across, down = _domain(column, columns, GAP), _domain(rows - 1 - row, rows, 0.3 / rows)
        ends = {"showticklabels": n + columns >= len(panels), **({"matches": "x"} if n else {})}
        layout[f"xaxis{of}"] = time_axis(t) | _place(across, f"y{of}") | ends
        sides = {"showticklabels": not column, "title": {}, **({"matches": "y"} if n else {})}
        layout[f"yaxis{of}"] = axis.layout(t, word) | _place(down, f"x{of}") | sides
        layout["annotations"].append(_title(panel.name, across, down))
        on = {"xaxis": f"x{of}", "yaxis": f"y{of}"}
        data += [one | on for one in _traces(t, axis, panel, divisor)]
    table = _table(t, axis, panels, about or t("charts.group"))
    width = PANEL_WIDTH_PX * columns
    return Chart({"data": data, "layout": layout}, table, FRAME_PX + rows * PANEL_PX, width)


def _place(domain: list[float], anchor: str) -> Json:
    return {"domain": domain, "anchor": anchor, "nticks": 4}


def _traces(t: Translate, axis: Axis, panel: Panel, divisor: float) -> list[Json]:
    line = trace(t, axis, Line(panel.name, panel.points), divisor)
    line |= {"mode": "lines", "line": line["line"] | {"width": 1.5}}
    if all(p.low is None for p in panel.points):
        return [line]
    return [band(panel.points, divisor, panel.name, "--chart-band"), line]


def _domain(at: int, of: int, gap: float) -> list[float]:
    size = (1 - gap * (of - 1)) / of
    return [round(at * (size + gap), 4), round(at * (size + gap) + size, 4)]


def _title(name: str, across: list[float], down: list[float]) -> Json:
    return {
        "text": name, "xref": "paper", "yref": "paper", "x": across[0], "y": down[1],
        "xanchor": "left", "yanchor": "bottom", "showarrow": False,
    }  # fmt: skip


def _table(t: Translate, axis: Axis, panels: Sequence[Panel], about: str) -> Table:
    times = sorted({p.at_ms for panel in panels for p in panel.points})
    rows = []
    for panel in panels:
        by_time = {p.at_ms: told(t, axis, p) for p in panel.points}
        rows.append([panel.name, *(by_time.get(at, "–") for at in times)])
    return Table([about, *(moment(at) for at in times)], rows)
