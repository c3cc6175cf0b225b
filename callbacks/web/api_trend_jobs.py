"""POST /trends/jobs {job, action}: stop a long calculation, or let it begin again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse

from callbacks import guard
from callbacks.web.api import NO_STORE
from callbacks.web.problems import Unprocessable, problem_of
from dashboard.principal import Principal
from dashboard.roles import Permission

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources


class JobChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    job: str = Field(max_length=80)
    action: Literal["cancel", "again"]


def register(app: ControlRoom, sources: Sources) -> None:
    see = guard.needs(Permission.INCIDENTS_SEE)

    async def change(request: Request, who: Principal = see) -> JSONResponse:
        """done: whether there was something to change."""
        try:
            asked = JobChange.model_validate_json(await request.body())
        except ValidationError as error:
            raise Unprocessable([problem_of(one) for one in error.errors()]) from error
        jobs = sources.trends.jobs
        do = jobs.cancel if asked.action == "cancel" else jobs.again
        return JSONResponse({"done": do(asked.job)}, headers=NO_STORE)

    app.server.add_api_route("/trends/jobs", change, methods=["POST"], include_in_schema=False)
