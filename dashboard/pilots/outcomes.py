"""What a pilot changes directly, and shows within weeks where incidents cannot: the share of lit
lamps at night, the time to repair, people on foot at night; and what devices there report.

Each before and after in the treated area and in its control: of the devices themselves (those of
its zones, on its routes, registered under its pilot ids), not of what lies within reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from dashboard.coarse import FEW
from dashboard.kpis.breakdown import VEILED
from dashboard.kpis.exposure import COUNTING, of_kinds, span_of
from dashboard.kpis.facts import COLUMN, Facts
from dashboard.kpis.figure import LOW_COVERAGE, MIN_COVERAGE, NO_DATA, TOO_FEW, Figure
from dashboard.kpis.gather import Gathered
from dashboard.kpis.groups import Dim
from dashboard.kpis.indicators import BY_KEY
from dashboard.kpis.traffic import Passages, passages
from dashboard.pilots.change import Change, of_figures, of_pieces
from dashboard.pilots.pilot import CONTROL, LIT, NIGHT, REPAIR, TREATED, Area, Pilot
from dashboard.stream.rollups import DAY_MS

ALERTS = "alerts"
KPI = {LIT: "availability_night", REPAIR: "mttr", ALERTS: "alert_rate"}
PER_NIGHT = "per_night"
TOO_SHORT = "too_short"  # for the scatter between weeks to be known


@dataclass(frozen=True, slots=True)
class Outcome:
    """figures: treated before and after, control before and after. change None: why says why
    it cannot be told (NO_DATA, TOO_FEW, TOO_SHORT, LOW_COVERAGE, HIDDEN)."""

    key: str
    unit: str
    figures: tuple[Figure, Figure, Figure, Figure]
    change: Change | None = None
    why: str = ""


def process_of(
    found: Gathered, pilot: Pilot, before: int, coarse: bool = False
) -> tuple[Outcome, ...]:
    """found: facts of the period after; its pieces are the period before, then `before` pieces
    of that one, then those of the period after."""
    facts = found.facts
    masks = _masks(facts, pilot)
    whole = [one.of(mask) for mask in masks for one in (found.pieces[0], facts)]
    split = found.pieces[1 : 1 + before], found.pieces[1 + before :]
    pieces = [[one.of(mask) for one in part] for mask in masks for part in split]
    told = (
        _by_figures(LIT, whole),
        _by_figures(REPAIR, whole),
        _at_night(whole, pieces),
        _by_figures(ALERTS, whole),
    )
    return tuple(_for_coarse(one) if coarse else one for one in told)


def group_mask(facts: Facts, area: Area) -> np.ndarray:
    """Groups of the devices of an area."""
    mask = np.zeros(len(facts.mask), bool)
    words = ((Dim.ZONE, area.zones), (Dim.ROUTE, area.routes), (Dim.PILOT, area.pilots))
    for dim, wanted in words:
        known = np.isin(facts.groups.words_of(dim), wanted)
        mask |= known[facts.groups.column(dim)[: len(mask)]]
    return mask & facts.mask


def night_traffic(facts: Facts) -> Figure:
    """People who pass counters while it is dark, per night, made up for what was not counted."""
    found = passages_at_night(facts, of_kinds(facts, COUNTING))
    nights = span_of(facts) / DAY_MS
    if found is None or nights <= 0:
        return Figure(None, why=NO_DATA)
    return Figure(found.all / nights, n=round(found.counted), coverage=found.coverage)


def passages_at_night(facts: Facts, counters: np.ndarray) -> Passages | None:
    """counters: which groups. None: nothing was counted."""
    rows = facts.sums[counters].copy()
    rows[:, COLUMN["t_in"]], rows[:, COLUMN["t_out"]] = rows[:, COLUMN["t_night"]], 0.0
    return passages(rows)


def _by_figures(key: str, whole: Sequence[Facts]) -> Outcome:
    kpi = BY_KEY[KPI[key]]
    t0, t1, c0, c1 = (kpi.value(one) for one in whole)
    figures = (t0, t1, c0, c1)
    why = next((word for one in figures if (word := _lacks(one, kpi.few))), "")
    return Outcome(key, kpi.unit, figures, None if why else of_figures(figures), why)


def _at_night(whole: Sequence[Facts], pieces: Sequence[Sequence[Facts]]) -> Outcome:
    t0, t1, c0, c1 = (night_traffic(one) for one in whole)
    figures = (t0, t1, c0, c1)
    why = next((word for one in figures if (word := _lacks(one, FEW))), "")
    change = None
    if not why:
        change = of_pieces([_counted([night_traffic(one) for one in part]) for part in pieces])
        why = "" if change else TOO_SHORT
    return Outcome(NIGHT, PER_NIGHT, figures, change, why)


def _counted(figures: Sequence[Figure]) -> list[float]:
    """Of the pieces that were counted well enough."""
    heard = [one for one in figures if one.value and (one.coverage or 0.0) >= MIN_COVERAGE]
    return [one.value for one in heard if one.value is not None]


def _lacks(figure: Figure, few: int) -> str:
    if figure.value is None:
        return figure.why or NO_DATA
    if figure.n < few:
        return TOO_FEW
    heard = figure.coverage is None or figure.coverage >= MIN_COVERAGE
    return "" if heard else LOW_COVERAGE


def _masks(facts: Facts, pilot: Pilot) -> tuple[np.ndarray, np.ndarray]:
    """A group in both is part of what was treated."""
    treated = group_mask(facts, pilot.area(TREATED))
    return treated, group_mask(facts, pilot.area(CONTROL)) & ~treated


def _for_coarse(outcome: Outcome) -> Outcome:
    """People's affairs: a figure of under five hides the whole row."""
    if outcome.key not in (NIGHT, ALERTS):
        return outcome
    if not any(0 < one.n < FEW for one in outcome.figures):
        return outcome
    return replace(outcome, figures=(VEILED,) * 4, change=None, why=VEILED.why)
