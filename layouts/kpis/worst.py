"""The devices that were down longest in the period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard import format as common
from dashboard.kpis.groups import Dim
from dashboard.kpis.ranked import WorstDevice
from layouts.kpis import words
from layouts.kpis.here import Here
from layouts.kpis.lists import device_link, map_link, number, place, plain_table

COLUMNS = ("device", "kind", "place", "vendor", "down", "failures", "unknown", "up")
NUMBERS = frozenset({"down", "failures", "unknown", "up"})


def devices(here: Here, found: Sequence[WorstDevice]) -> list[Any]:
    t = here.t
    if not found:
        return [html.P(t("kpis.worst_none"), className="empty")]
    heads = [("", True)] + [(t(f"kpis.member_{name}"), name in NUMBERS) for name in COLUMNS]
    longest = max(1, found[0].loss.down_ms)
    rows = [_row(here, at, one, one.loss.down_ms / longest) for at, one in enumerate(found, 1)]
    return [
        html.P(t("kpis.worst_what", n=len(found)), className="kpis__note kpis__lead"),
        plain_table(t("kpis.title_worst"), heads, rows),
    ]


def _row(here: Here, at: int, one: WorstDevice, share: float) -> html.Tr:
    t, loss, group = here.t, one.loss, one.group
    up = words.NOTHING if loss.availability is None else words.share(loss.availability)
    bar = html.I(className="kpis__share", style={"width": f"{100 * share:.1f}%"})
    name = html.Small(one.name) if one.name and one.name != one.device_id else None
    cells = [
        number(str(at)),
        html.Th([device_link(one.device_id), " ", map_link(here, "device", one.device_id), name],
                scope="row"),
        html.Td(here.say(Dim.KIND, group.kind)),
        html.Td(place(here, group)),
        html.Td(here.say(Dim.VENDOR, group.vendor)),
        number([html.B(words.span(t, loss.down_ms)), bar]),
        number(common.number(loss.failures)),
        number(words.span(t, loss.unknown_ms) if loss.unknown_ms else words.NOTHING),
        number(up),
    ]  # fmt: skip
    return html.Tr(cells, **{"data-key": one.device_id})
