"""What to repair first: by what a repair brings, with the reasons in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard import format as common
from dashboard.kpis.groups import Dim
from dashboard.kpis.ranked import RankedRepair
from layouts.kpis import words
from layouts.kpis.here import Here
from layouts.kpis.lists import device_link, map_link, order_link, place


def repair_list(here: Here, found: Sequence[RankedRepair]) -> list[Any]:
    t = here.t
    if not found:
        return [html.P(t("kpis.repairs_none"), className="empty")]
    return [
        html.P(t("kpis.repairs_what"), className="kpis__note kpis__lead"),
        html.Ol([_repair(here, one) for one in found], className="kpis__repairs"),
    ]


def _repair(here: Here, one: RankedRepair) -> html.Li:
    t, group = here.t, one.group
    links: list[Any] = [order_link(one.order_id, t("kpis.repairs_order"))]
    if one.device_id:
        links += [" · ", map_link(here, "device", one.device_id, t("kpis.repairs_map"))]
    name = device_link(one.device_id) if one.device_id else t("kpis.repairs_gone")
    of = " · ".join(
        [here.say(Dim.KIND, group.kind), place(here, group), here.say(Dim.VENDOR, group.vendor)]
    )
    return html.Li(
        [
            html.Div([name, " ", html.Span(of, className="kpis__repair-of")]),
            html.P(reasons(here, one)),
            html.P([_due(here, one), " · ", *links], className="kpis__repair-links"),
        ],
        className="kpis__repair",
        **{"data-key": f"{one.order_id}-{one.no}"},
    )


def reasons(here: Here, one: RankedRepair) -> list[Any]:
    """Why it stands where it stands: people, devices, time lost."""
    t, repair = here.t, one.repair
    since = words.to_the_minute(t, here.now_ms - one.down_ms)
    if repair.passers_per_day is not None:
        people = words.count(round(repair.passers_per_day, -1) or repair.passers_per_day)
        when = "_dark" if one.group.kind == "light" else ""
        first = t(f"kpis.repair_{repair.counted_by or 'zone'}{when}", people=people)
    else:
        first = t("kpis.repair_uncounted")
    if repair.devices > 1:
        second = t("kpis.repair_many", n=common.number(repair.devices))
    else:
        second = t("kpis.repair_one")
    hours = common.number(round(repair.lost_ms / common.HOUR))
    third = t("kpis.repair_lost", since=since, hours=hours)
    return [html.B(first), " ", second, " ", third]


def _due(here: Here, one: RankedRepair) -> html.Span:
    t = here.t
    if one.due_ms is None:
        return html.Span(t("kpis.repair_no_contract"))
    left = one.due_ms - here.now_ms
    key = "repair_overdue" if left < 0 else "repair_due"
    look = "kpis__overdue" if left < 0 else None
    return html.Span(t(f"kpis.{key}", span=words.to_the_minute(t, abs(left))), className=look)
