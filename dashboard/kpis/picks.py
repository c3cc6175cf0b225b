"""Which rounds, alerts and incidents a figure counts (see repair.py, alerts.py, response.py).

What speaks against us comes first, then the newest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.kpis.alerts import (
    ABOUT_DEVICES,
    MALFUNCTION,
    MISTAKEN,
    REAL,
    UNCLEAR,
    VERDICT_MS,
)
from dashboard.kpis.exposure import RAISING, of_kinds
from dashboard.kpis.facts import NONE, VERDICTS, Facts, Table
from dashboard.kpis.repair import INSPECTION, ended
from dashboard.kpis.response import WRITTEN_IN_MS

Mask = NDArray[np.bool_]
Moments = NDArray[np.int64]
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, eq=False)
class Picked:
    """at: places in a table of facts, in the order to be shown; to_ms NONE = open."""

    at: NDArray[np.intp]
    from_ms: Moments
    to_ms: Moments
    states: Sequence[str]


def picked_rounds(key: str, facts: Facts) -> Picked:
    """Of facts.rounds."""
    return _ROUNDS[key](facts)


def picked_alerts(key: str, facts: Facts) -> Picked:
    """Of facts.alerts."""
    return _ALERTS[key](facts, facts.alerts["actual"].copy())


def picked_incidents(key: str, facts: Facts) -> Picked:
    """Of facts.incidents. Those that ended without this leg are left out."""
    incidents = facts.incidents
    wanted = incidents["actual"].copy()
    from_ms, to_ms = incidents["reported"], incidents["dispatched"]
    if key == "leg_arrived":
        wanted &= _known(to_ms) <= facts.end_ms
        from_ms, to_ms = to_ms, incidents["arrived"]
    under_way = _known(to_ms) > facts.end_ms
    wanted &= ~(under_way & (_known(incidents["closed"]) <= facts.end_ms))
    return _picked(wanted, under_way, (from_ms, to_ms), _words(under_way, "under_way", "done"))


def _raising(facts: Facts, wanted: Mask) -> Picked:
    wanted &= of_kinds(facts, RAISING)[facts.alerts["group"]]
    return _waiting(facts, wanted, "raised", "closed")


def _judged(facts: Facts, wanted: Mask) -> Picked:
    verdict = facts.alerts["verdict"]
    wanted &= np.isin(verdict, (REAL, MISTAKEN, MALFUNCTION)) & _calls(facts)
    false = np.isin(verdict, (MISTAKEN, MALFUNCTION))
    span = facts.alerts["raised"], facts.alerts["closed"]
    return _picked(wanted, false, span, _verdicts(facts))


def _old_enough(facts: Facts, wanted: Mask) -> Picked:
    alerts = facts.alerts
    wanted &= _calls(facts)
    wanted &= alerts["raised"] <= facts.end_ms - VERDICT_MS
    in_time = _known(alerts["closed"]) <= alerts["raised"] + VERDICT_MS
    judged = in_time & (alerts["verdict"] > 0) & (alerts["verdict"] != UNCLEAR)
    return _picked(wanted, ~judged, (alerts["raised"], alerts["closed"]), _verdicts(facts))


def _calls(facts: Facts) -> Mask:
    """Alerts that are not about equipment."""
    types = [at for at, word in enumerate(facts.alert_types) if word in ABOUT_DEVICES]
    return ~np.isin(facts.alerts["type"], types)


def _acknowledged(facts: Facts, wanted: Mask) -> Picked:
    return _waiting(facts, wanted, "raised", "acked")


def _closed(facts: Facts, wanted: Mask) -> Picked:
    return _waiting(facts, wanted, "raised", "closed")


def _delivered(facts: Facts, wanted: Mask) -> Picked:
    return _waiting(facts, wanted & ~_written_in(facts.alerts), "raised", "arrived")


def _taken(facts: Facts, wanted: Mask) -> Picked:
    """What was closed without anybody taking it is left out."""
    alerts = facts.alerts
    wanted &= ~_written_in(alerts) & (alerts["arrived"] != NONE)
    nobody = _known(alerts["acked"]) > facts.end_ms
    wanted &= ~(nobody & (_known(alerts["closed"]) <= facts.end_ms))
    return _waiting(facts, wanted, "arrived", "acked")


def _finished(facts: Facts, wanted: Mask) -> Picked:
    wanted &= _known(facts.alerts["acked"]) <= facts.end_ms
    return _waiting(facts, wanted, "acked", "closed")


_ALERTS: dict[str, Callable[[Facts, Mask], Picked]] = {
    "alert_rate": _raising,
    "alerts_per_10k": _raising,
    "false_alarms": _judged,
    "unverified": _old_enough,
    "mtta": _acknowledged,
    "time_to_close": _closed,
    "leg_delivered": _delivered,
    "leg_acknowledged": _taken,
    "leg_closed": _finished,
}


def _restored(facts: Facts) -> Picked:
    rounds = facts.rounds
    wanted = (rounds["cause"] != INSPECTION) & _within(rounds["restored"], facts)
    reported = _known(rounds["repaired"]) <= rounds["restored"]
    return _picked(wanted, _none(rounds), (rounds["down"], rounds["restored"]),
                   _words(reported, "reported", "by_itself"))  # fmt: skip


def _under_contract(facts: Facts) -> Picked:
    rounds = facts.rounds
    done = np.minimum(_known(rounds["repaired"]), _known(rounds["restored"]))
    due = _known(rounds["due"])
    sealed = np.minimum(done, due)
    wanted = (rounds["due"] != NONE) & ~rounds["excluded"] & _within(sealed, facts)
    wanted &= _known(rounds["cancelled"]) > sealed
    missed = done > due
    to_ms = np.where(done >= facts.end_ms, NONE, done)
    return _picked(wanted, missed, (rounds["opened"], to_ms), _words(missed, "missed", "met"))


def _open(facts: Facts) -> Picked:
    rounds = facts.rounds
    wanted = (rounds["opened"] < facts.end_ms) & (ended(rounds) >= facts.end_ms)
    reported = _known(rounds["repaired"]) < facts.end_ms
    late = _known(rounds["due"]) < facts.end_ms
    states = np.where(reported, "unproved", np.where(late, "overdue", "open"))
    to_ms = np.full(len(rounds), NONE, np.int64)
    return _picked(wanted, late & ~reported, (rounds["opened"], to_ms), states.tolist())


def _began(facts: Facts) -> Picked:
    rounds = facts.rounds
    wanted = (rounds["cause"] != INSPECTION) & _within(rounds["opened"], facts)
    again = rounds["no"] > 0
    return _picked(wanted, again, (rounds["down"], rounds["restored"]),
                   _words(again, "again", "first"))  # fmt: skip


_ROUNDS: dict[str, Callable[[Facts], Picked]] = {
    "mttr": _restored,
    "sla": _under_contract,
    "backlog": _open,
    "backlog_weeks": _open,
    "repeat_failures": _began,
}


def _waiting(facts: Facts, wanted: Mask, began: str, ended_by: str) -> Picked:
    """What has not come to its end is first."""
    span = facts.alerts[began], facts.alerts[ended_by]
    return _picked(wanted, _known(span[1]) >= facts.end_ms, span, _verdicts(facts))


def _written_in(alerts: Table) -> Mask:
    """Told so late that it was written in afterwards."""
    late: Mask = alerts["arrived"] - alerts["raised"] > WRITTEN_IN_MS
    return late


def _verdicts(facts: Facts) -> list[str]:
    words = [word or "no_verdict" for word in VERDICTS]
    return [words[verdict] for verdict in facts.alerts["verdict"].tolist()]


def _picked(
    wanted: Mask, first: Mask, span: tuple[Moments, Moments], states: Sequence[str]
) -> Picked:
    """Those in `first` before the others, each newest first."""
    from_ms, to_ms = span
    at = np.flatnonzero(wanted)
    at = at[np.lexsort((-from_ms[at], ~first[at]))]
    return Picked(at, from_ms, to_ms, states)


def _words(mask: Mask, yes: str, no: str) -> list[str]:
    return [yes if one else no for one in mask.tolist()]


def _none(rows: Table) -> Mask:
    return np.zeros(len(rows), bool)


def _known(moments: Moments) -> Moments:
    """NONE as a moment that never comes."""
    return np.where(moments == NONE, NEVER, moments)


def _within(moments: Moments, facts: Facts) -> Mask:
    within: Mask = (moments >= facts.period.from_ms) & (moments < facts.end_ms)
    within &= moments != NONE
    return within
