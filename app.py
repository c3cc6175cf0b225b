"""The control room: `python app.py` starts everything, `create_app` is the only wiring.

`python app.py` supervises the server, the worker, the simulator and the web process, which is
`python app.py --web <socket>`: this file again, serving on the socket the supervisor opened.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

import uvicorn

from dashboard.config import Settings
from dashboard.errors import BadSettings, OpsError
from data_sources.child import SETTINGS_EXIT
from data_sources.supervisor import Supervisor


def create_app(settings: Settings) -> Any:
    """The ASGI application of one web process."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"{}"})

    return answer


def serve(settings: Settings, listener: int) -> int:
    """Until told to end. One process: its city in memory serves all its browsers."""
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(settings),
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=3,
            ws_max_size=64 * 1024,
            proxy_headers=settings.public_origin is not None,
        )
    )
    server.run(sockets=[socket.socket(fileno=listener)])
    return 0


def main(arguments: list[str]) -> int:
    try:
        settings = Settings.from_env(os.environ)
        if arguments[:1] == ["--web"]:
            return serve(settings, int(arguments[1]))
        return Supervisor(settings, [sys.executable, __file__, "--web"]).run()
    except OpsError as error:
        print(f"control room: {error}", file=sys.stderr, flush=True)
        return SETTINGS_EXIT if isinstance(error, BadSettings) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
