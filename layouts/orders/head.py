"""Above the list: what is open, how old it is, and what the reader wants to see of it.

Every number is a link that shows just those orders; the one that is chosen leads back. Drawn by
assets/js/markup.js, so a select stays open and typed words stay while figures change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from dash import html

from dashboard import format as common
from dashboard.order_list import (
    MINE,
    NOBODY,
    PAGE_ROWS,
    SORTS,
    STATES,
    Listing,
    Wanted,
)
from dashboard.order_standing import BANDS, LAPSED, OVERDUE, SOON
from dashboard.records import OrderState
from dashboard.text import Translate
from layouts.markup import Tag
from layouts.orders import words
from layouts.orders.words import Here

PATH = "/orders"
# what is said of all that is listed: dimension, word and, for what must be acted on, a mark
SAID = (
    ("due", OVERDUE, "overdue"),
    ("due", SOON, "soon"),
    ("due", LAPSED, "lapsed"),
    ("assignee", NOBODY, ""),
    ("step", str(OrderState.PARTS), ""),
    ("step", str(OrderState.REPAIRED), ""),
)
SELECTS = ("assignee", "vendor", "kind", "zone", "route", "cause", "step", "owner", "pilot")
RARE = ("owner", "pilot")  # come from links of other pages; offered only to be taken back


@dataclass(frozen=True, slots=True)
class Head:
    here: Here
    wanted: Wanted
    listing: Listing

    def count(self, dim: str, word: str) -> int:
        return self.listing.counts[dim][word]

    def chosen(self, dim: str) -> str:
        return self.wanted.words.get(dim, "")


def to(wanted: Wanted) -> str:
    query = wanted.query()
    return f"{PATH}?{urlencode(query)}" if query else PATH


def with_word(wanted: Wanted, dim: str, word: str) -> Wanted:
    """The same with one more condition; "" = without it. Always its first page."""
    words_now = {name: one for name, one in wanted.words.items() if name != dim}
    if word:
        words_now[dim] = word
    return replace(wanted, words=words_now, page=1)


def head(told: Head) -> list[Any]:
    return [says(told), strip(told), filters(told)]


def says(told: Head) -> html.P:
    """ "41 open: 7 overdue, 3 due within a day, 2 unassigned"."""
    t, wanted = told.here.t, told.wanted
    key = "orders.says_filtered" if wanted.filters else f"orders.says_{wanted.state}"
    parts: list[Any] = [html.Strong(t(key, n=common.number(told.listing.total)))]
    for dim, word, mark in SAID:
        n, chosen = told.count(dim, word), told.chosen(dim) == word
        if not n and not chosen:
            continue
        name = word.removeprefix("-") if dim == "assignee" else word
        said = [html.I(className=f"orders__mark orders__mark--{mark}")] if mark else []
        said.append(t(f"orders.says_{dim}_{name}", n=common.number(n)))
        parts.append(_link(told, dim, word, said, f"orders__says orders__says--{mark or 'plain'}"))
    return html.P([*parts, *hidden(told)], className="orders__sentence")


def strip(told: Head) -> html.Nav:
    """Age bands; the bars compare them, the numbers count them."""
    t = told.here.t
    most = max((told.count("age", str(band)) for band in BANDS), default=0)
    cells = []
    for band in BANDS:
        n = told.count("age", str(band))
        bar = html.I(
            className="orders__bar", style={"width": f"{100 * n / most if most else 0:.1f}%"}
        )
        inside = [
            html.Span(t(f"orders.band_{band}"), className="orders__band-name"),
            html.Span(common.number(n), className="orders__band-n"),
            html.Span(bar, className="orders__track"),
        ]
        cells.append(_link(told, "age", str(band), inside, "orders__band"))
    return html.Nav(cells, className="orders__strip panel", **{"aria-label": t("orders.bands")})


def _link(told: Head, dim: str, word: str, inside: list[Any], look: str) -> html.A:
    chosen = told.chosen(dim) == word
    href = to(with_word(told.wanted, dim, "" if chosen else word))
    here = {"aria-current": "true"} if chosen else {}
    return html.A(inside, href=href, className=look, **{"data-orders-go": "1", **here})


def filters(told: Head) -> html.Form:
    t, wanted = told.here.t, told.wanted
    selects = [one for dim in SELECTS if (one := _select(told, dim)) is not None]
    search = Tag(
        "input",
        {
            "type": "search", "name": "q", "value": wanted.text, "placeholder": t("orders.search"),
            "aria-label": t("orders.search"), "className": "field__input orders__search",
            "autocomplete": "off", "maxlength": "64", "data-key": "q",
        },
    )  # fmt: skip
    parts = [_states(told), search, *selects, _sort(told)]
    return html.Form(
        parts, action=PATH, method="get", role="search", className="orders__filters",
        **{"aria-label": t("orders.filters"), "data-orders-filters": "1"},
    )  # fmt: skip


def _states(told: Head) -> html.Div:
    links = []
    for state in STATES:
        here = {"aria-current": "true"} if state == told.wanted.state else {}
        href = to(replace(told.wanted, state=state, page=1))
        words_of = told.here.t(f"orders.state_{state}")
        links.append(
            html.A(words_of, href=href, className="chip", **{"data-orders-go": "1", **here})
        )
    told_as = {"aria-label": told.here.t("orders.states"), "data-key": "states"}
    return html.Div(links, className="orders__states", role="group", **told_as)


def _select(told: Head, dim: str) -> html.Select | None:
    """The words there is something for, with how many; what is chosen stays in any case."""
    t, chosen = told.here.t, told.chosen(dim)
    found = [word for word, n in told.listing.counts[dim].items() if n and word]
    if chosen and chosen not in found:
        found.append(chosen)
    if dim in RARE and not chosen:
        return None
    named = sorted((_name(told.here, dim, word), word) for word in found)
    named.sort(key=lambda one: one[1] not in (NOBODY, MINE))
    options = [html.Option(t(f"orders.any_{dim}"), value="", selected=not chosen)]
    options += [
        html.Option(
            t("orders.option", name=name, n=common.number(told.count(dim, word))),
            value=word, selected=word == chosen,
        )
        for name, word in named
    ]  # fmt: skip
    return _list(t(f"orders.dim_{dim}"), dim, options, bool(chosen))


def _sort(told: Head) -> html.Select:
    t = told.here.t
    options = [
        html.Option(t(f"orders.sort_{sort}"), value=sort, selected=sort == told.wanted.sort)
        for sort in SORTS
    ]
    return _list(t("orders.sort"), "sort", options, False)


def _list(label: str, name: str, options: Sequence[Any], chosen: bool) -> html.Select:
    look = "orders__select orders__select--chosen" if chosen else "orders__select"
    return html.Select(options, name=name, className=look,
                       **{"aria-label": label, "data-key": name})  # fmt: skip


def hidden(told: Head) -> list[Any]:
    """What the list does not show is said, and one click shows it."""
    t, wanted, n = told.here.t, told.wanted, told.listing.hidden
    look = "orders__hidden orders__hidden--some" if n else "orders__hidden"
    words_of = html.Span(t("orders.hidden", n=common.number(n)), className=look)
    if not wanted.filters:
        return [words_of]
    plain = Wanted(state=wanted.state, sort=wanted.sort)
    clear = html.A(t("orders.clear"), href=to(plain), className="link", **{"data-orders-go": "1"})
    return [words_of, clear]


def _name(here: Here, dim: str, word: str) -> str:
    """Of a dimension's word, in the reader's language."""
    t = here.t
    naming: Mapping[str, Callable[[str], str]] = {
        "kind": lambda one: words.kind_name(t, one),
        "zone": lambda one: here.zones.get(one, one),
        "route": lambda one: " ".join(filter(None, (one, here.routes.get(one, "")))),
        "owner": lambda one: here.owners(one),
        "cause": lambda one: t(f"orders.by_cause_{one}"),
        "step": lambda one: t(f"orders.step_{one}"),
        "assignee": lambda one: t(f"orders.assignee_{one[1:]}") if one[0] == "-" else one,
    }
    return naming[dim](word) if dim in naming else word


def foot(told: Head) -> list[Any]:
    """Which part of the list this is; nothing when it is the whole."""
    t, listing = told.here.t, told.listing
    if listing.pages == 1:
        return []
    first = (listing.page - 1) * PAGE_ROWS
    shown = t(
        "orders.page", n=common.number(listing.total),
        first=common.number(first + 1), last=common.number(first + len(listing.rows)),
    )  # fmt: skip
    links = [
        html.A(
            t(f"orders.page_{name}"), href=to(replace(told.wanted, page=page)),
            className="button button--quiet", **{"data-orders-go": "1"},
        )
        for name, page in (("before", listing.page - 1), ("after", listing.page + 1))
        if 1 <= page <= listing.pages
    ]  # fmt: skip
    return [html.Span(shown), *links]


def refusal(t: Translate, text: str) -> list[Any]:
    """An address that cannot be understood, and the way back."""
    link = html.A(t("orders.clear"), href=PATH, className="link", **{"data-orders-go": "1"})
    return [html.P([html.Strong(text), link], className="orders__sentence")]


def empty(told: Head) -> str:
    """Why there are no rows; "" while there are some."""
    t, wanted = told.here.t, told.wanted
    if told.listing.rows:
        return ""
    if wanted.filters:
        return t("orders.empty_filtered", n=common.number(told.listing.hidden))
    return t(f"orders.empty_{wanted.state}")
