"""A line in time, with the interval of each point, what is usual, and the target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.text import Translate
from layouts.charts.chart import (
    Axis,
    Chart,
    Json,
    Point,
    Table,
    brief,
    moment,
    scaled,
    shown_ms,
    told,
)

Role = Literal["main", "before", "year"]
DASHES: dict[str, str] = {"main": "solid", "before": "dash", "year": "dot"}
MARKERS_UP_TO = 60  # points; more are a line only
UP, DOWN, OPEN = "up", "down", "open"
MARKS = {UP: "triangle-up", DOWN: "triangle-down", OPEN: "circle-open"}
Run = list[tuple[int, float, float]]  # shown ms, low, high


@dataclass(frozen=True, slots=True)
class Line:
    """role: main (the period asked for), before (the one before it) or year (a year ago).

    Points of the other two are given at the times of the main one that they stand beside.
    """

    name: str
    points: Sequence[Point]
    role: Role = "main"


def line_chart(
    t: Translate,
    axis: Axis,
    lines: Sequence[Line],
    usual: Sequence[Point] = (),
    target: float | None = None,
) -> Chart:
    """usual: points whose low and high are the usual range; their value is not drawn."""
    everything = [*(p for line in lines for p in line.points), *usual]
    divisor, word = axis.scale([v for p in everything for v in (p.value, p.low, p.high)] + [target])
    traces = [band(usual, divisor, t("charts.usual"), "--chart-usual")] if usual else []
    for line in lines:
        if line.role == "main" and any(p.low is not None for p in line.points):
            traces.append(band(line.points, divisor, t("charts.interval"), "--chart-band"))
        traces.append(trace(t, axis, line, divisor))
    figure: Json = {
        "data": traces,
        "layout": {
            "xaxis": time_axis(t),
            "yaxis": axis.layout(t, word),
            "hovermode": "x unified",
            "showlegend": len(traces) > 1,
        },
    }
    if target is not None:
        draw_target(t, axis, figure, target, divisor)
    return Chart(figure, _table(t, axis, lines))


def trace(t: Translate, axis: Axis, line: Line, divisor: float) -> Json:
    few = len(line.points) <= MARKERS_UP_TO
    main = line.role == "main"
    colour = "--chart-line" if main else "--chart-before"
    return {
        "type": "scatter",
        "mode": "lines+markers" if few and main else "lines",
        "name": line.name,
        "x": [shown_ms(p.at_ms) for p in line.points],
        "y": scaled((p.value for p in line.points), divisor),
        "customdata": [told(t, axis, p) for p in line.points],
        "hovertemplate": "%{customdata}<extra>%{fullData.name}</extra>",
        "line": {"color": colour, "width": 2 if main else 1.5, "dash": DASHES[line.role]},
        "marker": {"color": colour, **_shapes(line.points)},
    }


def _shapes(points: Sequence[Point]) -> Json:
    if not any(p.mark for p in points):
        return {"size": 5}
    return {
        "symbol": [MARKS.get(p.mark, "circle") for p in points],
        "size": [11 if p.mark in (UP, DOWN) else 8 if p.mark else 5 for p in points],
    }


def band(points: Sequence[Point], divisor: float, name: str, colour: str) -> Json:
    """low to high as one shape for each stretch in which both are known."""
    xs: list[int | None] = []
    ys: list[float | None] = []
    for run in _runs(points):
        there, back = run, run[::-1]
        xs += [*(at for at, _, _ in there), *(at for at, _, _ in back), None]
        ys += [*scaled((high for _, _, high in there), divisor)]
        ys += [*scaled((low for _, low, _ in back), divisor), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": xs,
        "y": ys,
        "fill": "toself",
        "fillcolor": colour,
        "line": {"color": colour, "width": 1},
        "hoverinfo": "skip",
    }


def _runs(points: Iterable[Point]) -> list[Run]:
    runs: list[Run] = [[]]
    for point in points:
        if point.low is None or point.high is None:
            runs.append([])
        else:
            runs[-1].append((shown_ms(point.at_ms), point.low, point.high))
    return [run for run in runs if run]


def time_axis(t: Translate) -> Json:
    return {
        "type": "date",
        "hoverformat": t("charts.hover_day"),
        "tickformatstops": [
            {"dtickrange": [None, 43_200_000], "value": t("charts.tick_hour")},
            {"dtickrange": [43_200_001, 2_000_000_000], "value": t("charts.tick_day")},
            {"dtickrange": ["M1", None], "value": t("charts.tick_month")},
        ],
    }


def draw_target(t: Translate, axis: Axis, figure: Json, target: float, divisor: float) -> None:
    """Across the whole width, with its name at the right end."""
    [at] = scaled([target], divisor)
    figure["layout"]["shapes"] = [
        {
            "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at,
            "line": {"color": "--chart-target", "width": 1.5, "dash": "dash"},
        }
    ]  # fmt: skip
    figure["layout"]["annotations"] = [
        {
            "text": t("charts.target", value=brief(t, axis.unit, target)), "xref": "paper",
            "x": 1, "y": at, "xanchor": "right", "yanchor": "bottom", "showarrow": False,
            "font": {"color": "--chart-target"}, "bgcolor": "--veil", "borderpad": 1,
        }
    ]  # fmt: skip


def _table(t: Translate, axis: Axis, lines: Sequence[Line]) -> Table:
    by_line = [{p.at_ms: told(t, axis, p) for p in line.points} for line in lines]
    times = sorted({at for line in by_line for at in line})
    rows = [[moment(at), *(line.get(at, "–") for line in by_line)] for at in times]
    return Table([t("charts.from"), *(line.name for line in lines)], rows)
