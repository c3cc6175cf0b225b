"""Permission checks, once for all: callbacks, pages and API routes.

    @guard.secured(app, Output(...), Input(...), perm=Permission.SYSTEM_SEE)
    async def show_feeds(_tick): ...

    @api.get("/api/v1/feeds")
    async def feeds(who: Principal = guard.needs(Permission.FEEDS_SEE)): ...

`@app.callback` and `@dash.callback` are not used anywhere: `audit` refuses to start with a
callback that has no permission, and a test looks for the second, which the audit cannot see.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from dash import Dash, set_props
from fastapi import Depends
from starlette.exceptions import HTTPException

from callbacks import session
from dashboard import ids
from dashboard.errors import NotAllowed, OpsError
from dashboard.principal import Principal
from dashboard.roles import Permission

log = logging.getLogger(__name__)
Body = Callable[..., Awaitable[Any]]
_PERMISSION = "_needs_permission"


def check(permission: Permission) -> Principal:
    """Who is asking, if their role may; raises 401 or 403."""
    who = session.principal()
    if not who.may(permission):
        raise HTTPException(403, "not_allowed")
    return who


def needs(permission: Permission) -> Any:
    """The same as a FastAPI dependency."""

    async def allowed() -> Principal:
        return check(permission)

    setattr(allowed, _PERMISSION, permission)
    return Depends(allowed)


def secured(app: Dash, *deps: Any, perm: Permission, **options: Any) -> Callable[[Body], Body]:
    """app.callback with a permission that is checked before the body runs.

    The body must be `async def`: a plain function would hold up the event loop for everyone.
    """

    def bind(body: Body) -> Body:
        if not inspect.iscoroutinefunction(body):
            raise TypeError(f"{body.__name__} must be async")

        @wraps(body)
        async def checked(*args: Any, **kwargs: Any) -> Any:
            check(perm)
            return await body(*args, **kwargs)

        setattr(checked, _PERMISSION, perm)
        return app.callback(*deps, **options)(checked)

    return bind


def audit(app: Dash) -> None:
    """Refuses to start when a callback that runs on the server carries no permission."""
    bare = [
        output
        for output, entry in app.callback_map.items()
        if "callback" in entry and permission_of(entry["callback"]) is None
    ]
    if bare:
        raise RuntimeError("callbacks without a permission: " + ", ".join(sorted(bare)))


def on_error(error: Exception) -> None:
    """Dash's error handler. A refusal stays a refusal; the rest is told in words, once."""
    if isinstance(error, HTTPException):
        raise error
    if isinstance(error, NotAllowed):
        raise HTTPException(403, "not_allowed") from error
    known = error if isinstance(error, OpsError) else OpsError()
    log.error("callback failed", exc_info=error)
    set_props(ids.Shell.NOTICE, {"children": session.text()(known.key, **known.values)})


def permission_of(callback: Any) -> Permission | None:
    """The mark of `secured` and `needs`, through whatever others wrapped around it."""
    while callback is not None:
        if permission := getattr(callback, _PERMISSION, None):
            return Permission(permission)
        callback = getattr(callback, "__wrapped__", None)
    return None
