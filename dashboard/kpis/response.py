"""The response chain, leg by leg: raised, delivered, acknowledged; reported, dispatched, arrived;
acknowledged, closed. Medians with P90 and P95; what is still under way is counted as at least so
long (Kaplan-Meier)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dashboard.kpis.alerts import actual
from dashboard.kpis.exposure import coverage_of_alerts
from dashboard.kpis.facts import NONE, Facts, Rows
from dashboard.kpis.figure import Figure
from dashboard.kpis.survival import Moments, median_wait, waits
from dashboard.stream.rollups import HOUR_MS

WRITTEN_IN_MS = HOUR_MS  # what comes later was written in afterwards
SHOWN = (0.9, 0.95)


def delivered(facts: Facts) -> Figure:
    alerts = actual(facts)
    written_in = _written_in(alerts)
    told = alerts.only(~written_in)
    figure = median_wait(waits(told["raised"], told["arrived"], facts.end_ms), *SHOWN)
    return _with(facts, figure, written_in=float(written_in.sum()))


def acknowledged(facts: Facts) -> Figure:
    """From delivery; what the field cleared before anyone took it is left out."""
    alerts = actual(facts)
    alerts = alerts.only(~_written_in(alerts) & (alerts["arrived"] != NONE))
    return _with(facts, _leg(alerts["arrived"], alerts["acked"], alerts["closed"], facts.end_ms))


def dispatched(facts: Facts) -> Figure:
    incidents = _actual(facts)
    closed = incidents["closed"]
    return _leg(incidents["reported"], incidents["dispatched"], closed, facts.end_ms)


def arrived(facts: Facts) -> Figure:
    incidents = _actual(facts)
    sent = incidents.only(_known_by(incidents["dispatched"], facts.end_ms))
    return _leg(sent["dispatched"], sent["arrived"], sent["closed"], facts.end_ms)


def closed(facts: Facts) -> Figure:
    alerts = actual(facts)
    taken = alerts.only(_known_by(alerts["acked"], facts.end_ms))
    figure = median_wait(waits(taken["acked"], taken["closed"], facts.end_ms), *SHOWN)
    return _with(facts, figure)


def _leg(from_ms: Moments, to_ms: Moments, over_ms: Moments, end_ms: int) -> Figure:
    """over_ms: when the whole was over; without the leg having happened it is left out."""
    without = ~_known_by(to_ms, end_ms) & _known_by(over_ms, end_ms)
    figure = median_wait(waits(from_ms[~without], to_ms[~without], end_ms), *SHOWN)
    return replace(figure, parts={**figure.parts, "without": float(without.sum())})


def _with(facts: Facts, figure: Figure, **parts: float) -> Figure:
    return replace(figure, coverage=coverage_of_alerts(facts), parts={**figure.parts, **parts})


def _written_in(alerts: Rows) -> NDArray[np.bool_]:
    late: NDArray[np.bool_] = alerts["arrived"] - alerts["raised"] > WRITTEN_IN_MS
    return late


def _known_by(moments: Moments, end_ms: int) -> NDArray[np.bool_]:
    known: NDArray[np.bool_] = (moments != NONE) & (moments <= end_ms)
    return known


def _actual(facts: Facts) -> Rows:
    return Rows.of(facts.incidents, facts.incidents["actual"])
