"""GET /api/v1/weeks, /weeks/{week} and POST /weeks/{week}/decisions: weeks as they were sealed.

A week that is not sealed is answered as it is known now, `provisional`. POST asks for a decision,
or withdraws one; 200 the decision as it is kept now, 409 somebody was first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from callbacks import guard, session
from callbacks.web import acting, paging
from callbacks.web.api import NO_STORE
from dashboard.api_json import rfc3339
from dashboard.errors import BrokenSeal, Conflict, OpsError
from dashboard.principal import Principal
from dashboard.roles import Permission
from dashboard.site import Site
from dashboard.text import translator
from dashboard.weekly.shown import UnknownWeek
from dashboard.weekly.week import Week
from dashboard.weekly_json import Words, decision_json, line_json, shown_json
from layouts.kpis.here import namer
from layouts.weekly import words

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

PATH = "/api/v1/weeks/{week:dotless}"
Word = Annotated[str, Field(max_length=64)]


class Dotless(Convertor[str]):
    """A part of a path that leaves what has an ending (2026-W47.pdf) to other routes."""

    regex = "[^/.]+"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class WeeksQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: int = Field(60, ge=1, le=200)
    next: Word = Field("", description="`next` of the page before")


class WeekQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    revision: int = Field(0, ge=0, le=2**31, description="0 = the newest")
    lang: Literal["", "ko", "en"] = ""


class DecisionBody(BaseModel):
    """Either text, or the id of one that is withdrawn."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(max_length=2_000, description="1 to 300 characters")] = ""
    id: Word = ""
    withdrawn: bool = False

    @model_validator(mode="after")
    def one_of_both(self) -> DecisionBody:
        if bool(self.id) != self.withdrawn or bool(self.id) == bool(self.text):
            raise ValueError("either text, or id and withdrawn: true")
        return self


def register(app: ControlRoom, sources: Sources) -> None:
    register_url_convertor("dotless", Dotless())
    app.server.add_exception_handler(UnknownWeek, _unknown)
    app.server.add_exception_handler(BrokenSeal, _broken)
    desk = sources.weekly
    see, decide = guard.needs(Permission.WEEKLY_SEE), guard.needs(Permission.WEEKLY_DECIDE)

    async def weeks(query: Annotated[WeeksQuery, Query()], who: Principal = see) -> JSONResponse:
        """Every week that is known, the newest first."""
        rows = [(line.from_ms, line.week, line) for line in await desk.archive()]
        page, more = paging.newest_first(rows, query.limit, query.next)
        items = [line_json(line, Week.of(line.week).to_ms) for line in page]
        return JSONResponse({"items": items, "next": more}, headers=NO_STORE)

    async def week(
        week: str, query: Annotated[WeekQuery, Query()], who: Principal = see
    ) -> JSONResponse:
        """Every figure with its definition, source, interval, and what is usual."""
        shown = await desk.find(Week.of(week), query.revision)
        told = shown_json(shown, words_of(sources.site, query.lang or session.language()))
        return JSONResponse(told, headers=NO_STORE)

    async def decision(week: str, request: Request, who: Principal = decide) -> JSONResponse:
        asked: DecisionBody = await acting.body(request, DecisionBody)
        address, of = request.client.host if request.client else "", Week.of(week)
        try:
            if asked.withdrawn:
                kept = await desk.withdraw(of, asked.id, who.user, address)
            else:
                kept = await desk.ask(of, asked.text, who.user, address)
        except Conflict as error:
            first = {"by": error.values["by"], "at": rfc3339(error.values["at_ms"])}
            return JSONResponse({"error": "conflict", **first}, 409)
        return JSONResponse(decision_json(kept))

    add = app.server.add_api_route
    add("/api/v1/weeks", weeks, tags=["weeks"])
    add(PATH, week, tags=["weeks"])
    add(PATH + "/decisions", decision, methods=["POST"], tags=["weeks"],
        openapi_extra=acting.schema(DecisionBody),
        responses={409: {"description": "somebody withdrew it before"}})  # fmt: skip


def words_of(site: Site, language: str) -> Words:
    t = translator(language)
    names = namer(site, t, language)
    return Words(
        lambda key: words.measure(t, key), lambda key: words.definition(t, key),
        lambda key: words.source(t, key), lambda said: words.plain(words.say(t, names, said)),
    )  # fmt: skip


async def _unknown(_request: Request, error: Exception) -> Response:
    return _told(error, 404)


async def _broken(_request: Request, error: Exception) -> Response:
    """What was kept is not what was sealed: no figure of it is told."""
    return _told(error, 500)


def _told(error: Exception, status: int) -> Response:
    assert isinstance(error, OpsError)
    said = session.text()(error.key, **error.values)
    named = {"error": error.key.partition(".")[2], "detail": said}
    return JSONResponse(named, status, headers=NO_STORE)
