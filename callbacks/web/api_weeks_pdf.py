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
from dashboard.principal import Principal
from dashboard.roles import Permission
from dashboard.text import translator
from dashboard.weekly.shown import Shown
from dashboard.weekly.week import Week
from layouts.kpis.here import namer
from layouts.weekly.pdf import NotPrinted, pdf
from layouts.weekly.pdf_blocks import Paper

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

PATH = "/api/v1/weeks/{week}.pdf"
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
        paper = await paper_of(sources, Week.of(week), query.revision, language)
        async with one_at_a_time:
            content = await asyncio.to_thread(pdf, paper)
        sealed = paper.shown.sealed
        await sources.audit.write(
            "week_pdf", who.user, request.client.host if request.client else "",
            week=paper.summary.week, revision=sealed.revision if sealed else 0, lang=language,
        )  # fmt: skip
        disposition = f'attachment; filename="{name_of(paper.shown, language)}"'
        return Response(
            content, headers={**NO_STORE, "Content-Disposition": disposition},
            media_type="application/pdf",
        )  # fmt: skip

    app.server.add_api_route(
        PATH, week_pdf, tags=["weeks"], response_class=Response,
        responses={200: {"content": {"application/pdf": {}}, "description": "the document"}},
    )  # fmt: skip


async def paper_of(sources: Sources, week: Week, revision: int, language: str) -> Paper:
    """revision 0: the newest. Raises what WeekDesk.find does."""
    shown = await sources.weekly.find(week, revision)
    newest = shown.sealed.revision if shown.sealed else 0
    before = [await sources.weekly.find(week, n) for n in range(1, newest)]
    history = (*(one.sealed for one in before), shown.sealed)
    t, site = translator(language), sources.site
    city = site.name_ko if language == "ko" else site.name_en
    told = tuple(one for one in history if one is not None)
    return Paper(t, language, namer(site, t, language), city, shown, told)


def name_of(shown: Shown, language: str) -> str:
    """What is not the last word on a week does not look like it."""
    told = f"week-{shown.summary.week}-{language}"
    if shown.sealed is None:
        return f"{told}-provisional.pdf"
    old = shown.sealed.revision < shown.revisions
    return f"{told}-r{shown.sealed.revision}.pdf" if old else f"{told}.pdf"


async def _not_printed(_request: Request, error: Exception) -> Response:
    assert isinstance(error, NotPrinted)
    log.error("a week was not printed: %s", error)
    said = {"error": "not_printed", "detail": session.text()(error.key)}
    return JSONResponse(said, 500, headers=NO_STORE)
