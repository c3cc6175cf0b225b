"""POST /api/v1/alerts/{id}/actions and /api/v1/devices/{id}/actions.

The answer waits for what became of the action: 200 with the new state, 409 with who was first,
504 when nobody confirmed it in time. The same action_id again gives the same answer.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from callbacks import guard
from callbacks.web.problems import Unprocessable, problem_of, refuse, unprocessable
from dashboard.api_json import Json, alert_api_json, device_json, rfc3339
from dashboard.principal import Principal
from dashboard.records import ActionOutcome
from dashboard.roles import Permission, Role, may

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

Verdict = Literal["real", "test", "mistaken", "malfunction", "unknown"]
VERDICTS = get_args(Verdict)
ActionId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
Text = Annotated[str, Field(max_length=200)]
STATUS_OF = {
    "unknown_alert": 404, "unknown_device": 404, "not_allowed": 403,
    "verdict_required": 422, "bad_value": 422, "missing_field": 422, "bad_type": 422,
}  # fmt: skip


class AlertAction(BaseModel):
    model_config = ConfigDict(extra="forbid")

    action: Literal["acknowledge", "assign", "release", "note", "close"]
    version: int = Field(ge=1, le=2**31, description="version of the alert as it was seen")
    action_id: ActionId
    note: Text | None = None
    verdict: Verdict | None = None
    to: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,31}$")] | None = None

    @model_validator(mode="after")
    def _complete(self) -> AlertAction:
        if self.action == "assign" and not self.to:
            raise ValueError("assign needs `to`: the user name of the new owner")
        if self.action == "note" and not self.note:
            raise ValueError("note needs `note`")
        if self.verdict and self.action != "close":
            raise ValueError("`verdict` belongs to close only")
        return self


class DeviceAction(BaseModel):
    model_config = ConfigDict(extra="forbid")

    action: Literal["out_of_service", "return_to_service"]
    action_id: ActionId
    reason: Text | None = None
    until: AwareDatetime | None = None

    @model_validator(mode="after")
    def _complete(self) -> DeviceAction:
        if self.action == "out_of_service" and not self.reason:
            raise ValueError("out_of_service needs `reason`")
        return self


def register(app: ControlRoom, sources: Sources) -> None:
    app.server.add_exception_handler(Unprocessable, refuse)
    take_alerts = guard.needs(Permission.ALERTS_ACT)
    change_devices = guard.needs(Permission.DEVICES_ACT)

    async def act_on_alert(
        request: Request, alert_id: str, who: Principal = take_alerts
    ) -> JSONResponse:
        return await _on_alert(sources, who, alert_id, await _body(request, AlertAction))

    async def act_on_device(
        request: Request, device_id: str, who: Principal = change_devices
    ) -> JSONResponse:
        return await _on_device(sources, who, device_id, await _body(request, DeviceAction))

    add = app.server.add_api_route
    add("/api/v1/alerts/{alert_id}/actions", act_on_alert, methods=["POST"],
        tags=["alerts"], openapi_extra=_schema(AlertAction), responses=_ANSWERS)  # fmt: skip
    add("/api/v1/devices/{device_id}/actions", act_on_device, methods=["POST"],
        tags=["devices"], openapi_extra=_schema(DeviceAction), responses=_ANSWERS)  # fmt: skip


async def _on_alert(
    sources: Sources, who: Principal, alert_id: str, body: AlertAction
) -> JSONResponse:
    found = await sources.alerts.find(alert_id)
    if found is None:
        raise HTTPException(404, "unknown_alert")
    partition, alert = found
    if any(event.action_id == body.action_id for event in alert.history):
        return JSONResponse(alert_api_json(sources.city, alert, None))  # done long ago
    if alert.latching and body.action == "close" and not body.verdict:
        return _bad("verdict", f"closing a {alert.type} needs a verdict: {', '.join(VERDICTS)}")
    if body.to and not await _may_own(sources, body.to):
        return _bad("to", f"no user {body.to} who may take alerts")
    given = body.model_dump(exclude_none=True)
    message = _signed(sources, who, {**given, "alert_id": alert_id})
    outcome = await sources.actions.submit(partition, message)
    refusal = _refusal(outcome, alert_id)
    if refusal is not None and (refusal.status_code != 409 or outcome is None):
        return refusal
    now = await sources.alert(alert_id) or alert
    answer = alert_api_json(sources.city, now, None)
    if refusal is None or outcome is None:
        return JSONResponse(answer)
    return JSONResponse({**_conflict(outcome), "alert": answer}, 409)


async def _may_own(sources: Sources, name: str) -> bool:
    user = await sources.users.read(name)
    return user is not None and not user.disabled and may(Role(user.role), Permission.ALERTS_ACT)


async def _on_device(
    sources: Sources, who: Principal, device_id: str, body: DeviceAction
) -> JSONResponse:
    devices = sources.city.devices
    at = devices.index.get(device_id)
    if at is None:
        raise HTTPException(404, "unknown_device")
    given = body.model_dump(exclude_none=True)
    if body.until is not None:
        given["until"] = body.until.astimezone(UTC).isoformat().replace("+00:00", "Z")
    message = _signed(sources, who, {**given, "device_id": device_id})
    outcome = await sources.actions.submit(devices.partition[at], message)
    refusal = _refusal(outcome, device_id)
    if refusal is None:
        return JSONResponse(device_json(sources.city, at, True))
    if refusal.status_code == 409 and outcome is not None:
        return JSONResponse(_conflict(outcome), 409)
    return refusal


def _signed(sources: Sources, who: Principal, action: Json) -> Json:
    """Who acts is never taken from the request."""
    ts = rfc3339(sources.now_ms())
    return {**action, "v": 1, "ts": ts, "actor": who.user, "role": who.role.value}


def _refusal(outcome: ActionOutcome | None, subject: str) -> JSONResponse | None:
    """None = done. A known action id that was about something else is a mistake of the caller."""
    if outcome is None:
        return JSONResponse({"error": "not_confirmed"}, 504)
    if outcome.subject and outcome.subject != subject:
        return _bad("action_id", "was used for something else: make a new one for each action")
    if outcome.ok:
        return None
    return JSONResponse({"error": outcome.reason}, STATUS_OF.get(outcome.reason, 409))


def _conflict(outcome: ActionOutcome) -> Json:
    return {
        "error": "conflict",
        "reason": outcome.reason,
        "by": outcome.who_by,
        "action": outcome.who_action,
        "at": rfc3339(outcome.who_at_ms or None),
    }


async def _body(request: Request, model: type[Any]) -> Any:
    """Raises 422 that names each field and says what is wrong with it."""
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        raise Unprocessable([problem_of(one) for one in error.errors()]) from error


def _bad(field: str, message: str) -> JSONResponse:
    return unprocessable([{"field": field, "message": message}])


def _schema(model: type[BaseModel]) -> Json:
    content = {"application/json": {"schema": model.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}


_ANSWERS: dict[int | str, Json] = {
    200: {"description": "done; the new state"},
    403: {"description": "the role may not"},
    404: {"description": "no such alert or device"},
    409: {"description": "someone was first: by, action, at, alert"},
    422: {"description": "the request makes no sense: problems by field"},
    504: {"description": "not confirmed in time: may or may not have happened"},
}
