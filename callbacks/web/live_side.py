"""The live side of the web: registers everything that shows the City to browsers and tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callbacks.web import (
    api,
    api_actions,
    api_export,
    api_kpis,
    api_orders,
    api_pilots,
    api_traffic,
    api_trend_jobs,
    api_trends,
    api_views,
    api_weekly_mail,
    api_weeks,
    api_weeks_pdf,
    detail,
    health,
    live,
    metrics,
    snapshot,
)
from callbacks.web.fanout import Fanout

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources


def register(app: ControlRoom, sources: Sources) -> Fanout:
    fanout = Fanout(sources)
    app.measured = fanout.measured
    live.register(app, sources, fanout)
    snapshot.register(app, sources, fanout)
    metrics.register(app, sources, fanout)
    tools = (
        api,
        api_actions,
        api_kpis,
        api_orders,
        api_pilots,
        api_views,
        api_export,
        api_traffic,
        api_trend_jobs,
        api_trends,
        api_weekly_mail,
        api_weeks,
        api_weeks_pdf,
    )
    for part in (detail, *tools, health):
        part.register(app, sources)
    return fanout
