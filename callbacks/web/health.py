"""/healthz: the process is alive. /readyz: it can serve; what is missing is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

PATIENCE_S = 1.0


def register(app: ControlRoom, sources: Sources) -> None:
    async def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def readyz() -> JSONResponse:
        redis = await sources.reached(PATIENCE_S)
        checks = {"redis": redis, "snapshot": sources.feed.loaded.is_set()}
        ready = all(checks.values())
        return JSONResponse({"ready": ready, **checks}, 200 if ready else 503)

    app.server.add_api_route("/healthz", healthz, tags=["health"])
    app.server.add_api_route("/readyz", readyz, tags=["health"])
