"""A row's 52 weeks as a line on the page, the usual range behind it: markup, so that it prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dashboard.text import Translate
from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.summary import Row
from dashboard.weekly.week import WEEKS
from layouts.markup import Tag
from layouts.weekly import words

WIDTH, HEIGHT = 210, 38  # of the picture's own units
EDGE = 5  # room for the last dot
Values = Sequence[float | None]
Scale = Callable[[float], float]


def spark(t: Translate, row: Row) -> Tag | str:
    """A dash where there are not two weeks to join."""
    known = [value for value in row.line if value is not None]
    if len(known) < 2:
        return words.NOTHING
    usual, last = row.usual, row.line[-1]
    band = [value for value in (usual.low, usual.high) if value is not None]
    y = _scale([*known, *band])
    inside: list[Tag] = []
    if len(band) == 2:
        top, bottom = y(band[1]), y(band[0])
        height = f"{max(1.0, bottom - top):.1f}"
        inside.append(_shape("band", "rect", x=0, y=f"{top:.1f}", width=WIDTH, height=height))
    inside.append(_shape("path", "path", d=_path(row.line, y)))
    inside += [_dot("point", at, y(value), 1.4) for at, value in _alone(row.line)]
    if last is not None:
        inside.append(_dot("last", WEEKS - 1, y(last), 3.6))
    told = {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "role": "img", "class": "weekly__spark"}
    return Tag("svg", {**told, "aria-label": _label(t, row, known)}, inside)


def _label(t: Translate, row: Row, known: Sequence[float]) -> str:
    unit = BY_KEY[row.key].unit
    low, high, first, last = (
        words.amount(t, unit, value) for value in (min(known), max(known), known[0], known[-1])
    )
    said = t("weekly_page.line_says", n=len(known), low=low, high=high, first=first, last=last)
    if row.usual.low is None:
        return said
    return f"{said} {t('weekly_page.line_usual', usual=words.usual(t, row.usual, unit))}"


def _scale(values: Sequence[float]) -> Scale:
    """From values to the picture; a flat line runs through its middle."""
    low, reach = min(values), max(values) - min(values)
    room = HEIGHT - 2 * EDGE
    return lambda value: HEIGHT - EDGE - (value - low) / reach * room if reach else HEIGHT / 2


def _x(at: int) -> float:
    return EDGE + at * (WIDTH - 2 * EDGE) / (WEEKS - 1)


def _path(values: Values, y: Scale) -> str:
    said = []
    for at, value in enumerate(values):
        if value is not None:
            joined = at > 0 and values[at - 1] is not None
            said.append(f"{'L' if joined else 'M'}{_x(at):.1f},{y(value):.1f}")
    return " ".join(said)


def _alone(values: Values) -> list[tuple[int, float]]:
    """Weeks between gaps: a line cannot show them."""
    around = (None, *values, None)
    return [
        (at, value)
        for at, value in enumerate(values)
        if value is not None and around[at] is None and around[at + 2] is None
    ]


def _dot(name: str, at: int, y: float, r: float) -> Tag:
    return _shape(name, "circle", cx=f"{_x(at):.1f}", cy=f"{y:.1f}", r=r)


def _shape(name: str, tag: str, **told: object) -> Tag:
    return Tag(tag, {"class": f"weekly__spark-{name}", **told})
