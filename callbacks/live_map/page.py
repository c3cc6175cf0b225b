"""Shows the detail of what is selected; everything else on the page is pushed over /live."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from dash import Input, Output

from callbacks import guard, session
from callbacks.live_map import facts
from callbacks.web.control_room import ControlRoom, Page
from dashboard import ids
from dashboard.roles import Permission
from layouts import alert_detail, device_detail
from layouts import live_map as layout

if TYPE_CHECKING:
    from dashboard.principal import Principal
    from dashboard.text import Translate
    from data_sources.sources import Sources

Parts = tuple[list[Any], list[Any]]  # above and below the form


def register(app: ControlRoom, sources: Sources) -> None:
    bounds = facts.bounds_of(sources.site)
    view = partial(layout.layout, bounds=bounds, tile_url=sources.settings.tile_url)
    app.add_page(Page("live_map", "/", Permission.LIVE_MAP_SEE, view))

    @guard.secured(
        app,
        Output(ids.LiveMap.DETAIL, "children"),
        Output(ids.LiveMap.DETAIL_MORE, "children"),
        Input(ids.LiveMap.SELECTION, "data"),
        perm=Permission.LIVE_MAP_SEE,
    )
    async def show_detail(chosen: Any) -> Parts:
        who, t = session.principal(), session.text()
        kind, name = facts.chosen_of(chosen)
        if kind == "device":
            return await _device(sources, who, t, name)
        if kind == "alert":
            return await _alert(sources, who, t, name)
        return layout.nothing(t), []


async def _device(sources: Sources, who: Principal, t: Translate, device_id: str) -> Parts:
    found = await facts.device(sources, who, device_id)
    if found is None:
        return layout.gone(t, device_id), []
    return device_detail.head(t, found), device_detail.more(t, found)


async def _alert(sources: Sources, who: Principal, t: Translate, alert_id: str) -> Parts:
    found = await facts.alert(sources, who, alert_id)
    if found is None:
        return layout.gone(t, alert_id), []
    return alert_detail.head(t, found), alert_detail.more(t, found)
