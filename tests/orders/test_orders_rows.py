"""What the list says of work orders: the cause, the row, the counts, the conditions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from callbacks.orders import facts, rows
from dashboard.errors import BadChoice
from dashboard.order_list import Wanted
from dashboard.records import OrderView
from layouts.markup import markup
from layouts.orders import head, tools, words
from layouts.orders.head import Head
from tests.orders.work_orders import DAY, HOUR, NOW, a_here, a_round, all_text, an_order, listed

HERE = a_here()


# -- the cause -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "order"),
    [
        ("Security light offline", an_order()),
        ("Gateway offline — 37 devices behind it",
         an_order(kind="gateway", children=37)),
        ("Security light: lamp failed",
         an_order("1", a_round(faults=["lamp_failure"]), cause="fault")),
        ("Security light: lamp failed, E-12",
         an_order("1", a_round(faults=["lamp_failure", "E-12", "E-12"]), cause="fault")),
        ("Security light: fault", an_order(cause="fault")),
        ("Emergency bell: inspection overdue", an_order(kind="bell", cause="inspection")),
        ("drone offline", an_order(kind="drone")),
    ],
)  # fmt: skip
def test_the_cause_is_a_plain_sentence(said: str, order: OrderView) -> None:
    assert words.title(HERE, order) == said


def test_a_place_names_nothing_twice() -> None:
    assert words.place(HERE, an_order()) == "light L-1 · Jungsan 1-dong · R-01 Baekseok Station"
    unknown = an_order(zone="", route_id="", device_id="X-1")
    assert words.place(HERE, unknown) == "light X-1"
    here = a_here()
    here = type(here)(here.t, NOW, here.zones, {}, lambda _id: "Jungsan 1-dong bell 3", here.rules)
    assert words.place(here, an_order(route_id="")) == "Jungsan 1-dong bell 3"


@pytest.mark.parametrize(
    ("said", "ms"),
    [
        ("under 1 min", 0), ("5 min", 5 * 60_000), ("1 h 30 min", HOUR + 30 * 60_000),
        ("9 h 59 min", 10 * HOUR - 1), ("13 h", 13 * HOUR + 5 * 60_000), ("1 d 2 h", 26 * HOUR),
        ("1 d", 24 * HOUR), ("2 h", 2 * HOUR),
        ("3 d", 3 * DAY), ("54 d", 54 * DAY),
    ],
)  # fmt: skip
def test_spans_are_as_exact_as_they_have_to_be(said: str, ms: int) -> None:
    assert words.span(HERE, ms) == said


def test_another_year_is_named() -> None:
    assert words.moment(HERE, NOW) == "11.18 20:06"
    assert words.moment(HERE, NOW - 365 * DAY) == "2025.11.18 20:06"


# -- rows ----------------------------------------------------------------------------------------


def test_a_row_says_what_where_how_long_until_when_and_who() -> None:
    late = an_order("1", a_round(900, verified_ms=NOW - 800 * HOUR), a_round(30, -5), version=7)
    assert rows.row(HERE, late) == {
        "key": "W-L-1-a", "version": 7, "stands": "overdue", "due": "5 h overdue",
        "due_at": "by 11.18 15:06", "title": "Security light offline", "again": "again ×1",
        "device": "L-1", "place": "light L-1 · Jungsan 1-dong · R-01 Baekseok Station",
        "age": "1 d 6 h", "since": "11.17 14:06", "assignee": "Maru", "nobody": False,
        "state": "assigned", "step": "Assigned",
    }  # fmt: skip


def test_an_inspection_is_late_by_days() -> None:
    bell = {"cause": "inspection", "kind": "bell"}
    row = rows.row(HERE, an_order("1", a_round(30, None), **bell))
    assert (row["due"], row["due_at"]) == ("inspection 1 d late", "was due 11.17")
    assert rows.row(HERE, an_order("2", a_round(3), **bell))["due"] == "inspection due today"


def test_what_nobody_is_charged_with_stands_out_until_it_is_closed() -> None:
    row = rows.row(HERE, an_order(state="open"))
    assert (row["assignee"], row["nobody"]) == ("unassigned", True)
    shut = rows.row(HERE, an_order(state="cancelled", assignee="", closed_ms=NOW))
    assert (shut["assignee"], shut["nobody"]) == ("–", False)


def told(*orders: OrderView, **wanted: Any) -> Head:
    return Head(HERE, Wanted(**wanted), listed(*orders, **wanted))


LATE, SOON, PLAIN = an_order("1", a_round(150, -5)), an_order("2", a_round(1, 5)), an_order("3")


def test_the_sentence_counts_what_must_be_acted_on() -> None:
    said = all_text(head.says(told(LATE, SOON, an_order("4", a_round(1, 90), state="open"))))
    assert said == "3 open1 overdue1 due within 24 h1 unassigned0 hidden"


def test_a_number_is_a_link_to_just_those_and_back() -> None:
    (link,) = [one for one in head.says(told(LATE)).children if "overdue" in all_text(one)]
    assert link.href == "/orders?due=overdue"
    chosen = told(LATE, PLAIN, words={"due": "overdue"}, sort="age")
    (link,) = [one for one in head.says(chosen).children if "overdue" in all_text(one)]
    assert (link.href, getattr(link, "aria-current")) == ("/orders?sort=age", "true")


def test_the_strip_counts_each_age_and_leads_to_it() -> None:
    cells = head.strip(told(LATE, SOON, PLAIN)).children
    assert [all_text(cell) for cell in cells] == [
        "0–3 d2", "4–7 d1", "8–14 d0", "15–30 d0", "over 30 d0",
    ]  # fmt: skip
    assert cells[1].href == "/orders?age=4"
    assert [bar.children[2].children.style["width"] for bar in cells[:3]] == [
        "100.0%", "50.0%", "0.0%",
    ]  # fmt: skip


def test_conditions_offer_only_what_is_there_and_what_is_chosen() -> None:
    form = head.filters(told(LATE, words={"zone": "Z-9"}))
    offered = {
        one.name: [all_text(option) for option in one.children]
        for one in form.children
        if one.__class__.__name__ == "Select"
    }
    assert offered["zone"] == ["Any zone", "Jungsan 1-dong (1)", "Z-9 (0)"]
    assert offered["kind"] == ["Any kind"]
    assert "owner" not in offered


def test_an_owner_is_offered_by_name() -> None:
    found = told(LATE, words={"owner": "city"})
    named = replace(found, here=replace(found.here, owners={"city": "Goyang City"}.__getitem__))
    owners = next(
        one for one in head.filters(named).children if getattr(one, "name", "") == "owner"
    )
    assert [all_text(option) for option in owners.children][1].startswith("Goyang City")


def test_what_is_hidden_is_said_and_one_click_away() -> None:
    said = head.hidden(told(LATE, SOON, words={"due": "soon"}, state="all", sort="age"))
    assert [all_text(one) for one in said] == ["1 hidden", "Clear all"]
    assert said[1].href == "/orders?state=all&sort=age"
    assert [all_text(one) for one in head.hidden(told(LATE))] == ["0 hidden"]


def test_an_empty_list_says_why() -> None:
    assert "will appear here" in head.empty(told())
    assert (
        head.empty(told(LATE, words={"cause": "fault"}))
        == "Nothing matches. The conditions hide 1."
    )
    assert head.empty(told(LATE)) == ""


def test_pages_are_told_only_when_there_are_several() -> None:
    assert head.foot(told(LATE)) == []
    many = [an_order(str(n), a_round(n)) for n in range(201)]
    second = head.foot(told(*many, page=2))
    assert [all_text(one) for one in second] == ["101–200 of 201", "← Before", "After →"]
    assert [one.href for one in second[1:]] == ["/orders", "/orders?page=3"]


def test_an_address_that_makes_no_sense_is_answered_in_words() -> None:
    answer = rows.problem(HERE.t, "no such zone")
    assert "no such zone" in answer["head"] and answer["rows"] == []


@pytest.mark.parametrize("search", ["?zone=1&q=" + "x" * 2_000, "?" + "a=1&" * 41 + "zone=1"])
def test_an_address_that_cannot_be_read_is_not_the_whole_list(search: str) -> None:
    with pytest.raises(BadChoice):
        facts.query_of(search)
    assert facts.chosen_of(search) == ""


def test_of_what_an_address_says_twice_the_first_counts() -> None:
    assert facts.query_of("?zone=1&kind=bell&zone=2") == {"zone": "1", "kind": "bell"}
    assert facts.query_of(None) == {}


def test_saved_views_lead_to_their_lists() -> None:
    text = markup(tools.tools(HERE.t, {"urgent": "due=overdue", "all of it": ""}, exports=False))
    assert 'href="/orders?due=overdue"' in text and 'href="/orders"' in text
    assert "data-export" not in text
    assert "No saved views yet" in markup(tools.tools(HERE.t, {}, exports=True))
    assert "cannot be read" in markup(tools.tools(HERE.t, None, exports=True))
