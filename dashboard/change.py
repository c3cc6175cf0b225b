"""What passes between the worker's records, the City and the browsers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dashboard.deltas import FeedState
from dashboard.records import (
    ActionOutcome,
    AlertView,
    DeviceView,
    IncidentView,
    OrderView,
    Registration,
    TrafficView,
)


@dataclass(slots=True)
class Change:
    """What one or several deltas changed, as far as a browser cares."""

    at_ms: int = 0
    statuses: dict[int, int] = field(default_factory=dict)  # index -> shown status
    placed: dict[int, None] = field(default_factory=dict)  # registered or registered anew
    alerts: dict[str, AlertView] = field(default_factory=dict)
    outcomes: list[ActionOutcome] = field(default_factory=list)
    canaries: list[tuple[str, int]] = field(default_factory=list)
    incidents: bool = False
    feed: bool = False
    all_statuses: bool = False
    progress: bool = False

    @property
    def urgent(self) -> bool:
        """Somebody waits for it: it must not be held back to be sent with others."""
        return bool(self.alerts or self.outcomes or self.canaries or self.all_statuses)

    def add(self, later: Change) -> None:
        """Takes in what happened after this."""
        if later.all_statuses:
            self.statuses.clear()
        self.at_ms = max(self.at_ms, later.at_ms)
        self.statuses.update(later.statuses)
        self.placed.update(later.placed)
        self.alerts.update(later.alerts)
        self.outcomes += later.outcomes
        self.canaries += later.canaries
        self.incidents |= later.incidents
        self.feed |= later.feed
        self.all_statuses |= later.all_statuses
        self.progress |= later.progress

    def __bool__(self) -> bool:
        return bool(self.urgent or self.statuses or self.placed or self.incidents
                    or self.feed or self.progress)  # fmt: skip


@dataclass(slots=True)
class Loaded:
    """A partition's snapshot as read from its state hashes."""

    partition: int
    registrations: Iterable[Registration] = ()
    devices: Iterable[DeviceView] = ()
    alerts: Iterable[AlertView] = ()
    incidents: Iterable[IncidentView] = ()
    traffic: Iterable[TrafficView] = ()
    orders: Iterable[OrderView] = ()  # those the worker works with
    feed: FeedState | None = None
