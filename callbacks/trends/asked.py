"""What an address of the trends page asks for, checked against what there is and who asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from callbacks import session
from callbacks.sheet import query_of
from dashboard.errors import BadChoice
from dashboard.trends.choice import trend_choice_of, trend_period_of
from layouts.trends.address import BY, INCIDENTS, OWN, VIEWS, Address
from layouts.trends.here import Here

if TYPE_CHECKING:
    from dashboard.trends.choice import TrendChoice
    from dashboard.trends.grid import Grid
    from data_sources.sources import Sources


def here_of(sources: Sources, search: Any) -> Here:
    """search: of the browser's location. Raises BadChoice."""
    t, who, desk = session.text(), session.principal(), sources.trends
    query, known, now_ms = query_of(search), desk.known(), desk.now_ms()
    choice = trend_choice_of(query, trend_period_of(query, now_ms), known, desk.grid)
    here = Here(t, who, sources.site, _address(query, choice), now_ms, known)
    if not here.sees_codes and ("code" in choice.wanted or here.address.by == "code"):
        raise BadChoice("trends.code_not_for_role")
    return here


def plain_here(sources: Sources) -> Here:
    """Of an address that asks for nothing: what a page shows when its own makes no sense."""
    return here_of(sources, "")


def live_map_of(here: Here, grid: Grid) -> str:
    """The live map as near to what is chosen as it can show it: place, zone or route, incidents
    of the last one or four weeks."""
    choice, said = here.choice, {"layers": "devices.routes.incidents"}
    if choice.cell is not None:
        west, south, east, north = grid.bounds(choice.cell)
        said = {"at": f"{(south + north) / 2:.5f},{(west + east) / 2:.5f},16", **said}
    if choice.period.to_ms - choice.period.from_ms > 7 * 86_400_000:
        said["days"] = "28"
    said |= {name: choice.wanted[name] for name in ("zone", "route") if name in choice.wanted}
    return "/?" + urlencode(said, safe=",")


def _address(query: Mapping[str, str], choice: TrendChoice) -> Address:
    own = {name: query.get(name, "")[:64] for name in OWN}
    if not own["view"]:
        own["view"] = INCIDENTS
    if own["view"] not in VIEWS:
        raise BadChoice("kpis.unknown_view", value=own["view"][:40])
    if own["by"] and own["by"] not in BY:
        raise BadChoice("trends.unknown_by", value=own["by"][:40])
    return Address(choice, **own)
