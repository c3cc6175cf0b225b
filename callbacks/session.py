"""Who is asking: the principal that the door (callbacks/web/door.py) put beside the request."""

from __future__ import annotations

from contextvars import ContextVar

from starlette.exceptions import HTTPException

from dashboard.principal import Principal
from dashboard.text import Translate, translator

PRINCIPAL: ContextVar[Principal | None] = ContextVar("principal", default=None)


def principal() -> Principal:
    """Raises 401 outside a signed-in request, so nothing is ever done for nobody."""
    who = PRINCIPAL.get()
    if who is None:
        raise HTTPException(401, "not_signed_in")
    return who


def language() -> str:
    return principal().language


def text() -> Translate:
    """`t` in the language of whoever is asking."""
    return translator(language())
