"""The control room: `python app.py` starts everything, `create_app` is the only wiring.

`python app.py` supervises the server, the worker, the simulator and the web process, which is
`python app.py --web <socket>`: this file again, serving on the socket the supervisor opened.
What only the web process needs is imported there, so the supervisor stays small and starts at
once.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from dashboard.config import Settings
from dashboard.errors import BadSettings, OpsError
from data_sources.child import SETTINGS_EXIT
from data_sources.supervisor import Supervisor

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from data_sources.sources import Sources


def create_app(settings: Settings) -> ASGIApp:
    """The ASGI application of one web process: the only place where all parts meet."""
    from callbacks import devices, kpis, live_map, orders, system, trends, weekly
    from callbacks.web import live_side, server
    from data_sources.sources import open_sources

    # whatever registers pages, callbacks and routes
    parts = (live_side, live_map, kpis, trends, weekly, orders, devices, system)
    sources = open_sources(settings)
    app = server.build(sources)
    app.on_stop.append(sources.stop)  # the last of all
    for part in parts:
        part.register(app, sources)
    app.on_start += [lambda: seed(sources), sources.start]
    return server.close(app, sources)


async def seed(sources: Sources) -> None:
    """The demo's accounts; against a real Redis accounts are made by command only."""
    from data_sources import demo_users

    if sources.settings.demo:
        made = await demo_users.seed(sources.users, sources.settings.demo_password)
        if made:
            print(demo_users.announcement(made), flush=True)


def main(arguments: list[str]) -> int:
    try:
        settings = Settings.from_env(os.environ)
        if arguments[:1] == ["--web"]:
            from callbacks.web.serving import serve

            return serve(create_app(settings), int(arguments[1]), settings)
        return Supervisor(settings, [sys.executable, __file__, "--web"]).run()
    except OpsError as error:
        print(f"control room: {error}", file=sys.stderr, flush=True)
        return SETTINGS_EXIT if isinstance(error, BadSettings) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
