"""A control room with weeks that were sealed for it, for tests in a browser.

No field is connected, so nothing is counted and the week in progress is an empty one.
"""

from __future__ import annotations

import msgspec

from dashboard.weekly.shown import WeekLine
from dashboard.weekly.summary import Sealed, Summary
from data_sources import keys
from tests.conftest import ControlRoom
from tests.weekly.pages import CHANGED, a_full_summary, a_seal, full_rows
from tests.weekly.summaries import a_row, a_summary

FIRST, SECOND, THIRD = "2026-W10", "2026-W11", "2026-W12"


def seal_weeks(room: ControlRoom) -> None:
    """Three, the newest of them twice."""
    seal(room, first_week(), 1)
    seal(room, second_week(), 1)
    seal(room, full_week(bells=40), 1)
    seal(room, full_week(bells=112), 2)


def first_week() -> Summary:
    return a_summary(FIRST)


def second_week() -> Summary:
    return a_summary(SECOND, {"bell_presses": a_row("bell_presses", 12)})


def full_week(bells: float) -> Summary:
    rows = full_rows()
    told = msgspec.structs.replace(rows["bell_presses"].week, value=bells)
    rows["bell_presses"] = msgspec.structs.replace(rows["bell_presses"], week=told)
    return a_full_summary(THIRD, rows=rows)


def seal(room: ControlRoom, summary: Summary, revision: int) -> None:
    """As data_sources/weekly/book.py keeps it."""
    sealed: Sealed = a_seal(summary, revision, changed=CHANGED if revision > 1 else ())
    line = WeekLine(summary.week, summary.from_ms, revision, sealed.sealed_ms, sealed.hash,
                    summary.coverage, True)  # fmt: skip
    redis = room.redis()
    redis.hset(keys.week(summary.week), str(revision), msgspec.json.encode(sealed))
    redis.hset(keys.WEEKS, summary.week, msgspec.json.encode(line))
