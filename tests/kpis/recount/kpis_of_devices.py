"""Devices and repair, recounted."""

from __future__ import annotations

from math import exp, inf, log, sqrt

import numpy as np
import pandas as pd

from tests.kpis.recount import odds
from tests.kpis.recount.answers import Answer, Cut
from tests.kpis.recount.lives import DIMS
from tests.kpis.recount.spans import DAY_MS, at_night, within
from tests.kpis.recount.work import INSPECTION_DAYS, midnight_ms

WEEK_MS = 7 * DAY_MS
NO_GROUP = 8  # fewer groups say nothing of how they differ


def availability(cut: Cut) -> Answer:
    up, down, failed = cut.time(0), cut.time(3, 4), len(cut.rows("failures", "at"))
    parts = {"up_ms": up, "down_ms": down, "unknown_ms": cut.time(2), "out_ms": cut.time(1),
             "failures": failed}  # fmt: skip
    good, bad = cut.spans[cut.spans["status"] == 0], cut.spans[cut.spans["status"].isin((3, 4))]
    return share_of_time(good, bad, cut.ms, failed, cut.coverage(), parts)


def availability_night(cut: Cut) -> Answer:
    lights = at_night(cut.spans[cut.spans["kind"] == "light"])
    off = at_night(within(cut.known.off, cut.from_ms, cut.end_ms))
    time = {status: int(lights[lights["status"] == status]["ms"].sum()) for status in range(5)}
    dark = int(off["ms"].sum())
    scheduled = time[0] + time[2] + time[3] + time[4]
    heard = (time[0] + time[4]) / scheduled if scheduled else None
    parts = {"lit_ms": time[0] - dark, "unlit_ms": dark, "down_ms": time[3] + time[4],
             "unknown_ms": time[2]}  # fmt: skip
    total = parts["lit_ms"] + dark + parts["down_ms"]
    if not total:
        return Answer(None, coverage=heard)
    whole = cut.time(0, 2, 3, 4, kinds=("light",))
    nights_ms = cut.ms * min(1.0, scheduled / whole)
    return Answer(parts["lit_ms"] / total, max(1, round(total / nights_ms)), None, None, heard,
                  parts)  # fmt: skip


def unknown_share(cut: Cut) -> Answer:
    known, unknown = cut.spans[cut.spans["status"].isin((0, 3, 4))], cut.spans["status"] == 2
    parts = {"unknown_ms": cut.time(2)}
    share = share_of_time(known, cut.spans[unknown], cut.ms, 0, cut.coverage(), parts)
    if share.value is None or share.low is None or share.high is None:
        return share
    return Answer(1 - share.value, share.n, 1 - share.high, 1 - share.low, share.coverage, parts)


def share_of_time(
    good: pd.DataFrame, bad: pd.DataFrame, ms: int, stretches: float, heard: float | None,
    parts: dict[str, float],
) -> Answer:  # fmt: skip
    """Of device time. Independent cases: good time over twice the mean length of bad time, or
    what the spread between groups of devices allows, whichever is fewer."""
    up, down = int(good["ms"].sum()), int(bad["ms"].sum())
    if up + down == 0:
        return Answer(None, coverage=heard, parts=parts)
    value = up / (up + down)
    lasts = down / max(stretches, down / ms) if down else 0
    cases = up / (2 * min(ms, max(DAY_MS, lasts)))
    groups = pd.DataFrame({"good": good.groupby(DIMS)["ms"].sum(),
                           "bad": bad.groupby(DIMS)["ms"].sum()}).fillna(0)  # fmt: skip
    whole = groups["good"] + groups["bad"]
    g, spread = len(groups), float(((groups["good"] - value * whole) ** 2).sum())
    if g >= NO_GROUP and spread > 0 and heard:
        variance = g / (g - 1) * spread / (float(whole.sum()) * heard) ** 2
        by_groups = value * (1 - value) / variance * (odds.Z / odds.student(g - 1)) ** 2
        cases = min(cases, by_groups if value < 1 else inf)
    low, high = odds.wilson(value, cases)
    return Answer(value, max(1, round((up + down) / ms)), low, high, heard, parts)


def mtbf(cut: Cut) -> Answer:
    up, failed = cut.time(0), len(cut.rows("failures", "at"))
    parts = {"failures": failed, "up_ms": up}
    if not up:
        return Answer(None, coverage=cut.coverage(), parts=parts)
    fewest = odds.poisson(failed).low
    high = up / fewest if fewest else None
    if failed < 5:
        least = up / (odds.poisson(failed, 0.05).high or inf)
        return Answer(least, failed, least, high, cut.coverage(), parts)
    most = odds.poisson(failed).high or inf
    return Answer(up / failed, failed, up / most, high, cut.coverage(), parts)


# -- repair ----------------------------------------------------------------------------------


def mttr(cut: Cut) -> Answer:
    rounds = _opened_by(cut, inspections=False)
    done = rounds[_in(cut, rounds["restored"])]
    took = (done["restored"] - done["down"]).clip(lower=0)
    reported = (done["repaired"] >= 0) & (done["repaired"] <= done["restored"])
    parts = {"reported": int(reported.sum()), "by_itself": int((~reported).sum()),
             "open": int(_open(cut, rounds).sum())}  # fmt: skip
    if done.empty:
        return Answer(None, coverage=cut.coverage(), parts=parts)
    ordered = sorted(took.tolist())
    parts |= {"median": _quantile(ordered, 0.5), "p90": _quantile(ordered, 0.9)}
    mean, n = sum(ordered) / len(ordered), len(ordered)
    if n == 1:
        return Answer(mean, 1, coverage=cut.coverage(), parts=parts)
    deviation = sqrt(sum((one - mean) ** 2 for one in ordered) / (n - 1))
    reach = odds.student(n - 1) * deviation / (mean * sqrt(n))
    if reach > log(1e6):
        return Answer(mean, n, coverage=cut.coverage(), parts=parts)
    return Answer(mean, n, mean * exp(-reach), mean * exp(reach), cut.coverage(), parts)


def _quantile(ordered: list[float], share: float) -> float:
    """Between the two neighbours."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def sla(cut: Cut) -> Answer:
    rounds = _opened_by(cut)
    owed = rounds[rounds["due"] >= 0]
    counted = owed[~owed["excluded"]].copy()
    counted["done"] = counted[["repaired", "restored"]].mask(
        counted[["repaired", "restored"]] < 0, 2**62).min(axis=1)  # fmt: skip
    counted["fate"] = counted[["done", "due"]].min(axis=1)
    gone = (counted["cancelled"] >= 0) & (counted["cancelled"] <= counted["fate"])
    sealed = counted[_in(cut, counted["fate"]) & ~gone]
    met = sealed["done"] <= sealed["due"]
    proved = (sealed["restored"] >= 0) & (sealed["restored"] < cut.end_ms)
    late = counted[(counted["due"] < cut.end_ms) & (counted["done"] >= cut.end_ms)]
    parts = {"met": int(met.sum()), "missed": int((~met).sum()),
             "overdue": int(_open(cut, late).sum()), "unproved": int((met & ~proved).sum()),
             "excluded": int(_in(cut, owed[owed["excluded"]]["due"]).sum())}  # fmt: skip
    return _ratio(cut, int(met.sum()), len(sealed), parts)


def _ratio(cut: Cut, part: int, whole: int, parts: dict[str, float]) -> Answer:
    if not whole:
        return Answer(None, coverage=cut.coverage(), parts=parts)
    limits = odds.wilson(part / whole, whole)
    return Answer(part / whole, whole, *limits, cut.coverage(), parts)


def backlog(cut: Cut) -> Answer:
    rounds = _opened_by(cut)
    still = rounds[_open(cut, rounds)]
    ages = cut.end_ms - still["opened"]
    days = ages // DAY_MS
    bands = ((0, 4), (4, 8), (8, 15), (15, 31), (31, 10_000))
    parts = {f"band_{a}": int(((days >= a) & (days < b)).sum()) for a, b in bands}
    parts["reopened"] = int((still["no"] > 0).sum())
    if len(ages):
        parts["oldest_ms"] = int(ages.max())
    return Answer(float(len(ages)), len(ages), coverage=cut.coverage(), parts=parts)


def backlog_weeks(cut: Cut) -> Answer:
    weeks, rounds = cut.ms / WEEK_MS, _opened_by(cut)
    if weeks < 1:
        return Answer(None)
    waiting, closed = int(_open(cut, rounds).sum()), int(_in(cut, _end(rounds)).sum())
    parts = {"open": waiting, "closed_per_week": closed / weeks}
    fewest, most = odds.poisson(closed)
    low = waiting * weeks / (most or inf)
    if not closed and not waiting:
        return Answer(None, parts=parts)
    if not closed:
        return Answer(low, 0, low, None, cut.coverage(), parts)
    high = waiting * weeks / (fewest or inf)
    return Answer(waiting * weeks / closed, closed, low, high, cut.coverage(), parts)


def repeat_failures(cut: Cut) -> Answer:
    rounds = _opened_by(cut, inspections=False)
    begun = rounds[_in(cut, rounds["opened"])]
    again = int((begun["no"] > 0).sum())
    return _ratio(cut, again, len(begun), {"repeats": again})


def inspections_overdue(cut: Cut) -> Answer:
    """Of today, whatever the period; nothing for one long past."""
    if cut.known.end_ms - cut.to_ms > DAY_MS:
        return Answer(None)
    asked = cut.known.today[cut.known.today["kind"].isin(INSPECTION_DAYS)]
    known = asked[asked["inspected_on"] != ""]
    asked_of = zip(known["inspected_on"], known["kind"], strict=True)
    due = np.array([midnight_ms(on) + INSPECTION_DAYS[kind] * DAY_MS for on, kind in asked_of])
    now = cut.known.end_ms
    late = int((due < now).sum())
    parts = {"late": late, "soon": int(((due >= now) & (due < now + 30 * DAY_MS)).sum()),
             "date_unknown": len(asked) - len(known)}  # fmt: skip
    if not len(due):
        return Answer(None, parts=parts)
    return Answer(late / len(due), len(due), coverage=len(due) / len(asked), parts=parts)


def _opened_by(cut: Cut, inspections: bool = True) -> pd.DataFrame:
    rounds = cut.known.rounds[cut.known.rounds["opened"] < cut.end_ms]
    return rounds if inspections else rounds[rounds["cause"] != "inspection"]


def _in(cut: Cut, moments: pd.Series) -> pd.Series:
    return (moments >= cut.from_ms) & (moments < cut.end_ms)


def _end(rounds: pd.DataFrame) -> pd.Series:
    """When it was proved or called off."""
    both = rounds[["verified", "cancelled"]]
    return both.mask(both < 0, 2**62).min(axis=1)


def _open(cut: Cut, rounds: pd.DataFrame) -> pd.Series:
    return _end(rounds) >= cut.end_ms
