"""Who reads which address: here("manager", "hour=fri-22", language="ko")."""

from __future__ import annotations

from urllib.parse import parse_qsl

from dashboard.principal import Principal
from dashboard.roles import Role
from dashboard.text import translator
from dashboard.trends.choice import trend_choice_of, trend_period_of
from layouts.trends.address import OWN, Address
from layouts.trends.here import Here
from tests.builders import SITE
from tests.kpis.facts_builder import at
from tests.trends.incidents import GRID

NOW_MS = at(days=28)  # of the world of tests/trends/incidents.py
KNOWN = {"zone": sorted(SITE.zone_by_code), "route": sorted(SITE.route_by_id)}


def here(role: str = "duty", query: str = "", language: str = "en") -> Here:
    asked = dict(parse_qsl(query))
    choice = trend_choice_of(asked, trend_period_of(asked, NOW_MS), KNOWN, GRID)
    own = {name: asked.get(name, "") for name in OWN}
    address = Address(choice, **{**own, "view": own["view"] or "incidents"})
    who = Principal("someone", Role(role), language=language)
    return Here(translator(language), who, SITE, address, NOW_MS, KNOWN)
