"""Shows who gets the week by mail, how the last ones went, and a dry run of the next.
Twin: layouts/weekly/mail_page.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Input, Output, State, no_update

from callbacks import guard, session
from callbacks.sheet import query_of
from callbacks.web.control_room import ControlRoom, Page
from callbacks.weekly import dry_run
from dashboard import ids
from dashboard.errors import OpsError
from dashboard.roles import Permission
from dashboard.text import LANGUAGES
from layouts.markup import markup
from layouts.weekly import mail_page as layout

if TYPE_CHECKING:
    from dashboard.principal import Principal
    from dashboard.text import Translate
    from data_sources.sources import Sources

M = ids.WeeklyMail


def register(app: ControlRoom, sources: Sources) -> None:
    see = Permission.WEEKLY_MAIL

    def view(t: Translate, who: Principal) -> Any:
        return layout.layout(t, who, sources.city.progress is not None)

    app.add_page(Page("weekly_mail", layout.PATH, see, view))
    here = State(ids.Shell.LOCATION, "pathname")

    @guard.secured(
        app, Output(M.CONTENT, "data-page"), Input(ids.Shell.LOCATION, "search"),
        Input(M.CONTENT, "data-asked"), here, perm=see,
    )  # fmt: skip
    async def show_readers(_search: Any, _asked: Any, path: Any) -> Any:
        if path != layout.PATH:  # the address of another page, on its way there
            return no_update
        return markup(await readers(sources))

    @guard.secured(
        app, Output(M.DRY_RUN, "data-page"), Input(ids.Shell.LOCATION, "search"), here, perm=see
    )
    async def show_dry_run(search: Any, path: Any) -> Any:
        if path != layout.PATH:
            return no_update
        return markup(await run_dry(sources, search))

    for place in (M.CONTENT, M.DRY_RUN):
        app.clientside_callback(
            ClientsideFunction("weeklyMail", "show"),
            Output(place, "data-shown"),
            Input(place, "data-page"),
            State(place, "id"),
        )


async def readers(sources: Sources) -> Any:
    t, mail = session.text(), sources.week_mail
    try:
        return layout.content(t, await mail.state(), await mail.readers.all())
    except OpsError as error:
        return layout.problem(t(error.key, **error.values))


async def run_dry(sources: Sources, search: Any) -> Any:
    """Of the language that the address says, if it says one of ours."""
    t = session.text()
    try:
        language = query_of(search).get("dry", "")
        if language not in LANGUAGES:
            return None
        return layout.dry_run(t, await dry_run.run(sources, "", language, t))
    except OpsError as error:
        return layout.problem(t(error.key, **error.values))
