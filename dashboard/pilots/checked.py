"""Whether a pilot can be as somebody defined it, and if not, what is wrong with which field."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dashboard.errors import BadRequest
from dashboard.kpis.choice import KEPT_DAYS, day_of_ms
from dashboard.kpis.facts import CATEGORIES
from dashboard.pilots.ground import LEAST_M2, Ground
from dashboard.pilots.pilot import (
    AREAS,
    CONTROL,
    DISPLACED,
    DISPLACED_CONTROL,
    OUTCOMES,
    REACHES,
    TREATED,
    Area,
    Pilot,
)
from dashboard.stream.rollups import DAY_MS

NAME_LENGTH, WHAT_LENGTH, WHY_LENGTH = 80, 600, 300
MOST = 200  # of anything in an area
AHEAD_DAYS = 366  # a pilot is best defined before it begins, so that nobody knows its results


@dataclass(frozen=True, slots=True)
class Problem:
    """key: a text; values: what it is filled with."""

    field: str
    key: str
    values: dict[str, Any] = dataclasses.field(default_factory=dict)


class BadPilot(BadRequest):
    """problems: all that is wrong, in the order of the form."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].key, **problems[0].values)
        self.key = problems[0].key
        self.problems = problems


def check(pilot: Pilot, before: Pilot | None, ground: Ground, now_ms: int) -> None:
    """before: the version it takes the place of. Raises BadPilot."""
    problems = [*_words(pilot, before), *_days(pilot, now_ms), *_named(pilot, ground)]
    if not problems:
        problems = list(_places(pilot, ground))
    if problems:
        raise BadPilot(problems)


def check_withdrawn(why: str) -> None:
    """Raises BadPilot."""
    if not why:
        raise BadPilot([Problem("withdrawn", "pilots.why_missing")])
    if len(why) > WHY_LENGTH or not _readable(why):
        raise BadPilot([Problem("withdrawn", "pilots.too_long", {"longest": WHY_LENGTH})])


def _words(pilot: Pilot, before: Pilot | None) -> Iterator[Problem]:
    for name, longest in (("name", NAME_LENGTH), ("what", WHAT_LENGTH)):
        said = getattr(pilot, name)
        if not said:
            yield Problem(name, f"pilots.{name}_missing")
        elif len(said) > longest or not _readable(said):
            yield Problem(name, "pilots.too_long", {"longest": longest})
    if before is not None and not pilot.why:
        yield Problem("why", "pilots.why_missing")
    elif len(pilot.why) > WHY_LENGTH or not _readable(pilot.why):
        yield Problem("why", "pilots.too_long", {"longest": WHY_LENGTH})
    if unknown := [word for word in pilot.outcomes if word not in OUTCOMES]:
        yield Problem("outcomes", "pilots.unknown_outcome", {"value": unknown[0][:40]})
    if unknown := [word for word in pilot.categories if word not in CATEGORIES]:
        yield Problem("categories", "pilots.unknown_category", {"value": unknown[0][:40]})


def _days(pilot: Pilot, now_ms: int) -> Iterator[Problem]:
    today = day_of_ms(now_ms)
    start, end = _date(pilot.start), _date(pilot.end)
    if start is None:
        yield Problem("start", "pilots.start_missing")
    elif start > today + timedelta(days=AHEAD_DAYS):
        yield Problem("start", "pilots.start_future", {"days": AHEAD_DAYS})
    elif start < day_of_ms(now_ms - KEPT_DAYS * DAY_MS):
        yield Problem("start", "pilots.start_too_old", {"days": KEPT_DAYS})
    if pilot.end and end is None:
        yield Problem("end", "pilots.no_date")
    elif start is not None and end is not None and end < start:
        yield Problem("end", "pilots.end_before_start")


def _named(pilot: Pilot, ground: Ground) -> Iterator[Problem]:
    if not pilot.treated:
        yield Problem(TREATED, "pilots.nothing_treated")
    if not pilot.control:
        yield Problem(CONTROL, "pilots.nothing_to_compare")
    if pilot.displaced and not pilot.displaced_control:
        yield Problem(DISPLACED_CONTROL, "pilots.around_treated_alone")
    if pilot.displaced_control and not pilot.displaced:
        yield Problem(DISPLACED, "pilots.around_control_alone")
    for name in AREAS:
        yield from _known(name, pilot.area(name), ground)


def _known(name: str, area: Area, ground: Ground) -> Iterator[Problem]:
    known: dict[str, tuple[tuple[str, ...], Collection[str]]] = {
        "zone": (area.zones, ground.site.zone_by_code),
        "route": (area.routes, ground.site.route_by_id),
        "pilot": (area.pilots, ground.devices),
    }
    for kind, (words, all_of) in known.items():
        if len(words) > MOST:
            yield Problem(name, "pilots.too_many", {"most": MOST})
        elif unknown := [word for word in words if word not in all_of]:
            yield Problem(name, f"pilots.unknown_{kind}", {"value": unknown[0][:40]})
    if area.reach_m not in REACHES:
        yield Problem(name, "pilots.bad_reach", {"reaches": ", ".join(map(str, REACHES))})


def _places(pilot: Pilot, ground: Ground) -> Iterator[Problem]:
    overlaps = ground.overlaps(pilot)
    for one, other, km2 in overlaps:
        yield Problem(other, f"pilots.overlap_{one}", {"km2": f"{km2:.2f}"})
    blamed = {other for _, other, _ in overlaps}
    for name, shape in ground.shapes(pilot).items():
        if shape.area < LEAST_M2 and name not in blamed:
            yield Problem(name, "pilots.no_ground")


def _date(text: str) -> date | None:
    """2026-11-02 alone: other ways of writing a day would be kept beside it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _readable(text: str) -> bool:
    return text.replace("\n", "").isprintable()
