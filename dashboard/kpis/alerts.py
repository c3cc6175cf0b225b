"""Alerts: how often, how many false, how many nobody judged, how soon taken and closed.

Tests and exercises (cap_status) count nowhere. What happened after the end of the period is not
known yet. All carry the coverage of the devices that can call for help: what a dead bell would
have said is missing from every one of them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dashboard.kpis.estimates import rate, share
from dashboard.kpis.exposure import RAISING, WORKING, coverage_of_alerts, of_kinds, time_in
from dashboard.kpis.facts import NONE, VERDICTS, Facts, Rows
from dashboard.kpis.figure import Figure
from dashboard.kpis.survival import Waits, median_wait, waits
from dashboard.stream.rollups import DAY_MS

VERDICT_MS = DAY_MS  # everyone has so long to judge an alert
ABOUT_DEVICES = ("gateway_down",)  # types that call a technician, not the police
REAL, TEST, MISTAKEN, MALFUNCTION, UNCLEAR = range(1, len(VERDICTS))


def alert_rate(facts: Facts) -> Figure:
    """Actual alerts of bells and cameras / 100 of their device-days in working order. Other
    alerts, which other figures count, are told beside it."""
    raising = of_kinds(facts, RAISING)
    up_ms = time_in(facts, WORKING, raising)
    every = actual(facts)
    raised, about = raising[every["group"]], _about_devices(facts, every)
    alerts = int(raised.sum())
    figure = rate(alerts, up_ms / (100 * DAY_MS))
    parts = {"alerts": float(alerts), "up_ms": up_ms, "exposure": up_ms,
             "from_apps": float((~raised & ~about).sum()),
             "from_gateways": float((~raised & about).sum())}  # fmt: skip
    return replace(figure, coverage=coverage_of_alerts(facts), parts=parts)


def false_alarms(facts: Facts) -> Figure:
    """(mistaken + malfunction) / (mistaken + malfunction + real), of calls for help: that a dead
    gateway was a malfunction makes its alarm no false one. Source: DOMAIN 4."""
    calls = actual(facts)
    calls = calls.only(~_about_devices(facts, calls))
    n = np.bincount(calls["verdict"], minlength=len(VERDICTS))
    wrong = int(n[MISTAKEN] + n[MALFUNCTION])
    parts = {
        "real": float(n[REAL]),
        "mistaken": float(n[MISTAKEN]),
        "malfunction": float(n[MALFUNCTION]),
        "test": float(n[TEST]),
        "unclear": float(n[UNCLEAR]),
        "no_verdict": float(n[0]),
    }
    figure = share(wrong, wrong + int(n[REAL]))
    return replace(figure, coverage=coverage_of_alerts(facts), parts=parts)


def unverified(facts: Facts) -> Figure:
    """Not judged within a day / all that are at least a day old."""
    alerts = actual(facts)
    old = alerts["raised"] <= facts.end_ms - VERDICT_MS
    alerts = alerts.only(old & ~_about_devices(facts, alerts))
    verdict, closed = alerts["verdict"], alerts["closed"]
    in_time = (closed != NONE) & (closed <= alerts["raised"] + VERDICT_MS)
    unclear = verdict == UNCLEAR
    judged = in_time & (verdict > 0) & ~unclear
    parts = {
        "unclear": float((in_time & unclear).sum()),
        "no_verdict": float((~judged & ~(in_time & unclear)).sum()),
    }
    figure = share(int((~judged).sum()), len(alerts))
    return replace(figure, coverage=coverage_of_alerts(facts), parts=parts)


def mtta(facts: Facts) -> Figure:
    """Median of acknowledged - raised. Closed with a verdict counts as taken; closed without one
    (the field cleared it) means that nobody took it: it waited at least so long."""
    alerts = actual(facts)
    raised, closed = alerts["raised"], alerts["closed"]
    taken = first_known(alerts["acked"], np.where(alerts["verdict"] > 0, closed, NONE))
    waiting = waits(raised, taken, facts.end_ms)
    gone = first_known(alerts["cleared"], closed)
    left = ~waiting.over & (gone != NONE) & (gone < facts.end_ms)
    least = np.maximum(gone - raised, 0)
    waiting = Waits(np.where(left, least, waiting.ms), waiting.over)
    figure = median_wait(waiting, 0.9)
    first = median_wait(waiting.of(alerts["priority"] == 1))
    parts = dict(figure.parts)
    if first.value is not None and not first.censored:
        parts["p1"] = first.value
    return replace(figure, coverage=coverage_of_alerts(facts), parts=parts)


def time_to_close(facts: Facts) -> Figure:
    """Median of closed - raised."""
    alerts = actual(facts)
    figure = median_wait(waits(alerts["raised"], alerts["closed"], facts.end_ms), 0.9)
    return replace(figure, coverage=coverage_of_alerts(facts))


def actual(facts: Facts) -> Rows:
    """Neither tests nor exercises."""
    return Rows.of(facts.alerts, facts.alerts["actual"])


def first_known(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """The earlier of two moments, either of which may be NONE."""
    both = np.minimum(one, other)
    return np.where(both == NONE, np.maximum(one, other), both)


def _about_devices(facts: Facts, alerts: Rows) -> NDArray[np.bool_]:
    types = [at for at, word in enumerate(facts.alert_types) if word in ABOUT_DEVICES]
    return np.isin(alerts["type"], types)
