"""/live/device/{id} and /live/alert/{id}: everything about one thing, for tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from callbacks import guard
from callbacks.web.api import NO_STORE, read_alert
from dashboard.api_json import Json, alert_api_json, device_json, rfc3339
from dashboard.device_table import STATUSES
from dashboard.principal import Principal
from dashboard.roles import Permission

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

DAY_MS = 86_400_000


def register(app: ControlRoom, sources: Sources) -> None:
    see = guard.needs(Permission.LIVE_MAP_SEE)

    async def device(device_id: str, who: Principal = see) -> JSONResponse:
        at = sources.city.devices.index.get(device_id)
        if at is None:
            raise HTTPException(404, "unknown_device")
        return JSONResponse(await _device(sources, who, at), headers=NO_STORE)

    async def alert(request: Request, alert_id: str, who: Principal = see) -> JSONResponse:
        answer = await read_alert(sources, who, request, alert_id)
        if answer["lon"] is not None:
            answer |= around(sources, answer["lon"], answer["lat"], exact=True)
        return JSONResponse(answer, headers=NO_STORE)

    app.server.add_api_route("/live/device/{device_id}", device, include_in_schema=False)
    app.server.add_api_route("/live/alert/{alert_id}", alert, include_in_schema=False)


async def _device(sources: Sources, who: Principal, at: int) -> Json:
    city, exact = sources.city, who.may(Permission.EXACT_POINTS_SEE)
    await sources.look_at([at])
    record, now = city.devices.registrations[at], sources.now_ms()
    rows = await sources.history.transitions(
        city.devices.partition[at], record.device_id, now - DAY_MS, now
    )
    return {
        **device_json(city, at, exact),
        "last_24_h": [{"at": rfc3339(ms), "status": STATUSES[status]} for ms, status in rows],
        **around(sources, record.lon, record.lat, exact),
    }


def around(sources: Sources, lon: float, lat: float, exact: bool) -> Json:
    """Devices, and for exact roles open alerts, within near_m of a point; nearest first."""
    city, radius_m = sources.city, sources.site.thresholds.near_m
    devices = [
        {"device_id": record.device_id, "kind": record.kind, "name": record.name,
         "metres": round(near.metres), "status": STATUSES[city.devices.shown[near.index]]}
        for near in city.devices.grid.around(round(lon * 1e6), round(lat * 1e6), radius_m)
        if not (record := city.devices.registrations[near.index]).retired
    ]  # fmt: skip
    found = city.alerts_around(lon, lat, radius_m) if exact else ()
    alerts = [alert_api_json(city, alert, None) for alert in found]
    return {"around": {"metres": radius_m, "devices": devices, "alerts": alerts}}
