"""Shows the page of the address. Twin: layouts/shell.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Input, Output
from starlette.exceptions import HTTPException

from callbacks import guard, session
from callbacks.web.control_room import ControlRoom
from dashboard import ids
from dashboard.roles import Permission

if TYPE_CHECKING:
    from data_sources.sources import Sources


def register(app: ControlRoom, _sources: Sources) -> None:
    @guard.secured(
        app,
        Output(ids.Shell.PAGE, "children"),
        Output(ids.Shell.TITLE, "children"),
        Input(ids.Shell.LOCATION, "pathname"),
        perm=Permission.LIVE_MAP_SEE,
    )
    async def show_page(path: Any) -> tuple[Any, str]:
        page = app.pages.get(path) if isinstance(path, str) else None
        if page is None:
            raise HTTPException(404, "not_found")
        who, t = guard.check(page.permission), session.text()
        return page.layout(t, who), page.title(t)

    app.clientside_callback(
        ClientsideFunction("shell", "setTitle"),
        Output(ids.Shell.TITLE, "data-title"),
        Input(ids.Shell.TITLE, "children"),
    )
