"""Facts: everything a KPI may look at, for one period and one choice of groups.

All times are UTC epoch ms; NONE = it has not happened or is not known, a code112 that was not
given too; start and end say when an incident happened; lon, lat: nan = not known. `sums` holds,
per group and measure, what the worker's rollups (dashboard/stream/rollups.py) add up to in the
period.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.kpis.choice import Period
from dashboard.kpis.groups import Groups
from dashboard.site import OrderRules
from dashboard.stream.rollups import LAG_LIMITS_MS as LAG_LIMITS_MS

NONE = -1
# Measures of the rollups that KPIs use; a column of `sums` each.
MEASURES = (
    "s0", "s1", "s2", "s3", "s4",  # ms in each Status
    "q0", "q1", "q2", "q3", "q4",  # lights: the same, while it must be lit
    "dark",  # lights: ms of q0 in which the lamp said it was off
    "fail", "back", "back_ms",
    "t_in", "t_out", "t_night", "t_ms", "t_bad_ms",  # t_night: people while it is dark
    "pause_ms",  # ms in which the whole feed was silent
    "m_ok", "m_dup", "m_bad",  # messages accepted, duplicate, rejected, by hour of arrival
    "ahead",  # samples of messages dated ahead of their arrival by more than 2 s
    *(f"g{k}" for k in range(len(LAG_LIMITS_MS) + 1)),  # samples of delay, up to each limit
)  # fmt: skip
COLUMN = {name: at for at, name in enumerate(MEASURES)}

ALERT = np.dtype(
    [("raised", "i8"), ("arrived", "i8"), ("acked", "i8"), ("closed", "i8"), ("cleared", "i8"),
     ("group", "i4"), ("type", "i2"), ("priority", "i1"), ("verdict", "i1"), ("actual", "?")]
)  # fmt: skip
ROUND = np.dtype(
    [("down", "i8"), ("opened", "i8"), ("due", "i8"), ("repaired", "i8"), ("restored", "i8"),
     ("verified", "i8"), ("cancelled", "i8"), ("group", "i4"), ("device", "i4"), ("no", "i2"),
     ("cause", "i1"), ("excluded", "?"), ("children", "i4")]
)  # fmt: skip
INCIDENT = np.dtype(
    [("reported", "i8"), ("dispatched", "i8"), ("arrived", "i8"), ("closed", "i8"),
     ("group", "i4"), ("category", "i1"), ("code112", "i1"), ("actual", "?"), ("alert", "?"),
     ("start", "i8"), ("end", "i8"), ("lon", "f8"), ("lat", "f8")]
)  # fmt: skip
INSPECTION = np.dtype([("group", "i4"), ("device", "i4"), ("due", "i8"), ("known", "?")])
# Words behind the small numbers of the tables above; verdict 0 = none given.
VERDICTS = ("", "real", "test", "mistaken", "malfunction", "unknown")
CAUSES = ("fault", "outage", "inspection")
CATEGORIES = ("theft", "violence", "sexual", "stalking", "property_damage", "disorder",
              "missing", "suspicious", "traffic", "other")  # fmt: skip
Table = NDArray[Any]  # of one of the dtypes above


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Some rows of a table, column by column: cheaper than a copy of the rows."""

    table: Table
    at: NDArray[np.intp]

    @classmethod
    def of(cls, table: Table, mask: NDArray[np.bool_]) -> Rows:
        return cls(table, np.flatnonzero(mask))

    def __len__(self) -> int:
        return len(self.at)

    def __getitem__(self, column: str) -> NDArray[Any]:
        values: NDArray[Any] = self.table[column][self.at]
        return values

    def only(self, mask: NDArray[np.bool_]) -> Rows:
        return Rows(self.table, self.at[mask])


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """Of `mask`'s groups alone. Rows are not cut to the period unless said so.

    now_ms: the frontier; nothing after it is known, so a period in progress ends there.
    sums: (groups, MEASURES) within the period; rows outside the mask are zero.
    usual: (8, groups, MEASURES) the same period, one to eight weeks before; zeros where unknown.
    It may tell of more groups than the mask: `of` leaves it whole, because it is large.
    weeks_known: how many of those eight weeks lie after the first day anything was counted.
    alerts: raised within the period. incidents: reported within it.
    rounds: of the groups, opened before the period's end, however old; without those that were
    over, and due, before it began.
    inspections: devices of today that must be inspected; due NONE where not known.
    alert_types: the words behind ALERT.type. feeds: how many there are, one per partition.
    reopen_days: within so many of being restored, a failure is a repeat.
    first_ms: beginning of the first day anything was counted in: of a time before it nobody
    knows anything, so it is not part of the period either.
    """

    period: Period
    now_ms: int
    groups: Groups
    mask: NDArray[np.bool_]
    sums: NDArray[np.float64]
    usual: NDArray[np.float64]
    weeks_known: int
    alerts: Table
    rounds: Table
    incidents: Table
    inspections: Table
    alert_types: list[str]
    feeds: int = 1
    first_ms: int = 0
    reopen_days: int = OrderRules().reopen_days

    @property
    def end_ms(self) -> int:
        """Where knowledge of the period ends."""
        return min(self.period.to_ms, self.now_ms)

    def total(self, *measures: str) -> float:
        """Sum of measures over all groups."""
        return float(self.sums[:, [COLUMN[name] for name in measures]].sum())

    def by_group(self, *measures: str) -> NDArray[np.float64]:
        column: NDArray[np.float64] = self.sums[:, [COLUMN[m] for m in measures]].sum(axis=1)
        return column

    def of(self, mask: NDArray[np.bool_]) -> Facts:
        """The part of these facts that belongs to fewer groups."""
        keep = self.mask & mask
        return replace(
            self,
            mask=keep,
            sums=self.sums * keep[:, None],
            alerts=self.alerts[keep[self.alerts["group"]]],
            rounds=self.rounds[keep[self.rounds["group"]]],
            incidents=self.incidents[keep[self.incidents["group"]]],
            inspections=self.inspections[keep[self.inspections["group"]]],
        )
