"""Data health: whether the feed came, how late, how much was refused, whose clock is ahead.

These are counted for the feed as a whole, so they exist for the whole city only.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dashboard.kpis.estimates import NOTHING, quantile_of_counts, share
from dashboard.kpis.exposure import coverage, span_of
from dashboard.kpis.facts import COLUMN, LAG_LIMITS_MS, Facts
from dashboard.kpis.figure import Figure
from dashboard.kpis.groups import Dim
from dashboard.stream.rollups import HOUR_MS

LAGS = [COLUMN[f"g{k}"] for k in range(len(LAG_LIMITS_MS) + 1)]
LIMITS = np.array(LAG_LIMITS_MS, np.float64)
P95 = 0.95


def feed_uptime(facts: Facts) -> Figure:
    """1 - silent / elapsed, summed over the feeds (one per partition)."""
    elapsed = span_of(facts) * facts.feeds
    if elapsed <= 0 or not _whole_city(facts):
        return NOTHING
    pause_ms = min(elapsed, facts.total("pause_ms"))
    return Figure(1 - pause_ms / elapsed, n=round(span_of(facts) / HOUR_MS),
                  parts={"pause_ms": pause_ms / facts.feeds})  # fmt: skip


def feed_lag(facts: Facts) -> Figure:
    counts = facts.sums[:, LAGS].sum(axis=0)
    figure = quantile_of_counts(counts, LIMITS, P95)
    middle = quantile_of_counts(counts, LIMITS, 0.5).value
    parts = {} if middle is None else {"p50": middle}
    return replace(figure, coverage=coverage(facts), parts=parts)


def rejected(facts: Facts) -> Figure:
    bad = facts.total("m_bad")
    figure = share(bad, bad + facts.total("m_ok", "m_dup"))
    return replace(figure, coverage=coverage(facts), parts={"bad": bad})


def clock_skew(facts: Facts) -> Figure:
    samples = float(facts.sums[:, LAGS].sum())
    ahead = min(samples, facts.total("ahead"))
    return replace(share(ahead, samples), coverage=coverage(facts), parts={"ahead": ahead})


def _whole_city(facts: Facts) -> bool:
    """What is told of the feed belongs to no kind and no place: nobody's part of the city."""
    nobodys = facts.groups.mask(**{dim: "" for dim in Dim})[: len(facts.mask)]
    return bool((facts.mask & nobodys).any() if nobodys.any() else facts.mask.all())
