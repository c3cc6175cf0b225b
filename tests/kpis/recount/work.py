"""Work orders out of how devices were, what people did and what the registry says of inspections.

A row is a round. -1 = has not happened. Minutes of work are counted one by one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from tests.kpis.recount.lives import DIMS, DOWN, OK, Told, Turn
from tests.kpis.recount.reading import Raw
from tests.source_tree import ROOT

MINUTE_MS, DAY_MS, KST_MS = 60_000, 86_400_000, 32_400_000
HOLIDAYS = ("2026-12-25", "2027-01-01")
SITE = ROOT / "data_sources" / "sites" / "goyang"
RULES: dict[str, Any] = json.loads((SITE / "city.json").read_text(encoding="utf-8"))
FAULT_MS, OUTAGE_MS, GATEWAY_MS, PROOF_MS = (
    RULES["order_rules"][name] * MINUTE_MS
    for name in ("fault_after_min", "outage_after_min", "gateway_after_min", "verify_after_min")
)
REOPEN_MS = RULES["order_rules"]["reopen_days"] * DAY_MS
INSPECTION_DAYS: dict[str, int] = RULES["inspection_days"]
ROUND = {"due": -1, "parts": -1, "repaired": -1, "restored": -1, "verified": -1, "cancelled": -1,
         "excluded": False, "asked": -1}  # fmt: skip
Row = dict[str, Any]


def rounds_of(
    turns: dict[str, list[Turn]], told: dict[str, Told], raw: Raw, whose: pd.DataFrame, end_ms: int
) -> pd.DataFrame:
    """order, no, cause, down, opened, ROUND's columns and the device's dimensions."""
    acts = raw.frame("actions", "device_id", "action", "to", "role")
    acts = acts[acts["device_id"].notna() & ~acts["action"].str.endswith("_service")]
    acts = acts.sort_values(["ts", "action_id"], kind="stable")
    done = dict(list(acts.groupby("device_id")))
    rows: list[Row] = []
    for device, mine in turns.items():
        registered = whose[whose["device"] == device]
        if len(registered):
            bench = Bench(told[device], registered, done.get(device), end_ms)
            rows += bench.rounds(mine)
    rows += _inspections(raw, whose, end_ms)
    return pd.DataFrame(rows).astype({"excluded": bool})


class Bench:
    """One device through its troubles."""

    def __init__(
        self, told: Told, registered: pd.DataFrame, acts: pd.DataFrame | None, end_ms: int
    ) -> None:
        self.told = told
        self.end_ms = end_ms
        self.left_ms = int(registered["left"].max())
        self.registered = registered
        self.acts = [] if acts is None else acts.to_dict("records")
        self.orders: list[list[Row]] = []
        self.is_open = self.is_served = False  # an order stands; the trouble has had one

    def rounds(self, turns: list[Turn]) -> list[Row]:
        down_ms = well_ms = -1
        for turn, after in zip(turns, [*turns[1:], None], strict=True):
            until_ms = after.known_ms if after else self.end_ms + 1
            if turn.status in DOWN:
                down_ms, well_ms = (turn.at_ms if down_ms < 0 else down_ms), -1
                self._trouble(turn, until_ms, down_ms)
            elif turn.status == OK:
                well_ms = turn.at_ms if well_ms < 0 else well_ms
                self._well(turn, after, well_ms)
                self.is_served = self.is_open
                down_ms = down_ms if self.is_open else -1
            self._people(until_ms)
        if self.is_open and self.left_ms < self.end_ms:
            self.last["cancelled"] = self.left_ms
        return [row for order in self.orders for row in order]

    @property
    def last(self) -> Row:
        return self.orders[-1][-1]

    def _trouble(self, turn: Turn, until_ms: int, down_ms: int) -> None:
        patience_ms = FAULT_MS
        if turn.status != DOWN[1]:
            patience_ms = GATEWAY_MS if self._kind == "gateway" else OUTAGE_MS
        opens_ms = max(down_ms + patience_ms, turn.known_ms)
        if not self.is_served and opens_ms < min(until_ms, self.left_ms):
            self._people(opens_ms)
            self._open(turn, down_ms, opens_ms)
        self._people(until_ms, turn.known_ms)

    def _open(self, turn: Turn, down_ms: int, opened_ms: int) -> None:
        again = bool(self.orders) and self.last["verified"] >= 0
        again = again and down_ms - self.last["restored"] <= REOPEN_MS
        if not again:
            whose = self.registered[self.registered["joined"] <= opened_ms].iloc[-1]
            cause = "fault" if turn.status == DOWN[1] else "outage"
            name = f"{self.told.id} {opened_ms}"
            self.whose = {**whose[DIMS], "device": self.told.id, "cause": cause, "order": name,
                          "vendor_now": whose["vendor"]}  # fmt: skip
            self.orders.append([])
        order = self.orders[-1]
        order.append({**ROUND, **self.whose, "no": len(order), "down": down_ms,
                      "opened": opened_ms})  # fmt: skip
        order[-1]["due"] = due_ms(self.whose["vendor_now"], self._kind, opened_ms, False)
        self.is_open = self.is_served = True

    def _well(self, turn: Turn, after: Turn | None, well_ms: int) -> None:
        """Proved by good beats; what is not yet clear at the end is not proved."""
        lasts_until_ms = after.at_ms if after else 2**62
        known_ms = turn.known_ms + PROOF_MS + self.told.silence_ms
        if not self.is_open or lasts_until_ms - turn.known_ms < PROOF_MS or known_ms > self.end_ms:
            return
        self._people(turn.known_ms + PROOF_MS)
        if self.is_open:
            self.last["restored"], self.last["verified"] = well_ms, turn.known_ms + PROOF_MS
            self.is_open = False

    def _people(self, until_ms: int, down_since_ms: int = -1) -> None:
        """Everything done before until_ms. down_since_ms: a repair reported is soon refuted."""
        while self.acts and self.acts[0]["ts"] < until_ms:
            self._refute(down_since_ms, self.acts[0]["ts"])
            self._do(self.acts.pop(0))
        self._refute(down_since_ms, until_ms)

    def _refute(self, down_since_ms: int, until_ms: int) -> None:
        if down_since_ms < 0 or not self.is_open or self.last["repaired"] < 0:
            return
        if max(down_since_ms, self.last["reported"]) + PROOF_MS < until_ms:
            self.last["repaired"] = -1

    def _do(self, act: Row) -> None:
        if not self.orders or self.last["cancelled"] >= 0:
            return
        what, at_ms = act["action"], act["ts"]
        if what == "repaired":
            self._repaired(at_ms, act["done_at"])
        elif what in ("exclude", "include"):
            self.last["excluded"] = what == "exclude"
        elif self.is_open:
            self._decide(what, at_ms, act["to"])

    def _repaired(self, at_ms: int, done_ms: int) -> None:
        row = self.last
        if done_ms < 0:
            done_ms = at_ms if row["restored"] < 0 else min(at_ms, row["restored"])
        if done_ms >= row["down"]:
            row["repaired"], row["reported"] = done_ms, at_ms

    def _decide(self, what: str, at_ms: int, to: str) -> None:
        row, reported = self.last, self.last["repaired"] >= 0
        if what == "cancel":
            row["cancelled"], self.is_open = at_ms, False
        elif what == "parts" and not reported and row["parts"] < 0:
            row["parts"] = at_ms
            if 0 <= at_ms <= row["due"]:
                asked_ms = row["asked"] if row["asked"] >= 0 else row["opened"]
                row["due"] = due_ms(self.whose["vendor_now"], self._kind, asked_ms, True)
        elif what == "assign" and not reported and to != self.whose["vendor_now"]:
            self.whose["vendor_now"] = to
            if row["due"] < 0 or at_ms <= row["due"]:
                row["asked"] = at_ms
                row["due"] = due_ms(to, self._kind, at_ms, row["parts"] >= 0)

    @property
    def _kind(self) -> str:
        return str(self.registered["kind"].iloc[0])


def _inspections(raw: Raw, whose: pd.DataFrame, end_ms: int) -> Iterator[Row]:
    for device, rows in raw.registry.groupby("device_id", sort=False):
        days = INSPECTION_DAYS.get(rows["kind"].iloc[0])
        known = list(zip(rows["ts"], rows["inspected_on"], rows["retired"], strict=True))
        for (ts, on, retired), (until_ms, newer, gone) in zip(
            known, [*known[1:], (end_ms + 1, "", False)], strict=True
        ):
            due = midnight_ms(on) + (days or 0) * DAY_MS if on else -1
            opened = max(due, ts)
            if days is None or due < 0 or retired or opened >= until_ms:
                continue
            row = {**ROUND, "device": device, "cause": "inspection", "no": 0, "down": due,
                   "opened": opened, "order": f"{device} {due}"}  # fmt: skip
            mine = whose[(whose["device"] == device) & (whose["joined"] <= opened)].iloc[-1]
            if gone:
                row["cancelled"] = until_ms
            elif newer > on:
                row["restored"] = min(max(due, midnight_ms(newer)), until_ms)
                row["verified"] = until_ms
            yield {**row, **mine[DIMS]}


def due_ms(vendor: str, kind: str, from_ms: int, parts: bool) -> int:
    """-1 when no contract covers it."""
    for wanted in (kind, ""):
        for contract in RULES["contracts"]:
            if (contract["vendor"], contract["kind"]) == (vendor, wanted):
                hours = contract["repair_h"] + (contract.get("parts_h", 0) if parts else 0)
                by_clock = contract.get("calendar", "working") == "always"
                left_ms = round(hours * 60 * MINUTE_MS)
                return from_ms + left_ms if by_clock else _after_work(from_ms, left_ms)
    return -1


def _after_work(from_ms: int, left_ms: int) -> int:
    """Minute by minute; the first one may have begun already."""
    start, working = _working_minutes()
    minute = (from_ms - start) // MINUTE_MS
    begun_ms = (from_ms - start) % MINUTE_MS
    ms = working[minute : minute + 40 * 1_440] * MINUTE_MS
    ms[0] = max(0, ms[0] - begun_ms)
    total = np.cumsum(ms)
    last = int(np.searchsorted(total, left_ms))
    rest_ms = left_ms - (int(total[last - 1]) if last else 0)
    offset_ms = begun_ms if last == 0 else 0
    return int(start + (minute + last) * MINUTE_MS + offset_ms + rest_ms)


@cache
def _working_minutes() -> tuple[int, np.ndarray[Any, Any]]:
    """From the first minute of November 2026 in Korea: 1 where it is one of work."""
    minutes = pd.date_range("2026-11-01", "2027-06-01", freq="min", tz="Asia/Seoul")
    hours = RULES["calendar"]
    clock = minutes.strftime("%H:%M")
    working = (minutes.day_of_week < 5) & (clock >= hours["working_from"])
    working &= (clock < hours["working_to"]) & ~minutes.strftime("%Y-%m-%d").isin(HOLIDAYS)
    return int(minutes[0].timestamp() * 1000), working.astype(np.int64)


def midnight_ms(day: str) -> int:
    return int(pd.Timestamp(day, tz="Asia/Seoul").timestamp() * 1000)
