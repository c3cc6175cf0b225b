"""GET /api/v1/weeks/{week}.pdf: a week as a document. Who took which is on record before it
leaves; if that cannot be written there is no document.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from callbacks import guard, session
from callbacks.web.api import NO_STORE
from callbacks.web.api_weeks import WeekQuery
from callbacks.weekly.document import document, name_of
from dashboard.principal import Principal
from dashboard.roles import Permission
from dashboard.weekly.week import Week
from layouts.weekly.pdf import NotPrinted

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

PATH = "/api/v1/weeks/{week}.pdf"
PDF = "application/pdf"
log = logging.getLogger(__name__)


def register(app: ControlRoom, sources: Sources) -> None:
    app.server.add_exception_handler(NotPrinted, _not_printed)
    see = guard.needs(Permission.WEEKLY_SEE)
    one_at_a_time = asyncio.Lock()  # it takes a core for a moment

    async def week_pdf(
        week: str, request: Request, query: Annotated[WeekQuery, Query()], who: Principal = see
    ) -> Response:
        """One page of A4 and an appendix, PDF/UA-1. A week that is not sealed says so on every
        page."""
        language = query.lang or session.language()
        shown = await sources.weekly.find(Week.of(week), query.revision)
        async with one_at_a_time:
            content = await document(sources, shown, language)
        await sources.audit.write(
            "week_pdf", who.user, request.client.host if request.client else "",
            week=shown.summary.week, revision=shown.sealed.revision if shown.sealed else 0,
            lang=language,
        )  # fmt: skip
        disposition = f'attachment; filename="{name_of(shown, language)}"'
        headers = {**NO_STORE, "Content-Disposition": disposition}
        return Response(content, headers=headers, media_type=PDF)

    app.server.add_api_route(
        PATH, week_pdf, tags=["weeks"], response_class=Response,
        responses={200: {"content": {PDF: {}}, "description": "the document"}},
    )  # fmt: skip


async def _not_printed(_request: Request, error: Exception) -> Response:
    assert isinstance(error, NotPrinted)
    log.error("a week was not printed: %s", error)
    said = {"error": "not_printed", "detail": session.text()(error.key)}
    return JSONResponse(said, 500, headers=NO_STORE)
