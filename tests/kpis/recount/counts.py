"""Foot traffic and the feed's own health out of raw messages."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pandas as pd

from tests.contract_checker import moment, problems
from tests.kpis.recount.lives import DIMS
from tests.kpis.recount.reading import Raw
from tests.kpis.recount.spans import HOUR_MS
from tests.kpis.recount.town import Sent

LIMITS_MS = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 86_400_000)
AHEAD_MS = 2_000


def counts_of(raw: Raw, whose: pd.DataFrame) -> pd.DataFrame:
    """Pieces of counted intervals within an hour: device, at, ms, people and the dimensions.

    Only good ones; the highest revision of each; people are shared out by time. They belong to
    the place where the counter is now, also those of the hour before it was registered.
    """
    rows = raw.frame("traffic", "rev", "quality")
    rows["rev"] = rows["rev"].fillna(0)
    rows = rows.sort_values("rev", kind="stable").groupby(["sensor_id", "from"]).last()
    rows = rows.reset_index()
    good = rows[rows["quality"].fillna("ok") == "ok"]
    pieces = [piece for row in good.to_dict("records") for piece in _by_hour(row)]
    counts = pd.DataFrame(pieces, columns=["device", "at", "ms", "people"])
    return counts.merge(whose.groupby("device")[DIMS].last(), on="device")


def _by_hour(row: dict[str, int]) -> Iterator[tuple[int, int, int, int]]:
    """The first hours get what time gives them, rounded down, each direction by itself."""
    at, to, ways = row["from"], row["to"], [row["in"], row["out"]]
    while at < to:
        end = min(to, at // HOUR_MS * HOUR_MS + HOUR_MS)
        here = [n * (end - at) // (to - at) for n in ways]
        yield row["sensor_id"], at, end - at, sum(here)
        ways = [n - m for n, m in zip(ways, here, strict=True)]
        at = end


def samples_of(batches: list[list[Sent]]) -> pd.DataFrame:
    """at, lag: of each batch, cut at the hour of arrival, its newest status or foot traffic."""
    rows = []
    for batch in batches:
        for hour in sorted({one.arrived_ms // HOUR_MS for one in batch}):
            newest = [one for one in batch if one.arrived_ms // HOUR_MS == hour
                      and one.stream in ("status", "traffic")][-1:]  # fmt: skip
            rows += [(hour * HOUR_MS, one.arrived_ms - said) for one in newest
                     if (said := _last_moment(one)) is not None]  # fmt: skip
    return pd.DataFrame(rows, columns=["at", "lag"])


def _last_moment(one: Sent) -> int | None:
    if problems(one.stream, one.raw.decode()):
        return None
    m = json.loads(one.raw)
    at = moment(m["to"] if one.stream == "traffic" else m.get("until", m["ts"]))
    return None if at is None else round(at.timestamp() * 1000)


def quantile(lags: pd.Series, share: float) -> float | None:
    """Of samples of which only the bucket is known; even within a bucket."""
    wanted, before, start = share * len(lags), 0, 0
    for limit in LIMITS_MS:
        here = int(((lags <= limit) & ((lags > start) | (start == 0))).sum())
        if here and before + here >= wanted:
            return start + (limit - start) * (wanted - before) / here
        before, start = before + here, limit
    return None
