"""Dash, bent to our rules: our FastAPI below it, our documents around it, no catch-all page."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dash import Dash
from dash._validate import validate_js_path
from dash.backends._fastapi import FastAPIDashServer, reset_current_request, set_current_request
from dash.exceptions import DependencyException, InvalidResourceError
from dash.fingerprint import check_fingerprint
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from callbacks import guard, session
from callbacks.web import callback_request, cookies
from callbacks.web.static_files import StaticFiles
from dashboard.principal import Principal
from dashboard.roles import Permission
from dashboard.text import Translate
from layouts import shell

ASSETS = Path(__file__).resolve().parents[2] / "dashboard" / "assets"
STATIC = StaticFiles()
Hook = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of ours; its name in the navigation is shell.nav_<name>."""

    name: str
    path: str
    permission: Permission
    layout: Callable[[Translate, Principal], Any]

    def title(self, t: Translate) -> str:
        return t("shell.title", page=t(f"shell.nav_{self.name}"))


class Backend(FastAPIDashServer):
    """Dash's FastAPI server without its own websocket, catch-all page and file serving."""

    websocket_capability = False

    @staticmethod
    def create_app(name: str = "", config: dict[str, Any] | None = None) -> FastAPI:
        return FastAPI(
            title="Control room",
            openapi_url="/api/v1/openapi.json",
            docs_url=None,
            redoc_url=None,
            swagger_ui_oauth2_redirect_url=None,
        )

    def register_assets_blueprint(
        self, blueprint_name: str, assets_url_path: str, assets_folder: str
    ) -> None:
        async def asset(request: Request, name: str) -> Response:
            return await STATIC.serve_file(request, Path(assets_folder), name)

        self.add_url_rule(assets_url_path + "/{name:path}", asset)

    def setup_component_suites(self, dash_app: Dash) -> None:
        async def bundle(request: Request, package_name: str, name: str) -> Response:
            return await _serve_bundle(dash_app, request, package_name, name)

        self.add_url_rule("/_dash-component-suites/{package_name}/{name:path}", bundle)

    def serve_callback(self, dash_app: Dash) -> Callable[[Request], Awaitable[Response]]:
        dispatch = super().serve_callback(dash_app)

        async def checked(request: Request) -> Response:
            asked = request.state.json_body
            if not callback_request.makes_sense(asked, dash_app.callback_map):
                raise HTTPException(400, "bad_callback")
            return await dispatch(request)

        return checked

    def setup_index(self, dash_app: Dash) -> None:
        """Nothing: pages are served by ControlRoom.add_page."""

    def _setup_catchall(self) -> None:
        """Nothing: an unknown path is a real 404."""


async def _serve_bundle(app: Dash, request: Request, package: str, name: str) -> Response:
    path, fingerprinted = check_fingerprint(name)
    try:
        validate_js_path(app.registered_paths, package, path)
    except (DependencyException, InvalidResourceError) as error:
        raise HTTPException(404, "not_found") from error
    version = str(getattr(sys.modules[package], "__version__", ""))
    key = (f"{package}/{path}", version)
    return await STATIC.serve(request, key, lambda: pkgutil.get_data(package, path), fingerprinted)


class ControlRoom(Dash):
    """The one Dash application. `server` is the FastAPI that the API registers on.

    on_start and on_stop: async functions for the server's lifetime, stopped in reverse order.
    """

    server: FastAPI
    measured: Callable[[], dict[str, Any]]  # what this process knows of itself: Fanout.measured

    def __init__(self, secure_cookies: bool) -> None:
        super().__init__(
            "control_room",
            backend=Backend,
            assets_folder=str(ASSETS),
            assets_ignore=r"^(login\.css|plotly-basic\.min\.js)$",
            suppress_callback_exceptions=True,
            update_title=None,  # type: ignore[arg-type]
            csrf_token_name=cookies.CSRF,
            enable_mcp=False,
            add_log_handler=False,
            on_error=guard.on_error,
        )
        self.pages: dict[str, Page] = {}
        self.on_start: list[Hook] = []
        self.on_stop: list[Hook] = []
        self._secure_cookies = secure_cookies
        self.layout = shell.frame()
        self.server.router.lifespan_context = self._lifespan

    def add_page(self, page: Page) -> None:
        """Serves the page's document at its path and lets the router show its layout."""
        self.pages[page.path] = page
        see = guard.needs(page.permission)

        async def document(request: Request, who: Principal = see) -> Response:
            self.title = page.title(session.text())
            response = HTMLResponse(self._index(request))
            if who.csrf:
                cookies.give_csrf(response, who.csrf, self._secure_cookies)
            return response

        self.server.add_api_route(page.path, document, include_in_schema=False)

    def prepare(self) -> None:
        """What Dash leaves to the first request, so that nothing is missing for it."""
        self._setup_server()

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        who = session.principal()
        return shell.document(session.text(), who.theme, who.language, parts)

    def _index(self, request: Request) -> str:
        mark = set_current_request(request)
        try:
            return str(self.index())
        finally:
            reset_current_request(mark)

    @asynccontextmanager
    async def _lifespan(self, _api: FastAPI) -> AsyncIterator[None]:
        for start in self.on_start:
            await start()
        yield
        for stop in reversed(self.on_stop):
            await stop()
