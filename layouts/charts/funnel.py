"""A funnel plot: groups by how much is known of them, and what chance alone would do.

A small group scatters widely by chance; only what lies outside the funnel is called different.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.text import Translate
from layouts.charts.chart import Axis, Chart, Json, Table, brief, scaled

Outside = Literal["", "95", "99.8"]
LIMITS: tuple[tuple[str, str], ...] = (("95", "dash"), ("99.8", "solid"))
SYMBOLS = {"": "circle-open", "95": "diamond", "99.8": "square"}
SIZES = {"": 8, "95": 9, "99.8": 11}


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """A group. exposure: what its chance depends on (device-days, alerts with a verdict).

    limits_95, limits_998: (low, high) around the whole's value at this exposure.
    side: on which side it is outside; said: its value in words, as in the table.
    """

    label: str
    exposure: float
    value: float
    limits_95: tuple[float, float]
    limits_998: tuple[float, float]
    outside: Outside = ""
    side: Literal["", "better", "worse"] = ""
    said: str = ""


def funnel_chart(
    t: Translate, axis: Axis, points: Sequence[FunnelPoint], overall: float, exposure_title: str
) -> Chart:
    """Points within the funnel have no label of their own: their differences may be chance."""
    ordered = sorted(points, key=lambda point: point.exposure)
    values = [v for p in ordered for v in (p.value, *p.limits_998)]
    divisor, word = axis.scale([*values, overall])
    [middle] = scaled([overall], divisor)
    figure: Json = {
        "data": [*_limits(t, ordered, divisor), _groups(t, axis, ordered, divisor, overall)],
        "layout": {
            "xaxis": {"title": {"text": exposure_title}, "rangemode": "tozero"},
            "yaxis": axis.layout(t, word),
            "hovermode": "closest",
            "showlegend": True,
            "shapes": [
                {
                    "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": middle, "y1": middle,
                    "line": {"color": "--chart-target", "width": 1},
                }
            ],
        },
    }  # fmt: skip
    return Chart(figure, _table(t, axis, points, exposure_title), 340)


def _limits(t: Translate, points: Sequence[FunnelPoint], divisor: float) -> list[Json]:
    """A curve below and above for either level; only one of the two is in the legend."""
    exposures = [round(point.exposure, 2) for point in points]
    traces = []
    for level, dash in LIMITS:
        for end in (0, 1):
            ends = [(p.limits_95 if level == "95" else p.limits_998)[end] for p in points]
            traces.append(
                {
                    "type": "scatter", "mode": "lines", "x": exposures,
                    "y": scaled(ends, divisor), "name": t("charts.limits", level=level),
                    "showlegend": end == 0, "hoverinfo": "skip", "legendgroup": level,
                    "line": {"color": "--chart-limit", "width": 1, "dash": dash},
                }
            )  # fmt: skip
    return traces


def _groups(
    t: Translate, axis: Axis, points: Sequence[FunnelPoint], divisor: float, overall: float
) -> Json:
    colours = {"": "--chart-line", "better": "--well", "worse": "--bad"}
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": t("charts.groups"),
        "showlegend": False,
        "x": [round(point.exposure, 2) for point in points],
        "y": scaled((point.value for point in points), divisor),
        "text": [point.label if point.outside else "" for point in points],
        "textposition": ["top center" if p.value >= overall else "bottom center" for p in points],
        "cliponaxis": False,
        "customdata": [f"{p.label}<br>{_said(t, axis, p)}" for p in points],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {
            "color": [colours[point.side if point.outside else ""] for point in points],
            "symbol": [SYMBOLS[point.outside] for point in points],
            "size": [SIZES[point.outside] for point in points],
            "opacity": 1,
            "line": {"width": 0},
        },
    }


def _said(t: Translate, axis: Axis, point: FunnelPoint) -> str:
    return point.said or brief(t, axis.unit, point.value)


def _table(t: Translate, axis: Axis, points: Sequence[FunnelPoint], exposure_title: str) -> Table:
    head = [t("charts.group"), axis.title or t("charts.value"), exposure_title,
            t("charts.outside")]  # fmt: skip
    rows = [[p.label, _said(t, axis, p), f"{p.exposure:,.0f}", _outside(t, p)] for p in points]
    return Table(head, rows)


def _outside(t: Translate, point: FunnelPoint) -> str:
    if not point.outside:
        return t("charts.inside")
    return t(f"charts.outside_{point.side or 'other'}", level=point.outside)
