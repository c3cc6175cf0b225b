"""The table of KPIs: one row each. A new one is a row, a function over Facts and three texts
(kpis.<key>, kpis.<key>_what, kpis.<key>_how).
"""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.kpis import alerts, devices, health, repair, response, traffic
from dashboard.kpis.exposure import COUNTING, LIT, RAISING
from dashboard.kpis.figure import Kpi
from dashboard.kpis.groups import DIMS, Dim

PLACES = (Dim.ZONE, Dim.ROUTE)
LEG = ("p90", "p95", "open")

KPIS: tuple[Kpi, ...] = (
    Kpi("availability", "devices", "share", "high", devices.availability, few=5, chance="time",
        shown=("up_ms", "down_ms", "unknown_ms", "out_ms", "failures"), source="IEC 60050-192"),
    Kpi("availability_night", "devices", "share", "high", devices.availability_night, few=5,
        chance="time", kinds=LIT, dims=DIMS[1:],
        shown=("lit_ms", "unlit_ms", "down_ms", "unknown_ms"), source="IEC 60050-192"),
    Kpi("unknown_share", "devices", "share", "low", devices.unknown_share, few=5, chance="time",
        shown=("unknown_ms",), source="Cochran 1977"),
    Kpi("mtbf", "devices", "ms", "high", devices.mtbf, few=5, chance="between",
        shown=("failures", "up_ms", "point_ms"), source="IEC 60605-4"),
    Kpi("mttr", "repair", "ms", "low", repair.mttr, of="orders",
        shown=("median", "p90", "reported", "by_itself", "open"), source="IEC 60050-192"),
    Kpi("sla", "repair", "share", "high", repair.sla, of="orders", chance="binomial",
        shown=("met", "missed", "overdue", "unproved", "excluded"), source="Wilson 1927"),
    Kpi("backlog", "repair", "count", "low", repair.backlog, of="orders", few=0,
        shown=("band_0", "band_4", "band_8", "band_15", "band_31", "reopened",
               "oldest_ms")),
    Kpi("backlog_weeks", "repair", "weeks", "low", repair.backlog_weeks, of="orders",
        shown=("open", "closed_per_week"), source="Garwood 1936"),
    Kpi("repeat_failures", "repair", "share", "low", repair.repeat_failures, of="orders",
        chance="binomial", shown=("repeats",), source="Wilson 1927"),
    Kpi("inspections_overdue", "repair", "share", "low", repair.inspections_overdue, few=5,
        chance="binomial", shown=("late", "soon", "date_unknown")),
    Kpi("alert_rate", "alerts", "rate", "", alerts.alert_rate, of="alerts", few=10,
        chance="poisson", people=True, kinds=RAISING, shown=("alerts", "up_ms"),
        source="Garwood 1936"),
    Kpi("false_alarms", "alerts", "share", "low", alerts.false_alarms, of="alerts",
        chance="binomial", people=True,
        shown=("real", "mistaken", "malfunction", "test", "unclear", "no_verdict"),
        source="Wilson 1927"),
    Kpi("unverified", "alerts", "share", "low", alerts.unverified, of="alerts",
        chance="binomial", people=True, shown=("unclear", "no_verdict"), source="Wilson 1927"),
    Kpi("mtta", "alerts", "ms", "low", alerts.mtta, of="alerts", people=True,
        shown=("p90", "mean", "p1", "open"), source="Kaplan & Meier 1958"),
    Kpi("time_to_close", "alerts", "ms", "low", alerts.time_to_close, of="alerts", people=True,
        shown=("p90", "mean", "open"), source="Kaplan & Meier 1958"),
    Kpi("leg_delivered", "response", "ms", "low", response.delivered, of="alerts", people=True,
        shown=("p90", "p95", "written_in")),
    Kpi("leg_acknowledged", "response", "ms", "low", response.acknowledged, of="alerts",
        people=True, shown=(*LEG, "without")),
    Kpi("leg_dispatched", "response", "ms", "low", response.dispatched, of="incidents",
        people=True, dims=PLACES, shown=(*LEG, "without")),
    Kpi("leg_arrived", "response", "ms", "low", response.arrived, of="incidents", people=True,
        dims=PLACES, shown=(*LEG, "without")),
    Kpi("leg_closed", "response", "ms", "low", response.closed, of="alerts", people=True,
        shown=LEG),
    Kpi("traffic", "traffic", "per_day", "", traffic.traffic, of="traffic", dims=PLACES,
        people=True, kinds=COUNTING, shown=("passages", "usual", "z"), source="Cochran 1977"),
    Kpi("alerts_per_10k", "traffic", "rate", "", traffic.alerts_per_10k, of="alerts", few=10,
        dims=PLACES, people=True, chance="poisson",
        shown=("alerts", "passages_per_day"), source="Garwood 1936; Cochran 1977"),
    Kpi("feed_uptime", "data", "share", "high", health.feed_uptime, of="feeds", few=1, dims=(),
        shown=("pause_ms",)),
    Kpi("feed_lag", "data", "ms", "low", health.feed_lag, of="feeds", dims=(),
        shown=("p50",)),
    Kpi("rejected", "data", "share", "low", health.rejected, of="feeds", dims=(),
        chance="binomial", shown=("bad",), source="Wilson 1927"),
    Kpi("clock_skew", "data", "share", "low", health.clock_skew, of="feeds", dims=(),
        chance="binomial", shown=("ahead",), source="Wilson 1927"),
)  # fmt: skip
BY_KEY: dict[str, Kpi] = {kpi.key: kpi for kpi in KPIS}


def applies(kpi: Kpi, wanted: Mapping[str, str]) -> bool:
    """Whether a KPI makes sense for such a choice (dimension -> word)."""
    return all(
        word in kpi.kinds if dim == Dim.KIND and kpi.kinds else dim in kpi.dims
        for dim, word in wanted.items()
    )


def target_of(targets: Mapping[str, float], key: str, kind: str = "") -> float | None:
    """The site's target; one of its own for a kind ("key:kind") comes first."""
    return targets.get(f"{key}:{kind}", targets.get(key)) if kind else targets.get(key)
