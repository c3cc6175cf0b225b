"""Answers of Dash callbacks, compressed as they are made: a page's components are 65 KB of text.

Only these: files are compressed once and kept, snapshots in a thread, and what a live list
answers is small.
"""

from __future__ import annotations

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

FROM_BYTES = 4_000
FAST = 4  # of gzip's levels: a millisecond for a page


class CompressedAnswers:
    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._gzip = GZipMiddleware(app, minimum_size=FROM_BYTES, compresslevel=FAST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        dash = scope["type"] == "http" and scope["path"].startswith("/_dash-update-component")
        await (self._gzip if dash else self._plain)(scope, receive, send)
