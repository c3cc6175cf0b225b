"""Facts of safe routes, by naming only what a test cares about: R-03 is busy and all is well."""

from __future__ import annotations

from typing import Any

from dashboard.stream.rollups import DAY_MS, HOUR_MS, Group
from dashboard.weekly.routes import routes_of
from dashboard.weekly.summary import RouteNeed
from tests.builders import SITE
from tests.kpis.facts_builder import Rows, Sums, at, facts, round_, states


def group(kind: str, route: str = "R-03", zone: str = "z1") -> Group:
    return Group(kind, zone, route, "Maru", "city", "")


BELL, LAMP, FOOT, CAMERA = (group(kind) for kind in ("bell", "light", "counter", "cctv"))


def lamps(n: int, dark_h: float = 0, **more: float) -> dict[str, float]:
    """For a week of twelve-hour nights; dark_h: lamp hours in which they said they were off."""
    return states(up=7 * n, q0=n * 84 * HOUR_MS, dark=dark_h * HOUR_MS, **more)


def walkers(in_the_week: float, covered: float = 1.0) -> dict[str, float]:
    """While it is dark."""
    ms = 7 * DAY_MS * covered
    return states(up=7, t_night=in_the_week * covered, t_ms=ms, t_in=9_000)


BUSY: Sums = {LAMP: lamps(20), FOOT: walkers(1_234), BELL: states(up=7 * 9)}


def needs(sums: Sums | None = None, site: Any = SITE, **tables: Rows) -> tuple[RouteNeed, ...]:
    return routes_of(facts(BUSY if sums is None else sums, **tables), site)


def the_one(sums: Sums | None = None, **tables: Rows) -> RouteNeed:
    (one,) = needs(sums, **tables)
    return one


def levels(sums: Sums | None = None, **tables: Rows) -> dict[str, str]:
    return {one.route: one.level for one in needs(sums, **tables)}


def keys(one: RouteNeed) -> list[str]:
    return [said.key for said in one.reasons]


def open_(days: float = 0, hours: float = 0, group: Group = BELL, **more: Any) -> dict[str, Any]:
    """An open repair of something that was out for so long when the week ended."""
    down = at(7) - round(days * 24 * HOUR_MS + hours * HOUR_MS)
    return round_(down + 30 * 60_000, group, down=down, **more)
