"""A pilot of the living lab as somebody defined it: what was done, where, since when, and what it
is compared with. Kept with every earlier version, because what was changed after the results
could be seen is worth less."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import Struct

from dashboard.kpis.choice import day_of_ms

TREATED, CONTROL = "treated", "control"
DISPLACED, DISPLACED_CONTROL = "displaced", "displaced_control"
AREAS = (TREATED, CONTROL, DISPLACED, DISPLACED_CONTROL)
INNER = {DISPLACED: TREATED, DISPLACED_CONTROL: CONTROL}  # what is cut out of an area around
REACHES = (50, 100, 150, 200, 300, 500)  # metres
REACH_M = 150
LIT, REPAIR, NIGHT, INCIDENTS = "lit", "repair", "night", "incidents"
OUTCOMES = (LIT, REPAIR, NIGHT, INCIDENTS)
# What decides results: a change of it is told beside them.
DECIDING = ("start", "end", *AREAS, "categories", "outcomes")


class Area(Struct, frozen=True):
    """All of it together: zones, what is within reach of a route's line, and what is within
    reach of the devices registered under a pilot id."""

    zones: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    pilots: tuple[str, ...] = ()
    reach_m: int = REACH_M

    def __bool__(self) -> bool:
        return bool(self.zones or self.routes or self.pilots)


class Pilot(Struct, frozen=True):
    """start, end: KST days as ISO dates, both included; end "" = it goes on.

    outcomes: those that were named beforehand as what it is to be judged by. categories: the
    incidents that count, () = all. why: what this version was made for. withdrawn: why it is no
    longer pursued, "" = it is.
    """

    id: str
    name: str
    what: str
    start: str
    treated: Area
    control: Area
    displaced: Area = Area()
    displaced_control: Area = Area()
    end: str = ""
    outcomes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    version: int = 0
    defined_by: str = ""
    defined_ms: int = 0
    why: str = ""
    withdrawn: str = ""

    @property
    def first(self) -> date:
        return date.fromisoformat(self.start)

    @property
    def last(self) -> date | None:
        return date.fromisoformat(self.end) if self.end else None

    def area(self, name: str) -> Area:
        found: Area = getattr(self, name)
        return found

    @property
    def areas(self) -> tuple[str, ...]:
        """Those that there are."""
        return tuple(name for name in AREAS if self.area(name))


class Kept(Struct, frozen=True):
    """versions: oldest first, never empty."""

    versions: tuple[Pilot, ...]

    @property
    def now(self) -> Pilot:
        return self.versions[-1]

    @property
    def changed(self) -> tuple[tuple[Pilot, tuple[str, ...]], ...]:
        """Versions of after it had begun that decide results differently, with what they
        changed. What is changed before nobody can have fitted to results."""
        pairs = zip(self.versions, self.versions[1:], strict=False)
        late = ((before, after) for before, after in pairs if _late(before, after))
        found = ((after, differing(before, after)) for before, after in late)
        return tuple((after, names) for after, names in found if names)


def _late(before: Pilot, after: Pilot) -> bool:
    """Whether either of them had begun when it was changed."""
    return day_of_ms(after.defined_ms) >= min(before.first, after.first)


def differing(before: Pilot, after: Pilot) -> tuple[str, ...]:
    """Names of what decides results and is not the same."""

    def word(pilot: Pilot, name: str) -> Any:
        value = getattr(pilot, name)
        return value if isinstance(value, str | Area) else frozenset(value)

    return tuple(name for name in DECIDING if word(before, name) != word(after, name))
