"""Repair: time to restore, contracts kept, what is open, what fails again, inspections.

Everything is told as of the end of the period: what happened after it is not known yet, so that
a period's figure stays what it was.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dashboard.kpis.estimates import NOTHING, mean_of, poisson_limits, share
from dashboard.kpis.exposure import coverage, span_of
from dashboard.kpis.facts import CAUSES, NONE, Facts, Table
from dashboard.kpis.figure import NO_DATA, TOO_FEW, Figure
from dashboard.stream.rollups import DAY_MS

WEEK_MS = 7 * DAY_MS
INSPECTION = CAUSES.index("inspection")
NEVER = np.iinfo(np.int64).max
AGE_BANDS = (0, 4, 8, 15, 31)  # days from which each begins
SOON_MS = 30 * DAY_MS

Moments = NDArray[np.int64]
Mask = NDArray[np.bool_]


def mttr(facts: Facts) -> Figure:
    """Mean of restored - down, of repairs restored in the period."""
    rounds, failures = facts.rounds, _failures(facts.rounds)
    restored = np.flatnonzero(failures & _within(rounds["restored"], facts))
    up_ms = rounds["restored"][restored]
    took = np.maximum(up_ms - rounds["down"][restored], 0).astype(np.float64)
    reported = _known(rounds["repaired"][restored]) <= up_ms
    parts = {
        "open": float((failures & (ended(rounds) >= facts.end_ms)).sum()),
        "reported": float(reported.sum()),
        "by_itself": float((~reported).sum()),
    }
    if len(took):
        parts |= {"median": float(np.median(took)), "p90": float(np.quantile(took, 0.9))}
    return replace(mean_of(took), coverage=coverage(facts), parts=parts)


def sla(facts: Facts) -> Figure:
    """Met / (met + missed), each where its fate is sealed: when it is done or falls due."""
    rounds = facts.rounds
    due, restored = rounds["due"], _known(rounds["restored"])
    contract = due != NONE
    ours = contract & ~rounds["excluded"]
    done = np.minimum(_known(rounds["repaired"]), restored)
    met, sealed = done <= due, np.minimum(done, due)
    counted = ours & _within(sealed, facts) & (_known(rounds["cancelled"]) > sealed)
    overdue = ours & (due < facts.end_ms) & (np.minimum(done, ended(rounds)) >= facts.end_ms)
    figure = share(int((counted & met).sum()), int(counted.sum()))
    parts = {
        "met": float((counted & met).sum()),
        "missed": float((counted & ~met).sum()),
        "overdue": float(overdue.sum()),
        "unproved": float((counted & met & (restored >= facts.end_ms)).sum()),
        "excluded": float((contract & rounds["excluded"] & _within(due, facts)).sum()),
    }
    return replace(figure, coverage=coverage(facts), parts=parts)


def backlog(facts: Facts) -> Figure:
    """Rounds open at the end of the period, by age; how many of them failed again."""
    if span_of(facts) <= 0:
        return NOTHING
    still = facts.rounds[is_open(facts)]
    ages = facts.end_ms - still["opened"]
    bands = np.searchsorted(AGE_BANDS, ages // DAY_MS, side="right") - 1
    counts = np.bincount(bands, minlength=len(AGE_BANDS))
    parts = {f"band_{days}": float(n) for days, n in zip(AGE_BANDS, counts, strict=True)}
    parts["reopened"] = float((still["no"] > 0).sum())
    if len(ages):
        parts["oldest_ms"] = float(ages.max())
    return Figure(float(len(ages)), n=len(ages), coverage=coverage(facts), parts=parts)


def backlog_weeks(facts: Facts) -> Figure:
    """Open / closed per week; with none closed, at least open / the Poisson limit of none."""
    weeks = span_of(facts) / WEEK_MS
    if weeks < 1:
        return Figure(None, why=TOO_FEW)
    still, closed = int(is_open(facts).sum()), int(_within(ended(facts.rounds), facts).sum())
    parts = {"open": float(still), "closed_per_week": closed / weeks}
    if not still and not closed:
        return Figure(None, why=NO_DATA, parts=parts)
    fewest, most = poisson_limits(closed)
    low = still * weeks / most
    if not closed:
        return Figure(low, low=low, coverage=coverage(facts), parts=parts, censored=True)
    return Figure(still * weeks / closed, n=closed, low=low, high=still * weeks / fewest,
                  coverage=coverage(facts), parts=parts)  # fmt: skip


def repeat_failures(facts: Facts) -> Figure:
    """Rounds after the first / all that were opened in the period. At least so many where less
    is known of the time before than a failure may lie back."""
    rounds = facts.rounds
    opened = _failures(rounds) & _within(rounds["opened"], facts)
    repeats = int((opened & (rounds["no"] > 0)).sum())
    figure = share(repeats, int(opened.sum()))
    blind = figure.value is not None and facts.weeks_known * 7 < facts.reopen_days
    return replace(figure, coverage=coverage(facts), parts={"repeats": float(repeats)},
                   censored=blind)  # fmt: skip


def inspections_overdue(facts: Facts) -> Figure:
    """Of devices whose next inspection is known. A census of today: a period that ended more
    than a day ago has no figure, because who was overdue then is not kept."""
    if facts.now_ms - facts.period.to_ms > DAY_MS:
        return NOTHING
    known = facts.inspections["known"] & (facts.inspections["due"] != NONE)
    due = facts.inspections["due"][known]
    late = int((due < facts.now_ms).sum())
    parts = {
        "late": float(late),
        "soon": float(((due >= facts.now_ms) & (due < facts.now_ms + SOON_MS)).sum()),
        "date_unknown": float((~known).sum()),
    }
    if not len(due):
        return Figure(None, why=NO_DATA, parts=parts)
    return Figure(late / len(due), n=len(due), coverage=len(due) / len(known), parts=parts)


def ended(rounds: Table) -> Moments:
    """When each was proved or cancelled; NEVER where it is open."""
    proved = np.where(rounds["verified"] != NONE, rounds["verified"], rounds["restored"])
    return np.minimum(_known(proved), _known(rounds["cancelled"]))


def is_open(facts: Facts) -> Mask:
    """Of each round, at the end of the period."""
    rounds = facts.rounds
    still: Mask = (rounds["opened"] < facts.end_ms) & (ended(rounds) >= facts.end_ms)
    return still


def _failures(rounds: Table) -> Mask:
    """All but inspections."""
    found: Mask = rounds["cause"] != INSPECTION
    return found


def _known(moments: Moments) -> Moments:
    """NONE as a moment that never comes."""
    return np.where(moments == NONE, NEVER, moments)


def _within(moments: Moments, facts: Facts) -> Mask:
    found: Mask = (moments >= facts.period.from_ms) & (moments < facts.end_ms)
    return found
