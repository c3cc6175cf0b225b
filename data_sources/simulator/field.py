"""All field systems together: what they send in a stretch of the past, or of the present.

Pure: the same seed, city and times give the same messages, however time is cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from dashboard.geo import distance_m
from data_sources.simulator.beats import Beats, natural_rate
from data_sources.simulator.city import City, Device, installed_on
from data_sources.simulator.daybook import Daybook
from data_sources.simulator.entry import DAY, HOUR, MINUTE, Entry, day_of, stamp
from data_sources.simulator.incidents import PER_WEEK, incident_day
from data_sources.simulator.inspections import Inspections
from data_sources.simulator.life import NOBODY, Dying, Life
from data_sources.simulator.mischief import mischief
from data_sources.simulator.operators import past_actions
from data_sources.simulator.runs import runs
from data_sources.simulator.stories import alert_entries, stories_of
from data_sources.simulator.traffic import traffic_day
from data_sources.simulator.vendors import SPILL_MS, repair_day

_BLINK_MS = 3 * MINUTE
_BLINK_M = 70.0


class Field:
    """hours_until_ms: foot traffic that ends by then is sent in whole hours, then in quarters.
    dying: sensors that fall silent for good. incidents: a week."""

    def __init__(
        self, city: City, seed: int, hours_until_ms: int = 0, dying: Dying = NOBODY,
        incidents: float = PER_WEEK,
    ) -> None:  # fmt: skip
        self.city = city
        self._seed = seed
        self._life = Life(city, seed, dying)
        self._tell = stories_of(city, self._life, seed)
        self._books = [
            Daybook(lambda day: alert_entries(self._tell(day))),
            Daybook(incident_day(city, seed, self._tell, incidents)),
            Daybook(traffic_day(city, self._life, seed, hours_until_ms)),
            Daybook(Inspections(city, seed).writer(_record)),
        ]
        self._actions = Daybook(past_actions(self._tell))
        self._repairs = Daybook(repair_day(self._life, seed), SPILL_MS)
        self._held: list[Entry] = []  # late on purpose
        self._beats: Beats | None = None
        self._live_books = self._books

    def told_of(self, alert_id: str, raised_ms: int) -> bool:
        """True for an alert of this field; others, pressed by hand, are left to people."""
        days = {day_of(raised_ms), day_of(raised_ms - HOUR)}
        return any(story.alert_id == alert_id for day in days for story in self._tell(day))

    def past(self, from_ms: int, to_ms: int, *, operators: bool = True) -> Iterator[list[Entry]]:
        """Chunks of a day in order of sending. operators: with what people did about alerts
        and repairs."""
        books = [*self._books, self._actions, self._repairs] if operators else self._books
        start = from_ms
        for chunk in runs(self.city, self._life, from_ms, to_ms):
            end = min(start + DAY, to_ms)
            for book in books:
                chunk += book.between(start, end)
            yield self._on_the_way(chunk, end)
            start = end

    def go_live(self, from_ms: int, rate_per_s: float = 0.0, *, vendors: bool = False) -> None:
        """rate_per_s: messages a second in all; below the city's own rate it changes nothing.
        vendors: they report their repairs."""
        self._live_books = [*self._books, self._repairs] if vendors else self._books
        extra = max(0.0, rate_per_s - natural_rate(self.city)) if rate_per_s else 0.0
        self._beats = Beats(self.city, self._life, from_ms, extra)

    def live(self, from_ms: int, to_ms: int) -> list[Entry]:
        """Everything sent in [from_ms, to_ms); ask for one stretch after the other."""
        assert self._beats is not None, "go_live first"
        self._answer_calls(self._beats, from_ms, to_ms)
        entries = self._beats.between(from_ms, to_ms)
        for book in self._live_books:
            entries += book.between(from_ms, to_ms)
        return self._on_the_way(entries, to_ms)

    def _on_the_way(self, entries: list[Entry], end_ms: int) -> list[Entry]:
        together = sorted(self._held + list(mischief(entries, self._seed)))
        self._held = [entry for entry in together if entry.at_ms >= end_ms]
        return together[: len(together) - len(self._held)]

    def _answer_calls(self, beats: Beats, from_ms: int, to_ms: int) -> None:
        for day in {day_of(from_ms), day_of(to_ms)}:
            for story in self._tell(day):
                if from_ms <= story.at_ms < to_ms and story.type in ("bell", "sos_app"):
                    lights = lights_near(self.city, story.lon, story.lat)
                    beats.blink(lights, story.at_ms + 1_000, story.at_ms + _BLINK_MS)


def lights_near(city: City, lon: float, lat: float) -> list[int]:
    near = [
        device.index
        for device in city.devices
        if device.kind == "light"
        and abs(device.lat - lat) < 0.001
        and distance_m(lon, lat, device.lon, device.lat) <= _BLINK_M
    ]
    return near[:6]


def full_hour(at_ms: int) -> int:
    return at_ms // HOUR * HOUR


def registry(
    devices: tuple[Device, ...], at_ms: int, *, retired: bool = False,
    inspected: Callable[[Device, int], str] = lambda *_: "",
) -> list[Entry]:  # fmt: skip
    """Master data of all devices, gateways first. inspected: date of the last inspection."""
    return [
        Entry(at_ms, d.p, "registry", _record(d, at_ms, inspected(d, at_ms), retired=retired))
        for d in devices
    ]


def _record(device: Device, at_ms: int, inspected_on: str, *, retired: bool = False) -> str:
    traits = device.traits
    body = {
        "v": 1,
        "device_id": device.id,
        "ts": stamp(at_ms),
        "kind": device.kind,
        "lon": device.lon,
        "lat": device.lat,
        "name": device.name,
        "zone": device.zone,
        "route_id": device.route,
        "gateway_id": device.gateway,
        "owner": traits.owner,
        "vendor": traits.vendor,
        "model": traits.model,
        "installed_on": installed_on(device),
        "heartbeat_s": traits.heartbeat_s,
        "pilot_id": traits.pilot,
        "retired": retired,
        "inspected_on": inspected_on,
    }
    return msgspec.json.encode({k: v for k, v in body.items() if v not in ("", False)}).decode()
