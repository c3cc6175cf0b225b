"""Signing in and out. Twin: layouts/login.py."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from callbacks import session
from callbacks.web import cookies
from callbacks.web.same_origin import local_path
from dashboard.text import LANGUAGES, translator
from data_sources.sessions import digest
from data_sources.throttle import Throttle
from layouts import login as layout

if TYPE_CHECKING:
    from data_sources.sources import Sources


class Login:
    """What the three routes share; the throttle is this page's own."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._secure = sources.settings.secure_cookies
        self._throttle = Throttle(sources.redis)
        self._audit = sources.audit

    def register(self, api: FastAPI) -> None:
        api.add_api_route("/login", self.show, include_in_schema=False)
        api.add_api_route("/login", self.sign_in, methods=["POST"], include_in_schema=False)
        api.add_api_route("/logout", self.sign_out, methods=["POST"], include_in_schema=False)

    async def show(self, request: Request) -> Response:
        next_path = local_path(request.query_params.get("next"))
        if await self._session_of(request):
            return RedirectResponse(next_path, 303)
        return self._page(request, 200, next_path)

    async def sign_in(self, request: Request) -> Response:
        """1. count how often it went wrong lately · 2. check · 3. a fresh session, the old gone."""
        form = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=8)
        name, password = _first(form, "username").strip(), _first(form, "password")
        next_path = local_path(_first(form, "next"))
        if not name or not password:
            return self._page(request, 400, next_path, "incomplete")
        address = _address(request)
        if wait_s := await self._throttle.wait_s(name, address):
            await self._audit.write("throttled", await self._known(name), address)
            return self._wait(request, next_path, wait_s)
        user = await self._sources.users.verify(name, password)
        if user is None:
            await self._throttle.count_bad(name, address)
            await self._audit.write("sign_in_refused", await self._known(name), address)
            return self._page(request, 401, next_path, "wrong")
        await self._throttle.forget(name, address)
        await self._end_session_of(request)
        sid, opened = await self._sources.sessions.open(user.name, user.role)
        await self._audit.write("signed_in", user.name, address)
        response = RedirectResponse(next_path, 303)
        cookies.give_session(response, sid, opened.csrf, self._secure)
        return response

    async def sign_out(self, request: Request) -> Response:
        who = session.principal()
        await self._end_session_of(request)
        await self._audit.write("signed_out", who.user, _address(request))
        response = Response(status_code=204)
        cookies.take_session(response, self._secure)
        return response

    def _page(self, request: Request, status: int, next_path: str, error: str = "") -> Response:
        return self._show(request, status, layout.Attempt(next_path, error))

    def _wait(self, request: Request, next_path: str, wait_s: int) -> Response:
        response = self._show(request, 429, layout.Attempt(next_path, "throttled", wait_s))
        response.headers["Retry-After"] = str(wait_s)
        return response

    def _show(self, request: Request, status: int, attempt: layout.Attempt) -> Response:
        language, theme = cookies.preferences(request.cookies)
        asked = request.query_params.get("language", "")
        language = asked if asked in LANGUAGES else language
        simulated = self._sources.settings.simulator
        html = layout.page(translator(language), (language, theme), attempt, simulated)
        response = HTMLResponse(html, status)
        if asked in LANGUAGES:
            cookies.give_language(response, language, self._secure)
        return response

    async def _known(self, name: str) -> str:
        """Names nobody has are not logged: people type passwords into the wrong field."""
        return name if await self._sources.users.read(name) else "unknown"

    async def _session_of(self, request: Request) -> str | None:
        sid = request.cookies.get(cookies.session_name(self._secure))
        return sid if sid and await self._sources.sessions.find(sid) else None

    async def _end_session_of(self, request: Request) -> None:
        if sid := await self._session_of(request):
            await self._sources.sessions.close(digest(sid))


def _first(form: dict[str, list[str]], name: str) -> str:
    return form.get(name, [""])[0]


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
