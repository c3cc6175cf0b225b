"""An incident as records: what is known at first, at each step, and when it is looked at again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any

import msgspec

from data_sources.simulator.city import City
from data_sources.simulator.entry import HOUR, MINUTE, SECOND, Entry, stamp
from data_sources.simulator.places import Spot

# category -> (weight, share with an unknown moment, 112 codes 0-4)
CATEGORIES = {
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


def revisions(rng: Random, incident: Incident, city: City) -> list[Entry]:
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
        again = replace(incident, category=rng.choice(list(CATEGORIES)))
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
