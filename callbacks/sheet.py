"""What pages that are drawn from their address have in common: answers that change little.

A chart that is up already gets new figures and keeps its reader's zoom; only one of another
address is drawn anew. The page says which it shows by marks (assets/js/sheet.js). Twin:
layouts/sheet.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from dash import html
from plotly.utils import PlotlyJSONEncoder

from dashboard.errors import BadChoice
from layouts import charts

if TYPE_CHECKING:
    from dashboard.city import City
    from dashboard.text import Translate

LONGEST = 2_000  # of an address
Marks = Mapping[str, Any]  # place -> [address, mark of the picture]
Charts = Mapping[str, tuple[charts.Chart, str]]  # place -> chart and what it shows, in words


def query_of(search: Any) -> dict[str, str]:
    """Of the browser's location, with or without its question mark; of what is given twice the
    first counts. Raises BadChoice."""
    text = search.removeprefix("?") if isinstance(search, str) else ""
    if len(text) > LONGEST:
        raise BadChoice("kpis.bad_address")
    try:
        pairs = parse_qsl(text, max_num_fields=40)
    except ValueError as error:
        raise BadChoice("kpis.bad_address") from error
    return dict(reversed(pairs))


def feed_trouble(city: City, t: Translate) -> str:
    """What is wrong with the feed, in words; "" = nothing."""
    if not city.connected:
        return t("kpis.feed_disconnected")
    return t("kpis.feed_stale") if city.stale_since_ms else ""


def marks_of(asked: Any) -> Marks:
    """Out of what a page sent with its question; its word is not trusted."""
    marks = asked.get("marks") if isinstance(asked, dict) else None
    return marks if isinstance(marks, dict) else {}


def new_marks(drawn: Charts, query: str) -> dict[str, list[str]]:
    return {place: [query, mark(chart)] for place, (chart, _) in drawn.items()}


def mark(chart: charts.Chart) -> str:
    """Of what a chart shows: the same mark, the same picture."""
    told = json.dumps(chart.figure, sort_keys=True, default=str)
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def plots(
    t: Translate, drawn: Charts, ids: Mapping[str, str], marks: tuple[Marks, Marks]
) -> dict[str, Any]:
    """What comes in each place of ids (place -> id of its plot), [] = nothing; without those
    that are up already."""
    before, now = marks
    found: dict[str, Any] = {place: [] for place in ids if place not in now}
    for place, (query, _) in now.items():
        if _address_of(before, place) != query:
            chart, label = drawn[place]
            plot, _table = charts.graph(t, ids[place], chart, label, query).children
            figure = html.Figure(plot, className="chart", **{"aria-label": label})
            found[place] = to_json(figure)
    return found


def figures(drawn: Charts, ids: Mapping[str, str], marks: tuple[Marks, Marks]) -> dict[str, Any]:
    """New figures, by plot, for charts that are up already."""
    before, now = marks
    return {
        ids[place]: with_revision(drawn[place][0].figure, found[0])
        for place, found in now.items()
        if _address_of(before, place) == found[0] and before[place] != found
    }


def to_json(component: Any) -> Any:
    """As Dash would send it."""
    return json.loads(json.dumps(component, cls=PlotlyJSONEncoder))


def with_revision(figure: dict[str, Any], revision: str) -> dict[str, Any]:
    return {**figure, "layout": {**figure["layout"], "uirevision": revision}}


def _address_of(marks: Marks, place: str) -> str:
    """The page's word is not trusted."""
    found = marks.get(place)
    return found[0] if isinstance(found, list) and len(found) == 2 else ""
