"""Alerts and incidents out of raw messages: what happened to each, and where it belongs.

-1 = has not happened. An alert belongs to the place where its device is now.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from tests.kpis.recount.lives import DIMS, OFFLINE, Turn
from tests.kpis.recount.reading import Raw
from tests.kpis.recount.work import KST_MS, RULES, SITE

TYPES: dict[str, Any] = RULES["alert_types"]
ZONES: list[dict[str, Any]] = json.loads((SITE / "zones.json").read_text("utf-8"))["zones"]
Row = dict[str, Any]


def alerts_of(raw: Raw, turns: dict[str, list[Turn]]) -> pd.DataFrame:
    """raised, arrived, acked, closed, cleared, verdict, type, priority, actual and the place."""
    found: dict[str, Row] = {row["alert_id"]: row for row in _of_gateways(raw, turns)}
    for m in sorted(_messages(raw, found), key=lambda m: m["came"]):
        _hear(found, m)
    rows = pd.DataFrame(row for row in found.values() if row["raised"] >= 0)
    return _placed(raw, rows)


def _messages(raw: Raw, gateways: dict[str, Row]) -> Iterator[Row]:
    """Of the field, of people, and what follows for gateways from their being heard."""
    for stream in ("alerts", "actions"):
        for m, at_ms in zip(raw.accepted[stream], raw.frame(stream)["ts"].tolist(), strict=True):
            if "alert_id" in m:
                yield {**m, "at": at_ms}
    for row in gateways.values():
        if row["back"] >= 0:
            yield {"alert_id": row["alert_id"], "event": "cleared", "at": row["back"],
                   "came": len(raw.sent), "type": row["type"]}  # fmt: skip


def _hear(found: dict[str, Row], m: Row) -> None:
    """One message more about an alert; who comes first is right."""
    row = found.setdefault(m["alert_id"], _nobody(m["alert_id"]))
    if m.get("action") == "acknowledge":
        if not row["taken"] and row["closed"] < 0:
            row["taken"], row["acked"] = True, row["acked"] if row["acked"] >= 0 else m["at"]
            _field_closes(row)
    elif m.get("action") == "close":
        if row["closed"] < 0 and (m.get("verdict") or not row["latching"]):
            row["closed"], row["verdict"] = m["at"], m.get("verdict", "")
            row["acked"] = row["acked"] if row["acked"] >= 0 else m["at"]  # closing is taking
            row["by_person"] = True
    elif m.get("event") == "cleared":
        row["cleared"] = m["at"] if row["cleared"] < 0 else min(row["cleared"], m["at"])
        _field_closes(row)
    elif row["raised"] < 0:
        row |= {"raised": m["at"], "arrived": m["arrived_ms"], "type": m["type"],
                "device": m.get("device_id", ""), "lon": m.get("lon"), "lat": m.get("lat"),
                "latching": TYPES[m["type"]]["latching"], "priority": _priority(m),
                "actual": m.get("cap_status", "Actual") == "Actual"}  # fmt: skip


def _nobody(alert_id: str) -> Row:
    nothing = dict.fromkeys(("raised", "arrived", "acked", "closed", "cleared", "back"), -1)
    return {**nothing, "alert_id": alert_id, "verdict": "", "taken": False, "by_person": False}


def _field_closes(row: Row) -> None:
    """What has cleared and was taken is over."""
    if row["taken"] and row["cleared"] >= 0 and not row["latching"] and not row["by_person"]:
        row["closed"] = max(row["cleared"], row["acked"])


def _priority(m: Row) -> int:
    if m["type"] == "tamper":
        hour = (m["at"] + KST_MS) // 3_600_000 % 24
        return 2 if hour >= 22 or hour < 6 else 3
    return int(TYPES[m["type"]]["priority"])


def _of_gateways(raw: Raw, turns: dict[str, list[Turn]]) -> Iterator[Row]:
    """A gateway that is silent for too long is an alarm until it is heard again. All of them are
    of the history here, so they came when it was written."""
    written_ms = raw.sent["arrived_ms"].iloc[0]
    gateways = raw.registry[raw.registry["kind"] == "gateway"]["device_id"].unique()
    for device in gateways:
        mine = turns[device]
        for turn, after in zip(mine, [*mine[1:], None], strict=True):
            if turn.status == OFFLINE:
                yield {**_nobody(f"{device}.down.{turn.at_ms}"), "raised": turn.at_ms,
                       "arrived": written_ms, "type": "gateway_down", "device": device,
                       "latching": False, "priority": 3, "actual": True,
                       "back": after.at_ms if after else -1}  # fmt: skip


def _placed(raw: Raw, rows: pd.DataFrame) -> pd.DataFrame:
    last = raw.registry.groupby("device_id").last().rename(
        columns={"route_id": "route", "pilot_id": "pilot"})  # fmt: skip
    placed = rows.merge(last[DIMS], left_on="device", right_index=True, how="left")
    lost = placed["zone"].isna()
    placed.loc[lost, DIMS] = ""
    points = zip(placed[lost]["lon"], placed[lost]["lat"], strict=True)
    placed.loc[lost, "zone"] = [zone_of(*point) for point in points]
    return placed


def incidents_of(raw: Raw) -> pd.DataFrame:
    """The newest revision of each: reported, dispatched, arrived, closed, zone, route.
    Without tests and exercises."""
    rows = raw.frame("incidents", "route_id", "zone", "cap_status")
    rows = rows.sort_values("rev", kind="stable").groupby("incident_id").last().reset_index()
    rows = rows[rows["cap_status"].fillna("Actual") == "Actual"].copy()
    rows["zone"] = [zone_of(*point) for point in zip(rows["lon"], rows["lat"], strict=True)]
    rows["route"] = rows["route_id"].fillna("")
    for name in ("kind", "vendor", "owner", "pilot"):
        rows[name] = ""
    return rows.drop(columns=["arrived_ms", "route_id"]).rename(
        columns={"reported_at": "reported", "dispatched_at": "dispatched",
                 "arrived_at": "arrived", "closed_at": "closed"})  # fmt: skip


def zone_of(lon: float, lat: float) -> str:
    """By counting how often a line to the east crosses the border."""
    for zone in ZONES:
        crossed = sum(_crosses(lon, lat, ring) for ring in _rings(zone))
        if crossed % 2:
            return str(zone["code"])
    return ""


def _rings(zone: Row) -> list[list[list[float]]]:
    return zone.get("rings") or [zone["polygon"]]


def _crosses(lon: float, lat: float, ring: list[list[float]]) -> int:
    n = 0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 <= lat) != (y2 <= lat) and lon < x1 + (lat - y1) * (x2 - x1) / (y2 - y1):
            n += 1
    return n
