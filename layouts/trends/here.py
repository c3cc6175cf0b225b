"""Who reads which address of the trends page: what every picture needs to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.principal import Principal
from dashboard.roles import Permission
from dashboard.site import Site
from dashboard.text import Translate
from dashboard.trends.choice import TrendChoice
from layouts import charts
from layouts.trends.address import Address


@dataclass(frozen=True, slots=True)
class Here:
    """now_ms: the frontier, up to which everything is known. known: words of zone and route."""

    t: Translate
    who: Principal
    site: Site
    address: Address
    now_ms: int
    known: Mapping[str, Sequence[str]]

    @property
    def choice(self) -> TrendChoice:
        return self.address.choice

    @property
    def coarse(self) -> bool:
        """No exact points: cells and groups under five are hidden, and there are no records."""
        return not self.who.may(Permission.EXACT_POINTS_SEE)

    @property
    def sees_codes(self) -> bool:
        return self.who.may(Permission.INCIDENT_CODES_SEE)

    def zone(self, code: str) -> str:
        zone = self.site.zone_by_code.get(code)
        if zone is None:
            return code or self.t("trends.no_zone")
        return zone.name_ko if self.who.language == "ko" else zone.name_en

    def route(self, route_id: str) -> str:
        route = self.site.route_by_id.get(route_id)
        if route is None:
            return route_id or self.t("trends.no_route")
        return f"{route_id} {route.name_ko if self.who.language == 'ko' else route.name_en}"


@dataclass
class Picture:
    """One picture of the page, as it is to be shown now.

    above, below: dash.html trees or layouts.markup.Tag, written as markup. chart: a drawing
    between them, and what it shows in words (its table is put below by the frame).
    data: JSON for a script that draws by itself (the map). again_ms: when to ask anew.
    """

    above: list[Any] = field(default_factory=list)
    chart: tuple[charts.Chart, str] | None = None
    below: list[Any] = field(default_factory=list)
    data: dict[str, Any] | None = None
    again_ms: int = 60_000
