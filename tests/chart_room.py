"""A web process of our own with one page of charts, under the policy of the real pages."""

from __future__ import annotations

import math
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from dash import Input, Output, dcc, html
from starlette.types import ASGIApp, Receive, Scope, Send

from callbacks import guard, session, shell
from callbacks.session import PRINCIPAL
from callbacks.web import headers
from callbacks.web.control_room import ControlRoom, Page
from dashboard.principal import Principal
from dashboard.roles import Permission, Role
from dashboard.text import Translate
from layouts import charts
from layouts import shell as frame

WEEK_MS = 7 * 86_400_000
FIRST_MS = 1_764_514_800_000  # 2025-12-01 00:00 KST


def points(shift: float = 0.0) -> list[charts.Point]:
    """A year of weeks with a gap: three weeks of which nothing can be said."""
    found = []
    for week in range(52):
        value = 0.965 + 0.02 * math.sin(week / 6) + shift
        at_ms = FIRST_MS + week * WEEK_MS
        known = week not in (20, 21, 22)
        low, high = value - 0.006 - week % 5 / 900, value + 0.005
        found.append(charts.Point(at_ms, value, low, high) if known else charts.Point(at_ms, None))
    return found


def every_chart(t: Translate) -> dict[str, charts.Chart]:
    share, ms = charts.Axis("share"), charts.Axis("ms", zero=True)
    usual = [charts.Point(p.at_ms, None, 0.955, 0.985) for p in points()]
    lines = [charts.Line("A", points()), charts.Line("B", points(-0.01), "before")]
    hours = (3.2, 11.0, 26.5, 2.0)
    bars = [
        charts.Bar(f"V-{n}", 0.99 - n / 60, 0.985 - n / 50, 0.995 - n / 90, mark=mark)
        for n, mark in enumerate(("better", "", "", "worse"))
    ]
    bars += [charts.Bar("V-8", 0.5, 0.1, 0.9, hidden=True), charts.Bar("V-9", None, said="–")]
    waits = [charts.Bar(f"V-{n}", h * 3.6e6, h * 3e6, h * 4.6e6) for n, h in enumerate(hours)]
    groups = [_group(n) for n in range(24)]
    panels = [charts.Panel(f"Z-{n}", points(n / 500)) for n in range(11)]
    return {
        "lines": charts.line_chart(t, share, lines, usual, 0.98),
        "bars": charts.bar_chart(t, share, bars, 0.98),
        "waits": charts.bar_chart(t, ms, waits),
        "funnel": charts.funnel_chart(t, share, groups, 0.95, "n"),
        "multiples": charts.multiples(t, share, panels),
    }


def _group(n: int) -> charts.FunnelPoint:
    exposure = 20 + 35 * n
    sd = math.sqrt(0.95 * 0.05 / exposure)
    value = 0.95 + sd * (4.2 if n == 17 else -3.6 if n == 20 else math.sin(n * 7) * 1.6)
    outside = {17: ("99.8", "better"), 20: ("99.8", "worse")}.get(n, ("", ""))
    return charts.FunnelPoint(
        f"G-{n}", exposure, value, (0.95 - 1.96 * sd, 0.95 + 1.96 * sd),
        (0.95 - 3.09 * sd, 0.95 + 3.09 * sd), *outside,
    )  # fmt: skip


def _view(t: Translate, who: Principal) -> Any:
    shown = [
        charts.graph(t, f"charts-{name}", chart, f"Chart {name}")
        for name, chart in every_chart(t).items()
    ]
    content = [html.H1("Charts"), *shown, dcc.Store(id="charts-tick")]
    return frame.shell(t, who, "system", content)


def _app(who: Principal) -> ASGIApp:
    app = ControlRoom(secure_cookies=False)
    shell.register(app, None)
    app.add_page(Page("system", "/charts", Permission.LIVE_MAP_SEE, _view))

    @guard.secured(
        app,
        Output("charts-lines", "figure"),
        Input("charts-tick", "data"),
        perm=Permission.LIVE_MAP_SEE,
        prevent_initial_call=True,
    )
    async def refresh(shift: float) -> Any:
        t = session.text()
        lines = [charts.Line("A", points(shift))]
        chart = charts.line_chart(t, charts.Axis("share"), lines)
        return charts.graph(t, "charts-lines", chart, "").children[0].children.figure

    app.prepare()
    inner = headers.SecurityHeaders(app.server, headers.policy(app.csp_hashes(), None), False)

    async def as_someone(scope: Scope, receive: Receive, send: Send) -> None:
        mark = PRINCIPAL.set(who)
        try:
            await inner(scope, receive, send)
        finally:
            PRINCIPAL.reset(mark)

    return as_someone


@contextmanager
def open_room(language: str = "ko", theme: str = "light") -> Iterator[str]:
    """The address of its page."""
    who = Principal("someone", Role.ADMIN, language=language, theme=theme)
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(_app(who), log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/charts"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
