"""Small facts, by naming only what a test cares about.

The test's world begins on Monday 2026-11-02 00:00 in Korea; `at(days=1)` is a moment in it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from dashboard.kpis.choice import Period, start_of
from dashboard.kpis.facts import (
    ALERT,
    CATEGORIES,
    CAUSES,
    COLUMN,
    INCIDENT,
    INSPECTION,
    MEASURES,
    NONE,
    ROUND,
    VERDICTS,
    Facts,
)
from dashboard.kpis.groups import Groups
from dashboard.stream.rollups import DAY_MS, HOUR_MS, Group

START_MS = start_of(date(2026, 11, 2))
MINUTE_MS = 60_000
WEEK = Period(START_MS, START_MS + 7 * DAY_MS)
FOUR_WEEKS = Period(START_MS, START_MS + 28 * DAY_MS)
BELL = Group("bell", "z1", "r1", "Gaon", "city", "")
LIGHT = Group("light", "z1", "r1", "Maru", "city", "")
CAMERA = Group("cctv", "z2", "", "Maru", "city", "")
COUNTER = Group("counter", "z1", "r1", "Dasom", "city", "")
GATEWAY = Group("gateway", "z1", "", "Haneul", "city", "")
PLACE = Group("", "z1", "r1", "", "", "")  # of an incident
FEED = Group()
TYPES = ("bell", "fight", "gateway_down", "sos_app")

Sums = dict[Group, dict[str, float]]
Rows = list[dict[str, Any]]


def at(days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> int:
    ms = days * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + seconds * 1000
    return START_MS + round(ms)


def facts(
    sums: Sums | None = None,
    period: Period = WEEK,
    now_ms: int | None = None,
    usual: list[Sums] | None = None,
    **tables: Rows,
) -> Facts:
    """sums: group -> measure -> value, of the period. usual: the same of the weeks before, the
    nearest first. tables: rows of alerts, rounds, incidents, inspections, made by the functions
    below; those outside the period are left out as the store of facts does."""
    now_ms = period.to_ms if now_ms is None else now_ms
    groups, weeks = Groups(), usual or []
    every = [*(sums or {}), *(g for week in weeks for g in week)]
    every += [row["group"] for rows in tables.values() for row in rows]
    for group in every:
        groups.number_of(group)
    end_ms = min(period.to_ms, now_ms)
    alerts = [r for r in tables.get("alerts", []) if period.from_ms <= r["raised"] < end_ms]
    incidents = [r for r in tables.get("incidents", []) if period.from_ms <= r["reported"] < end_ms]
    rounds = [r for r in tables.get("rounds", []) if r["opened"] < end_ms]
    past = np.zeros((8, len(groups), len(MEASURES)))
    for row, week in zip(past, weeks, strict=False):
        row[:] = _sums(week, groups)
    return Facts(
        period=period, now_ms=now_ms, groups=groups, mask=np.ones(len(groups), bool),
        sums=_sums(sums or {}, groups), usual=past, weeks_known=len(weeks),
        alerts=_table(ALERT, alerts, groups), rounds=_table(ROUND, rounds, groups),
        incidents=_table(INCIDENT, incidents, groups),
        inspections=_table(INSPECTION, tables.get("inspections", []), groups),
        alert_types=list(TYPES),
    )  # fmt: skip


def chosen(whole: Facts, **wanted: str) -> Facts:
    """Of the groups with these words, as if they had been asked for."""
    return whole.of(whole.groups.mask(**wanted))


def states(up: float = 0, unknown: float = 0, offline: float = 0, fault: float = 0,
           out: float = 0, **more: float) -> dict[str, float]:  # fmt: skip
    """Sums of a group, in device-days; more: measures as they are."""
    days = {"s0": up, "s1": out, "s2": unknown, "s3": offline, "s4": fault}
    return {**{name: n * DAY_MS for name, n in days.items()}, **more}


def alert(
    raised: int = START_MS, group: Group = BELL, type: str = "bell", verdict: str = "", **more: Any
) -> dict[str, Any]:
    """acked, closed, cleared: moments; arrived: a second after it was raised."""
    row = {"raised": raised, "arrived": raised + 1000, "acked": NONE, "closed": NONE,
           "cleared": NONE, "group": group, "type": TYPES.index(type), "priority": 1,
           "verdict": VERDICTS.index(verdict), "actual": True}  # fmt: skip
    return {**row, **more}


def judged(verdict: str, n: int, group: Group = BELL, raised: int = START_MS) -> Rows:
    """Alerts taken after a minute and closed after ten."""
    closed = {"acked": raised + MINUTE_MS, "closed": raised + 10 * MINUTE_MS}
    return [alert(raised, group, verdict=verdict, **closed) for _ in range(n)]


def round_(
    opened: int = START_MS, group: Group = BELL, cause: str = "fault", **more: Any
) -> dict[str, Any]:
    """Of a work order: due, repaired, restored, verified, cancelled are moments; down: when the
    trouble began, half an hour before the opening. Restored also means verified."""
    row = {"down": opened - 30 * MINUTE_MS, "opened": opened, "due": NONE, "repaired": NONE,
           "restored": NONE, "verified": more.get("restored", NONE), "cancelled": NONE,
           "group": group, "device": 0, "no": 0, "cause": CAUSES.index(cause),
           "excluded": False, "children": 0}  # fmt: skip
    return {**row, **more}


def incident(
    reported: int = START_MS, group: Group = PLACE, category: str = "theft", **more: Any
) -> dict[str, Any]:
    """dispatched, arrived, closed: moments."""
    row = {"reported": reported, "dispatched": NONE, "arrived": NONE, "closed": NONE,
           "group": group, "category": CATEGORIES.index(category), "code112": 1,
           "actual": True, "alert": False, "start": NONE, "end": NONE, "lon": np.nan,
           "lat": np.nan}  # fmt: skip
    return {**row, **more}


def inspection(due: int | None, group: Group = BELL, device: int = 0) -> dict[str, Any]:
    known = due is not None
    return {"group": group, "device": device, "due": due if known else NONE, "known": known}


def _sums(sums: Sums, groups: Groups) -> np.ndarray:
    found = np.zeros((len(groups), len(MEASURES)))
    for group, measures in sums.items():
        for name, value in measures.items():
            found[groups.number_of(group), COLUMN[name]] += value
    return found


def _table(dtype: np.dtype[Any], rows: Rows, groups: Groups) -> np.ndarray:
    """groups: their numbers are put for the groups themselves."""
    numbered = [{**row, "group": groups.number_of(row["group"])} for row in rows]
    return np.array([tuple(row[name] for name in dtype.names or ()) for row in numbered], dtype)
