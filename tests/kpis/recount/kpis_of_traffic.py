"""Foot traffic and the feed's health, recounted."""

from __future__ import annotations

from math import exp, log, sqrt
from statistics import median

import pandas as pd

from tests.kpis.recount import odds
from tests.kpis.recount.answers import Answer, Cut
from tests.kpis.recount.counts import AHEAD_MS, quantile
from tests.kpis.recount.kpis_of_people import RAISING, actual, ratio
from tests.kpis.recount.lives import DIMS
from tests.kpis.recount.spans import DAY_MS, HOUR_MS


def traffic(cut: Cut) -> Answer:
    """The interval says how unlike the places are at which it was not counted."""
    seen = _passages(cut)
    if seen is None:
        return Answer(None, coverage=0.0)
    counted, everyone, error, _, share = seen
    days = cut.ms / DAY_MS
    parts = {"passages": counted, **_usual(cut, everyone, seen[3])}
    low, high = everyone * exp(-odds.Z * error), everyone * exp(odds.Z * error)
    return Answer(everyone / days, round(counted), max(counted, low) / days, high / days, share,
                  parts)  # fmt: skip


Passages = tuple[float, float, float, float, float]  # counted, all, error, planned ms, coverage


def _passages(cut: Cut) -> Passages | None:
    counts = cut.rows("counts", "at")
    planned = max(cut.time(0, 2, 3, 4, kinds=("counter",)), int(counts["ms"].sum()))
    if not counts["ms"].sum():
        return None
    people, share = float(counts["people"].sum()), float(counts["ms"].sum()) / planned
    places = counts.groupby(DIMS)[["people", "ms"]].sum()
    if len(places) < 3:
        variance = 0.25 / len(places)
    else:
        rate = places["people"].sum() / places["ms"].sum()
        spread = float(((places["people"] - rate * places["ms"]) ** 2).sum())
        variance = len(places) / (len(places) - 1) * spread / people**2
    return people, people / share, sqrt((1 - share) * variance), planned, share


def _usual(cut: Cut, everyone: float, planned: float) -> dict[str, float]:
    """The median of the same days of up to eight earlier weeks that were counted and do not
    overlap, each as for as much counter time as this period has."""
    found = []
    for week in range(1, 9):
        shift = week * 7 * DAY_MS
        before = Cut(cut.known, cut.from_ms - shift, cut.end_ms - shift)
        if shift < cut.ms or before.from_ms < cut.known.first_ms:
            continue
        past = _passages(before)
        if past is not None and past[4] >= 0.5:
            found.append(round(past[1] / past[3] * planned))
    if len(found) < 3:
        return {}
    middle = median(found)
    scatter = 1.4826 * median(abs(one - middle) for one in found)
    z = (everyone - middle) / max(scatter, sqrt(max(middle, 1)))
    return {"usual": middle * DAY_MS / cut.ms, "z": z}


def alerts_per_10k(cut: Cut) -> Answer:
    counters = cut.spans[(cut.spans["kind"] == "counter") & (cut.spans["status"] != 1)]
    places = set(zip(counters["zone"], counters["route"], strict=True))
    here = cut.spans[_are_at(cut.spans, places)]
    scheduled = int(here[here["status"] != 1]["ms"].sum())
    seen = _passages(cut)
    heard = int(here[here["status"].isin((0, 4))]["ms"].sum()) / scheduled if scheduled else 0.0
    least = min(seen[4] if seen else 0.0, heard)
    working = int(here[here["status"] == 0]["ms"].sum()) / scheduled if scheduled else 0.0
    if seen is None or not seen[1] or not working:
        return Answer(None, coverage=least)
    n, people = int(_are_at(actual(cut), places).sum()), seen[1] * working / 10_000
    parts = {"alerts": n, "passages_per_day": seen[1] * DAY_MS / cut.ms}
    low, high = ((one or 0) / people for one in odds.poisson(n))
    value, error = n / people, odds.Z * seen[2]
    if not n:
        return Answer(0.0, 0, 0.0, high * exp(error), least, parts)
    low = value * exp(-sqrt(log(value / low) ** 2 + error**2))
    high = value * exp(sqrt(log(high / value) ** 2 + error**2))
    return Answer(value, n, low, high, least, parts)


def _are_at(rows: pd.DataFrame, places: set[tuple[str, str]]) -> pd.Series:
    """Bells and cameras at these places."""
    there = [place in places for place in zip(rows["zone"], rows["route"], strict=True)]
    return rows["kind"].isin(RAISING) & pd.Series(there, index=rows.index, dtype=bool)


# -- the feed --------------------------------------------------------------------------------


def feed_uptime(cut: Cut) -> Answer:
    cuts = [(max(a, cut.from_ms), min(b, cut.end_ms)) for a, b in cut.known.pauses]
    silent = sum(max(0, b - a) for a, b in cuts)
    return Answer(1 - silent / cut.ms, round(cut.ms / HOUR_MS), parts={"pause_ms": silent})


def feed_lag(cut: Cut) -> Answer:
    lags = cut.rows("samples", "at")["lag"]
    value, half = quantile(lags, 0.95), quantile(lags, 0.5)
    return Answer(
        value, len(lags), coverage=cut.coverage(), parts={} if half is None else {"p50": half}
    )


def rejected(cut: Cut) -> Answer:
    sent = cut.rows("sent", "arrived_ms")
    field = sent[sent["stream"] != "actions"]
    bad = int(field["bad"].sum())
    return ratio(bad, len(field), {"bad": bad}, cut.coverage())


def clock_skew(cut: Cut) -> Answer:
    lags = cut.rows("samples", "at")["lag"]
    ahead = int((lags < -AHEAD_MS).sum())
    return ratio(ahead, len(lags), {"ahead": ahead}, cut.coverage())
