"""What is said of safe routes: the one most in need, what is wrong there and for how long."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.kpis.figure import MIN_COVERAGE
from dashboard.weekly.summary import RouteNeed, Row, Said, Value
from dashboard.weekly.told import Values, joined, lasted, told

DARK = 0.03  # of lamp time; a site lights its streets well with less (indicators.py)


def streets(availability: Row | None, routes: Sequence[RouteNeed], coverage: float | None) -> Said:
    """routes: those that need it most first. availability None: told already."""
    if routes:
        number = {"routes": Value("routes", len(routes), f"route:{routes[0].route}")}
        return joined(_worst(routes[0]), Said("street_more", number) if len(routes) > 1 else None)
    if coverage is None or coverage < MIN_COVERAGE:
        return Said("streets_unheard")
    if availability is None or availability.week.value is None:
        return Said("streets_fine_bare")
    return Said("streets_fine", {"availability": told(availability)["value"]})


def _worst(need: RouteNeed) -> Said:
    """With how many people passed there in the dark, where lamps or devices fail and that is
    known."""
    of = f"route:{need.route}"
    route = {"route": Value("route", need.route, of)}
    gravest = need.reasons[0].key if need.reasons else ""
    share = need.dark_share or 0.0
    is_dark = share >= DARK or (share > 0 and gravest == "route_dark")
    dark = {"dark": Value("share", share, of)} if is_dark else {}
    people = {"people": Value("people", need.people, of)} if need.people else {}
    passed = Said("street_people", people) if people else None
    if need.faults:
        dark_too = Said(f"street_dark{'_people' if people else ''}", dark | people)
        return joined(_faults(need, route, of), dark_too if dark else passed)
    if dark:
        return joined(Said("street_dark_only", route | dark), passed)
    if need.alerts:
        return Said("street_alerts", route | {"alerts": Value("count", need.alerts, of)})
    return Said("street_bare", route)


def _faults(need: RouteNeed, route: Values, of: str) -> Said:
    devices = {"faults": Value("devices", need.faults, of)}
    values = route | devices | {"longest": lasted(need.longest_ms, of)}
    if len(need.by_kind) != 1:
        return Said("street_faults_mixed", values)
    device = {"device": Value("device", next(iter(need.by_kind)))}
    return Said("street_fault" if need.faults == 1 else "street_faults", values | device)
