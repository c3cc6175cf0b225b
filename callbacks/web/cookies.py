"""The four cookies: the session's id, its CSRF token, and a person's language and theme."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import Scope

from dashboard.text import DEFAULT_LANGUAGE, LANGUAGES
from data_sources import keys

THEMES = ("dark", "light")
CSRF = "csrf"
LANGUAGE = "language"
THEME = "theme"


def read(scope: Scope) -> dict[str, str]:
    return cookie_parser(Headers(scope=scope).get("cookie", ""))


def session_name(secure: bool) -> str:
    """The __Host- prefix makes browsers refuse the cookie from anywhere but this host by TLS."""
    return "__Host-sid" if secure else "sid"


def preferences(cookies: dict[str, str]) -> tuple[str, str]:
    """Language and theme; anything unknown becomes Korean and "" (as the system prefers)."""
    language, theme = cookies.get(LANGUAGE, ""), cookies.get(THEME, "")
    return (
        language if language in LANGUAGES else DEFAULT_LANGUAGE,
        theme if theme in THEMES else "",
    )


def give_session(response: Response, sid: str, csrf: str, secure: bool) -> None:
    response.set_cookie(
        session_name(secure), sid, httponly=True, secure=secure, samesite="lax", path="/"
    )
    give_csrf(response, csrf, secure)


def give_csrf(response: Response, csrf: str, secure: bool) -> None:
    """Readable by our own scripts, which copy it into X-CSRFToken; worthless elsewhere."""
    response.set_cookie(
        CSRF, csrf, max_age=keys.SESSION_ABSOLUTE_S, secure=secure, samesite="lax", path="/"
    )


def give_language(response: Response, language: str, secure: bool) -> None:
    response.set_cookie(
        LANGUAGE, language, max_age=365 * 86_400, secure=secure, samesite="lax", path="/"
    )


def take_session(response: Response, secure: bool) -> None:
    name = session_name(secure)
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")
    response.delete_cookie(CSRF, path="/", secure=secure, samesite="lax")
