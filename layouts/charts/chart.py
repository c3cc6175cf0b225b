"""What every chart is made of: points with intervals, a scale, a figure and its table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dashboard import format as words
from dashboard.kpis.figure import Unit
from dashboard.text import Translate

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
KST_MS = 9 * HOUR
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Point:
    """One estimate in time. value None = nothing can be said: a gap, never a zero.

    low, high: its interval. said: the whole in words ("98.2 % (97.0–99.1), n = 1,203"), for
    the hover and the table. mark: one of lines.MARKS, drawn as a shape of its own.
    """

    at_ms: int
    value: float | None
    low: float | None = None
    high: float | None = None
    said: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """head: a title per column; the first column of a row is what the row is about."""

    head: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Chart:
    figure: Json
    table: Table
    height_px: int = 260
    least_width_px: int = 0  # on a narrower page it is scrolled across


@dataclass(frozen=True, slots=True)
class Axis:
    """How values are read. zero: the scale begins at zero (counts; never for shares near 1)."""

    unit: Unit
    title: str = ""
    zero: bool = False

    def scale(self, values: Iterable[float | None]) -> tuple[float, str]:
        """(divisor, text key suffix of the unit): durations in what their largest calls for."""
        if self.unit != "ms":
            return 1.0, self.unit
        largest = max((abs(v) for v in values if v is not None), default=0.0)
        for divisor, word in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
            if largest >= 2 * divisor:
                return float(divisor), word
        return 1_000.0, "seconds"

    def layout(self, t: Translate, word: str) -> Json:
        """Of a plotly axis in this unit."""
        looks: Json = {"rangemode": "tozero" if self.zero else "normal"}
        if self.unit == "share":
            looks |= {"tickformat": ".2~%", "autorangeoptions": {"clipmin": 0, "clipmax": 1}}
        elif self.unit == "ms":
            looks |= {"ticksuffix": t(f"charts.suffix_{word}")}
        if self.title:
            looks["title"] = {"text": self.title}
        return looks


def shown_ms(at_ms: int) -> int:
    """Plotly reads numbers of a date axis as UTC: so much later it shows Korean time."""
    return at_ms + KST_MS


def scaled(values: Iterable[float | None], divisor: float) -> list[float | None]:
    """Six significant digits are more than a chart can show, and half the size."""
    return [None if v is None else float(f"{v / divisor:.6g}") for v in values]


def told(t: Translate, axis: Axis, point: Point) -> str:
    if point.said:
        return point.said
    return t("charts.nothing") if point.value is None else brief(t, axis.unit, point.value)


def brief(t: Translate, unit: Unit, value: float) -> str:
    """A value by itself, for where nobody gave the words."""
    if unit == "share":
        return f"{100 * value:.1f}%".replace(".0%", "%")
    if unit == "ms":
        return words.span(round(value), t)
    return f"{value:,.0f}" if unit == "count" or abs(value) >= 100 else f"{value:.3g}"


def moment(at_ms: int) -> str:
    """A KST day as 2026-11-03; with the hour where it does not begin a day."""
    at = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(words.KST)
    return at.strftime("%Y-%m-%d" if at.hour == at.minute == 0 else "%Y-%m-%d %H:%M")
