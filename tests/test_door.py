"""The door by itself: what it answers when Redis is away, behind TLS, and to whom it says what."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse, Response

from callbacks.session import PRINCIPAL
from callbacks.web import cookies
from callbacks.web.door import Door
from callbacks.web.headers import SecurityHeaders, policy
from dashboard.config import Settings
from dashboard.errors import SourceUnavailable
from data_sources.sessions import Session

SESSION = Session("kim", "duty", "the-token", 0, 0)


class Known:
    """Sessions and tokens by secret; `away` makes Redis unreachable."""

    def __init__(self, known: dict[str, Any], away: bool = False) -> None:
        self.known, self.away = known, away

    async def find(self, secret: str) -> Any:
        if self.away:
            raise SourceUnavailable
        return self.known.get(secret)


async def inside(scope: Any, receive: Any, send: Any) -> None:
    who = PRINCIPAL.get()
    body = PlainTextResponse(f"{who.user} {who.role} {who.language}" if who else "nobody")
    await body(scope, receive, send)


def ask(
    path: str = "/x", settings: Settings | None = None, away: bool = False, **options: Any
) -> httpx.Response:
    sessions, tokens = Known({"good": SESSION}, away), Known({})
    users = SimpleNamespace(tokens=tokens)
    sources: Any = SimpleNamespace(settings=settings or Settings(), sessions=sessions, users=users)
    app = SecurityHeaders(Door(inside, sources), "policy", over_tls=True)

    async def send() -> httpx.Response:
        base = options.pop("base", "http://127.0.0.1:8050")
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            return await client.request(options.pop("method", "GET"), path, **options)

    return asyncio.run(send())


def test_the_principal_is_beside_the_request_and_gone_after_it() -> None:
    answer = ask(headers={"Cookie": "sid=good; language=en"})
    assert answer.text == "kim duty en"
    assert PRINCIPAL.get() is None


def test_without_redis_nobody_is_let_in_and_nobody_is_signed_out() -> None:
    cookie = {"Cookie": "sid=good"}
    assert ask(away=True, headers=cookie).json() == {"error": "source_unavailable"}
    page = ask("/", away=True, headers=cookie | {"Accept": "text/html"})
    assert page.status_code == 503 and "set-cookie" not in page.headers
    assert ask("/healthz", away=True).text == "nobody"


def test_behind_tls_only_the_host_cookie_counts() -> None:
    settings = Settings(secure_cookies=True, public_origin="https://control.example")
    base = "https://control.example"
    assert ask(settings=settings, base=base, headers={"Cookie": "sid=good"}).status_code == 401
    answer = ask(settings=settings, base=base, headers={"Cookie": "__Host-sid=good"})
    assert answer.text.startswith("kim")
    assert "max-age" in answer.headers["strict-transport-security"]


def test_secure_cookies_say_so() -> None:
    response = Response()
    cookies.give_session(response, "sid", "csrf", secure=True)
    given = response.headers.getlist("set-cookie")
    assert given[0].startswith("__Host-sid=sid;")
    assert all("Secure" in one and "Path=/" in one and "Domain" not in one for one in given)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://control.example", 200),
        ("http://10.0.0.9:8050", 200),
        ("https://evil.example", 403),
    ],
)
def test_a_change_behind_a_proxy_comes_from_the_public_origin(origin: str, status: int) -> None:
    settings = Settings(public_origin="https://control.example")
    headers = {"Cookie": "sid=good", "X-CSRFToken": "the-token", "Origin": origin}
    answer = ask(settings=settings, base="http://10.0.0.9:8050", method="POST", headers=headers)
    assert answer.status_code == status


def test_tiles_of_the_configured_host_may_be_drawn() -> None:
    said = policy(["'sha256-x'"], "https://{s}.tiles.example/{z}/{x}/{y}.png?key=1")
    assert "img-src 'self' data: https://*.tiles.example;" in said
    assert "script-src 'self' 'sha256-x';" in said
    assert "img-src 'self' data:;" in policy([], None)
