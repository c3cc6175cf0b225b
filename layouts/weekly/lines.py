"""Small charts drawn by ourselves, as SVG: 52 weeks of a row, and the range that is usual.

    svg(row, ink, Frame(82, 24))

Measures are points of print, or pixels; colours are given, so that paper and screen each have
their own. A week of which nothing is known is a gap, and one between two gaps a dot. The dot of
this week is hollow while the week runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, floor, log10

from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.summary import Row, Usual
from dashboard.weekly.usual import RUNNING

SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS = 1_000, 60_000, 3_600_000, 86_400_000
STEPS_MS = tuple(
    n * unit
    for unit, steps in (
        (SECOND_MS, (1, 2, 5, 10, 20, 30)),
        (MINUTE_MS, (1, 2, 5, 10, 20, 30)),
        (HOUR_MS, (1, 2, 6, 12)),
        (DAY_MS, (1, 2, 5, 10, 20, 50, 100)),
    )
    for n in steps
)
MOST_TICKS = 4
LEAST_SHARE, LEAST_PART = 0.004, 0.05  # that a chart is high: of shares, and of all else
LEAST_STEP = {"share": 0.001, "ms": 1_000.0}
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours, as SVG understands them. dots: by tone of the row."""

    line: str
    band: str
    grid: str
    target: str
    paper: str
    dots: dict[str, str]


@dataclass(frozen=True, slots=True)
class Frame:
    """radius of the dot that is this week; stroke of the line. large: with the target, where it
    lies within what is drawn."""

    width: float
    height: float
    radius: float = 1.6
    stroke: float = 0.75
    large: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    low: float
    high: float
    frame: Frame
    weeks: int

    def x(self, at: int) -> float:
        edge = self.frame.radius + 1
        return edge + at * (self.frame.width - 2 * edge) / max(1, self.weeks - 1)

    def y(self, value: float) -> float:
        edge = self.frame.radius + 1
        share = (value - self.low) / (self.high - self.low)
        return self.frame.height - edge - share * (self.frame.height - 2 * edge)


def svg(row: Row, ink: Ink, frame: Frame) -> str:
    scale = scale_of(row, frame)
    shapes = [*_ground(row, ink, scale), *_line(row, ink, scale)]
    size = f'width="{frame.width:g}" height="{frame.height:g}"'
    box = f'viewBox="0 0 {frame.width:g} {frame.height:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box}>{"".join(shapes)}</svg>'


def tone(usual: Usual) -> str:
    """ "" as usual, better, or how far out: out, far. What is good news does not alarm."""
    return "better" if usual.side == "better" else usual.mark


def ticks(row: Row, frame: Frame) -> list[tuple[float, float]]:
    """(value, share of the height from the top): round values, the lowest first."""
    if not _seen(row):
        return []
    scale = scale_of(row, frame)
    return [(value, scale.y(value) / frame.height) for value in _round(row, scale)]


def _round(row: Row, scale: Scale) -> list[float]:
    step = _step(scale.high - scale.low, BY_KEY[row.key].unit)
    first = ceil(scale.low / step - 1e-9)
    return [n * step for n in range(first, floor(scale.high / step + 1e-9) + 1)]


def scale_of(row: Row, frame: Frame) -> Scale:
    """From the least to the greatest that is drawn; a line with hardly a difference runs in the
    middle. No figure is below nothing, and no share above all."""
    seen = _seen(row) or [0.0]
    seen += [x for x in (row.usual.low, row.usual.high) if x is not None]
    low, high = min(seen), max(seen)
    share = BY_KEY[row.key].unit == "share"
    least = LEAST_SHARE if share else max(abs(high) * LEAST_PART, 1e-9)
    spare = max(0.0, least - (high - low)) / 2
    top = high + spare
    return Scale(max(0.0, low - spare), min(1.0, top) if share else top, frame, len(row.line))


def _seen(row: Row) -> list[float]:
    return [value for value in row.line if value is not None]


def _ground(row: Row, ink: Ink, scale: Scale) -> Iterator[str]:
    frame, usual = scale.frame, row.usual
    if usual.low is not None and usual.high is not None:
        top, foot = scale.y(usual.high), scale.y(usual.low)
        tall = max(foot - top, frame.stroke)
        yield (
            f'<rect x="0" y="{top:.2f}" width="{frame.width:g}" height="{tall:.2f}"'
            f' fill="{ink.band}"/>'
        )
    if frame.large:
        yield from (_across(scale, value, ink.grid) for value in _round(row, scale))
        if row.target is not None and scale.low <= row.target <= scale.high:
            yield _across(scale, row.target, ink.target, ' stroke-dasharray="3 2"')


def _across(scale: Scale, value: float, colour: str, dashes: str = "") -> str:
    y, width = scale.y(value), scale.frame.width
    return f'<path d="M0 {y:.2f}H{width:g}" stroke="{colour}" stroke-width="0.5"{dashes}/>'


def _line(row: Row, ink: Ink, scale: Scale) -> Iterator[str]:
    runs = list(_runs(row.line, scale))
    path = "".join(_path(run) for run in runs if len(run) > 1)
    if path:
        yield (
            f'<path d="{path}" fill="none" stroke="{ink.line}"'
            f' stroke-width="{scale.frame.stroke:g}" stroke-linejoin="round"/>'
        )
    lonely = [run[0] for run in runs if len(run) == 1]
    yield from (_dot(point, scale.frame.stroke, ink.line) for point in lonely)
    if row.line and row.line[-1] is not None:
        last = scale.x(len(row.line) - 1), scale.y(row.line[-1])
        hollow = row.usual.why == RUNNING
        yield _dot(last, scale.frame.radius, ink.dots[tone(row.usual)], ink.paper if hollow else "")


def _runs(line: Sequence[float | None], scale: Scale) -> Iterator[list[Point]]:
    """Weeks without a gap between them."""
    for known, found in groupby(enumerate(line), key=lambda one: one[1] is not None):
        if known:
            yield [(scale.x(at), scale.y(value)) for at, value in found if value is not None]


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)


def _dot(point: Point, radius: float, colour: str, inside: str = "") -> str:
    """inside: its ground, where only its edge is coloured."""
    look = f'fill="{inside}" stroke="{colour}" stroke-width="0.8"' if inside else f'fill="{colour}"'
    return f'<circle cx="{point[0]:.2f}" cy="{point[1]:.2f}" r="{radius:g}" {look}/>'


def _step(reach: float, unit: str) -> float:
    """The least round one that leaves few lines."""
    least = max(reach / MOST_TICKS, LEAST_STEP.get(unit, 1.0))
    if unit == "ms":
        return next((step for step in STEPS_MS if step >= least), STEPS_MS[-1] * 10.0)
    power = 10.0 ** floor(log10(least))
    return next(n * power for n in (1, 2, 5, 10) if n * power >= least * (1 - 1e-9))
