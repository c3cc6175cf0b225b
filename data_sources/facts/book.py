"""What is known of one city: sums of its days, tables of its records, deltas that wait.

The event loop only appends deltas; everything else runs in threads, one at a time.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Mapping

from dashboard.city import City
from dashboard.deltas import Delta
from dashboard.kpis.choice import KEPT_DAYS
from dashboard.kpis.cube import EMPTY, Cells, Cube, joined, pack, still_to_come
from dashboard.kpis.facts import Table
from dashboard.kpis.gather import Gathered, Material, Plan, gather
from dashboard.kpis.lagging import Standing, standing
from dashboard.kpis.tables import Snapshot, Tables, inspections_of, numbers_of
from dashboard.records import AlertView, IncidentView, Kind, OrderView, Registration
from dashboard.site import Calendar, Site
from dashboard.stream.rollups import day_of, hour_of
from dashboard.sun import night_of
from dashboard.trends import foot_days
from dashboard.trends.foot_days import FootDays
from data_sources.facts.reader import Sums


class Book:
    """recent: the hours around the partitions' frontiers, of the same moment as the days.
    complete: everything Redis had was taken in."""

    def __init__(self, city: City, site: Site) -> None:
        self.city = city
        self.cube = Cube()
        self.tables = Tables(self._find)
        self._partitions: dict[int, Standing] = {}
        self.recent: dict[int, dict[int, Cells]] = {}
        self.complete = False
        self._inspection_days = site.inspection_days
        self._night = night_of(site)
        self._reopen_days = site.order_rules.reopen_days
        self._known_devices: tuple[int, Devices] | None = None
        self._numbers: dict[int, list[int]] = {}
        self._waiting: deque[Delta] = deque()
        self._lock = threading.Lock()

    @property
    def frontier_ms(self) -> int | None:
        """Of the partition that is furthest; None before anything was counted."""
        return max((one.frontier_ms for one in self._partitions.values()), default=None)

    def frontier_of(self, p: int) -> int | None:
        return self._partitions[p].frontier_ms if p in self._partitions else None

    def waits(self, before_ms: int) -> bool:
        """Whether records of the time before that moment wait to be taken in, or the City has
        not heard yet of what was counted then."""
        heard = self.city.watermarks
        counted = [
            (heard.get(p, 0), min(one.frontier_ms, before_ms))
            for p, one in self._partitions.items()
        ]
        if any(heard_ms < counted_ms for heard_ms, counted_ms in counted):
            return True
        return any(_tells_of(delta, before_ms) for delta in tuple(self._waiting))

    def is_behind(self, at_ms: int) -> bool:
        """Whether a partition has not come so far; one without any count is not waited for."""
        return any(one.frontier_ms < at_ms for one in self._partitions.values())

    @property
    def nbytes(self) -> int:
        return self.cube.nbytes + self.tables.nbytes

    def tell(self, delta: Delta) -> None:
        """Registrations are in the City already."""
        if delta.alerts or delta.incidents or delta.orders or delta.registrations:
            self._waiting.append(delta)

    def take_waiting(self) -> bool:
        """Whether anything was new."""
        with self._lock:
            before = self.tables.version
            while self._waiting:
                delta = self._waiting.popleft()
                for registration in delta.registrations:
                    self.tables.device_changed(registration.device_id)
                self._take(delta.alerts)
                self._take(delta.incidents)
                self._take(delta.orders)
            return self.tables.version != before

    def take_records(self, records: Iterable[AlertView | IncidentView | OrderView]) -> None:
        with self._lock:
            self._take(records)

    def take_sums(self, sums: Sums) -> None:
        """Days, and with today among them the hours as of now: what is still to come of the
        hour in progress is cut off, and knowledge ends there."""
        with self._lock:
            p = sums.partition
            rest = self._rest(sums)
            today = None if sums.frontier_ms is None else day_of(sums.frontier_ms)
            for day, packed in sums.days.items():
                cells = pack(sums.cells(packed), self._numbers[p])
                self.cube.put(day, p, joined([cells, rest]) if day == today else cells)
            if sums.frontier_ms is not None and today in sums.days:
                counts = sums.now_counts()
                self._partitions[p] = standing(sums.frontier_ms, counts, self._numbers[p])
                self.cube.forget(today - KEPT_DAYS)
                self._remember(p, self._hours(sums, rest))

    def _remember(self, p: int, hours: dict[int, Cells]) -> None:
        """The hours around a partition's frontier; older ones are forgotten."""
        oldest = min(hour_of(one.frontier_ms) for one in self._partitions.values()) - 1
        self.recent = {hour: of for hour, of in self.recent.items() if hour >= oldest}
        for hour, cells in hours.items():
            self.recent.setdefault(hour, {})[p] = cells

    def hours(self, sums: Sums) -> dict[int, Cells]:
        """Of one partition."""
        with self._lock:
            return self._hours(sums, self._rest(sums))

    def recent_hours(self, wanted: Iterable[int]) -> dict[int, Cells]:
        """Of those the ones that are known of every partition, cut at the frontier."""
        found = {hour: list(self.recent.get(hour, {}).values()) for hour in wanted}
        every = len(self._partitions)
        return {hour: joined(cells) for hour, cells in found.items() if len(cells) == every > 0}

    def gather(self, plan: Plan, hours: Mapping[int, Cells]) -> Gathered:
        with self._lock:
            inspections = self._devices().inspections  # before the snapshot: it may number groups
            tables, partitions = self.tables.snapshot(), list(self._partitions.values())
            return gather(
                plan,
                Material(
                    self.cube,
                    tables,
                    inspections,
                    hours,
                    partitions,
                    self._night,
                    self._reopen_days,
                ),
            )

    def foot_days(self, days: range, calendar: Calendar) -> FootDays:
        with self._lock:
            groups = self.tables.groups
            counting = groups.mask(kind=Kind.COUNTER)
            sums = self.cube.daily(days, counting, foot_days.COLUMNS)
            return foot_days.foot_days(sums, days.start, groups, calendar)

    def look(self) -> tuple[Snapshot, Devices]:
        with self._lock:
            devices = self._devices()
            return self.tables.snapshot(), devices

    def _take(self, records: Iterable[AlertView | IncidentView | OrderView]) -> None:
        for one in records:
            if isinstance(one, AlertView):
                self.tables.take_alert(one)
            elif isinstance(one, OrderView):
                self.tables.take_order(one)
            else:
                self.tables.take_incident(one)

    def _rest(self, sums: Sums) -> Cells:
        """What the hour in progress holds of the time after the frontier, with a minus."""
        known, groups = self._numbers.setdefault(sums.partition, []), sums.group_list()
        known += [self.tables.groups.number_of(group) for group in groups[len(known) :]]
        if sums.frontier_ms is None:
            return EMPTY
        counts = sums.now_counts()
        return pack([still_to_come(counts, groups, sums.frontier_ms, self._night)], known)

    def _hours(self, sums: Sums, rest: Cells) -> dict[int, Cells]:
        numbers = self._numbers[sums.partition]
        now = None if sums.frontier_ms is None else hour_of(sums.frontier_ms)
        found = {hour: pack(sums.cells(packed), numbers) for hour, packed in sums.hours.items()}
        return {
            hour: joined([cells, rest]) if hour == now else cells for hour, cells in found.items()
        }

    def _devices(self) -> Devices:
        """Of the registrations as they are; worked out anew only when one has changed."""
        devices = self.city.devices
        version = devices.registry_version
        if self._known_devices is None or self._known_devices[0] != version:
            records = list(devices.registrations)
            self._known_devices = version, Devices(records, self.tables, self._inspection_days)
        return self._known_devices[1]

    def _find(self, device_id: str) -> tuple[int, Registration] | None:
        at = self.city.devices.index.get(device_id)
        return None if at is None else (at, self.city.devices.registrations[at])


def _tells_of(delta: Delta, before_ms: int) -> bool:
    alerts = any(one.raised_ms < before_ms for one in delta.alerts)
    incidents = any(one.reported_ms < before_ms for one in delta.incidents)
    return alerts or incidents or any(one.opened_ms < before_ms for one in delta.orders)


class Devices:
    """Every device by number: registration, group (-1 = retired), and when it is to be seen to."""

    def __init__(
        self, registrations: list[Registration], tables: Tables, days: Mapping[str, int]
    ) -> None:
        self.registrations = registrations
        self.numbers = numbers_of(registrations, tables.groups)
        self.inspections: Table = inspections_of(registrations, self.numbers, days)
