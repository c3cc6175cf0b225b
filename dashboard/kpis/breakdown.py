"""A KPI by the words of one dimension, with those that are out of the ordinary first.

A small group scatters by chance alone and so tends to be at the top of any list; what lies
outside the funnel therefore comes before what is merely far from the mean.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dashboard.coarse import FEW, hide_few
from dashboard.kpis.facts import Facts
from dashboard.kpis.figure import HIDDEN, PART_UNITS, Figure, Kpi
from dashboard.kpis.funnel import Funnel, FunnelPoint, funnel
from dashboard.kpis.groups import Dim

VEILED = Figure(None, why=HIDDEN)
_RANKS = {("99.8", "worse"): 0, ("95", "worse"): 1, ("95", "better"): 3, ("99.8", "better"): 4}
_INSIDE = 2


@dataclass(frozen=True, slots=True)
class Part:
    """hidden: too few people for this role; the figure is then empty."""

    word: str
    figure: Figure
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Breakdown:
    """parts: worst first, what there is little of after that, hidden and empty ones last."""

    dim: Dim
    parts: tuple[Part, ...]
    funnel: Funnel | None = None


def breakdown(kpi: Kpi, facts: Facts, dim: Dim, coarse: bool) -> Breakdown:
    """coarse: for a role that sees no exact points."""
    column = facts.groups.column(dim)[: len(facts.mask)]
    words = facts.groups.words_of(dim)
    figures = {
        words[code]: kpi.value(facts.of(column == code))
        for code in np.unique(column[facts.mask]).tolist()
    }
    hidden = _hidden(kpi, figures) if coarse else set()
    parts = [
        Part(word, VEILED, True)
        if word in hidden
        else Part(word, for_coarse(kpi, figure) if coarse else figure)
        for word, figure in figures.items()
    ]
    seen = [(word, figure) for word, figure in figures.items() if word not in hidden]
    found = funnel(kpi, kpi.value(facts), seen)
    points = {point.word: point for point in found.points} if found else {}
    parts.sort(key=lambda part: _order(kpi, part, points.get(part.word)))
    return Breakdown(dim, tuple(parts), found)


def for_coarse(kpi: Kpi, figure: Figure) -> Figure:
    """What a role without exact points may know of a figure by itself: nothing below five, and
    no counts beside it if any of them is below five."""
    if not kpi.people:
        return figure
    if 0 < figure.n < FEW:
        return VEILED
    counts = {name for name in figure.parts if PART_UNITS.get(name) == "count"}
    if not any(0 < figure.parts[name] < FEW for name in counts):
        return figure
    return replace(figure, parts={k: v for k, v in figure.parts.items() if k not in counts})


def _hidden(kpi: Kpi, figures: dict[str, Figure]) -> set[str]:
    if not kpi.people:
        return set()
    told = hide_few({word: figure.n for word, figure in figures.items()})
    return {word for word, n in told.items() if n is None}


def _order(kpi: Kpi, part: Part, point: FunnelPoint | None) -> tuple[int, int, float, str]:
    value = part.figure.value
    if value is None:
        return 3 if part.hidden else 2, 0, 0.0, part.word
    rank = _RANKS.get((point.outside, point.side), _INSIDE) if point else _INSIDE
    worse = value if kpi.better == "high" else -value
    return int(not kpi.enough(part.figure)), rank, worse, part.word
