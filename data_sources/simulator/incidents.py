"""Incidents of a day as the police record them: reported, then revised as more is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import msgspec

from data_sources.simulator.city import HABITS, City
from data_sources.simulator.entry import (
    HOUR,
    MINUTE,
    SECOND,
    Entry,
    compact_stamp,
    day_start,
    stamp,
)
from data_sources.simulator.operators import plan_for
from data_sources.simulator.places import Spot, a_street_spot
from data_sources.simulator.stories import Story

PER_WEEK = 27.0
_FROM_ALERT = 0.065  # of bell presses found real: about four a week
_PER_DAY = 23.0 / 7  # without those
# category -> (weight, share with an unknown moment, 112 codes 0-4)
_CATEGORIES = {
    "theft": (6, 0.75, (0, 1, 5, 3, 1)),
    "violence": (5, 0.05, (2, 6, 2, 0, 0)),
    "sexual": (2, 0.2, (2, 5, 3, 0, 0)),
    "stalking": (2, 0.3, (2, 5, 3, 0, 0)),
    "property_damage": (3, 0.8, (0, 1, 5, 3, 1)),
    "disorder": (5, 0.0, (0, 1, 6, 2, 1)),
    "missing": (1, 0.6, (1, 4, 4, 1, 0)),
    "suspicious": (3, 0.0, (0, 2, 6, 1, 1)),
    "traffic": (2, 0.1, (0, 2, 5, 2, 0)),
    "other": (2, 0.2, (0, 0, 4, 4, 2)),
}
_WEEKDAYS = (0.92, 0.9, 0.92, 0.98, 1.15, 1.18, 0.95)
# code -> median minutes from dispatch to arrival; code 4 is not dispatched
_DRIVE_MIN = {0: 4.5, 1: 5.5, 2: 9.0, 3: 35.0}


@dataclass(frozen=True, slots=True)
class Incident:
    id: str
    category: str
    code: int
    reported_ms: int
    occurred: tuple[int, int] | None
    spot: Spot
    p: int
    alert_id: str = ""


def incident_day(
    city: City, seed: int, tell: Callable[[int], list[Story]]
) -> Callable[[int], list[Entry]]:
    """Every revision is a whole record with a higher rev."""

    def write(day: int) -> list[Entry]:
        rng = Random(f"{seed}:incidents:{day}")
        found = [_someone_calls(rng, city, day, n) for n in range(_number(rng, day))]
        found += [_from_alert(rng, city, s, n) for n, s in enumerate(tell(day)) if _is_crime(s)]
        return [entry for incident in found for entry in _revisions(rng, incident, city)]

    return write if city.devices else lambda _day: []


def _number(rng: Random, day: int) -> int:
    mean, n, waited = _PER_DAY * _WEEKDAYS[(day + 3) % 7], 0, rng.expovariate(1.0)
    while waited < mean:
        n, waited = n + 1, waited + rng.expovariate(1.0)
    return n


def _is_crime(story: Story) -> bool:
    """Few of the bell presses found real become an incident."""
    if story.type != "bell" or story.cap_status != "Actual":
        return False
    real = plan_for(story.alert_id, "bell").verdict == "real"
    return real and Random(f"crime:{story.alert_id}").random() < _FROM_ALERT


def _someone_calls(rng: Random, city: City, day: int, number: int) -> Incident:
    hour = rng.choices(range(24), HABITS["incidents"])[0]
    reported_ms = day_start(day) + hour * HOUR + rng.randrange(3600) * SECOND
    category = rng.choices(list(_CATEGORIES), [c[0] for c in _CATEGORIES.values()])[0]
    _, vague, codes = _CATEGORIES[category]
    code = rng.choices(range(5), codes)[0]
    return Incident(
        id=f"I-{compact_stamp(reported_ms)}-{number}",
        category=category,
        code=code,
        reported_ms=reported_ms,
        occurred=_occurred(rng, reported_ms, rng.random() < vague),
        spot=(spot := _spot(rng, city)),
        p=city.partition_of(spot.zone),
    )


def _occurred(rng: Random, reported_ms: int, vague: bool) -> tuple[int, int] | None:
    """Hours for what was found later (a stolen bicycle), minutes for what was seen."""
    end_ms = reported_ms - rng.randrange(2, 30) * MINUTE
    if vague:
        return end_ms - rng.randrange(2, 14) * HOUR, end_ms
    return (end_ms, end_ms) if rng.random() < 0.6 else None


def _spot(rng: Random, city: City) -> Spot:
    """Two in five near a safe route: that is where people walk."""
    if city.site.routes and rng.random() < 0.4:
        route = rng.choice(city.site.routes)
        lon, lat = rng.choice(route.line)
        zone = route.zones[len(route.zones) // 2]
        lon, lat = lon + rng.gauss(0, 4e-4), lat + rng.gauss(0, 3e-4)
        return Spot(round(lon, 6), round(lat, 6), zone, route.id)
    return a_street_spot(city.site, rng)


def _from_alert(rng: Random, city: City, story: Story, number: int) -> Incident:
    device = story.device
    assert device is not None  # a bell
    spot = Spot(device.lon, device.lat, device.zone, device.route)
    reported_ms = story.at_ms + rng.randrange(20, 90) * SECOND
    category = rng.choice(("violence", "suspicious", "disorder", "stalking", "sexual"))
    return Incident(
        f"I-{compact_stamp(reported_ms)}-a{number}", category, rng.choice((0, 1, 1, 2)),
        reported_ms, (story.at_ms, story.at_ms), spot, story.p, story.alert_id,
    )  # fmt: skip


def _revisions(rng: Random, incident: Incident, city: City) -> list[Entry]:
    times: dict[str, int] = {}
    sent_ms = incident.reported_ms + rng.randrange(5, 40) * SECOND
    entries = [_record(incident, 1, times, sent_ms)]
    if incident.code in _DRIVE_MIN:
        times["dispatched_at"] = sent_ms + rng.randrange(20, 150) * SECOND
        entries.append(_record(incident, 2, times, times["dispatched_at"] + 5 * SECOND))
        drive_s = _DRIVE_MIN[incident.code] * 60 * rng.lognormvariate(0.0, 0.35)
        times["arrived_at"] = times["dispatched_at"] + int(drive_s) * SECOND
        entries.append(_record(incident, 3, times, times["arrived_at"] + 20 * SECOND))
    closed_ms = times.get("arrived_at", sent_ms) + rng.randrange(8, 90) * MINUTE
    times["closed_at"] = closed_ms
    incident = _corrected(rng, incident, city)
    entries.append(_record(incident, 4, times, closed_ms + MINUTE))
    if rng.random() < 0.08:  # looked at again the next working day
        again = replace(incident, category=rng.choice(list(_CATEGORIES)))
        entries.append(_record(again, 5, times, closed_ms + rng.randrange(8, 22) * HOUR))
    return entries


def _corrected(rng: Random, incident: Incident, city: City) -> Incident:
    """One in seven had been put in the wrong place at first."""
    if rng.random() > 0.14 or incident.alert_id:
        return incident
    near = replace(
        incident.spot,
        lon=round(incident.spot.lon + rng.gauss(0, 8e-4), 6),
        lat=round(incident.spot.lat + rng.gauss(0, 6e-4), 6),
    )
    return replace(incident, spot=near)


def _record(incident: Incident, rev: int, times: dict[str, int], at_ms: int) -> Entry:
    body: dict[str, Any] = {
        "v": 1,
        "incident_id": incident.id,
        "rev": rev,
        "category": incident.category,
        "reported_at": stamp(incident.reported_ms),
        "code112": incident.code,
        "lon": incident.spot.lon,
        "lat": incident.spot.lat,
    }
    if incident.occurred:
        body["occurred_from"], body["occurred_to"] = map(stamp, incident.occurred)
    if incident.spot.route:
        body["route_id"] = incident.spot.route
    if incident.alert_id:
        body["alert_id"] = incident.alert_id
    body |= {name: stamp(moment) for name, moment in times.items()}
    return Entry(at_ms, incident.p, "incidents", msgspec.json.encode(body).decode())
