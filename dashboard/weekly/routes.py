"""Safe routes that need attention, and why."""

from __future__ import annotations

from dashboard.kpis.facts import Facts
from dashboard.site import Site
from dashboard.weekly.summary import RouteNeed


def routes_of(facts: Facts, site: Site) -> tuple[RouteNeed, ...]:
    """Those that need it most first."""
    return ()
