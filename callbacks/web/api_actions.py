"""POST /api/v1/alerts/{id}/actions and /api/v1/devices/{id}/actions.

The answer waits for what became of the action: 200 with the new state, 409 with who was first,
504 when nobody confirmed it in time. The same action_id again gives the same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from callbacks import guard
from callbacks.web import acting
from callbacks.web.acting import ActionId, Moment, Text
from callbacks.web.problems import Unprocessable, refuse
from dashboard.api_json import alert_api_json, device_json
from dashboard.principal import Principal
from dashboard.roles import Permission, Role, may

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

Verdict = Literal["real", "test", "mistaken", "malfunction", "unknown"]
VERDICTS = get_args(Verdict)


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
    until: Moment | None = None

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
        return await _on_alert(sources, who, alert_id, await acting.body(request, AlertAction))

    async def act_on_device(
        request: Request, device_id: str, who: Principal = change_devices
    ) -> JSONResponse:
        return await _on_device(sources, who, device_id, await acting.body(request, DeviceAction))

    add = app.server.add_api_route
    add("/api/v1/alerts/{alert_id}/actions", act_on_alert, methods=["POST"],
        tags=["alerts"], openapi_extra=acting.schema(AlertAction),
        responses=acting.ANSWERS)  # fmt: skip
    add("/api/v1/devices/{device_id}/actions", act_on_device, methods=["POST"],
        tags=["devices"], openapi_extra=acting.schema(DeviceAction),
        responses=acting.ANSWERS)  # fmt: skip


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
        return acting.bad(
            "verdict", f"closing a {alert.type} needs a verdict: {', '.join(VERDICTS)}"
        )
    if body.to and not await _may_own(sources, body.to):
        return acting.bad("to", f"no user {body.to} who may take alerts")
    given = body.model_dump(exclude_none=True)
    message = acting.signed(sources, who, {**given, "alert_id": alert_id})
    outcome = await sources.actions.submit(partition, message)
    refusal = acting.refusal(outcome, alert_id)
    if refusal is not None and (refusal.status_code != 409 or outcome is None):
        return refusal
    now = await sources.alert(alert_id) or alert
    answer = alert_api_json(sources.city, now, None)
    if refusal is None or outcome is None:
        return JSONResponse(answer)
    return JSONResponse({**acting.conflict(outcome), "alert": answer}, 409)


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
        given["until"] = acting.said(body.until)
    message = acting.signed(sources, who, {**given, "device_id": device_id})
    outcome = await sources.actions.submit(devices.partition[at], message)
    refusal = acting.refusal(outcome, device_id)
    if refusal is None:
        return JSONResponse(device_json(sources.city, at, True))
    if refusal.status_code == 409 and outcome is not None:
        return JSONResponse(acting.conflict(outcome), 409)
    return refusal
