"""Messages as producers write them: only what a test cares about is named."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from dashboard.site import Site
from dashboard.stream import pipeline
from dashboard.stream.picture import Picture
from dashboard.stream.rollups import Cell, Group, Place
from data_sources.sites import load_site

START_MS = 1_795_000_000_000  # 2026-11-18 20:06:40 KST
SITE: Site = load_site("goyang")
Said = tuple[str, dict[str, Any]]  # stream, message


def rfc3339(at_ms: int) -> str:
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def at(seconds: float) -> str:
    """The time so many seconds after the start of the test's world."""
    return rfc3339(START_MS + round(seconds * 1000))


def registered(device_id: str = "D-1", kind: str = "light", ts: float = 0, **more: Any) -> Said:
    body = {"v": 1, "device_id": device_id, "ts": at(ts), "kind": kind, "lon": 126.78}
    return "registry", {**body, "lat": 37.66, "heartbeat_s": 60, **more}


def beat(device_id: str = "D-1", ts: float = 0, state: str = "ok", **more: Any) -> Said:
    body: dict[str, Any] = {"v": 1, "device_id": device_id, "ts": at(ts), "state": state}
    if state == "fault":
        body["faults"] = ["lamp_out"]
    return "status", {**body, **more}


def pressed(alert_id: str = "A-1", ts: float = 0, type_: str = "bell", **more: Any) -> Said:
    body = {"v": 1, "alert_id": alert_id, "ts": at(ts), "type": type_}
    return "alerts", {**body, "device_id": "D-1", **more}


def cleared(alert_id: str = "A-1", ts: float = 0, type_: str = "bell") -> Said:
    return pressed(alert_id, ts, type_, event="cleared")


def counted(sensor_id: str = "F-1", ts: float = 0, minutes: int = 15, **more: Any) -> Said:
    body = {"v": 1, "sensor_id": sensor_id, "from": at(ts), "to": at(ts + 60 * minutes)}
    return "traffic", {**body, "in": 10, "out": 5, **more}


def incident(incident_id: str = "I-1", rev: int = 1, ts: float = 0, **more: Any) -> Said:
    body = {"v": 1, "incident_id": incident_id, "rev": rev, "category": "theft"}
    return "incidents", {**body, "reported_at": at(ts), "lon": 126.78, "lat": 37.66, **more}


def did(action: str, ts: float = 0, actor: str = "duty", **more: Any) -> Said:
    """A person's action, on alert A-1 unless told otherwise."""
    body = {"v": 1, "action_id": f"{actor}-{action}-{ts}", "ts": at(ts), "actor": actor}
    targets = {"device_id", "rejected_id", "order_id"}
    target = {} if targets & set(more) else {"alert_id": "A-1"}
    return "actions", {**body, "role": "duty", "action": action, "version": 1, **target, **more}


class World:
    """A picture with its shelf of rollups, fed with messages as a worker would."""

    def __init__(self) -> None:
        self.shelf: dict[Place, Cell] = {}
        self.picture = Picture(SITE, lambda place: self.shelf.get(place, {}))
        self.arrived = 0

    def hear(self, *said: Said, now_s: float = 10_000_000, drained: bool = True) -> World:
        """One batch; every message arrives 1 ms after the one before."""
        entries = []
        for stream, message in said:
            self.arrived += 1
            raw = message if isinstance(message, bytes) else json.dumps(message).encode()
            entries.append((stream, f"{START_MS + self.arrived}-0".encode(), raw))
        fast = [e for e in entries if e[0] in pipeline.OVERTAKING]
        slow = [e for e in entries if e[0] not in pipeline.OVERTAKING]
        pipeline.advance(self.picture, fast + slow, START_MS + round(now_s * 1000), drained)
        self.last = self.picture.changes
        for place in self.picture.rollups.dirty:
            self.shelf[place] = self.picture.rollups.cell(place)
        pipeline.done(self.picture)
        return self

    def status(self, device_id: str = "D-1") -> str:
        from dashboard.records import Status

        return Status(self.picture.devices[device_id].status).word

    def total(self, measure: str, kind: str = "h") -> int:
        """Sum of a measure over all cells of all hours (or days)."""
        return sum(
            measures.get(measure, 0)
            for place, cell in self.shelf.items()
            if place[0] == kind
            for measures in cell.values()
        )

    def figures(self) -> dict[tuple[str, int, Group, str], int]:
        """Every cell by the group itself, since group numbers depend on who came first; of a
        counter's own cells by its name and the hour of the day."""
        groups = self.picture.rollups.groups
        return {
            (
                place[0],
                place[1],
                Group(place[2], str(number)) if place[0] == "c" else groups[number],
                measure,
            ): value
            for place, cell in self.shelf.items()
            for number, measures in cell.items()
            for measure, value in measures.items()
        }
