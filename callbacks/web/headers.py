"""What every answer says to the browser: the strictest policy the pages work with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class SecurityHeaders:
    """Outside of everything, so that refusals carry the headers too."""

    def __init__(self, app: ASGIApp, policy: str, over_tls: bool) -> None:
        self._app = app
        self._headers = {**FIXED, "Content-Security-Policy": policy}
        if over_tls:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                headers.update(self._headers)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


def policy(script_hashes: Sequence[str], tile_url: str | None) -> str:
    """The Content-Security-Policy. Inline styles are Dash's and Leaflet's; scripts are ours."""
    scripts = " ".join(["'self'", *script_hashes])
    images = " ".join(["'self'", "data:", *_tile_hosts(tile_url)])
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            f"img-src {images}",
            "font-src 'self'",
            "connect-src 'self'",
            "media-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            "frame-ancestors 'none'",
        ]
    )


def _tile_hosts(tile_url: str | None) -> list[str]:
    """`https://{s}.tiles.example/{z}/{x}/{y}.png` → `https://*.tiles.example`."""
    parts = urlsplit(tile_url or "")
    if parts.scheme not in ("http", "https"):
        return []
    return [f"{parts.scheme}://{re.sub(r'[{][^}]*[}]', '*', parts.netloc)}"]
