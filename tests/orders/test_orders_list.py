"""Which work orders a person sees, in which order, and what is said of the rest."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dashboard.errors import BadChoice
from dashboard.order_list import (
    DIMENSIONS,
    MINE,
    NOBODY,
    PAGE_ROWS,
    Wanted,
    wanted_of,
)
from dashboard.records import AlertEvent, OrderView
from tests.orders.work_orders import DAY, HOUR, NOW, a_round, an_order, listed, names

KNOWN = {"kind": {"light", "bell"}, "zone": {"4128552500"}, "route": {"R-01"},
         "vendor": {"Maru", "Gaon"}, "owner": {"city"}, "pilot": {"P-1"},
         "assignee": {"Maru", "Gaon", NOBODY, MINE}}  # fmt: skip


# -- order ---------------------------------------------------------------------------------------


def test_it_lists_overdue_first_then_due_soonest_then_oldest() -> None:
    orders = [
        an_order("without-old", a_round(90, None)),
        an_order("without-new", a_round(2, None)),
        an_order("later", a_round(3, 30)),
        an_order("inspection", a_round(50, None), cause="inspection"),
        an_order("soon", a_round(3, 5)),
        an_order("a-bit-late", a_round(30, -1)),
        an_order("very-late", a_round(30, -20)),
    ]
    assert names(listed(*orders)) == [
        "very-late", "a-bit-late", "soon", "inspection", "later", "without-old", "without-new",
    ]  # fmt: skip


def test_what_does_not_count_is_not_pressing() -> None:
    excluded = an_order("excluded", a_round(30, -20, excluded="power cut"))
    assert names(listed(excluded, an_order("due", a_round(1, 9)))) == ["due", "excluded"]


def test_reported_repairs_step_back() -> None:
    """Late or not: the vendor has nothing more to do until the beats have spoken."""
    reported = an_order("r", a_round(30, -20, repaired_ms=NOW - HOUR), state="repaired")
    assert names(listed(reported, an_order("due", a_round(1, 9)))) == ["due", "r"]


def test_other_orders_by_age_and_by_latest_change() -> None:
    old = an_order("old", a_round(90))
    spoken = an_order("spoken", a_round(80), history=[AlertEvent(NOW - 5, "note", "operator")])
    new = an_order("new", a_round(1))
    assert names(listed(new, spoken, old, sort="age")) == ["old", "spoken", "new"]
    assert names(listed(old, new, spoken, sort="changed")) == ["spoken", "new", "old"]


def test_closed_ones_come_last_and_only_when_asked_for() -> None:
    gone = [an_order(f"c{n}", state="verified", closed_ms=NOW - n * DAY) for n in (3, 1, 2)]
    still = an_order("open", a_round(1, -5))
    assert names(listed(*gone, still)) == ["open"]
    assert names(listed(*gone, still, state="all")) == ["open", "c1", "c2", "c3"]


def test_a_page_holds_a_hundred_and_there_is_none_after_the_last() -> None:
    many = [an_order(str(n), a_round(n)) for n in range(250)]
    first, last = listed(*many), listed(*many, page=9)
    assert (len(first.rows), first.pages, first.total) == (PAGE_ROWS, 3, 250)
    assert (last.page, len(last.rows)) == (3, 50)
    assert (listed().page, listed().pages) == (1, 1)


# -- conditions ----------------------------------------------------------------------------------

CASES = [
    ({"due": "overdue"}, an_order("yes", a_round(30, -1)), an_order("no")),
    ({"due": "lapsed"}, an_order("yes", cause="inspection"), an_order("no", a_round(9, -1))),
    ({"due": "soon"}, an_order("yes", a_round(1, 5)), an_order("no", a_round(1, 30))),
    ({"age": "4"}, an_order("yes", a_round(24 * 5)), an_order("no", a_round(24 * 8))),
    ({"step": "parts"}, an_order("yes", state="parts"), an_order("no")),
    ({"cause": "fault"}, an_order("yes", cause="fault"), an_order("no")),
    ({"vendor": "Gaon"}, an_order("yes", vendor="Gaon"), an_order("no")),
    ({"assignee": "Gaon"}, an_order("yes", assignee="Gaon"), an_order("no", vendor="Gaon")),
    ({"assignee": NOBODY}, an_order("yes", state="open"), an_order("no")),
    ({"kind": "bell"}, an_order("yes", kind="bell"), an_order("no")),
    ({"zone": "Z"}, an_order("yes", zone="Z"), an_order("no")),
    ({"route": "R"}, an_order("yes", route_id="R"), an_order("no")),
    ({"owner": "us"}, an_order("yes", owner="us"), an_order("no")),
    ({"pilot": "P"}, an_order("yes", pilot_id="P"), an_order("no")),
]  # fmt: skip


@pytest.mark.parametrize(("words", "yes", "no"), CASES, ids=[str(case[0]) for case in CASES])
def test_each_condition(words: dict[str, str], yes: OrderView, no: OrderView) -> None:
    found = listed(yes, no, words=words)
    assert (names(found), found.total, found.hidden) == (["yes"], 1, 1)


def test_every_dimension_has_a_case() -> None:
    assert {name for words, _, _ in CASES for name in words} == set(DIMENSIONS)


def test_mine_is_what_i_did_something_about() -> None:
    mine = an_order("mine", history=[AlertEvent(NOW, "note", "manager")])
    other = an_order("other", history=[AlertEvent(NOW, "note", "operator")])
    assert names(listed(mine, other, words={"assignee": MINE})) == ["mine"]


def test_words_are_looked_for_everywhere_in_what_is_said() -> None:
    found = listed(an_order("17"), an_order("18"), text="l-17")
    assert (names(found), found.hidden) == (["17"], 1)


several = some.lists(
    some.builds(
        an_order,
        some.integers(0, 10**9).map(str),
        some.builds(a_round, some.floats(0, 2000), some.none() | some.floats(-500, 500)),
        kind=some.sampled_from(["light", "bell"]),
        vendor=some.sampled_from(["Maru", "Gaon"]),
        state=some.sampled_from(["open", "assigned", "parts"]),
        cause=some.sampled_from(["fault", "outage", "inspection"]),
    ),
    max_size=12,
)


@given(several, some.data())
def test_a_count_is_what_a_click_would_bring(orders: list[OrderView], data: Any) -> None:
    words = data.draw(
        some.fixed_dictionaries(
            {},
            optional={
                "kind": some.just("bell"),
                "due": some.just("overdue"),
                "step": some.just("open"),
                "age": some.sampled_from(["0", "31"]),
            },
        )
    )
    found = listed(*orders, words=words)
    assert found.total + found.hidden == len(orders)
    for dim, counts in found.counts.items():
        for word, n in counts.items():
            assert listed(*orders, words={**words, dim: word}).total == n
        unseen = {**words, dim: "nothing like it"}
        assert listed(*orders, words=unseen).total == 0


# -- addresses -----------------------------------------------------------------------------------


def test_an_address_without_words_is_everything_that_is_open() -> None:
    assert wanted_of({}, KNOWN) == Wanted()
    assert wanted_of({"vendor": "", "page": "", "state": ""}, KNOWN) == Wanted()
    assert Wanted().query() == {}


def test_an_address_and_back() -> None:
    query = {"state": "all", "due": "soon", "age": "31", "step": "parts", "cause": "fault",
             "assignee": NOBODY, "vendor": "Gaon", "kind": "bell", "zone": "4128552500",
             "route": "R-01", "owner": "city", "pilot": "P-1", "q": "b-17", "sort": "changed",
             "page": "3"}  # fmt: skip
    wanted = wanted_of(query, KNOWN)
    assert wanted.query() == query
    assert wanted.filters == 12


def test_what_is_looked_for_is_made_plain() -> None:
    assert wanted_of({"q": "  B-17   Maru "}, KNOWN).text == "b-17 maru"
    assert len(wanted_of({"q": "x" * 500}, KNOWN).text) == 64


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ({"zone": "9"}, "choice.unknown_zone"),
        ({"vendor": "Nobody Ltd"}, "choice.unknown_vendor"),
        ({"kind": "ufo"}, "choice.unknown_kind"),
        ({"age": "5"}, "orders.unknown_age"),
        ({"due": "yesterday"}, "orders.unknown_due"),
        ({"step": "done"}, "orders.unknown_step"),
        ({"cause": "bad luck"}, "orders.unknown_cause"),
        ({"assignee": "Zorro"}, "orders.unknown_assignee"),
        ({"state": "shut"}, "orders.unknown_state"),
        ({"sort": "price"}, "orders.unknown_sort"),
        ({"page": "0"}, "orders.unknown_page"),
        ({"page": "-1"}, "orders.unknown_page"),
        ({"page": "1e3"}, "orders.unknown_page"),
        ({"page": "\u0663"}, "orders.unknown_page"),
        ({"page": "9" * 99}, "orders.unknown_page"),
    ],
)  # fmt: skip
def test_words_that_cannot_be_are_refused_with_the_reason(query: dict[str, str], key: str) -> None:
    with pytest.raises(BadChoice) as refusal:
        wanted_of(query, KNOWN)
    assert refusal.value.key == key
