"""POST /kpis/export: what a page shows, as a file. Who took what, and why, is on record before the
file leaves; if that cannot be written there is no file.

The same doors as the pages: what a role may not see is not exported.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from callbacks import guard, session
from callbacks.web.api import NO_STORE
from callbacks.web.export_sheets import Export, export_of
from callbacks.web.problems import Unprocessable, problem_of
from dashboard.principal import Principal
from dashboard.roles import Permission
from layouts.exports.about import Reader, about
from layouts.exports.files import csv_bytes, xlsx_bytes
from layouts.kpis.here import namer

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)]
NEEDED = {
    "devices": Permission.DEVICES_SEE,
    "repairs": Permission.DEVICES_SEE,
    "orders": Permission.ORDERS_SEE,
}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ExportAsked(BaseModel):
    """query: the page's own address, without the question mark."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field("", max_length=2_000)
    kind: Literal["table", "breakdown", "devices", "orders", "vendors", "repairs"]
    format: Literal["csv", "xlsx"]
    reason: Reason


def register(app: ControlRoom, sources: Sources) -> None:
    make = guard.needs(Permission.EXPORTS_MAKE)

    async def export(request: Request, who: Principal = make) -> Response:
        try:
            asked = ExportAsked.model_validate_json(await request.body())
        except ValidationError as error:
            raise Unprocessable([problem_of(one) for one in error.errors()]) from error
        if not who.may(NEEDED.get(asked.kind, Permission.KPIS_SEE)):
            raise HTTPException(403, "not_allowed")
        address = request.client.host if request.client else ""
        return await _answer(sources, who, asked, address)

    app.server.add_api_route("/kpis/export", export, methods=["POST"], include_in_schema=False)


async def _answer(sources: Sources, who: Principal, asked: ExportAsked, address: str) -> Response:
    t, coarse = session.text(), not who.may(Permission.EXACT_POINTS_SEE)
    simulated = sources.city.progress is not None
    reader = Reader(t, namer(sources.site, t, who.language), who, coarse, simulated)
    found = await export_of(sources, reader, asked)
    content = await asyncio.to_thread(_content, reader, found, asked.format)
    await sources.audit.write(
        "export", who.user, address, kind=asked.kind, format=asked.format,
        rows=len(found.sheet.rows), filter=asked.query, reason=asked.reason,
    )  # fmt: skip
    return _file(content, f"{found.name}.{asked.format}", asked.format)


def _content(reader: Reader, found: Export, kind: str) -> bytes:
    head = about(reader, found.order, len(found.sheet.rows))
    return csv_bytes(found.sheet, head.rows) if kind == "csv" else xlsx_bytes([head, found.sheet])


def _file(content: bytes, name: str, kind: str) -> Response:
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, headers={
        **NO_STORE, "Content-Type": TYPES[kind], "Content-Disposition": disposition,
    })  # fmt: skip
