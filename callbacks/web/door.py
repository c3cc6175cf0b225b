"""The outermost door: nobody and nothing gets in unless this file says so.

For http, in order: the host is ours → public paths pass → the principal is found (session
cookie or bearer token) → the request comes from our own pages or a tool → a change carries the
session's CSRF token → the body is small. For websockets: host, Origin, principal. What is
inside finds the principal in callbacks.session and still checks its own permission.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from callbacks.session import PRINCIPAL
from callbacks.web import body, cookies, refusal
from callbacks.web.same_origin import SAFE_METHODS, fetch_allowed, host_allowed, origin_allowed
from dashboard.errors import SourceUnavailable
from dashboard.principal import Principal
from dashboard.roles import Role
from data_sources.sessions import digest

if TYPE_CHECKING:
    from data_sources.sources import Sources

PUBLIC_PATHS = frozenset({"/login", "/healthz", "/readyz"})
# what the sign-in page itself needs; everything else under /assets is for people signed in
PUBLIC_ASSETS = frozenset(
    {"/assets/css/0_tokens.css", "/assets/css/1_base.css", "/assets/css/login.css",
     "/assets/icon.svg"}
)  # fmt: skip
PUBLIC_FOLDERS = ("/assets/vendor/pretendard/",)
METHODS = SAFE_METHODS | {"POST"}


class Door:
    def __init__(self, app: ASGIApp, sources: Sources) -> None:
        self._app = app
        self._sources = sources
        self._settings = sources.settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        mark = PRINCIPAL.set(None)
        try:
            receive = await self._admit(scope, receive)
        except body.Refused as refused:
            await refusal.send(refused, scope, receive, send)
        except SourceUnavailable:
            await refusal.send(body.Refused(503, "source_unavailable"), scope, receive, send)
        else:
            await self._app(scope, receive, send)
        finally:
            PRINCIPAL.reset(mark)

    async def _admit(self, scope: Scope, receive: Receive) -> Receive:
        """Puts the principal beside the request, or raises Refused."""
        headers = Headers(scope=scope)
        settings = self._settings
        if not host_allowed(headers.get("host", ""), settings.public_origin, settings.host):
            raise body.Refused(421, "unknown_host")
        if scope["type"] == "websocket":
            PRINCIPAL.set(await self._socket_principal(headers, scope))
            return receive
        method = scope["method"]
        if method not in METHODS:
            raise body.Refused(405, "method_not_allowed")
        public = _is_public(scope["path"])
        who = None if public else await self._principal(headers, scope)
        PRINCIPAL.set(who)
        if not public and who is None:
            raise body.Refused(401, "not_signed_in")
        self._check_source(headers, method, who)
        return receive if method in SAFE_METHODS else await _whole(headers, receive)

    def _check_source(self, headers: Headers, method: str, who: Principal | None) -> None:
        if not fetch_allowed(headers, method):
            raise body.Refused(403, "cross_site")
        if method in SAFE_METHODS:
            return
        if not origin_allowed(headers, self._settings.public_origin):
            raise body.Refused(403, "foreign_origin")
        if who and who.csrf and not _same(headers.get("x-csrftoken", ""), who.csrf):
            raise body.Refused(403, "csrf")

    async def _socket_principal(self, headers: Headers, scope: Scope) -> Principal:
        who = await self._principal(headers, scope)
        if who is None:
            raise body.Refused(401, "not_signed_in")
        by_cookie = bool(who.session)
        if by_cookie and "origin" not in headers:
            raise body.Refused(403, "foreign_origin")
        if not origin_allowed(headers, self._settings.public_origin):
            raise body.Refused(403, "foreign_origin")
        return who

    async def _principal(self, headers: Headers, scope: Scope) -> Principal | None:
        scheme, _, secret = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return await self._by_token(secret.strip())
        return await self._by_cookie(cookies.read(scope))

    async def _by_token(self, secret: str) -> Principal | None:
        token = await self._sources.users.tokens.find(secret)
        return Principal(token.name, Role(token.role)) if token else None

    async def _by_cookie(self, jar: dict[str, str]) -> Principal | None:
        sid = jar.get(cookies.session_name(self._settings.secure_cookies))
        session = await self._sources.sessions.find(sid) if sid else None
        if session is None or not sid:
            return None
        language, theme = cookies.preferences(jar)
        return Principal(
            session.user, Role(session.role), digest(sid), session.csrf, language, theme
        )


def _is_public(path: str) -> bool:
    if path in PUBLIC_PATHS or path in PUBLIC_ASSETS:
        return True
    return path.startswith(PUBLIC_FOLDERS) and ".." not in path


async def _whole(headers: Headers, receive: Receive) -> Receive:
    whole = await body.read(receive, headers.get("content-length"))
    if headers.get("content-type", "").partition(";")[0].strip().endswith("json"):
        body.parse_json(whole)
    return body.replay(whole, receive)


def _same(given: str, expected: Any) -> bool:
    return secrets.compare_digest(given.encode(), expected.encode())
