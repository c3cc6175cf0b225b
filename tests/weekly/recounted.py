"""Weeks of the small town of tests/kpis/recount, as they hang on a wall in Korea."""

from __future__ import annotations

import pandas as pd

# Its first week; of New Year, the last hours of which it was cut off; the four hours after.
WEEKS = {
    "2026-W49": ("2026-11-30", "2026-12-07"),
    "2026-W50": ("2026-12-07", "2026-12-14"),
    "2026-W51": ("2026-12-14", "2026-12-21"),
    "2026-W52": ("2026-12-21", "2026-12-28"),
    "2026-W53": ("2026-12-28", "2027-01-04"),
    "2027-W01": ("2027-01-04", "2027-01-11"),
}


def borders(word: str) -> tuple[int, int]:
    first, after = (pd.Timestamp(day, tz="Asia/Seoul") for day in WEEKS[word])
    return int(first.timestamp() * 1000), int(after.timestamp() * 1000)
