"""How a refusal looks: a page for a person, JSON for a tool, a closed handshake for a socket."""

from __future__ import annotations

from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from callbacks.web import cookies
from callbacks.web.body import Refused
from callbacks.web.same_origin import SAFE_METHODS
from dashboard.text import translator
from layouts import login as layout

FOR_SCRIPTS = ("/api/", "/live/", "/_dash", "/assets/")
NO_STORE = {"Cache-Control": "no-store"}


async def send(refused: Refused, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await _refuse_socket(refused, scope, receive, send)
        return
    await response(refused.status, refused.error, scope)(scope, receive, send)


def response(status: int, error: str, scope: Scope) -> Response:
    if not wants_page(scope):
        return JSONResponse({"error": error}, status, headers=NO_STORE)
    if status == 401:
        return RedirectResponse(f"/login?next={quote(_target(scope), safe='')}", 303, NO_STORE)
    look = cookies.preferences(cookies.read(scope))
    page = layout.error_page(translator(look[0]), look, status)
    return HTMLResponse(page, status, headers=NO_STORE)


def wants_page(scope: Scope) -> bool:
    """A browser's visit, as opposed to a script's or a tool's request."""
    headers = Headers(scope=scope)
    path = scope["path"]
    if scope["method"] not in SAFE_METHODS or path.startswith(FOR_SCRIPTS):
        return False
    return headers.get("sec-fetch-mode") == "navigate" or "text/html" in headers.get("accept", "")


def _target(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return scope["path"] + (f"?{query}" if query else "")


async def _refuse_socket(refused: Refused, scope: Scope, receive: Receive, send: Send) -> None:
    """Before it is accepted, so the handshake itself fails with the status."""
    await receive()
    if "websocket.http.response" in scope.get("extensions", {}):
        start = {"status": refused.status, "headers": [(b"content-type", b"text/plain")]}
        await send({"type": "websocket.http.response.start", **start})
        await send({"type": "websocket.http.response.body", "body": refused.error.encode()})
    else:
        await send({"type": "websocket.close", "code": 4000 + refused.status})
