"""GET and POST /api/v1/weekly/readers, POST /weekly/readers/{id}/remove and /again,
GET /weekly/dry-run: the week by mail, for those who look after it.

Addresses are told to nobody else, and stand in no address of ours and in no refusal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse

from callbacks import guard, session
from callbacks.web import acting
from callbacks.web.api import NO_STORE
from callbacks.weekly import dry_run
from dashboard.api_json import Json, rfc3339
from dashboard.principal import Principal
from dashboard.roles import Permission
from dashboard.weekly.mail_state import MailState
from dashboard.weekly.mailing import Reader, Standing

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

PATH = "/api/v1/weekly/readers"
Word = Annotated[str, Field(max_length=64)]


class ReaderBody(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    address: str = Field(max_length=320, description="one address")
    language: Literal["ko", "en"] = "ko"


class AgainBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    week: Word = Field(description="2026-W47, as it was seen")


class DryRunQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    week: Word = Field("", description='"" = the one whose mails go next, or went last')
    lang: Literal["ko", "en"] = "ko"


def register(app: ControlRoom, sources: Sources) -> None:
    may, mail = guard.needs(Permission.WEEKLY_MAIL), sources.week_mail

    async def readers(who: Principal = may) -> JSONResponse:
        """Who gets the week, and what became of the last one's mail."""
        state = await mail.state()
        items = [reader_json(one, state) for one in await mail.readers.all()]
        return JSONResponse({**state_json(state), "items": items, "next": None}, headers=NO_STORE)

    async def add(request: Request, who: Principal = may) -> JSONResponse:
        asked: ReaderBody = await acting.body(request, ReaderBody)
        made = await mail.readers.add(asked.address, asked.language, who.user, _origin(request))
        return JSONResponse(reader_json(made, await mail.state()), headers=NO_STORE)

    async def remove(reader_id: str, request: Request, who: Principal = may) -> JSONResponse:
        await mail.readers.remove(reader_id, who.user, _origin(request))
        return JSONResponse({"id": reader_id, "removed": True})

    async def again(reader_id: str, request: Request, who: Principal = may) -> JSONResponse:
        """After a mail that was refused, given up, or whose end nobody knows: it may come twice."""
        asked: AgainBody = await acting.body(request, AgainBody)
        await mail.send_again(asked.week, reader_id, who.user, _origin(request))
        return JSONResponse({"id": reader_id, **mail_json(await mail.state(), reader_id)})

    async def dry(query: Annotated[DryRunQuery, Query()], who: Principal = may) -> JSONResponse:
        """The mail as it would be sent; nothing is."""
        found = await dry_run.run(sources, query.week, query.lang, session.text())
        return JSONResponse(dry_run_json(found), headers=NO_STORE)

    route = app.server.add_api_route
    route(PATH, readers, tags=["weekly"])
    route(PATH, add, methods=["POST"], tags=["weekly"], openapi_extra=acting.schema(ReaderBody))
    route(PATH + "/{reader_id}/remove", remove, methods=["POST"], tags=["weekly"])
    route(PATH + "/{reader_id}/again", again, methods=["POST"], tags=["weekly"],
          openapi_extra=acting.schema(AgainBody))  # fmt: skip
    route("/api/v1/weekly/dry-run", dry, tags=["weekly"])


def state_json(state: MailState) -> Json:
    return {
        "mail": "on" if state.on else "off",
        "week": state.round.week.word,
        "opens_at": rfc3339(state.round.from_ms),
        "closes_at": rfc3339(state.round.to_ms),
        "next_at": rfc3339(state.round.next_ms),
        "held": held_json(state.held),
        "counts": state.counts(),
    }


def held_json(standing: Standing | None) -> Json | None:
    if standing is None:
        return None
    return {
        "why": standing.why,
        "since": rfc3339(standing.first_ms),
        "code": standing.code or None,
        "next_try_at": rfc3339(standing.next_ms or None),
        "known_to": rfc3339(standing.known_to_ms or None),
    }


def reader_json(reader: Reader, state: MailState) -> Json:
    return {
        "id": reader.id,
        "address": reader.address,
        "language": reader.language,
        "added_by": reader.by,
        "added_at": rfc3339(reader.at_ms),
        **mail_json(state, reader.id),
    }


def mail_json(state: MailState, reader_id: str) -> Json:
    known = state.mails.get(reader_id)
    return {
        "state": state.of(reader_id),
        "state_since": rfc3339(known.at_ms if known else None),
        "why": (known.why if known else "") or None,
        "code": (known.code if known else 0) or None,
        "tries": known.tries if known else 0,
        "next_try_at": rfc3339((known.next_ms if known else 0) or None),
        "may_go_again": state.may_go_again(reader_id),
    }


def dry_run_json(found: dry_run.DryRun) -> Json:
    return {
        "week": found.week,
        "language": found.language,
        "subject": found.letter.subject,
        "headers": dict(found.headers),
        "text": found.letter.text,
        "html": found.letter.html,
        "pdf_bytes": found.pdf_bytes,
        "held": found.held or None,
        "problem": found.problem or None,
    }


def _origin(request: Request) -> str:
    return request.client.host if request.client else ""
