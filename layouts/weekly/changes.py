"""What a revision changed, in words where there are some, else as it is named in the record."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.text import Translate
from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.summary import Difference
from layouts.kpis import words as kpi_words
from layouts.weekly import words

SPANS = ("week", "d28", "year", "last_year", "last_year_week", "usual")
FIELDS = ("value", "n", "low", "high", "middle", "coverage", "z")
INPUTS = (
    "counted_from",
    "incidents_from",
    "devices",
    "alerts",
    "incidents",
    "orders",
    "partitions",
)
FIGURE, WEEK, HELD_AGAINST, REST = range(4)  # ranks: what is told first


@dataclass(frozen=True, slots=True)
class Change:
    rank: int
    what: Any
    before: Any
    after: Any


def change_of(t: Translate, one: Difference) -> Change:
    parts = one.path.split("/")
    if parts[0] == "rows" and len(parts) == 4 and parts[1] in BY_KEY:
        _, key, span, field = parts
        if span in SPANS and field in FIELDS:
            return _of_row(t, one, key, span, field)
    name = html.Code(one.path)
    if one.path == "code" or (parts[0] == "inputs" and parts[-1] in INPUTS):
        name = t(f"weekly_page.source_{parts[-1]}")
    return Change(REST, name, _bare(one.before), _bare(one.after))


def _of_row(t: Translate, one: Difference, key: str, span: str, field: str) -> Change:
    said = [words.measure(t, key), t(f"weekly_page.span_{span}")]
    if field != "value":
        said.append(t(f"weekly_page.field_{field}"))
    rank = HELD_AGAINST
    if span == "week":
        rank = FIGURE if field == "value" else WEEK
    told = (_figure(t, key, field, json_) for json_ in (one.before, one.after))
    return Change(rank, ", ".join(said), *told)


def _figure(t: Translate, key: str, field: str, said: str | None) -> str:
    """said: JSON."""
    if said is None:
        return words.NOTHING
    x = float(json.loads(said))
    if field == "coverage":
        return kpi_words.share(x)
    if field == "z":
        return f"{x:+.1f}".replace("-", "−")
    return words.amount(t, "count" if field == "n" else BY_KEY[key].unit, x)


def _bare(said: str | None) -> Any:
    return words.NOTHING if said is None else html.Code(str(json.loads(said)))
