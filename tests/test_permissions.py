"""Who may do what, and that no door was left without a lock."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from dash import ClientsideFunction, Input, Output
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import WebSocketRoute

from app import create_app
from callbacks import guard
from callbacks.session import PRINCIPAL
from callbacks.web.control_room import ControlRoom
from callbacks.web.same_origin import fetch_allowed, host_allowed, local_path, origin_allowed
from dashboard.config import Settings
from dashboard.errors import NotAllowed
from dashboard.principal import Principal
from dashboard.roles import GRANTS, Permission, Role
from tests import source_tree

WHO_MAY = {
    "live_map.see": "duty operator manager executive admin",
    "exact_points.see": "duty operator admin",
    "incidents.see": "duty operator manager executive admin",
    "incident_codes.see": "duty",
    "alerts.act": "duty operator",
    "devices.act": "operator",
    "system.see": "operator admin",
    "rejected.resend": "operator admin",
    "feeds.see": "duty operator manager admin",
    "users.manage": "admin",
    "kpis.see": "duty operator manager executive admin",
    "devices.see": "duty operator manager admin",
    "orders.see": "duty operator manager admin",
    "orders.act": "operator manager",
    "orders.decide": "manager",
    "pilots.define": "manager",
    "weekly.see": "duty operator manager executive admin",
    "weekly.decide": "manager",
    "weekly.mail": "manager admin",
    "exports.make": "duty operator manager admin",
}
# without a permission of their own: public, or open to everyone who is signed in
OPEN_PATHS = {"/login", "/logout", "/healthz", "/readyz"}
OF_DASH = re.compile(r"/_(dash-|reload-hash|favicon)|/assets/|/_dash-component-suites")


@pytest.mark.parametrize("permission", list(Permission))
def test_the_table_of_roles_is_what_was_agreed(permission: Permission) -> None:
    granted = {role.value for role in Role if permission in GRANTS[role]}
    assert granted == set(WHO_MAY[permission].split())


@contextmanager
def asking(role: Role | None) -> Iterator[None]:
    mark = PRINCIPAL.set(Principal("someone", role) if role else None)
    try:
        yield
    finally:
        PRINCIPAL.reset(mark)


def a_callback(app: ControlRoom, ran: list[Any]) -> Any:
    @guard.secured(app, Output("a", "b"), Input("c", "d"), perm=Permission.SYSTEM_SEE)
    async def body(value: Any) -> str:
        ran.append(value)
        return "done"

    return body


def test_a_refused_callback_never_runs_its_body() -> None:
    ran: list[Any] = []
    checked = a_callback(ControlRoom(secure_cookies=False), ran)
    for role, status in ((None, 401), (Role.EXECUTIVE, 403), (Role.DUTY, 403)):
        with asking(role), pytest.raises(HTTPException) as refusal:
            asyncio.run(checked(1))
        assert refusal.value.status_code == status
    assert ran == []
    with asking(Role.OPERATOR):
        assert asyncio.run(checked(1)) == "done"


def test_the_start_is_refused_while_a_callback_has_no_permission() -> None:
    app = ControlRoom(secure_cookies=False)
    a_callback(app, [])
    app.clientside_callback(ClientsideFunction("a", "b"), Output("e", "f"), Input("c", "d"))
    guard.audit(app)

    @app.callback(Output("open", "children"), Input("c", "d"))
    async def forgotten(_value: Any) -> str:
        return ""

    with pytest.raises(RuntimeError, match="open.children"):
        guard.audit(app)


def test_a_callback_must_be_async() -> None:
    with pytest.raises(TypeError):
        guard.secured(
            ControlRoom(False), Output("a", "b"), Input("c", "d"), perm=Permission.SYSTEM_SEE
        )(lambda value: value)


def test_a_refusal_stays_a_refusal_in_dash_s_error_handler() -> None:
    for error in (HTTPException(403), NotAllowed()):
        with pytest.raises(HTTPException):
            guard.on_error(error)


def test_nobody_registers_callbacks_past_the_guard() -> None:
    past = re.compile(
        r"@(app|dash)\.callback|\b_?callback\.callback\(|from dash import .*\bcallback\b"
    )
    for path in source_tree.files(".py"):
        if path.parts[0] in ("callbacks", "layouts", "dashboard", "app.py"):
            text = re.sub(r'""".*?"""', "", source_tree.read(path), flags=re.S)
            assert not past.search(text), path


# -- every door of the real application ------------------------------------------------------


@pytest.fixture(scope="module")
def api() -> FastAPI:
    """The application as it is served, not started: nothing is connected."""
    outside: Any = create_app(
        Settings(redis_url="redis://127.0.0.1:1", demo=False, simulator=False)
    )
    return outside._app._app._plain  # headers, door, compression, and then the application


def test_every_route_names_its_permission(api: FastAPI) -> None:
    bare = set()
    for route in api.routes:
        if isinstance(route, APIRoute) and not _is_locked(route):
            bare.add(route.path)
    assert {path for path in bare if not OF_DASH.match(path)} == OPEN_PATHS


def _is_locked(route: APIRoute) -> bool:
    marks = [guard.permission_of(one.call) for one in route.dependant.dependencies]
    return any(marks) or guard.permission_of(route.endpoint) is not None


def test_the_only_socket_is_ours(api: FastAPI) -> None:
    assert {r.path for r in api.routes if isinstance(r, WebSocketRoute)} == {"/live"}


def test_nothing_of_fastapi_s_own_is_open(api: FastAPI) -> None:
    paths = {getattr(route, "path", "") for route in api.routes}
    assert not paths & {"/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect", "/{path:path}"}


# -- where a request comes from --------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("127.0.0.1:8050", True), ("localhost:8050", True), ("[::1]:8050", True),
        ("192.168.0.7:8050", True), ("control.example", True), ("evil.example", False),
        ("control.example.evil", False), ("", False), ("a b", False), ("127.0.0.1\\@evil", False),
    ],
)  # fmt: skip
def test_host_names(host: str, allowed: bool) -> None:
    assert host_allowed(host, "https://control.example", "0.0.0.0") is allowed


def test_an_origin_is_ours_by_host_or_by_setting() -> None:
    host = {"host": "10.0.0.5:8050"}
    assert origin_allowed(host, None)
    assert origin_allowed(host | {"origin": "http://10.0.0.5:8050"}, None)
    assert origin_allowed(host | {"origin": "https://control.example"}, "https://control.example")
    for origin in ("https://control.example", "null", "", "file://", "http://10.0.0.5"):
        assert not origin_allowed(host | {"origin": origin}, None)


def test_a_fetch_from_elsewhere_is_only_a_visit() -> None:
    visit = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert fetch_allowed(visit | {"sec-fetch-dest": "document"}, "GET")
    assert not fetch_allowed(visit | {"sec-fetch-dest": "document"}, "POST")
    assert not fetch_allowed(visit | {"sec-fetch-dest": "iframe"}, "GET")
    assert fetch_allowed({}, "POST")


def test_the_way_back_is_a_path_of_ours() -> None:
    assert local_path("/system?a=1") == "/system?a=1"
    for path in (None, "", "x", "//x", "/\\x", "http://x", "/\r\nSet-Cookie: a=b", "/a b"):
        assert local_path(path) == "/"
