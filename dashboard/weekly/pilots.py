"""Pilots that ran in a week: as they were defined at its end, and what they had changed by then.

What was named beforehand is told, and of that the first that can be: what shows within weeks comes
before incidents. As for roles without points (pilots/outcomes.py, incidents.py), for one document
serves all; and the ratio of incidents in tenths, for a line of an archive stands beside those of
the weeks around it, and exact ratios would give back the few of a week in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dashboard.kpis.choice import start_of
from dashboard.kpis.figure import NO_DATA
from dashboard.kpis.repair import NEVER
from dashboard.pilots.evaluation import Evaluation
from dashboard.pilots.incidents import FALL, HIDDEN, NO_INCIDENTS, RISE, Crime
from dashboard.pilots.outcomes import Outcome
from dashboard.pilots.pilot import INCIDENTS, OUTCOMES, Kept, Pilot
from dashboard.stream.rollups import DAY_MS
from dashboard.weekly.summary import DIGITS, PilotLine
from dashboard.weekly.week import Week

MOST = 6
NOT_NAMED = "not_named"  # nobody said beforehand what it is to be judged by
SIDES = {FALL: "less", RISE: "more"}
RATIO_DIGITS, FEW_DIGITS = 2, 1
Fields = dict[str, Any]


def pilots_of(kept: Iterable[Kept], week: Week, at_ms: int) -> tuple[Pilot, ...]:
    """Those that had begun and not ended before the week, the newest first. at_ms: where knowledge
    of the week ends; what was defined, changed or given up later is not known then."""
    then = (one for one in (_standing(each, at_ms) for each in kept) if one is not None)
    ran = [one for one in then if start_of(one.first) < at_ms and _end_ms(one) > week.from_ms]
    return tuple(sorted(ran, key=lambda one: (one.start, one.id), reverse=True)[:MOST])


def pilot_line(pilot: Pilot, found: Evaluation, at_ms: int) -> PilotLine:
    """found: of it at_ms."""
    return PilotLine(
        pilot=pilot.id,
        name=pilot.name,
        status="ended" if _end_ms(pilot) <= at_ms else "running",
        start=pilot.start,
        end=pilot.end,
        **_told(pilot, found),
    )


def _standing(kept: Kept, at_ms: int) -> Pilot | None:
    """The version that stood; None: there was none yet, or it was given up."""
    known = [one for one in kept.versions if one.defined_ms < at_ms]
    return known[-1] if known and not known[-1].withdrawn else None


def _end_ms(pilot: Pilot) -> int:
    """Midnight after its last day."""
    return start_of(pilot.last) + DAY_MS if pilot.last is not None else NEVER


def _told(pilot: Pilot, found: Evaluation) -> Fields:
    if found.spans.why:
        return {"why": found.spans.why}
    named = [name for name in OUTCOMES if name in pilot.outcomes]
    told = [_outcome(name, found) for name in named]
    seen: Sequence[Fields] = [one for one in told if "value" in one]
    return next(iter((*seen, *told)), {"why": NOT_NAMED})


def _outcome(name: str, found: Evaluation) -> Fields:
    if name == INCIDENTS:
        return _of_crime(found.crime)
    return _of_process(next((one for one in found.process if one.key == name), None), name)


def _of_process(outcome: Outcome | None, name: str) -> Fields:
    if outcome is None or outcome.change is None:
        return {"outcome": name, "why": (outcome.why if outcome else "") or NO_DATA}
    change, unit = outcome.change, outcome.unit
    digits = RATIO_DIGITS if change.ratio else DIGITS[unit]
    figures = _rounded(change.value, change.low, change.high, digits=digits)
    return {"outcome": name, "unit": unit, "ratio": change.ratio, "side": change.side, **figures}


def _of_crime(crime: Crime | None) -> Fields:
    """why beside a figure: mixed (its two measures do not agree), cannot (too few to show it)."""
    if crime is None or crime.verdict in (HIDDEN, NO_INCIDENTS) or crime.ratio is None:
        return {"outcome": INCIDENTS, "why": crime.verdict if crime else NO_DATA}
    ratio, side = crime.ratio, SIDES.get(crime.verdict, "")
    figures = _rounded(ratio.value, ratio.low, ratio.high, digits=FEW_DIGITS)
    why = "" if side else crime.verdict
    return {"outcome": INCIDENTS, "ratio": True, "side": side, "why": why, **figures}


def _rounded(value: float, low: float, high: float, digits: int) -> Fields:
    told = {"value": value, "low": low, "high": high}
    return {name: round(x, digits) + 0.0 for name, x in told.items()}
