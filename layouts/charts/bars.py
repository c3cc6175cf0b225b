"""One row per group: its value and interval, worst first as given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.text import Translate
from layouts.charts.chart import Axis, Chart, Json, Table, brief, scaled

ROW_PX, FRAME_PX = 26, 62
SYMBOLS = {"": "circle", "better": "triangle-up", "worse": "triangle-down"}
COLOURS = {"": "--chart-line", "better": "--well", "worse": "--bad"}


@dataclass(frozen=True, slots=True)
class Bar:
    """value None: nothing can be said, `said` tells why.

    hidden: too few for this role; its figures are neither drawn nor told, whatever is given.
    mark: clearly better or worse than the whole.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    said: str = ""
    hidden: bool = False
    mark: Literal["", "better", "worse"] = ""


def bar_chart(
    t: Translate, axis: Axis, bars: Sequence[Bar], target: float | None = None, about: str = ""
) -> Chart:
    """about: what a bar is (the table's first column). An axis from zero draws bars, any other
    draws points: a bar that does not begin at zero would lie about proportions."""
    shown = [_hide(t, bar) for bar in bars]
    values = [v for bar in shown for v in (bar.value, bar.low, bar.high)]
    divisor, word = axis.scale([*values, target])
    figure: Json = {
        "data": [_trace(t, axis, shown, divisor)],
        "layout": {
            "xaxis": axis.layout(t, word),
            "yaxis": {
                "type": "category", "autorange": "reversed", "automargin": True,
                "showgrid": False, "tickmode": "array",
                "tickvals": [*range(len(shown))], "ticktext": [bar.label for bar in shown],
            },
            "hovermode": "closest",
        },
    }  # fmt: skip
    notes = [_note(bar, row) for row, bar in enumerate(shown) if bar.value is None]
    figure["layout"]["annotations"] = notes
    if target is not None:
        _draw_target(t, axis, figure, target, divisor)
    table = Table(
        [about or t("charts.group"), axis.title or t("charts.value")],
        [[bar.label, bar.said or _brief(t, axis, bar)] for bar in shown],
    )
    return Chart(figure, table, FRAME_PX + ROW_PX * max(1, len(shown)))


def _hide(t: Translate, bar: Bar) -> Bar:
    return Bar(bar.label, None, said=t("charts.hidden")) if bar.hidden else bar


def _brief(t: Translate, axis: Axis, bar: Bar) -> str:
    return "–" if bar.value is None else brief(t, axis.unit, bar.value)


def _trace(t: Translate, axis: Axis, bars: Sequence[Bar], divisor: float) -> Json:
    colours = [COLOURS[bar.mark] for bar in bars]
    looks: Json = {"type": "bar", "orientation": "h", "width": 0.62, "marker": {"color": [
        "--chart-bar" if not bar.mark else COLOURS[bar.mark] for bar in bars]}}  # fmt: skip
    if not axis.zero:
        symbols = [SYMBOLS[bar.mark] for bar in bars]
        marker = {"color": colours, "symbol": symbols, "size": 10, "opacity": 1}
        looks = {"type": "scatter", "mode": "markers", "marker": marker}
    return {
        **looks,
        "y": [*range(len(bars))],
        "x": scaled((bar.value for bar in bars), divisor),
        "error_x": _interval(bars, divisor, points=not axis.zero),
        "customdata": [f"{bar.label}<br>{bar.said or _brief(t, axis, bar)}" for bar in bars],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _interval(bars: Sequence[Bar], divisor: float, points: bool) -> Json:
    def reach(bar: Bar, end: float | None) -> float:
        return 0.0 if bar.value is None or end is None else abs(end - bar.value)

    return {
        "type": "data",
        "array": scaled((reach(bar, bar.high) for bar in bars), divisor),
        "arrayminus": scaled((reach(bar, bar.low) for bar in bars), divisor),
        "color": "--chart-interval" if points else "--chart-line",
        "thickness": 2 if points else 1.5,
        "width": 0,
    }


def _draw_target(t: Translate, axis: Axis, figure: Json, target: float, divisor: float) -> None:
    [at] = scaled([target], divisor)
    line = {"color": "--chart-target", "width": 1.5, "dash": "dash"}
    figure["layout"]["shapes"] = [
        {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": at, "x1": at, "line": line}
    ]
    figure["layout"]["annotations"].append(
        {
            "text": t("charts.target", value=brief(t, axis.unit, target)), "yref": "paper",
            "x": at, "y": 1, "yanchor": "bottom", "showarrow": False,
            "font": {"color": "--chart-target"},
        }
    )  # fmt: skip


def _note(bar: Bar, row: int) -> Json:
    return {
        "text": bar.said, "xref": "paper", "x": 0, "y": row, "xanchor": "left", "xshift": 6,
        "showarrow": False, "font": {"color": "--text-3"},
    }  # fmt: skip
