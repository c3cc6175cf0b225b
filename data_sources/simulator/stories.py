"""Alerts as they happen in a day: who pressed, what a camera saw, when it cleared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from data_sources.simulator.city import HABITS, City, Device
from data_sources.simulator.entry import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Entry,
    compact_stamp,
    day_start,
    stamp,
)
from data_sources.simulator.life import Life, state_at

# Per day: 16 of 1,700 bells are pressed (3.5 presses a bell and year), 3,000 cameras tell of 25.
_PRESSES, _SIGHTS = 16 / 1_700, 25 / 3_000
SOS_CALLS = 0.7  # a day in the city, from telephones

# type -> (weight, median minutes until it clears by itself, share that does)
_SEEN = {
    "loitering": (8.0, 6, 0.9),
    "fall": (4.0, 5, 0.7),
    "intrusion": (4.0, 4, 0.85),
    "crowding": (3.5, 18, 0.95),
    "fight": (2.0, 3, 0.8),
    "abandonment": (1.5, 25, 0.6),
    "scream": (1.2, 0, 0.0),
    "tamper": (0.5, 8, 0.5),
    "fire": (0.3, 12, 0.6),
}
_TEST_FROM = 10 * HOUR + 20 * MINUTE  # of a working day: the round of monthly bell tests


@dataclass(frozen=True, slots=True)
class Story:
    """lon, lat only where there is no device."""

    alert_id: str
    at_ms: int
    type: str
    p: int
    device: Device | None
    lon: float
    lat: float
    confidence: float | None
    cleared_ms: int | None
    cap_status: str = "Actual"


def stories_of(city: City, life: Life, seed: int) -> Callable[[int], list[Story]]:
    bells, cameras = city.of_kind("bell"), city.of_kind("cctv")

    def tell(day: int) -> list[Story]:
        rng = Random(f"{seed}:alerts:{day}")
        outages = life.outages(day_start(day), day_start(day) + DAY)

        def works(device: Device, at_ms: int) -> bool:
            return state_at(outages.get(device.index, ()), at_ms) is None

        presses, sights = len(bells) * _PRESSES, len(cameras) * _SIGHTS
        told = [_press(rng, bells, day) for _ in range(_poisson(rng, presses))]
        told += [_sight(rng, cameras, day) for _ in range(_poisson(rng, sights))]
        told += [_call(rng, city, day, n) for n in range(_poisson(rng, SOS_CALLS if bells else 0))]
        told += _tests(rng, city, bells, day)
        told = [s for s in told if s.device is None or works(s.device, s.at_ms)]
        return sorted({s.alert_id: s for s in told}.values(), key=lambda s: s.at_ms)

    return lru_cache(maxsize=8)(tell)  # asked for by alerts, actions, incidents and lamps


def alert_entries(told: list[Story]) -> list[Entry]:
    entries = []
    for story in told:
        entries.append(Entry(story.at_ms, story.p, "alerts", _raised(story)))
        if story.cleared_ms is not None:
            head = f'{{"v":1,"alert_id":"{story.alert_id}","ts":"{stamp(story.cleared_ms)}"'
            body = f'{head},"type":"{story.type}","event":"cleared"}}'
            entries.append(Entry(story.cleared_ms, story.p, "alerts", body))
    return entries


def _raised(story: Story) -> str:
    head = f'{{"v":1,"alert_id":"{story.alert_id}","ts":"{stamp(story.at_ms)}"'
    text = f'{head},"type":"{story.type}"'
    if story.device is not None:
        text += f',"device_id":"{story.device.id}"'
    else:
        text += f',"lon":{story.lon},"lat":{story.lat}'
    if story.confidence is not None:
        text += f',"confidence":{story.confidence}'
    if story.cap_status != "Actual":
        text += f',"cap_status":"{story.cap_status}"'
    return text + "}"


def _of_device(device: Device, at_ms: int, type_: str, **more: object) -> Story:
    values: dict[str, object] = {"confidence": None, "cleared_ms": None, **more}
    alert_id = f"{device.id}-{compact_stamp(at_ms)}"
    return Story(alert_id, at_ms, type_, device.p, device, device.lon, device.lat, **values)  # type: ignore[arg-type]


def _press(rng: Random, bells: list[Device], day: int) -> Story:
    """A few bells are pressed again and again; bells on safe routes more than others."""
    bell = max(rng.sample(bells, min(2, len(bells))), key=lambda b: (b.route != "", b.traits.wear))
    return _of_device(bell, _moment(rng, day), "bell")


def _sight(rng: Random, cameras: list[Device], day: int) -> Story:
    kinds = list(_SEEN)
    type_ = rng.choices(kinds, [_SEEN[k][0] for k in kinds])[0]
    _, minutes, share = _SEEN[type_]
    at_ms, cleared_ms = _moment(rng, day), None
    if rng.random() < share:
        lasted = max(0.5, rng.lognormvariate(0.0, 0.8) * minutes)
        cleared_ms = at_ms + int(lasted * 60) * SECOND
    confidence = round(min(0.99, 0.6 + rng.betavariate(2.2, 2.0) * 0.39), 2)
    camera = rng.choice(cameras)
    return _of_device(camera, at_ms, type_, confidence=confidence, cleared_ms=cleared_ms)


def _call(rng: Random, city: City, day: int, number: int) -> Story:
    """Someone walking home asks for help with the telephone's app."""
    route = rng.choice(city.site.routes)
    lon, lat = rng.choice(route.line)
    at_ms = _moment(rng, day)
    alert_id, p = f"SOS-{compact_stamp(at_ms)}-{number}", city.partition_of(route.zones[0])
    point = (round(lon + rng.uniform(-2e-4, 2e-4), 6), round(lat + rng.uniform(-2e-4, 2e-4), 6))
    return Story(alert_id, at_ms, "sos_app", p, None, *point, None, None)


def _tests(rng: Random, city: City, bells: list[Device], day: int) -> list[Story]:
    """Each working day the bells of one or two routes are tested: every route once a month."""
    weekday, routes = (day + 3) % 7, city.site.routes
    if weekday >= 5 or not routes:
        return []
    turn = (day + 3) // 7 * 5 + weekday  # working days are counted through
    chosen = {routes[(turn * 3 // 2 + i) % len(routes)].id for i in range(1 + turn % 2)}
    told, at_ms = [], day_start(day) + _TEST_FROM
    for bell in [b for b in bells if b.route in chosen]:
        at_ms += rng.randrange(100, 260) * SECOND
        told.append(_of_device(bell, at_ms, "bell", cap_status="Test"))
    return told


def _moment(rng: Random, day: int) -> int:
    hour = rng.choices(range(24), HABITS["alerts"])[0]
    return day_start(day) + hour * HOUR + rng.randrange(3600) * SECOND


def _poisson(rng: Random, mean: float) -> int:
    """Exact for the few a day there are; counts exponential waits."""
    n, waited = 0, rng.expovariate(1.0)
    while waited < mean:
        n, waited = n + 1, waited + rng.expovariate(1.0)
    return n
