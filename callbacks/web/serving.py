"""Serving the application on the socket that the supervisor opened."""

from __future__ import annotations

import socket

import uvicorn
from starlette.types import ASGIApp

from dashboard.config import Settings


def serve(app: ASGIApp, listener: int, settings: Settings) -> int:
    """Until told to end. One process: the city in its memory serves all its browsers."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,  # an open WebSocket would hold up the end for ever
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,  # half of what a browser costs, for small messages
        proxy_headers=settings.public_origin is not None,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=listener)])
    return 0
