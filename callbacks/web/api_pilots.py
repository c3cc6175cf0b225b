"""GET /api/v1/pilots, /pilots/{id} and POST /pilots: pilots of the living lab.

POST defines one, changes one (`pilot_id` and the `version` that was seen), or gives one up
(`withdrawn`: why). 200 the pilot as it is kept now; 409 somebody was first; 422 field by field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from callbacks import guard, session
from callbacks.web import acting
from callbacks.web.api import NO_STORE
from callbacks.web.problems import Unprocessable
from dashboard.api_json import rfc3339
from dashboard.errors import Conflict
from dashboard.pilots.checked import BadPilot
from dashboard.pilots.pilot import AREAS, REACH_M, Area, Kept, Pilot
from dashboard.pilots_json import evaluation_json, kept_json
from dashboard.principal import Principal
from dashboard.roles import Permission

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

Word = Annotated[str, StringConstraints(max_length=64)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
Words = Annotated[list[Word], Field(max_length=500)]


class AreaBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    zones: Words = []
    routes: Words = []
    pilots: Words = Field([], description="ids devices are registered under")
    reach_m: int = Field(REACH_M, description="metres around routes and devices")

    def area(self) -> Area:
        kinds = (tuple(dict.fromkeys(words)) for words in (self.zones, self.routes, self.pilots))
        return Area(*kinds, reach_m=self.reach_m)


class PilotBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    pilot_id: Word = Field("", description="of the one to be changed; empty defines a new one")
    version: int = Field(0, ge=0, le=2**31, description="version of it as it was seen")
    withdrawn: Said = Field("", description="why it is given up; no other field matters then")
    why: Said = Field("", description="why it is changed")
    name: Said = ""
    what: Said = Field("", description="what is done")
    start: Word = Field("", description="first day, ISO date in Korea")
    end: Word = Field("", description="last day; empty = it goes on")
    treated: AreaBody = AreaBody()
    control: AreaBody = AreaBody()
    displaced: AreaBody = AreaBody()
    displaced_control: AreaBody = AreaBody()
    outcomes: Words = Field([], description="lit, repair, night, incidents: what is to be judged")
    categories: Words = Field([], description="incidents that count; empty = all")

    def pilot(self) -> Pilot:
        areas: dict[str, Any] = {name: getattr(self, name).area() for name in AREAS}
        return Pilot(
            self.pilot_id, self.name, self.what, self.start, **areas, end=self.end,
            outcomes=tuple(dict.fromkeys(self.outcomes)),
            categories=tuple(dict.fromkeys(self.categories)), why=self.why,
        )  # fmt: skip


def register(app: ControlRoom, sources: Sources) -> None:
    see = guard.needs(Permission.INCIDENTS_SEE)
    define = guard.needs(Permission.PILOTS_DEFINE)

    async def pilots(who: Principal = see) -> JSONResponse:
        """The newest first; withdrawn ones as well."""
        found = [kept_json(kept) for kept in await sources.pilots.book.all()]
        return JSONResponse({"items": found, "next": None}, headers=NO_STORE)

    async def pilot(pilot_id: str, who: Principal = see) -> JSONResponse:
        """With its evaluation: what may be told to this role."""
        kept = await _find(sources, pilot_id)
        found = await sources.pilots.evaluate(
            kept.now, coarse=not who.may(Permission.EXACT_POINTS_SEE)
        )
        told = {**kept_json(kept), "evaluation": evaluation_json(found)}
        return JSONResponse(told, headers=NO_STORE)

    async def change(request: Request, who: Principal = define) -> JSONResponse:
        asked: PilotBody = await acting.body(request, PilotBody)
        address = request.client.host if request.client else ""
        if asked.pilot_id:
            await _find(sources, asked.pilot_id)
        try:
            kept = await _done(sources, asked, who.user, address)
        except BadPilot as error:
            raise Unprocessable(_told(error)) from error
        except Conflict as error:
            return await _conflict(sources, asked.pilot_id, error)
        return JSONResponse(kept_json(kept))

    add = app.server.add_api_route
    add("/api/v1/pilots", pilots, tags=["pilots"])
    add("/api/v1/pilots/{pilot_id}", pilot, tags=["pilots"])
    add("/api/v1/pilots", change, methods=["POST"], tags=["pilots"],
        openapi_extra=_schema(), responses={409: {"description": "someone was first"}})  # fmt: skip


async def _done(sources: Sources, asked: PilotBody, user: str, address: str) -> Kept:
    desk = sources.pilots
    if not asked.pilot_id:
        return await desk.define(asked.pilot(), user, address)
    if asked.withdrawn:
        return await desk.withdraw(asked.pilot_id, asked.withdrawn, asked.version, user, address)
    return await desk.change(asked.pilot(), asked.version, user, address)


async def _find(sources: Sources, pilot_id: str) -> Kept:
    kept = await sources.pilots.book.find(pilot_id)
    if kept is None:
        raise HTTPException(404, "unknown_pilot")
    return kept


async def _conflict(sources: Sources, pilot_id: str, error: Conflict) -> JSONResponse:
    kept = await _find(sources, pilot_id)
    told = {"error": "conflict", "by": error.values["by"], "at": rfc3339(error.values["at_ms"])}
    return JSONResponse({**told, "pilot": kept_json(kept)}, 409)


def _told(error: BadPilot) -> list[dict[str, str]]:
    t = session.text()
    return [{"field": one.field, "message": t(one.key, **one.values)} for one in error.problems]


def _schema() -> dict[str, Any]:
    """With areas written out in place: a reference would lead nowhere from here."""
    told = PilotBody.model_json_schema()
    area = told.pop("$defs")["AreaBody"]
    for name in AREAS:
        told["properties"][name] = area
    content = {"application/json": {"schema": told}}
    return {"requestBody": {"required": True, "content": content}}
