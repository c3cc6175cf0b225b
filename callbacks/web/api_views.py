"""GET and POST /api/v1/views: a person's saved views of a page.

POST {page, name, query} keeps one, query null deletes it; the answer is what there is then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from callbacks import guard
from callbacks.web.api import NO_STORE
from callbacks.web.problems import Unprocessable, problem_of
from dashboard.principal import Principal
from dashboard.roles import Permission
from dashboard.saved import QUERY_LENGTH, page_of

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

PageName = Annotated[str, Query(max_length=40, description="kpis or orders")]


class ViewChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    page: str = Field(max_length=40)
    name: str = Field(max_length=200)
    query: str | None = Field(max_length=QUERY_LENGTH, description="null deletes the view")


def register(app: ControlRoom, sources: Sources) -> None:
    see = guard.needs(Permission.KPIS_SEE)

    async def views(page: PageName, who: Principal = see) -> JSONResponse:
        return await _listed(sources, who, page)

    async def change(request: Request, who: Principal = see) -> JSONResponse:
        try:
            asked = ViewChange.model_validate_json(await request.body())
        except ValidationError as error:
            raise Unprocessable([problem_of(one) for one in error.errors()]) from error
        _check(who, asked.page)
        if asked.query is None:
            await sources.views.delete(who.user, asked.page, asked.name)
        else:
            await sources.views.save(who.user, asked.page, asked.name, asked.query)
        return await _listed(sources, who, asked.page)

    body = {"application/json": {"schema": ViewChange.model_json_schema()}}
    app.server.add_api_route("/api/v1/views", views, tags=["views"])
    app.server.add_api_route(
        "/api/v1/views", change, methods=["POST"], tags=["views"],
        openapi_extra={"requestBody": {"required": True, "content": body}},
    )  # fmt: skip


async def _listed(sources: Sources, who: Principal, page: str) -> JSONResponse:
    _check(who, page)
    found = await sources.views.list(who.user, page)
    items = [{"name": name, "query": query} for name, query in found.items()]
    return JSONResponse({"items": items, "next": None}, headers=NO_STORE)


def _check(who: Principal, page: str) -> None:
    """A page's views are for those who may see the page."""
    if not who.may(page_of(page).permission):
        raise HTTPException(403, "not_allowed")
