"""The operating picture of one partition: everything that is true of it at one instant.

The worker is its only owner. `Changes` collects what a batch did to it, so that the edge can
store exactly that, together with the read positions, in one atomic commit. If a commit fails
the picture is thrown away and loaded again: it never lives on half stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dashboard.deltas import StreamCount
from dashboard.records import ActionOutcome, Registration, Status
from dashboard.site import Site
from dashboard.stream.alerts import AlertRecord, Waiting
from dashboard.stream.counts import IncidentRecord, TrafficRecord
from dashboard.stream.devices import DeviceRecord
from dashboard.stream.ledger import GRACE_MS, Ledger, Pause
from dashboard.stream.messages import Rejection
from dashboard.stream.rollups import Fetch, Group, Rollups
from dashboard.stream.vitals import NEVER, ORDINARY, UNHEARD, Beat, Vitals, beat_of
from dashboard.stream.watch import Watch
from dashboard.stream.workshop import Workshop
from dashboard.sun import night_of

STREAMS = ("registry", "status", "alerts", "traffic", "incidents", "actions")


@dataclass(slots=True)
class Clock:
    """A partition's sense of time; every value is stored with each commit.

    watermark_ms: highest event time seen, never ahead of the wall clock.
    ahead_ms: event times of alerts, which overtake and so may not move the watermark yet.
    arrived_ms: arrival of the newest status message.
    silent_from_ms: watermark at which the feed fell silent; None while it speaks.
    """

    watermark_ms: int = NEVER
    ahead_ms: int = NEVER
    arrived_ms: int = NEVER
    silent_from_ms: int | None = None
    frontier_ms: int = NEVER
    shown_resumed_ms: int = NEVER
    settled_resumed_ms: int = NEVER
    settled_stale: bool = False
    pauses: list[Pause] = field(default_factory=list)  # not settled yet
    pruned_ms: int = NEVER


@dataclass(slots=True)
class Changes:
    registrations: set[str] = field(default_factory=set)
    devices: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)  # devices of which something shown changed
    alerts: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    incidents: set[str] = field(default_factory=set)
    traffic: set[str] = field(default_factory=set)
    gone_traffic: set[str] = field(default_factory=set)
    history: list[tuple[str, int, int]] = field(default_factory=list)  # device, since_ms, status
    rejected: list[tuple[str, bytes, Rejection, bytes]] = field(default_factory=list)
    outcomes: list[ActionOutcome] = field(default_factory=list)
    canaries: list[tuple[str, int]] = field(default_factory=list)
    resend: list[tuple[str, str]] = field(default_factory=list)  # action id, rejected entry id
    counted: bool = False

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)


class Picture:
    """fetch brings a rollup cell that is not in memory; it is the core's one question outside."""

    def __init__(self, site: Site, fetch: Fetch) -> None:
        self.site = site
        self.registrations: dict[str, Registration] = {}
        self.devices: dict[str, DeviceRecord] = {}
        self.alerts: dict[str, AlertRecord] = {}
        self.waiting: dict[str, Waiting] = {}
        self.incidents: dict[str, IncidentRecord] = {}
        self.traffic: dict[str, TrafficRecord] = {}
        self.counts: dict[str, StreamCount] = {name: StreamCount() for name in STREAMS}
        self.clock = Clock()
        self.changes = Changes()
        self.rollups = Rollups(fetch)
        self.night = night_of(site)
        self.ledger = Ledger(self.rollups, self._settled, self.beat_of, self.night)
        self.workshop = Workshop(site, self.ledger, self.rollups, self._tell)
        self.shown = Watch(self._shown)
        self.gateway_turned: list[tuple[str, bool, int]] = []  # id, down?, when
        self.alerts_of: dict[str, set[str]] = {}
        self.traffic_of: dict[str, set[str]] = {}
        self.service_ends: dict[str, int] = {}  # when out of service ends by itself

    def beat_of(self, device_id: str) -> Beat:
        registration = self.registrations.get(device_id)
        return beat_of(registration) if registration else ORDINARY

    def group_of(self, device_id: str, zone: str = "", route: str = "") -> Group:
        """A registered device's group; else what the message itself said of the place."""
        r = self.registrations.get(device_id)
        if r is None:
            return Group("", zone, route)
        return Group(r.kind, r.zone, r.route_id, r.vendor, r.owner, r.pilot_id)

    def device(self, device_id: str) -> DeviceRecord:
        """The record, made when a device is first heard of."""
        record = self.devices.get(device_id)
        if record is None:
            record = self.devices[device_id] = DeviceRecord(device_id)
            self.ledger.waiting[device_id] = record.pending
            self.shown.adopt(device_id, record.shown, self.beat_of(device_id))
        return record

    def feed_limit_ms(self) -> int:
        """How long the whole feed may be silent before it, not its devices, is to blame.

        About twenty times the gap expected between messages; never under the site's
        feed_stale_s, and never over three beats of the most talkative device or a minute.
        """
        beats = [r.heartbeat_s for r in self.registrations.values() if not r.retired]
        if not beats:
            return 60_000
        expected_s = 1 / sum(1 / beat for beat in beats)
        least_s = self.site.thresholds.feed_stale_s
        longest_s = max(60.0, 3 * min(beats))
        return int(1000 * max(least_s, min(20 * expected_s, longest_s)))

    def restore(self) -> None:
        """After loading: rebuild everything that follows from the stored records."""
        clock, ledger = self.clock, self.ledger
        ledger.frontier_ms = ledger.watch.now_ms = clock.frontier_ms
        ledger.watch.resumed_ms, ledger.watch.stale = clock.settled_resumed_ms, clock.settled_stale
        self.shown.now_ms, self.shown.resumed_ms = clock.watermark_ms, clock.shown_resumed_ms
        for device_id, device in self.devices.items():
            beat = self.beat_of(device_id)
            self.shown.adopt(device_id, device.shown, beat)
            if device.settled.since_ms != NEVER:
                ledger.watch.adopt(device_id, device.settled, beat)
            if device.group is not None:
                ledger.group_of[device_id] = device.group
            ledger.waiting[device_id] = device.pending
            if device.out_of_service_until_ms is not None:
                self.service_ends[device_id] = device.out_of_service_until_ms
        ledger.pauses = clock.pauses
        self.shown.restore()
        ledger.restore()
        self.workshop.restore()
        for alert_id, alert in self.alerts.items():
            self.alerts_of.setdefault(alert.device_id, set()).add(alert_id)
        for key, record in self.traffic.items():
            self.traffic_of.setdefault(record.sensor_id, set()).add(key)

    def _shown(self, device_id: str, vitals: Vitals, old: int, _old_since_ms: int) -> None:
        device = self.devices[device_id]
        device.status, device.behind = vitals.status, vitals.behind
        device.since_ms = None if vitals.told == UNHEARD else vitals.since_ms
        self.changes.devices.add(device_id)
        self.changes.seen.add(device_id)
        if self.shown.beats[device_id].is_gateway and Status.OFFLINE in (old, vitals.status):
            down = vitals.status == Status.OFFLINE
            self.gateway_turned.append(
                (device_id, down, vitals.since_ms if down else vitals.told_ms)
            )

    def _settled(self, device_id: str, vitals: Vitals, since_ms: int) -> None:
        device = self.devices[device_id]
        device.settled = vitals
        device.group = self.ledger.group_of.get(device_id)
        self.changes.devices.add(device_id)
        if since_ms != NEVER:
            self.changes.history.append((device_id, since_ms, int(vitals.status)))
        self.workshop.turned(device_id, vitals)

    def _tell(self, outcome: ActionOutcome) -> None:
        self.changes.outcomes.append(outcome)


def frontier_of(watermark_ms: int) -> int:
    return watermark_ms - GRACE_MS
