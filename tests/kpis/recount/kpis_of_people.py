"""Alerts and the response chain, recounted."""

from __future__ import annotations

import pandas as pd

from tests.kpis.recount import odds
from tests.kpis.recount.answers import Answer, Cut
from tests.kpis.recount.spans import DAY_MS, HOUR_MS

RAISING = ("bell", "cctv")


def actual(cut: Cut) -> pd.DataFrame:
    rows = cut.rows("alerts", "raised")
    return rows[rows["actual"]]


def alert_rate(cut: Cut) -> Answer:
    alerts, up = actual(cut), cut.time(0, kinds=RAISING)
    n = int(alerts["kind"].isin(RAISING).sum())
    exposure, heard = up / (100 * DAY_MS), cut.coverage(*RAISING)
    parts = {"alerts": n, "up_ms": up}
    if not up:
        return Answer(None, coverage=heard, parts=parts)
    low, high = odds.poisson(n)
    return Answer(n / exposure, n, (low or 0) / exposure, (high or 0) / exposure, heard, parts)


def false_alarms(cut: Cut) -> Answer:
    alerts = actual(cut)
    said = alerts[alerts["type"] != "gateway_down"]["verdict"].value_counts().to_dict()
    words = {"real": "real", "mistaken": "mistaken", "malfunction": "malfunction",
             "test": "test", "unknown": "unclear", "": "no_verdict"}  # fmt: skip
    parts = {part: said.get(word, 0) for word, part in words.items()}
    wrong = parts["mistaken"] + parts["malfunction"]
    return ratio(wrong, wrong + parts["real"], parts, cut.coverage(*RAISING))


def unverified(cut: Cut) -> Answer:
    alerts = actual(cut)
    alerts = alerts[alerts["type"] != "gateway_down"]
    alerts = alerts[cut.end_ms - alerts["raised"] >= DAY_MS]
    soon = (alerts["closed"] >= 0) & (alerts["closed"] - alerts["raised"] <= DAY_MS)
    judged = soon & alerts["verdict"].isin(("real", "test", "mistaken", "malfunction"))
    unclear = int((soon & (alerts["verdict"] == "unknown")).sum())
    n = len(alerts)
    parts = {"unclear": unclear, "no_verdict": n - int(judged.sum()) - unclear}
    return ratio(n - int(judged.sum()), n, parts, cut.coverage(*RAISING))


def ratio(part: int, whole: int, parts: dict[str, float], heard: float | None) -> Answer:
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
        low = longest if low is None else low
        return Answer(longest, len(waits), low, None, heard, parts, at_least=True)
    return Answer(value, len(waits), value if low is None else min(low, value), high, heard, parts)


def _wait(from_ms: int, to_ms: int, end_ms: int) -> Wait:
    done = 0 <= to_ms <= end_ms
    return float(max(0, (to_ms if done else end_ms) - from_ms)), done


def mtta(cut: Cut) -> Answer:
    waits, urgent = [], []
    for a in actual(cut).to_dict("records"):
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
    waits = [_wait(a["raised"], a["closed"], cut.end_ms) for a in actual(cut).to_dict("records")]
    return _median(waits, cut.coverage(*RAISING), 0.9)


def leg_delivered(cut: Cut) -> Answer:
    alerts = actual(cut)
    told = alerts[alerts["arrived"] - alerts["raised"] <= HOUR_MS].to_dict("records")
    waits = [_wait(a["raised"], a["arrived"], cut.end_ms) for a in told]
    return _median(waits, cut.coverage(*RAISING), 0.9, 0.95, written_in=len(alerts) - len(told))


def leg_acknowledged(cut: Cut) -> Answer:
    alerts = actual(cut)
    told = alerts[alerts["arrived"] - alerts["raised"] <= HOUR_MS]
    return _leg(told, "arrived", "acked", "closed", cut, cut.coverage(*RAISING))


def leg_closed(cut: Cut) -> Answer:
    alerts = actual(cut)
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
