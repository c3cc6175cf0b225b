"""What plain pandas takes for two of the pictures of trends: the reference of trends.py."""

from __future__ import annotations

import time
from typing import Any

import pandas as pd

from benchmarks.trends_city import NOW_MS
from dashboard.kpis.choice import period_of
from dashboard.stream.rollups import DAY_MS, HOUR_MS, KST_MS


def by_pandas(rows: Any) -> float:
    """Milliseconds; making the frame is not counted."""
    frame = pd.DataFrame(rows[rows["actual"]])
    began = time.perf_counter()
    period = period_of({"period": "365d"}, NOW_MS)
    for from_ms, to_ms in (
        (period.from_ms, period.to_ms),
        (period.from_ms - 56 * DAY_MS, period.from_ms),
    ):
        reported = frame["reported"]
        _week_by_pandas(frame[(reported >= from_ms) & (reported < to_ms)])
    week = (frame["reported"] + KST_MS + 3 * DAY_MS) // (7 * DAY_MS)
    recent = frame["reported"] >= NOW_MS - 364 * DAY_MS
    for a, b in (("reported", "arrived"), ("reported", "dispatched"),
                 ("dispatched", "arrived"), ("arrived", "closed")):  # fmt: skip
        ended = recent & (frame[a] >= 0) & (frame[b] >= frame[a])
        took = (frame[b] - frame[a])[ended]
        took.groupby(week[ended]).quantile([0.5, 0.9])
    return 1000 * (time.perf_counter() - began)


def _week_by_pandas(frame: pd.DataFrame) -> pd.Series:
    """Hours of the week, intervals shared out among theirs."""
    start = frame["start"].where(frame["start"] >= 0, frame["reported"])
    end = frame["end"].where(frame["end"] >= 0, start)
    both = pd.DataFrame({"start": start, "end": end})
    both = both[(both["end"] >= both["start"]) & (both["end"] - both["start"] <= DAY_MS)]
    both["hour"] = [
        range(a // HOUR_MS, max(a, b - 1) // HOUR_MS + 1)
        for a, b in zip(both["start"], both["end"], strict=True)
    ]
    each = both.explode("hour").astype({"hour": "int64"})
    begins = each["hour"] * HOUR_MS
    shared = each["end"].clip(upper=begins + HOUR_MS) - each["start"].clip(lower=begins)
    length = each["end"] - each["start"]
    weight = (shared / length.where(length > 0)).fillna(1.0)
    moment = pd.to_datetime(begins, unit="ms", utc=True).dt.tz_convert("Asia/Seoul")
    return weight.groupby([moment.dt.weekday, moment.dt.hour]).sum()
