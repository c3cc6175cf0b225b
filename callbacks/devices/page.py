"""Shows one device's year, from the address. Twin: layouts/devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Input, Output, State, no_update

from callbacks import guard, session
from callbacks.devices import facts
from callbacks.web.control_room import ControlRoom, Page
from dashboard import ids
from dashboard.errors import BadChoice, SourceUnavailable
from dashboard.roles import Permission
from layouts import devices as layout
from layouts.devices import address
from layouts.markup import markup

if TYPE_CHECKING:
    from dashboard.principal import Principal
    from dashboard.text import Translate
    from data_sources.sources import Sources


def register(app: ControlRoom, sources: Sources) -> None:
    def view(t: Translate, who: Principal) -> Any:
        return layout.layout(t, who, simulated=sources.city.progress is not None)

    app.add_page(Page("devices", address.PATH, Permission.DEVICES_SEE, view))

    @guard.secured(
        app,
        Output(ids.Devices.CONTENT, "data-page"),
        Input(ids.Shell.LOCATION, "search"),
        Input(ids.Devices.CONTENT, "data-asked"),  # when the page asks again
        State(ids.Shell.LOCATION, "pathname"),
        perm=Permission.DEVICES_SEE,
    )
    async def show_year(search: Any, _asked: Any, path: Any) -> Any:
        if path != address.PATH:  # the address of another page, on its way there
            return no_update
        return markup(await page(sources, search))

    app.clientside_callback(
        ClientsideFunction("devices", "show"),
        Output(ids.Devices.CONTENT, "data-shown"),
        Input(ids.Devices.CONTENT, "data-page"),
    )


async def page(sources: Sources, search: Any) -> Any:
    """What cannot be shown is said in its place."""
    t, who = session.text(), session.principal()
    try:
        asked = address.asked_of(search, sources.now_ms())
        return layout.report(t, who, await facts.report(sources, who, asked))
    except BadChoice as error:
        return layout.refusal(t, t(error.key, **error.values))
    except SourceUnavailable as error:
        return layout.waiting(t, t(error.key, **error.values))
