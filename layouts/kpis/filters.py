"""The row of filters: period, then each dimension; what is chosen stands out and can be cleared.

Native selects in one form: assets/js/sheet.js turns a change into an address. Days by hand open
below the row.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import html

from dashboard.kpis.choice import DEFAULT
from dashboard.kpis.groups import Dim
from layouts.kpis.address import PATH, to
from layouts.kpis.here import Here
from layouts.markup import Tag
from layouts.sheet import Option, days_by_hand, option, period_select, select

ORDER = (Dim.ZONE, Dim.KIND, Dim.VENDOR, Dim.OWNER, Dim.ROUTE, Dim.PILOT)


def filters(here: Here) -> html.Form:
    t, choice = here.t, here.address.choice
    period = period_select(t, choice.period, here.now_ms, DEFAULT)
    dims = [_dimension(here, dim) for dim in ORDER if here.known.get(dim)]
    row = html.Div([period, *dims, *_clear(here)], className="kpis__row")
    by_hand = days_by_hand(t, choice.period, here.now_ms)
    rest = {k: v for k, v in here.address.query().items() if k in ("view", "kpi", "by")}
    kept = [Tag("input", {"type": "hidden", "name": k, "value": v}) for k, v in rest.items()]
    return html.Form(
        [row, by_hand, *kept],
        action=PATH,
        method="get",
        className="kpis__filters",
        **{"aria-label": t("kpis.filters"), "data-filters": "1"},
    )


def _dimension(here: Here, dim: Dim) -> html.Label:
    t, chosen = here.t, here.address.choice.wanted.get(dim, "")
    named: Iterable[Option] = ((word, here.say(dim, word)) for word in here.known[dim] if word)
    options = [("", t("kpis.all")), *sorted(named, key=lambda option: option[1])]
    return select(t(f"kpis.dim_{dim}"), dim, [option(o, chosen) for o in options], bool(chosen))


def _clear(here: Here) -> list[Any]:
    choice = here.address.choice
    if not choice.wanted and choice.period.word == DEFAULT:
        return []
    query = here.address.query()
    kept = {name: query[name] for name in ("view", "kpi", "by") if name in query}
    return [html.A(here.t("kpis.clear"), href=to(kept), className="kpis__clear")]
