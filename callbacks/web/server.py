"""Puts the web together: Dash on FastAPI inside, the door and the headers outside.

app = server.build(sources)          # then everyone registers on app and app.server
asgi = server.close(app, sources)    # audit, then the door: what uvicorn serves
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from callbacks import guard, shell
from callbacks.web import headers, refusal
from callbacks.web.compressed import CompressedAnswers
from callbacks.web.control_room import ControlRoom
from callbacks.web.door import Door
from callbacks.web.login import Login
from dashboard.errors import SourceUnavailable

if TYPE_CHECKING:
    from data_sources.sources import Sources


def build(sources: Sources) -> ControlRoom:
    app = ControlRoom(sources.settings.secure_cookies)
    app.server.add_exception_handler(HTTPException, _refuse)
    app.server.add_exception_handler(SourceUnavailable, _unavailable)
    Login(sources).register(app.server)
    shell.register(app, sources)
    return app


def close(app: ControlRoom, sources: Sources) -> ASGIApp:
    """Nothing may be registered after this. Raises RuntimeError for an unguarded callback."""
    app.prepare()
    guard.audit(app)
    policy = headers.policy(app.csp_hashes(), sources.settings.tile_url)
    door = Door(CompressedAnswers(app.server), sources)
    return headers.SecurityHeaders(door, policy, sources.settings.secure_cookies)


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = "not_found" if error.detail == "Not Found" else str(error.detail)
    return refusal.response(error.status_code, words, request.scope)


async def _unavailable(request: Request, _error: Exception) -> Response:
    return refusal.response(503, "source_unavailable", request.scope)
