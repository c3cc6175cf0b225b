"""Plain tables, and what leads from a row to somewhere else: a device, an order, the map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from dash import html

from dashboard.kpis.groups import Dim
from dashboard.stream.rollups import Group
from layouts.kpis.here import Here

Head = tuple[str, bool]  # title, and whether the column holds numbers


TALL = 20  # rows; more of them scroll in a frame of their own


def plain_table(
    label: str, heads: Sequence[Head], rows: Sequence[html.Tr], framed: bool = False
) -> html.Div:
    """Scrolls sideways by itself where it is wider than the page. framed: and up and down, when
    it is long and something else comes before it."""
    titles = [
        html.Th(title, scope="col", className="kpis__number" if number else None)
        for title, number in heads
    ]
    caption = html.Caption(label, className="visually-hidden")
    shown = html.Table(
        [caption, html.Thead(html.Tr(titles)), html.Tbody(list(rows))],
        className="table kpis__plain",
    )
    told = {"aria-label": label}
    look = "kpis__scroll kpis__scroll--tall" if framed and len(rows) > TALL else "kpis__scroll"
    return html.Div(shown, className=look, tabIndex="0", role="region", **told)


def number(content: Any) -> html.Td:
    return html.Td(content, className="kpis__number")


def place(here: Here, group: Group) -> str:
    """Zone and route in the reader's language."""
    said = [here.say(Dim.ZONE, group.zone)]
    if group.route:
        said.append(here.say(Dim.ROUTE, group.route))
    return " · ".join(said)


def device_link(device_id: str) -> html.A:
    return html.A(device_id, href=f"/device?{urlencode({'id': device_id})}", className="kpis__id")


def order_link(order_id: str, words: str) -> html.A:
    return html.A(words, href=f"/orders?{urlencode({'order': order_id})}")


def map_link(here: Here, kind: str, name: str, words: str = "") -> html.A:
    """kind: device or alert, as the live map's address has it."""
    href = f"/?{urlencode({'sel': f'{kind}:{name}'})}"
    if words:
        return html.A(words, href=href)
    label = {"aria-label": here.t("kpis.on_map_of", name=name)}
    return html.A(here.t("kpis.on_map"), href=href, className="kpis__map", **label)
