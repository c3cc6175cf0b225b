"""Devices: availability, lights at night, time unknown, time between failures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dashboard.kpis.estimates import Clusters, time_between, time_share
from dashboard.kpis.exposure import LIT, coverage, of_kinds, span_of
from dashboard.kpis.facts import Facts
from dashboard.kpis.figure import Figure


def availability(facts: Facts) -> Figure:
    """s0 / (s0 + s3 + s4): neither unknown nor out of service counts for or against."""
    up, down = facts.by_group("s0"), facts.by_group("s3", "s4")
    failures, heard = facts.total("fail"), coverage(facts)
    figure = _share(Clusters(up, down, span_of(facts), failures, heard or 0.0))
    parts = {
        **figure.parts,
        "up_ms": float(up.sum()),
        "down_ms": float(down.sum()),
        "unknown_ms": facts.total("s2"),
        "out_ms": facts.total("s1"),
        "failures": failures,
    }
    return replace(figure, coverage=heard, parts=parts)


def availability_night(facts: Facts) -> Figure:
    """(q0 - dark) / (q0 + q3 + q4), over the time in which lights must be lit."""
    working, dark = facts.by_group("q0"), facts.by_group("dark")
    lit = np.maximum(working - dark, 0.0)
    unlit = dark + facts.by_group("q3", "q4")
    scheduled = facts.total("q0", "q2", "q3", "q4")
    heard = facts.total("q0", "q4") / scheduled if scheduled > 0 else None
    night_ms, span = _night_ms(facts), span_of(facts)
    # Failures by night: one by day may be over before it is dark. Fewer make the interval wider.
    failures = float(facts.by_group("fail")[of_kinds(facts, LIT)].sum()) * night_ms / (span or 1.0)
    figure = _share(Clusters(lit, unlit, night_ms, failures, heard or 0.0))
    parts = {
        **figure.parts,
        "lit_ms": float(lit.sum()),
        "unlit_ms": float(dark.sum()),
        "down_ms": facts.total("q3", "q4"),
        "unknown_ms": facts.total("q2"),
    }
    return replace(figure, coverage=heard, parts=parts)


def unknown_share(facts: Facts) -> Figure:
    """s2 / (s0 + s2 + s3 + s4). How long unknown time lasts at a stretch is not known: as long
    as the period, for the interval. Whole gateways go at once, so that is not far off."""
    heard, others = coverage(facts), facts.by_group("s0", "s3", "s4")
    known = _share(Clusters(others, facts.by_group("s2"), span_of(facts), coverage=heard or 0.0))
    if known.value is None or known.low is None or known.high is None:
        return known
    parts = {**known.parts, "unknown_ms": facts.total("s2")}
    return replace(known, value=1 - known.value, low=1 - known.high, high=1 - known.low,
                   coverage=heard, parts=parts)  # fmt: skip


def mtbf(facts: Facts) -> Figure:
    """s0 / failures: the time a device is down is not operating time."""
    up_ms, failures = facts.total("s0"), round(facts.total("fail"))
    figure = time_between(up_ms, failures)
    parts = {**figure.parts, "failures": float(failures), "up_ms": up_ms, "exposure": up_ms}
    return replace(figure, coverage=coverage(facts), parts=parts)


def _share(of: Clusters) -> Figure:
    parts = {"exposure": float((of.good + of.bad).sum()), "outage_ms": of.outage_ms}
    return replace(time_share(of), parts=parts)


def _night_ms(facts: Facts) -> float:
    """How much of the period is night, as the lights have it."""
    lights = of_kinds(facts, LIT)
    times = facts.by_group("s0", "s2", "s3", "s4")[lights].sum()
    nights = facts.by_group("q0", "q2", "q3", "q4")[lights].sum()
    return span_of(facts) * min(1.0, float(nights / times)) if times > 0 else 0.0
