"""What an address of the KPI page asks for, checked against what there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from dashboard.errors import BadChoice
from dashboard.kpis.choice import choice_of
from dashboard.kpis.groups import DIMS
from dashboard.kpis.indicators import BY_KEY
from layouts.kpis.address import DETAIL, OVERVIEW, VIEWS, Address

LONGEST = 2_000
Known = Mapping[str, Sequence[str]]


def address_of(search: Any, now_ms: int, known: Known) -> Address:
    """search: of the browser's location, with or without its question mark. Raises BadChoice."""
    query = _query(search)
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


def _query(search: Any) -> dict[str, str]:
    """Of what is given twice the first counts."""
    text = search.removeprefix("?") if isinstance(search, str) else ""
    if len(text) > LONGEST:
        raise BadChoice("kpis.bad_address")
    try:
        pairs = parse_qsl(text, max_num_fields=40)
    except ValueError as error:
        raise BadChoice("kpis.bad_address") from error
    return dict(reversed(pairs))
