"""What an address of the KPI page asks for, checked against what there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callbacks.sheet import query_of
from dashboard.errors import BadChoice
from dashboard.kpis.choice import choice_of
from dashboard.kpis.groups import DIMS
from dashboard.kpis.indicators import BY_KEY
from layouts.kpis.address import DETAIL, OVERVIEW, VIEWS, Address

Known = Mapping[str, Sequence[str]]


def address_of(search: Any, now_ms: int, known: Known) -> Address:
    """search: of the browser's location, with or without its question mark. Raises BadChoice."""
    query = query_of(search)
    choice = choice_of(query, now_ms, known)
    key, view, by = query.get("kpi", ""), query.get("view") or OVERVIEW, query.get("by", "")
    if view not in VIEWS:
        raise BadChoice("kpis.unknown_view", value=view[:40])
    if not key:
        return Address(choice, view)
    if key not in BY_KEY:
        raise BadChoice("choice.unknown_kpi", value=key[:40])
    if by and by not in (*DIMS, *BY_KEY[key].dims):
        raise BadChoice("choice.unknown_dim", value=by[:40])
    return Address(choice, DETAIL, key, by)
