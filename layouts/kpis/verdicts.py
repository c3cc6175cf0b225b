"""What a figure means: against before, against the target. A shape and a word, never colour
alone, and no verdict where there is not enough to say one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.kpis.figure import Kpi
from dashboard.text import Translate
from layouts.kpis import words

if TYPE_CHECKING:
    from dashboard.kpis.report import Change, Row

MET, MISSED, OPEN = "met", "missed", "open"
SHAPES = {MET: "○", MISSED: "▲", OPEN: "◇"}
ARROWS = {True: "↑", False: "↓"}


def mark(row: Row) -> str:
    """ "bad": the target is missed; "careful": clearly worse than before; "" = calm."""
    if row.meets is False:
        return "bad"
    return "careful" if row.since_previous.verdict == "worse" else ""


def mark_shape(t: Translate, row: Row) -> list[Any]:
    name = mark(row)
    if not name:
        return []
    shape = html.Span("▲" if name == "bad" else "△", **{"aria-hidden": "true"})
    said = html.Span(t(f"kpis.mark_{name}"), className="visually-hidden")
    return [html.Span([shape, said], className=f"kpis__mark kpis__mark--{name}"), " "]


def change(t: Translate, kpi: Kpi, told: Change) -> html.Span | None:
    """ "↑ +0.3%p better"; None where there is nothing to compare with."""
    if told.verdict == "none":
        return None
    said = [html.Span(t(f"kpis.change_{told.verdict}"))]
    if told.verdict not in ("same", "not_enough") and told.difference:
        arrow = html.Span(ARROWS[told.difference > 0], **{"aria-hidden": "true"})
        said = [arrow, " ", step(t, kpi, told), " ", *said]
    return html.Span(said, className=f"kpis__change kpis__change--{told.verdict}")


def step(t: Translate, kpi: Kpi, told: Change) -> str:
    """The difference, and in percent where that is honest."""
    assert told.difference is not None
    said = words.difference(t, kpi.unit, told.difference)
    if told.percent is None or kpi.unit == "share":
        return said
    return f"{said} ({t('kpis.percent', n=f'{told.percent:+.0f}'.replace('-', '−'))})"


def target_state(row: Row) -> str:
    return OPEN if row.meets is None else MET if row.meets else MISSED


def target(t: Translate, row: Row) -> list[Any]:
    """The target and whether it is met: [] without one."""
    if row.target is None:
        return []
    goal = words.goal(t, row.kpi, row.target)
    if row.figure.value is None:
        return [goal, html.Small(t(f"kpis.short_{row.figure.why or 'no_data'}"))]
    state = target_state(row)
    shape = html.Span(SHAPES[state], **{"aria-hidden": "true"})
    word = html.Span([shape, " ", t(f"kpis.target_{state}")], className=f"kpis__met--{state}")
    return [goal, html.Small(word)]
