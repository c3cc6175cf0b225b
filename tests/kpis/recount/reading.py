"""Raw messages as frames, one a stream: nothing here knows the control room's code.

Times are UTC epoch milliseconds. What the contract's checker finds fault with is `bad`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from tests.contract_checker import problems
from tests.kpis.recount.town import Sent

_TIMES = {
    "registry": ("ts",),
    "status": ("ts", "until"),
    "alerts": ("ts",),
    "traffic": ("from", "to"),
    "incidents": ("reported_at", "dispatched_at", "arrived_at", "closed_at"),
    "actions": ("ts", "until", "done_at"),
}


@dataclass(frozen=True)
class Raw:
    """sent: stream, arrived_ms, bad of every message. The others: what is acceptable, each with
    the contract's fields, arrived_ms and `came`, its place in the order of arrival."""

    sent: pd.DataFrame
    accepted: dict[str, list[dict[str, Any]]]

    def frame(self, stream: str, *fields: str) -> pd.DataFrame:
        rows = pd.DataFrame(self.accepted[stream])
        for name in (*_TIMES[stream], *fields):
            if name not in rows:
                rows[name] = None
        for name in _TIMES[stream]:
            rows[name] = _epoch_ms(rows[name])
        return rows

    @cached_property
    def registry(self) -> pd.DataFrame:
        """In order of time; empty strings for what is not said."""
        rows = self.frame("registry", "route_id", "gateway_id", "pilot_id", "inspected_on",
                          "retired", "zone", "vendor", "owner")  # fmt: skip
        texts = ["route_id", "gateway_id", "pilot_id", "inspected_on", "zone", "vendor", "owner"]
        rows[texts] = rows[texts].fillna("")
        rows["retired"] = rows["retired"].fillna(False).astype(bool)
        return rows.sort_values("ts", kind="stable")

    @cached_property
    def status(self) -> pd.DataFrame:
        """One row a statement, in order of time; off: it said that its lamp is off."""
        rows = self.frame("status", "lamp", "faults")
        rows["until"] = rows["until"].where(rows["until"] >= 0, rows["ts"])
        rows["fault"] = rows["state"] == "fault"
        rows["off"] = [isinstance(lamp, dict) and lamp.get("on") is False for lamp in rows["lamp"]]
        rows = rows.drop_duplicates(["device_id", "ts", "until", "fault"])
        return rows.sort_values("ts", kind="stable")


def read(sent: list[Sent]) -> Raw:
    rows: list[tuple[str, int, bool]] = []
    accepted: dict[str, list[dict[str, Any]]] = {name: [] for name in _TIMES}
    for seq, one in enumerate(sent):
        bad = bool(problems(one.stream, one.raw.decode()))
        rows.append((one.stream, one.arrived_ms, bad))
        if not bad:
            m = {**json.loads(one.raw), "arrived_ms": one.arrived_ms, "came": seq}
            accepted[one.stream].append(m)
    return Raw(pd.DataFrame(rows, columns=["stream", "arrived_ms", "bad"]), accepted)


def _epoch_ms(texts: pd.Series) -> pd.Series:
    """-1 where there is none."""
    moments = pd.to_datetime(texts, utc=True, format="ISO8601")
    ms = moments.astype("datetime64[ms, UTC]").astype("int64")
    return ms.where(moments.notna(), -1).astype(np.int64)
