"""Three years of incidents of a city and its counters, in memory, for trends.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.kpis.choice import start_of
from dashboard.kpis.facts import CATEGORIES
from dashboard.kpis.tables import Tables
from dashboard.records import IncidentView
from dashboard.site import Site
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.trends.foot import Foot
from dashboard.trends.grid import CELL_M, Grid

TODAY_MS = start_of(date(2026, 11, 25))
NOW_MS = TODAY_MS + 14 * HOUR_MS
CENTRES, DRAWN, REPEATS = 60, 0.4, 0.1
Floats = NDArray[np.float64]
SHARES = (0.14, 0.16, 0.03, 0.03, 0.06, 0.24, 0.06, 0.12, 0.1, 0.06)  # of CATEGORIES


class Incidents:
    """Records by their ids, as data_sources/incident_book.py finds them."""

    def __init__(self) -> None:
        self.views: dict[str, IncidentView] = {}

    async def find(self, ids: Sequence[str]) -> list[IncidentView]:
        return [self.views[name] for name in ids if name in self.views]


def incidents_of(site: Site, a_year: int, years: int) -> tuple[Tables, Incidents]:
    rng = np.random.default_rng(9)
    n, grid = a_year * years, Grid.of(site)
    lon, lat = _places(grid, n, rng)
    reported = _times(n, years, rng)
    zones = [zone.code for zone in site.zones] or [""]
    routes = [route.id for route in site.routes] or [""]
    zone = rng.integers(len(zones), size=n)
    route = np.where(rng.random(n) < 0.3, rng.integers(len(routes), size=n), -1)
    category = rng.choice(len(CATEGORIES), n, p=SHARES)
    interval = rng.random(n) < 0.35
    hours = rng.exponential(6, n)
    legs = rng.exponential((100_000, 300_000, 2_400_000), (n, 3)) + 10_000
    code = rng.choice(5, n, p=(0.05, 0.25, 0.35, 0.25, 0.1))
    kinds = rng.random(n)
    tables, book = Tables(lambda _: None), Incidents()
    for k in range(n):
        at = int(reported[k])
        start = at - int(hours[k] * HOUR_MS) if interval[k] else None
        end = None if start is None else at - 60_000 if kinds[k] > 0.01 else start - 1
        sent, came, over = (at + int(ms) for ms in np.cumsum(legs[k]))
        nobody = code[k] == 4
        view = IncidentView(
            f"I-{k}", 1, CATEGORIES[category[k]], at, start, end, int(code[k]),
            None if nobody else sent, None if nobody or kinds[k] > 0.97 else came,
            over if over < NOW_MS else None,
            None if kinds[k] > 0.95 else float(lon[k]), None if kinds[k] > 0.95 else float(lat[k]),
            zones[zone[k]], "" if route[k] < 0 else routes[route[k]],
            cap_status="Test" if 0.5 < kinds[k] < 0.505 else "Actual",
        )  # fmt: skip
        book.views[view.incident_id] = view
        tables.take_incident(view)
    return tables, book


class Counters:
    """Counters of the routes and their people of 92 days, as FootReader answers."""

    def __init__(self, site: Site) -> None:
        rng = np.random.default_rng(3)
        n, hours = 2 * len(site.routes), 92 * 24
        first = NOW_MS - hours * HOUR_MS
        at = pd.Index(first + np.arange(hours) * HOUR_MS, dtype="int64")
        names = [f"F-{k:03}" for k in range(n)]
        usual = rng.uniform(20, 200, n) * (1.2 + np.sin(np.arange(168) / 12 * np.pi))[:, None]
        people = rng.poisson(np.tile(usual, (hours // 168 + 1, 1))[:hours]).astype(np.float32)
        share = np.where(rng.random((hours, n)) < 0.97, 1.0, 0.0).astype(np.float32)
        routes = [route.id for route in site.routes for _ in "io"]
        zones = [site.zones[k % len(site.zones)].code for k in range(n)]
        columns = {"zone": zones, "route": routes, "name": names, "since_ms": first, "status": "ok"}
        self._foot = Foot(
            pd.DataFrame(np.where(share > 0, people, np.nan).astype(np.float32), at, names),
            pd.DataFrame(share, at, names), pd.DataFrame(columns, index=names),
        )  # fmt: skip

    async def foot(self) -> Foot:
        return self._foot


def _places(grid: Grid, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Anywhere in the city, or around one of the places that draw them, or close to another."""
    cells = rng.choice(np.flatnonzero(grid.inside), n)
    x = (cells % grid.columns + rng.random(n)) * CELL_M
    y = (cells // grid.columns + rng.random(n)) * CELL_M
    drawn = np.flatnonzero(rng.random(n) < DRAWN)
    to = rng.integers(CENTRES, size=len(drawn))  # the first of them are the centres
    x[drawn] = x[to] + rng.normal(0, 120, len(drawn))
    y[drawn] = y[to] + rng.normal(0, 120, len(drawn))
    near = np.flatnonzero(rng.random(n) < REPEATS)
    near = near[near > 0]
    x[near] = x[near - 1] + rng.normal(0, 40, len(near))  # incidents are in the order of time
    y[near] = y[near - 1] + rng.normal(0, 40, len(near))
    return grid.lonlat(x, y)


def _times(n: int, years: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """More in the evening and at the end of the week; a little more every year."""
    days = (365 * years * rng.beta(1.1, 1.0, n)).astype(np.int64)
    hour = rng.normal(21, 5, n) % 24
    at = TODAY_MS - days * DAY_MS + (hour * HOUR_MS).astype(np.int64) // 1000 * 1000
    return np.sort(np.minimum(at, NOW_MS - 1000))
