"""One view of the KPI page after another: reads what it shows and draws it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dashboard import ids
from dashboard.errors import BadChoice
from dashboard.kpis.groups import Dim
from dashboard.kpis.indicators import BY_KEY, KPIS, applies
from dashboard.roles import Permission
from layouts import charts
from layouts.charts.graph import table_below
from layouts.kpis import detail, groups, head, members, repairs, table, vendors, worst
from layouts.kpis.address import DETAIL, OVERVIEW, REPAIRS, VENDORS, WORST
from layouts.kpis.here import Here

if TYPE_CHECKING:
    from dashboard.kpis.figure import Kpi
    from dashboard.kpis.report import Row
    from data_sources.sources import Sources

MEMBERS_SHOWN = 100
K = ids.Kpis
PLOTS = {K.LINE: K.LINE_PLOT, K.BARS: K.BARS_PLOT, K.FUNNEL: K.FUNNEL_PLOT}
BELOW = {K.LINE: K.UNDER_LINE, K.BARS: K.UNDER_BARS, K.FUNNEL: K.UNDER_FUNNEL}


@dataclass
class Drawn:
    """pieces: what stands in each place. charts: place -> chart and what it shows, in words."""

    title: str
    pieces: dict[str, list[Any]] = field(default_factory=dict)
    charts: dict[str, tuple[charts.Chart, str]] = field(default_factory=dict)
    coverage: float | None = None

    def add(self, place: str, *parts: Any) -> None:
        self.pieces.setdefault(place, []).extend(parts)

    def chart(self, here: Here, place: str, chart: charts.Chart | None, label: str) -> None:
        """The drawing, and below it the same as a table."""
        if chart is not None:
            self.charts[place] = chart, label
            self.add(BELOW[K(place)], table_below(here.t, chart.table, label))


async def draw(sources: Sources, here: Here) -> Drawn:
    """Raises BadChoice, SourceUnavailable."""
    if not here.who.may(head.needs(here.address.view)):
        raise BadChoice("kpis.not_for_role")
    return await VIEWS[here.address.view](sources, here)


async def _overview(sources: Sources, here: Here) -> Drawn:
    rows = await sources.kpis.report(here.address.choice, here.coarse)
    drawn = Drawn(here.t("kpis.title"), coverage=_heard(rows))
    drawn.add(K.CONTENT, *table.overview(here, rows, KPIS))
    return drawn


def _heard(rows: list[Row]) -> float | None:
    """How much of what devices should have said was heard: the first row knows."""
    return next((r.figure.coverage for r in rows if r.figure.coverage is not None), None)


async def _detail(sources: Sources, here: Here) -> Drawn:
    t, address = here.t, here.address
    kpi = BY_KEY[address.key]
    if not applies(kpi, address.choice.wanted):
        raise BadChoice("kpis.does_not_apply", name=t(f"kpis.{kpi.key}"))
    row = await sources.kpis.row(address.choice, kpi.key, here.coarse)
    drawn = Drawn(t(f"kpis.{kpi.key}"), coverage=row.figure.coverage)
    over_time = detail.over_time(here, row)
    drawn.add(K.CONTENT, *detail.summary(here, row), detail.chart_heading(t, row, over_time))
    drawn.chart(here, K.LINE, over_time, t("kpis.over_time_of", name=drawn.title))
    if dim := _dimension(here, kpi):
        await _groups(sources, here, row, (drawn, dim))
    if _sees_members(here, kpi):
        named = here.who.may(Permission.DEVICES_SEE)
        found = await sources.kpis.members(
            address.choice, kpi.key, MEMBERS_SHOWN, here.coarse, named
        )
        drawn.add(K.UNDER_FUNNEL, members.members(here, kpi, found))
    return drawn


async def _groups(sources: Sources, here: Here, row: Row, onto: tuple[Drawn, Dim]) -> None:
    t, (drawn, dim) = here.t, onto
    kpi = row.kpi
    found = await sources.kpis.breakdown(here.address.choice, kpi.key, dim, here.coarse)
    label = t("kpis.by_of", name=drawn.title, dim=t(f"kpis.dim_{dim}"))
    drawn.add(K.UNDER_LINE, groups.heading(here, kpi, dim))
    if not all(map(groups.is_empty, found.parts)):
        drawn.charts[K.BARS] = groups.bars(here, kpi, found, row.target), label
    drawn.add(K.UNDER_BARS, *groups.table(here, kpi, found))
    funnel = groups.funnel(here, kpi, found)
    if funnel is not None:
        drawn.add(K.UNDER_BARS, *groups.funnel_heading(t))
        drawn.chart(here, K.FUNNEL, funnel, t("kpis.funnel_of", name=drawn.title))


def _dimension(here: Here, kpi: Kpi) -> Dim | None:
    """The one asked for, or the first that is not already narrowed to one word."""
    if here.address.by:
        return Dim(here.address.by)
    known = [dim for dim in kpi.dims if here.known.get(dim)]
    wanted = here.address.choice.wanted
    return next((dim for dim in known if dim not in wanted), known[0] if known else None)


def _sees_members(here: Here, kpi: Kpi) -> bool:
    """Devices and what happened at each are not for those who see groups only."""
    needed = {
        "orders": Permission.ORDERS_SEE,
        "alerts": Permission.DEVICES_SEE,
        "incidents": Permission.DEVICES_SEE,
        "devices": Permission.DEVICES_SEE,
    }
    return here.who.may(needed.get(kpi.of, Permission.KPIS_SEE))


async def _vendors(sources: Sources, here: Here) -> Drawn:
    """Without a funnel: that is against the whole, the scorecard against what is expected."""
    scores = await sources.kpis.vendors(here.address.choice)
    drawn = Drawn(here.t("kpis.title_vendors"))
    drawn.add(K.CONTENT, *vendors.scorecard(here, scores))
    return drawn


async def _worst(sources: Sources, here: Here) -> Drawn:
    found = await sources.kpis.worst(here.address.choice)
    drawn = Drawn(here.t("kpis.title_worst"))
    drawn.add(K.CONTENT, *worst.devices(here, found))
    return drawn


async def _repairs(sources: Sources, here: Here) -> Drawn:
    found = await sources.kpis.repairs(here.address.choice)
    drawn = Drawn(here.t("kpis.title_repairs"))
    drawn.add(K.CONTENT, *repairs.repair_list(here, found))
    return drawn


VIEWS: dict[str, Callable[[Sources, Here], Awaitable[Drawn]]] = {
    OVERVIEW: _overview,
    DETAIL: _detail,
    VENDORS: _vendors,
    WORST: _worst,
    REPAIRS: _repairs,
}
