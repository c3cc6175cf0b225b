"""The city in memory: what every web process knows of all partitions, right now.

`apply` takes the worker's deltas and notes in a Change what browsers have to be told. Records
in deltas are absolute, so applying one twice, or one from before the snapshot, is harmless.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dashboard.change import Change, Loaded
from dashboard.deltas import Delta, FeedState
from dashboard.device_table import DeviceTable
from dashboard.geo import distance_m
from dashboard.records import AlertState, AlertView, IncidentView, OrderView, TrafficView

SECOND, HOUR, DAY = 1_000, 3_600_000, 86_400_000
SILENT_MS = 5 * SECOND  # a worker says something every second
CLOSED_KEPT_MS = DAY
PLACES_KEPT = 5_000
PRUNE_MS = 5 * SECOND  # wall time between two prunings
INCIDENTS_KEPT_MS = 84 * DAY
TRAFFIC_KEPT_MS = 3 * HOUR


class City:
    def __init__(
        self,
        city_id: str,
        partitions: int = 1,
        zones: Sequence[str] = (),
        routes: Sequence[str] = (),
        started_ms: int = 0,
    ) -> None:
        self.id = city_id
        self.seq = 0  # of the last message to browsers; belongs to whoever sends them
        self.devices = DeviceTable(zones, routes)
        self.alerts: dict[str, AlertView] = {}
        self.partition_of_alert: dict[str, int] = {}
        self.orders: dict[str, tuple[int, OrderView]] = {}  # with their partition
        self.incidents: dict[str, IncidentView] = {}
        self.incidents_version = 0
        self.traffic: dict[tuple[str, int], TrafficView] = {}
        self.feeds: dict[int, FeedState] = {}
        self.watermarks: dict[int, int] = {}
        self.heard_ms = dict.fromkeys(range(partitions), started_ms)
        self.progress: dict[str, Any] | None = None
        self.connected = False  # to Redis; kept true by the follower
        self._pruned_ms = started_ms
        self._places: dict[tuple[str, int], tuple[str, int] | None] = {}

    @property
    def watermark_ms(self) -> int:
        """Feed time of the city: the newest of its partitions; 0 before any message."""
        return max(self.watermarks.values(), default=0)

    @property
    def oldest_watermark_ms(self) -> int:
        """Feed time of the partition that is furthest behind: the age of the picture."""
        return min(self.watermarks.values(), default=0)

    @property
    def stale_since_ms(self) -> int | None:
        """Since when the worst partition's field systems say nothing; None = all alive."""
        since = [f.stale_since_ms for f in self.feeds.values() if f.stale_since_ms is not None]
        return min(since, default=None)

    def worker_silent_since(self, now_ms: int) -> int | None:
        """Wall time of the last word of the most silent worker, None while all speak."""
        last = min(self.heard_ms.values(), default=now_ms)
        return last if now_ms - last > SILENT_MS else None

    def load(self, loaded: Loaded) -> None:
        """A partition's snapshot, before any delta of it."""
        p = loaded.partition
        for record in loaded.registrations:
            self.devices.register(p, record)
        self.devices.tell(loaded.devices)
        nothing = Change()
        for alert in loaded.alerts:
            self._take_alert(p, alert, nothing)
        self._take_orders(p, loaded.orders)
        self.incidents.update((one.incident_id, one) for one in loaded.incidents)
        self.traffic.update(((one.sensor_id, one.from_ms), one) for one in loaded.traffic)
        if loaded.feed is not None:
            self._take_feed(loaded.feed, nothing)
        self.prune()

    def apply(self, delta: Delta, heard_ms: int, into: Change | None = None) -> Change:
        """heard_ms: wall time of its arrival here. Registrations go before devices."""
        change = Change() if into is None else into
        change.at_ms = max(change.at_ms, delta.at_ms)
        p = delta.partition
        self.heard_ms[p] = heard_ms
        if delta.watermark_ms > self.watermarks.get(p, 0):
            self.watermarks[p] = delta.watermark_ms
        self._take_devices(delta, change)
        for alert in delta.alerts:
            self._take_alert(p, alert, change)
        self._take_orders(p, delta.orders)
        self._take_figures(delta, change)
        change.outcomes += delta.outcomes
        change.canaries += delta.canaries
        if delta.feed is not None:
            self._take_feed(delta.feed, change)
        if delta.progress is not None:
            self.progress, change.progress = delta.progress, True
        self._overlay(p, heard_ms, change)
        if heard_ms - self._pruned_ms > PRUNE_MS:
            self._pruned_ms = heard_ms
            self.prune()
        return change

    def check_silence(self, now_ms: int, into: Change | None = None) -> Change:
        """Partitions whose worker has stopped speaking are shown as unknown."""
        change = Change(at_ms=now_ms) if into is None else into
        for p in self.heard_ms:
            self._overlay(p, now_ms, change)
        return change

    def open_alerts(self) -> list[AlertView]:
        return [a for a in self.alerts.values() if a.state != AlertState.CLOSED]

    def place(self, alert: AlertView) -> tuple[str, int] | None:
        """Name of the alert's own or the nearest device, and metres to it."""
        key = (alert.alert_id, self.devices.registry_version)
        if key not in self._places:
            if len(self._places) > PLACES_KEPT:
                self._places.clear()
            self._places[key] = self._place(alert)
        return self._places[key]

    def _place(self, alert: AlertView) -> tuple[str, int] | None:
        at = self.devices.index.get(alert.device_id)
        metres = 0.0
        if at is None:
            if alert.lon is None or alert.lat is None:
                return None
            near = self.devices.grid.nearest(round(alert.lon * 1e6), round(alert.lat * 1e6))
            if near is None:
                return None
            at, metres = near.index, near.metres
        record = self.devices.registrations[at]
        return record.name or record.device_id, round(metres)

    def alerts_around(self, lon: float, lat: float, radius_m: float) -> Iterator[AlertView]:
        """Open alerts with a point within the radius; for roles that may see exact points."""
        for alert in self.open_alerts():
            if alert.lon is not None and alert.lat is not None:
                if distance_m(lon, lat, alert.lon, alert.lat) <= radius_m:
                    yield alert

    def prune(self) -> None:
        """Forgets what is too old for the live picture; Redis still has it."""
        now = self.watermark_ms
        closed = now - CLOSED_KEPT_MS
        for alert in [a for a in self.alerts.values() if (a.closed_ms or now) < closed]:
            del self.alerts[alert.alert_id]
            self.partition_of_alert.pop(alert.alert_id, None)
        for order_id, (_, order) in list(self.orders.items()):
            if (order.closed_ms or now) < closed:
                del self.orders[order_id]
        for key in [k for k in self.traffic if k[1] < now - TRAFFIC_KEPT_MS]:
            del self.traffic[key]
        old = now - INCIDENTS_KEPT_MS
        for one in [i for i in self.incidents.values() if i.reported_ms < old]:
            del self.incidents[one.incident_id]

    def _take_devices(self, delta: Delta, change: Change) -> None:
        devices = self.devices
        for record in delta.registrations:
            if (at := devices.register(delta.partition, record)) is not None:
                change.placed[at] = None
        change.statuses.update(devices.tell(delta.devices))

    def _take_alert(self, p: int, alert: AlertView, change: Change) -> None:
        known = self.alerts.get(alert.alert_id)
        if known is not None and known.version > alert.version:
            return
        self.alerts[alert.alert_id] = alert
        self.partition_of_alert[alert.alert_id] = p
        change.alerts[alert.alert_id] = alert

    def _take_orders(self, p: int, orders: Iterable[OrderView]) -> None:
        for order in orders:
            known = self.orders.get(order.order_id)
            if known is None or known[1].version <= order.version:
                self.orders[order.order_id] = p, order

    def _take_figures(self, delta: Delta, change: Change) -> None:
        for one in delta.incidents:
            self.incidents[one.incident_id] = one
        for count in delta.traffic:
            self.traffic[count.sensor_id, count.from_ms] = count
        if delta.incidents:
            self.incidents_version += 1
            change.incidents = True

    def _take_feed(self, feed: FeedState, change: Change) -> None:
        p = feed.partition
        self.feeds[p] = feed
        self.watermarks[p] = max(self.watermarks.get(p, 0), feed.watermark_ms)
        change.feed = True

    def _overlay(self, p: int, now_ms: int, change: Change) -> None:
        feed = self.feeds.get(p)
        silent = now_ms - self.heard_ms[p] > SILENT_MS or (
            feed is not None and feed.stale_since_ms is not None
        )
        if self.devices.set_silent(p, silent):
            change.all_statuses = change.feed = True
            change.statuses.clear()  # the whole column is sent instead
