"""Incidents of a day as the police record them: reported, then revised as more is known.

What somebody reports happens near safe routes, around stations, or anywhere; what is stolen or
broken draws more of the same to the same corner within days (near repeats).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from random import Random

from dashboard.geo import zone_of
from data_sources.simulator.city import HABITS, City
from data_sources.simulator.entry import (
    HOUR,
    MINUTE,
    SECOND,
    Entry,
    compact_stamp,
    day_of,
    day_start,
)
from data_sources.simulator.incident_records import CATEGORIES, Incident, revisions
from data_sources.simulator.operators import plan_for
from data_sources.simulator.places import Spot, a_street_spot
from data_sources.simulator.stories import Story

PER_WEEK = 27.0
_FROM_ALERT = 0.065  # of bell presses found real: about four a week
_CALLED_SHARE = 21.5 / 27  # the others: from alerts, and repeats
_REPEATED = ("theft", "property_damage")
_REPEAT_DAYS = 7
_REPEAT_SHARE = 0.045  # a day, of each of those
_STATION_SHARE, _ROUTE_SHARE = 0.25, 0.35
_WEEKDAYS = (0.92, 0.9, 0.92, 0.98, 1.15, 1.18, 0.95)


def incident_day(
    city: City, seed: int, tell: Callable[[int], list[Story]], per_week: float = PER_WEEK
) -> Callable[[int], list[Entry]]:
    """Every revision is a whole record with a higher rev."""
    calls = _calls(city, seed, per_week)

    def write(day: int) -> list[Entry]:
        rng = Random(f"{seed}:incidents:{day}:more")
        found = _of_day(calls, seed, day)
        found += [_from_alert(rng, city, s, n) for n, s in enumerate(tell(day)) if _is_crime(s)]
        return [entry for incident in found for entry in revisions(rng, incident, city)]

    return write if city.devices else lambda _day: []


def past_records(
    city: City, seed: int, days: range, per_week: float = PER_WEEK
) -> Callable[[int], list[Entry]]:
    """What the police knew of those days before the field was connected: each record once, as
    it was left in the end. at_ms: when all of them are handed over."""
    calls = _calls(city, seed, per_week * PER_WEEK / (_CALLED_SHARE * PER_WEEK + 1.0))

    def write(at_ms: int) -> list[Entry]:
        found = [one for day in days for one in _of_day(calls, seed, day)] if city.devices else []
        return [
            revisions(Random(f"{seed}:record:{one.id}"), one, city)[-1]._replace(at_ms=at_ms)
            for one in found
        ]

    return write


def _calls(city: City, seed: int, per_week: float) -> Callable[[int], list[Incident]]:
    """What people report of a day, without repeats."""

    def write(day: int) -> list[Incident]:
        rng = Random(f"{seed}:incidents:{day}")
        number = _number(rng, day, per_week * _CALLED_SHARE / 7)
        return [_someone_calls(rng, city, day, n) for n in range(number)]

    return lru_cache(maxsize=_REPEAT_DAYS + 2)(write)


def _of_day(calls: Callable[[int], list[Incident]], seed: int, day: int) -> list[Incident]:
    rng = Random(f"{seed}:repeats:{day}")
    found = list(calls(day))
    for before in range(1, _REPEAT_DAYS + 1):
        for one in calls(day - before):
            if one.category in _REPEATED and rng.random() < _REPEAT_SHARE:
                found.append(_again(rng, one, before))
    return found


def _again(rng: Random, first: Incident, days: int) -> Incident:
    """The same kind at the same corner, a few days later."""
    midnight = day_start(day_of(first.reported_ms) + days)
    reported_ms = midnight + rng.randrange(24 * 60) * MINUTE
    spot = replace(
        first.spot,
        lon=round(first.spot.lon + rng.gauss(0, 4e-4), 6),
        lat=round(first.spot.lat + rng.gauss(0, 3e-4), 6),
    )
    occurred = _occurred(rng, reported_ms, vague=True)
    return replace(first, id=f"{first.id}-r{days}", reported_ms=reported_ms, occurred=occurred,
                   spot=spot)  # fmt: skip


def _number(rng: Random, day: int, per_day: float) -> int:
    mean, n, waited = per_day * _WEEKDAYS[(day + 3) % 7], 0, rng.expovariate(1.0)
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
    category = rng.choices(list(CATEGORIES), [c[0] for c in CATEGORIES.values()])[0]
    _, vague, codes = CATEGORIES[category]
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
    """A third near a safe route, because that is where people walk; a quarter around the
    stations, the first of them more than the others; the rest along any street."""
    luck, site = rng.random(), city.site
    if site.routes and luck < _ROUTE_SHARE:
        route = rng.choice(site.routes)
        lon, lat = rng.choice(route.line)
        zone = route.zones[len(route.zones) // 2]
        return _near(rng, (lon, lat), Spot(lon, lat, zone, route.id))
    if site.stations and luck < _ROUTE_SHARE + _STATION_SHARE:
        busy = site.stations[:5]
        station = rng.choices(busy, [8, 5, 3, 2, 1][: len(busy)])[0]
        code = zone_of(site, station.lon, station.lat)
        if code:
            return _near(rng, (station.lon, station.lat), Spot(0, 0, code, ""), spread=2.5)
    return a_street_spot(site, rng)


def _near(rng: Random, point: tuple[float, float], spot: Spot, spread: float = 1.0) -> Spot:
    """Some thirty metres off, times the spread."""
    lon = round(point[0] + rng.gauss(0, 4e-4 * spread), 6)
    lat = round(point[1] + rng.gauss(0, 3e-4 * spread), 6)
    return replace(spot, lon=lon, lat=lat)


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
