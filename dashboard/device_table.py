"""The devices of the city as columns: always ready to be sent.

Every device keeps its index for as long as this table lives, so a browser can be told of a
change by number. `told` is what the worker says; `shown` is what people see: the same, but
unknown while nothing can be heard from the device's partition.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence

from dashboard.place import PlaceGrid
from dashboard.records import DeviceView, Kind, Registration, Status

KINDS = tuple(str(kind) for kind in Kind)
STATUSES = tuple(status.word for status in Status)
NONE = 255  # in the zone and route columns: no such thing
GONE = 255  # in the status column: retired, not drawn
_KIND_AT = {kind: at for at, kind in enumerate(KINDS)}
_SILENT = bytes(
    status if status in (Status.OUT_OF_SERVICE, GONE) else Status.UNKNOWN for status in range(256)
)

Counts = list[int]  # devices by status, in the order of Status


class Words:
    """Strings by small number, for a column of bytes. The 256th and later ones are NONE."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words: list[str] = []
        self._at: dict[str, int] = {"": NONE}
        for word in words:
            self.number(word)

    def number(self, word: str) -> int:
        at = self._at.get(word)
        if at is None:
            if len(self.words) >= NONE:
                return NONE
            at = self._at[word] = len(self.words)
            self.words.append(word)
        return at


class DeviceTable:
    def __init__(self, zones: Sequence[str] = (), routes: Sequence[str] = ()) -> None:
        self.index: dict[str, int] = {}
        self.registrations: list[Registration] = []
        self.views: list[DeviceView | None] = []
        self.lon, self.lat = array("i"), array("i")
        self.kind, self.zone, self.route = bytearray(), bytearray(), bytearray()
        self.told, self.shown = bytearray(), bytearray()
        self.partition = array("H")
        self.zones, self.routes = Words(zones), Words(routes)
        self.grid = PlaceGrid()
        self.unregistered: dict[str, DeviceView] = {}
        self.registry_version = 0  # grows when names, places or kinds change
        self.silent: set[int] = set()
        self.retired: set[int] = set()

    def __len__(self) -> int:
        return len(self.registrations)

    def register(self, partition: int, record: Registration) -> int | None:
        """The device's index, None if nothing changed (an older or the same record)."""
        at = self.index.get(record.device_id)
        if at is None:
            at = self._append(partition, record)
        elif record.ts_ms < self.registrations[at].ts_ms or record == self.registrations[at]:
            return None
        self._place(at, record)
        self.shown[at] = self._shown(at)
        self.registry_version += 1
        return at

    def tell(self, views: Iterable[DeviceView]) -> dict[int, int]:
        """Shown statuses that changed, by index. Without a registration a view is only listed."""
        find, kept, told, shown = self.index.get, self.views, self.told, self.shown
        changed: dict[int, int] = {}
        for view in views:
            at, status = find(view.device_id), view.status
            if at is None:
                self.unregistered[view.device_id] = view
                continue
            kept[at] = view
            if told[at] != status:
                told[at] = status
                if self.silent or at in self.retired:
                    status = self._shown(at)
                if status != shown[at]:
                    changed[at] = shown[at] = status
        return changed

    def set_silent(self, partition: int, silent: bool) -> bool:
        """Overlays or frees a whole partition; True if it was the other way before."""
        if silent == (partition in self.silent):
            return False
        if silent:
            self.silent.add(partition)
        else:
            self.silent.discard(partition)
        self._show_all()
        return True

    def by_status(self) -> Counts:
        return [self.shown.count(status) for status in range(len(STATUSES))]

    def by_kind(self) -> dict[str, Counts]:
        return _counted(KINDS, self.kind, self.shown)

    def by_zone(self) -> dict[str, Counts]:
        """Zones with devices, by code."""
        return _counted(self.zones.words, self.zone, self.shown)

    def _append(self, partition: int, record: Registration) -> int:
        at = self.index[record.device_id] = len(self.registrations)
        view = self.unregistered.pop(record.device_id, None)
        self.registrations.append(record)
        self.views.append(view)
        self.told.append(view.status if view else Status.UNKNOWN)
        self.shown.append(GONE)
        self.partition.append(partition)
        for column in (self.lon, self.lat, self.kind, self.zone, self.route):
            column.append(0)
        return at

    def _place(self, at: int, record: Registration) -> None:
        self.registrations[at] = record
        (self.retired.add if record.retired else self.retired.discard)(at)
        self.lon[at], self.lat[at] = round(record.lon * 1e6), round(record.lat * 1e6)
        self.kind[at] = _KIND_AT.get(record.kind, NONE)
        self.zone[at] = self.zones.number(record.zone)
        self.route[at] = self.routes.number(record.route_id)
        self.grid.put(at, self.lon[at], self.lat[at])

    def _shown(self, at: int) -> int:
        if at in self.retired:
            return GONE
        told = self.told[at]
        return _SILENT[told] if self.silent and self.partition[at] in self.silent else told

    def _show_all(self) -> None:
        """Statuses and counters anew, for all devices."""
        silent = self.silent
        self.shown = bytearray(
            _SILENT[told] if p in silent else told
            for told, p in zip(self.told, self.partition, strict=True)
        )
        for at in self.retired:
            self.shown[at] = GONE


def _counted(words: Sequence[str], column: bytearray, shown: bytearray) -> dict[str, Counts]:
    """Counted when asked for: a hundred thousand take less than counting at every change."""
    counts: dict[str, Counts] = {}
    for (number, status), n in Counter(zip(column, shown, strict=True)).items():
        if status != GONE and number < len(words):
            counts.setdefault(words[number], [0] * len(STATUSES))[status] = n
    return counts
