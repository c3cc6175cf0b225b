"""Saved views: an address of a page under a name of one's own.

Only what a page itself would write into its address is kept: its own parameters, each once,
in their order, and nothing of what is selected at the moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from dashboard.errors import BadRequest
from dashboard.kpis.choice import FILTERS
from dashboard.order_list import DIMENSIONS
from dashboard.roles import Permission

NAME_LENGTH = 60
VALUE_LENGTH = 64
QUERY_LENGTH = 1_000
VIEWS = 50  # of one person and page


@dataclass(frozen=True, slots=True)
class SavedPage:
    permission: Permission
    parameters: tuple[str, ...]


PAGES = {
    "kpis": SavedPage(
        Permission.KPIS_SEE, ("view", "kpi", "by", "period", "from", "to", *FILTERS)
    ),
    "orders": SavedPage(Permission.ORDERS_SEE, ("state", *DIMENSIONS, "q", "sort")),
}  # fmt: skip


class BadView(BadRequest):
    """key is the instance's own: one text per reason."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, **values)
        self.key = key


def page_of(name: str) -> SavedPage:
    if name not in PAGES:
        raise BadView("saved.unknown_page")
    return PAGES[name]


def checked_name(name: str) -> str:
    """Without spaces around it. Raises BadView for one that is empty, long or unprintable."""
    name = name.strip()
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise BadView("saved.bad_name", longest=NAME_LENGTH)
    return name


def checked_query(page: str, query: str) -> str:
    """The same address, written as the page writes it. Raises BadView."""
    known = page_of(page).parameters
    if len(query) > QUERY_LENGTH:
        raise BadView("saved.too_long")
    try:
        pairs = parse_qsl(query.removeprefix("?"), strict_parsing=bool(query), max_num_fields=20)
    except ValueError as error:
        raise BadView("saved.bad_query") from error
    given = dict(pairs)
    if len(given) < len(pairs) or not all(map(_is_short, given.values())):
        raise BadView("saved.bad_query")
    strange = next((name for name in given if name not in known), None)
    if strange is not None:
        raise BadView("saved.unknown_parameter", name=strange[:40])
    return urlencode([(name, given[name]) for name in known if given.get(name)])


def _is_short(value: str) -> bool:
    return len(value) <= VALUE_LENGTH and value.isprintable()
