"""What the worker tells everybody else about once a commit, and how the feed is doing.

Structs packed like those of records.py: fields are only ever added at the end.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from dashboard.records import (
    ActionOutcome,
    AlertView,
    DeviceView,
    IncidentView,
    OrderView,
    Registration,
    TrafficView,
)


class StreamCount(Struct, array_like=True):
    accepted: int = 0
    duplicate: int = 0
    rejected: dict[str, int] = field(default_factory=dict)  # by reason
    unknown_fields: dict[str, int] = field(default_factory=dict)  # by vendor, "" = not known
    last_event_ms: int | None = None
    last_arrival_ms: int | None = None

    @property
    def rejected_total(self) -> int:
        return sum(self.rejected.values())


class FeedState(Struct, array_like=True):
    """How a partition's feed is doing; in the live stream about once a second."""

    partition: int
    owner: str  # worker name
    epoch: int
    at_ms: int  # wall clock of the worker
    watermark_ms: int
    stale_since_ms: int | None  # None = the feed is alive
    streams: dict[str, StreamCount] = field(default_factory=dict)
    unregistered: int = 0
    lag_entries: dict[str, int] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)


class Delta(Struct, array_like=True):
    """What one commit changed, as absolute records: applying it twice is harmless."""

    partition: int
    at_ms: int
    watermark_ms: int
    registrations: list[Registration] = field(default_factory=list)
    devices: list[DeviceView] = field(default_factory=list)
    alerts: list[AlertView] = field(default_factory=list)
    incidents: list[IncidentView] = field(default_factory=list)
    traffic: list[TrafficView] = field(default_factory=list)
    outcomes: list[ActionOutcome] = field(default_factory=list)
    canaries: list[tuple[str, int]] = field(default_factory=list)  # id, sent_ms
    feed: FeedState | None = None
    progress: dict[str, Any] | None = None  # simulator's history: {"done": 0..1}
    orders: list[OrderView] = field(default_factory=list)
    days: list[int] = field(default_factory=list)  # KST days before today whose sums changed
