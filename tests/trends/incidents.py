"""Incidents by naming only what a test cares about, as the store of facts takes them in.

The world begins on Monday 2026-11-02 00:00 in Korea; `at(days=1, hours=22)` is a moment in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from dashboard.kpis.tables import Tables
from dashboard.records import IncidentView
from dashboard.trends.frame import incident_frame
from dashboard.trends.grid import Grid
from tests.builders import SITE
from tests.kpis.facts_builder import at

GRID = Grid.of(SITE)


def view(incident_id: str = "I-1", reported: int = at(), rev: int = 1, **more: Any) -> IncidentView:
    """more: occurred_from_ms, occurred_to_ms, dispatched_ms, arrived_ms, closed_ms, category,
    code112, zone, route_id, lon, lat, cap_status."""
    said: dict[str, Any] = {"category": "theft", "code112": 2, "zone": "z1", "route_id": "r1"}
    return IncidentView(
        **{"incident_id": incident_id, "rev": rev, "reported_ms": reported, **said, **more}
    )


def frame_of(views: Iterable[IncidentView]) -> pd.DataFrame:
    tables = Tables(lambda _: None)
    for one in views:
        tables.take_incident(one)
    snapshot = tables.snapshot()
    return incident_frame(snapshot.incidents, snapshot.groups, GRID)


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    """A row: what `view` takes, without an id."""
    return frame_of(view(f"I-{n}", **row) for n, row in enumerate(rows))
