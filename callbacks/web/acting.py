"""What all doors for actions share: who acts, what became of it, and the words for a refusal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    Field,
    StringConstraints,
    ValidationError,
)
from starlette.requests import Request
from starlette.responses import JSONResponse

from callbacks.web.problems import Unprocessable, problem_of, unprocessable
from dashboard.api_json import Json, rfc3339
from dashboard.principal import Principal
from dashboard.records import ActionOutcome

if TYPE_CHECKING:
    from data_sources.sources import Sources


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies beyond the calendar") from None


ActionId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]  # " " is nothing
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
STATUS_OF = {
    "unknown_alert": 404, "unknown_device": 404, "unknown_order": 404, "not_allowed": 403,
    "verdict_required": 422, "to_required": 422, "reason_required": 422,
    "done_before_trouble": 422, "bad_value": 422, "missing_field": 422, "bad_type": 422,
}  # fmt: skip
ANSWERS: dict[int | str, Json] = {
    200: {"description": "done; the new state"},
    403: {"description": "the role may not"},
    404: {"description": "no such alert or device"},
    409: {"description": "someone was first: by, action, at, alert"},
    422: {"description": "the request makes no sense: problems by field"},
    504: {"description": "not confirmed in time: may or may not have happened"},
}


def signed(sources: Sources, who: Principal, action: Json) -> Json:
    """Who acts is never taken from the request."""
    ts = rfc3339(sources.now_ms())
    return {**action, "v": 1, "ts": ts, "actor": who.user, "role": who.role.value}


def said(at: datetime) -> str:
    """A Moment as field systems write it."""
    return at.isoformat().replace("+00:00", "Z")


def refusal(outcome: ActionOutcome | None, subject: str) -> JSONResponse | None:
    """None = done. A known action id that was about something else is a mistake of the caller."""
    if outcome is None:
        return JSONResponse({"error": "not_confirmed"}, 504)
    if outcome.subject and outcome.subject != subject:
        return bad("action_id", "was used for something else: make a new one for each action")
    if outcome.ok:
        return None
    return JSONResponse({"error": outcome.reason}, STATUS_OF.get(outcome.reason, 409))


def conflict(outcome: ActionOutcome) -> Json:
    return {
        "error": "conflict",
        "reason": outcome.reason,
        "by": outcome.who_by,
        "action": outcome.who_action,
        "at": rfc3339(outcome.who_at_ms or None),
    }


async def body(request: Request, model: type[Any]) -> Any:
    """Raises 422 that names each field and says what is wrong with it."""
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        raise Unprocessable([problem_of(one) for one in error.errors()]) from error


def bad(field: str, message: str) -> JSONResponse:
    return unprocessable([{"field": field, "message": message}])


def schema(model: type[BaseModel]) -> Json:
    content = {"application/json": {"schema": model.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}
