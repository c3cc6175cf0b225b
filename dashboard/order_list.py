"""Work orders as a list: which of them a person wants to see, in which order, what is hidden.

A choice is an address: state=open|all, a word per dimension (see DIMENSIONS), q= a text to look
for, sort=due|age|changed, page=. The age and contract of an order are those of its last round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dashboard.errors import BadChoice
from dashboard.order_standing import (
    BANDS,
    LAPSED,
    OVERDUE,
    SOON,
    age_ms,
    band_of,
    changed_ms,
    due_by_ms,
    last_round,
    standing,
)
from dashboard.records import OrderCause, OrderState, OrderView

PAGE_ROWS = 100
PAGES = 1_000
TEXT_LENGTH = 64
STATES = ("open", "all")
SORTS = ("due", "age", "changed")
NOBODY, MINE = "-none", "-mine"  # as assignee: nobody; whoever, but the reader did something


@dataclass(frozen=True, slots=True)
class Wanted:
    """words: dimension -> word, of those that are chosen; text: in lower case."""

    state: str = STATES[0]
    words: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    sort: str = SORTS[0]
    page: int = 1

    @property
    def filters(self) -> int:
        """How many conditions hide something."""
        return len(self.words) + bool(self.text)

    def query(self) -> dict[str, str]:
        """As in an address: what is not as it is without saying so."""
        said = {"state": self.state, **self.words, "q": self.text, "sort": self.sort}
        said["page"] = str(self.page)
        return {name: word for name, word in said.items() if word and word != _PLAIN.get(name)}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, when; `said` is everything an order can be found by, in lower case."""

    user: str
    now_ms: int
    said: Callable[[OrderView], str] = lambda order: order.order_id.lower()


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of what is wanted.

    counts: per dimension the orders by word that meet all other conditions, so what a click
    would bring. total: meet all conditions; hidden: the rest of the state that is looked at.
    """

    rows: Sequence[OrderView]
    total: int
    hidden: int
    counts: Mapping[str, Counter[str]]
    page: int
    pages: int


def wanted_of(query: Mapping[str, str], known: Mapping[str, Iterable[str]]) -> Wanted:
    """Out of an address. known: the words of each dimension that is not of this file's own.

    An empty value is no choice. Raises BadChoice for a word that cannot be.
    """
    words = {name: query[name] for name in DIMENSIONS if query.get(name)}
    for name, word in words.items():
        if word not in (_OWN.get(name) or known.get(name, ())):
            raise BadChoice(_UNKNOWN.get(name, f"choice.unknown_{name}"), value=word[:40])
    return Wanted(
        _one_of(query, "state", STATES),
        words,
        " ".join(query.get("q", "").lower().split())[:TEXT_LENGTH],
        _one_of(query, "sort", SORTS),
        _page(query.get("page") or "1"),
    )


def listing(
    orders: Iterable[OrderView], wanted: Wanted, reader: Reader, page_rows: int = PAGE_ROWS
) -> Listing:
    found: list[OrderView] = []
    counts: dict[str, Counter[str]] = {name: Counter() for name in DIMENSIONS}
    seen = 0
    for order in orders:
        if wanted.state == STATES[0] and order.closed_ms is not None:
            continue
        seen += 1
        if wanted.text and wanted.text not in reader.said(order):
            continue
        words = {name: words_of(order, reader) for name, words_of in DIMENSIONS.items()}
        failing = [name for name, word in wanted.words.items() if word not in words[name]]
        if not failing:
            found.append(order)
        for name in DIMENSIONS if not failing else failing if len(failing) == 1 else ():
            for word in words[name]:
                counts[name][word] += 1
    found.sort(key=lambda order: _place(order, wanted.sort, reader.now_ms))
    pages = max(1, -(-len(found) // page_rows))
    page = min(wanted.page, pages)
    rows = found[(page - 1) * page_rows : page * page_rows]
    return Listing(rows, len(found), seen - len(found), counts, page, pages)


def _place(order: OrderView, sort: str, now_ms: int) -> tuple[object, ...]:
    """Closed ones come last, the newest of them first; equals by id, so that nothing jumps."""
    if sort == "changed":
        return (-changed_ms(order), order.order_id)
    if order.closed_ms is not None:
        return (1, -order.closed_ms, 0, 0, order.order_id)
    last = last_round(order)
    if sort == "age":
        return (0, last.opened_ms, 0, 0, order.order_id)
    stands, due = standing(order, last, now_ms), due_by_ms(order, last)
    waits = stands in _PRESSING and due is not None
    rank = _PRESSING.index(stands) if waits else len(_PRESSING)
    return (0, rank, due if waits else 0, last.opened_ms, order.order_id)


def _due_words(order: OrderView, reader: Reader) -> tuple[str, ...]:
    return (standing(order, last_round(order), reader.now_ms),)


def _assignee_words(order: OrderView, reader: Reader) -> tuple[str, ...]:
    """What is closed needs nobody any more."""
    who = order.assignee or (NOBODY if order.closed_ms is None else "")
    mine = any(event.by == reader.user for event in order.history)
    return (who, MINE) if mine else (who,)


def _age_words(order: OrderView, reader: Reader) -> tuple[str, ...]:
    return (str(band_of(age_ms(order, reader.now_ms))),)


def _field(name: str) -> Callable[[OrderView, Reader], tuple[str, ...]]:
    return lambda order, _reader: (getattr(order, name),)


# parameter of an address -> the words by which an order is found there
DIMENSIONS: dict[str, Callable[[OrderView, Reader], tuple[str, ...]]] = {
    "due": _due_words,
    "age": _age_words,
    "step": _field("state"),
    "cause": _field("cause"),
    "assignee": _assignee_words,
    "vendor": _field("vendor"),
    "kind": _field("kind"),
    "zone": _field("zone"),
    "route": _field("route_id"),
    "owner": _field("owner"),
    "pilot": _field("pilot_id"),
}
_OWN: dict[str, Sequence[str]] = {
    "due": (OVERDUE, SOON, LAPSED),
    "age": tuple(map(str, BANDS)),
    "step": tuple(map(str, OrderState)),
    "cause": tuple(map(str, OrderCause)),
}
_PRESSING = (OVERDUE, SOON, LAPSED, "running")  # the first before the next
_PLAIN = {"state": STATES[0], "sort": SORTS[0], "page": "1"}
_UNKNOWN = {name: f"orders.unknown_{name}" for name in (*_OWN, "assignee")}


def _one_of(query: Mapping[str, str], name: str, words: Sequence[str]) -> str:
    word = query.get(name) or words[0]
    if word not in words:
        raise BadChoice(f"orders.unknown_{name}", value=word[:40])
    return word


def _page(word: str) -> int:
    if not (word.isdecimal() and word.isascii() and 1 <= int(word[:5]) <= PAGES):
        raise BadChoice("orders.unknown_page", value=word[:40])
    return int(word[:5])
