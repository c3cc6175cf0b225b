"""Alerts, the response chain, foot traffic and the feed's health, recounted."""

from __future__ import annotations

from math import exp, log, sqrt
from statistics import median

import pandas as pd

from tests.kpis.recount import odds
from tests.kpis.recount.answers import Answer, Cut
from tests.kpis.recount.counts import AHEAD_MS, quantile
from tests.kpis.recount.lives import DIMS
from tests.kpis.recount.spans import DAY_MS, HOUR_MS

RAISING = ("bell", "cctv")


def _alerts(cut: Cut) -> pd.DataFrame:
    rows = cut.rows("alerts", "raised")
    return rows[rows["actual"]]


def alert_rate(cut: Cut) -> Answer:
    alerts, up = _alerts(cut), cut.time(0, kinds=RAISING)
    n = int(alerts["kind"].isin(RAISING).sum())
    exposure, heard = up / (100 * DAY_MS), cut.coverage(*RAISING)
    parts = {"alerts": n, "up_ms": up}
    if not up:
        return Answer(None, coverage=heard, parts=parts)
    low, high = odds.poisson(n)
    return Answer(n / exposure, n, (low or 0) / exposure, (high or 0) / exposure, heard, parts)


def false_alarms(cut: Cut) -> Answer:
    alerts = _alerts(cut)
    said = alerts[alerts["type"] != "gateway_down"]["verdict"].value_counts().to_dict()
    words = {"real": "real", "mistaken": "mistaken", "malfunction": "malfunction",
             "test": "test", "unknown": "unclear", "": "no_verdict"}  # fmt: skip
    parts = {part: said.get(word, 0) for word, part in words.items()}
    wrong = parts["mistaken"] + parts["malfunction"]
    return _ratio(wrong, wrong + parts["real"], parts, cut.coverage(*RAISING))


def unverified(cut: Cut) -> Answer:
    alerts = _alerts(cut)
    alerts = alerts[alerts["type"] != "gateway_down"]
    alerts = alerts[cut.end_ms - alerts["raised"] >= DAY_MS]
    soon = (alerts["closed"] >= 0) & (alerts["closed"] - alerts["raised"] <= DAY_MS)
    judged = soon & alerts["verdict"].isin(("real", "test", "mistaken", "malfunction"))
    unclear = int((soon & (alerts["verdict"] == "unknown")).sum())
    n = len(alerts)
    parts = {"unclear": unclear, "no_verdict": n - int(judged.sum()) - unclear}
    return _ratio(n - int(judged.sum()), n, parts, cut.coverage(*RAISING))


def _ratio(part: int, whole: int, parts: dict[str, float], heard: float | None) -> Answer:
    if not whole:
        return Answer(None, coverage=heard, parts=parts)
    share = part / whole
    return Answer(share, whole, *odds.wilson(share, whole), heard, parts)


# -- waiting ---------------------------------------------------------------------------------

Wait = tuple[float, bool]


def _median(waits: list[Wait], heard: float | None, *shown: float, **more: float) -> Answer:
    """The median, or the longest known of when more than half still wait."""
    if not waits:
        return Answer(None, coverage=heard, parts=more)
    curve = odds.survival(waits)
    over = [ms for ms, done in waits if done]
    parts = {**more, "open": len(waits) - len(over)}
    if over:
        parts["mean"] = sum(over) / len(over)
    for share in shown:
        if (at := curve.quantile(share)) is not None:
            parts[f"p{round(100 * share)}"] = at
    value, (low, high) = curve.quantile(0.5), curve.median()
    if value is None:
        longest = max(ms for ms, _ in waits)
        return Answer(longest, len(waits), longest if low is None else low, None, heard, parts)
    return Answer(value, len(waits), value if low is None else min(low, value), high, heard, parts)


def _wait(from_ms: int, to_ms: int, end_ms: int) -> Wait:
    done = 0 <= to_ms <= end_ms
    return float(max(0, (to_ms if done else end_ms) - from_ms)), done


def mtta(cut: Cut) -> Answer:
    waits, urgent = [], []
    for a in _alerts(cut).to_dict("records"):
        moments = [a["acked"], a["closed"] if a["verdict"] else -1]
        taken = min((moment for moment in moments if moment >= 0), default=-1)
        wait = _wait(a["raised"], taken, cut.end_ms)
        gone = min((moment for moment in (a["cleared"], a["closed"]) if moment >= 0), default=-1)
        if not wait[1] and 0 <= gone < cut.end_ms:
            wait = float(max(0, gone - a["raised"])), False
        waits.append(wait)
        urgent += [wait] if a["priority"] == 1 else []
    answer = _median(waits, cut.coverage(*RAISING), 0.9)
    if urgent and (first := odds.survival(urgent).quantile(0.5)) is not None:
        answer.parts["p1"] = first
    return answer


def time_to_close(cut: Cut) -> Answer:
    waits = [_wait(a["raised"], a["closed"], cut.end_ms) for a in _alerts(cut).to_dict("records")]
    return _median(waits, cut.coverage(*RAISING), 0.9)


def leg_delivered(cut: Cut) -> Answer:
    alerts = _alerts(cut)
    told = alerts[alerts["arrived"] - alerts["raised"] <= HOUR_MS].to_dict("records")
    waits = [_wait(a["raised"], a["arrived"], cut.end_ms) for a in told]
    return _median(waits, cut.coverage(*RAISING), 0.9, 0.95, written_in=len(alerts) - len(told))


def leg_acknowledged(cut: Cut) -> Answer:
    alerts = _alerts(cut)
    told = alerts[alerts["arrived"] - alerts["raised"] <= HOUR_MS]
    return _leg(told, "arrived", "acked", "closed", cut, cut.coverage(*RAISING))


def leg_closed(cut: Cut) -> Answer:
    alerts = _alerts(cut)
    taken = alerts[(alerts["acked"] >= 0) & (alerts["acked"] <= cut.end_ms)].to_dict("records")
    waits = [_wait(a["acked"], a["closed"], cut.end_ms) for a in taken]
    return _median(waits, cut.coverage(*RAISING), 0.9, 0.95)


def leg_dispatched(cut: Cut) -> Answer:
    return _leg(cut.rows("incidents", "reported"), "reported", "dispatched", "closed", cut)


def leg_arrived(cut: Cut) -> Answer:
    rows = cut.rows("incidents", "reported")
    sent = rows[(rows["dispatched"] >= 0) & (rows["dispatched"] <= cut.end_ms)]
    return _leg(sent, "dispatched", "arrived", "closed", cut)


def _leg(
    rows: pd.DataFrame, start: str, end: str, over: str, cut: Cut, heard: float | None = None
) -> Answer:
    """What was over without the leg is counted apart."""
    waits, without = [], 0
    for row in rows.to_dict("records"):
        if not 0 <= row[end] <= cut.end_ms and 0 <= row[over] <= cut.end_ms:
            without += 1
        else:
            waits.append(_wait(row[start], row[end], cut.end_ms))
    return _median(waits, heard, 0.9, 0.95, without=without)


# -- foot traffic ----------------------------------------------------------------------------


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
    n, people = int(_are_at(_alerts(cut), places).sum()), seen[1] * working / 10_000
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
    return _ratio(bad, len(field), {"bad": bad}, cut.coverage())


def clock_skew(cut: Cut) -> Answer:
    lags = cut.rows("samples", "at")["lag"]
    ahead = int((lags < -AHEAD_MS).sum())
    return _ratio(ahead, len(lags), {"ahead": ahead}, cut.coverage())
