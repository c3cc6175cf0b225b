"""Every KPI once more, from rows of device time, rounds, alerts, incidents and counts.

Written from the definitions people read (kpis.<key>_what), not from the code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from tests.kpis.recount.alarms import alerts_of, incidents_of
from tests.kpis.recount.counts import counts_of, samples_of
from tests.kpis.recount.lives import Town as Lives
from tests.kpis.recount.reading import read
from tests.kpis.recount.spans import belongings, failures_of, lamps_off, spans_of, within
from tests.kpis.recount.town import Town, town
from tests.kpis.recount.work import rounds_of

ARRIVALS = ("sent", "samples")  # known when they come, before anything is settled


@dataclass(frozen=True)
class Answer:
    """As a figure, in plain numbers; an interval that is not given is not compared."""

    value: float | None
    n: int = 0
    low: float | None = None
    high: float | None = None
    coverage: float | None = None
    parts: dict[str, float] = field(default_factory=dict)
    at_least: bool = False


class Known:
    """Everything that is known at end_ms, as frames; `of` cuts it to a part of the town.
    first_ms: midnight of the first day of which anything is known."""

    def __init__(
        self, frames: dict[str, pd.DataFrame], pauses: list[tuple[int, int]], first_ms: int,
        end_ms: int,
    ) -> None:  # fmt: skip
        self.frames = frames
        self.pauses = pauses
        self.first_ms, self.end_ms = first_ms, end_ms

    def of(self, **wanted: str) -> Known:
        frames = dict(self.frames)
        for name, rows in frames.items():
            if name not in ARRIVALS:
                for dim, word in wanted.items():
                    rows = rows[rows[dim] == word]
                frames[name] = rows
        return Known(frames, self.pauses, self.first_ms, self.end_ms)

    def __getattr__(self, name: str) -> pd.DataFrame:
        return self.frames[name]


class Cut:
    """A period of it. end_ms: where knowledge of the period ends."""

    def __init__(self, known: Known, from_ms: int, to_ms: int) -> None:
        self.known, self.from_ms, self.to_ms = known, from_ms, to_ms
        self.end_ms = min(to_ms, known.end_ms)
        self.spans = within(known.spans, from_ms, self.end_ms)

    @property
    def ms(self) -> int:
        """As far as it is known."""
        return max(0, self.end_ms - max(self.from_ms, self.known.first_ms))

    def rows(self, name: str, column: str) -> pd.DataFrame:
        """Those of a frame of which a moment lies in the period."""
        rows = self.known.frames[name]
        end_ms = self.to_ms if name in ARRIVALS else self.end_ms
        return rows[(rows[column] >= self.from_ms) & (rows[column] < end_ms)]

    def time(self, *statuses: int, kinds: tuple[str, ...] = ()) -> int:
        rows = self.spans[self.spans["status"].isin(statuses)]
        return int((rows[rows["kind"].isin(kinds)] if kinds else rows)["ms"].sum())

    def coverage(self, *kinds: str) -> float | None:
        """Heard / scheduled."""
        scheduled = self.time(0, 2, 3, 4, kinds=kinds)
        return self.time(0, 4, kinds=kinds) / scheduled if scheduled else None


@cache
def known(end_ms: int, dead_share: float = 0.0) -> Known:
    return known_of(town(dead_share), end_ms)


def known_of(told: Town, end_ms: int) -> Known:
    """end_ms: settled so far by the control room; later silence is not known to it either."""
    raw = read(told.sent)
    lives = Lives(raw, end_ms)
    turns = {name: lives.turns(device) for name, device in lives.told.items()}
    whose = belongings(raw, end_ms)
    spans = spans_of(turns, whose, end_ms)
    today = raw.registry.groupby("device_id").last().reset_index()
    today = today[~today["retired"]].rename(columns={"route_id": "route", "pilot_id": "pilot"})
    frames = {
        "spans": spans, "failures": failures_of(turns, whose), "off": lamps_off(raw, spans),
        "rounds": rounds_of(turns, lives.told, raw, whose, end_ms),
        "alerts": alerts_of(raw, turns), "incidents": incidents_of(raw), "today": today,
        "counts": counts_of(raw, whose), "sent": raw.sent, "samples": samples_of(told.batches),
    }  # fmt: skip
    first = min(spans["from"].min(), frames["counts"]["at"].min())
    midnight = pd.Timestamp(first, unit="ms", tz="Asia/Seoul").normalize()
    return Known(frames, lives.pauses, int(midnight.timestamp() * 1000), end_ms)
