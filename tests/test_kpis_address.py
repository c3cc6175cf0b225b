"""Addresses of the KPI page: what they ask for, how they are written, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.kpis.asked import address_of
from dashboard.errors import BadChoice
from dashboard.kpis.choice import start_of
from dashboard.kpis.groups import Dim
from dashboard.kpis.indicators import KPIS
from dashboard.text import catalogue
from layouts import sheet
from layouts.kpis import filters, head, tools
from layouts.kpis.address import VIEWS, Address
from layouts.markup import Tag
from tests.kpis_page import KNOWN, NOW_MS, a_reader, find, said


def asked(search: str) -> Address:
    return address_of(search, NOW_MS, KNOWN)


words = {dim: st.sampled_from(["", *KNOWN[dim]]) for dim in Dim}


@given(
    st.fixed_dictionaries(words),
    st.sampled_from(["", "7d", "28d", "month", "2026-W46", "2026-10", "2026-Q3"]),
    st.sampled_from([*VIEWS, *(kpi.key for kpi in KPIS)]),
)
def test_an_address_asks_for_what_it_was_written_for(
    wanted: dict[str, str], period: str, shown: str
) -> None:
    query = {dim: word for dim, word in wanted.items() if word}
    query |= {"period": period} if period else {}
    query |= {"view": shown} if shown in VIEWS else {"kpi": shown}
    first = asked("?" + "&".join(f"{name}={value}" for name, value in query.items()))
    assert asked(urlsplit(first.href).query) == first
    assert dict(first.choice.wanted) == {d: w for d, w in wanted.items() if w}
    assert (first.key or first.view) == shown


@pytest.mark.parametrize(
    ("search", "key"),
    [
        ("?view=nonsense", "kpis.unknown_view"),
        ("?kpi=nonsense", "choice.unknown_kpi"),
        ("?kpi=mttr&by=colour", "choice.unknown_dim"),
        ("?zone=0000000000", "choice.unknown_zone"),
        ("?period=yesterday", "choice.unknown_period"),
        ("?from=2026-11-10&to=2026-11-01", "choice.reversed"),
        ("?from=2027-01-01&to=2027-01-02", "choice.future"),
        ("?from=2019-01-01&to=2019-01-02", "choice.too_old"),
        ("?from=2026-11-10", "choice.half_period"),
        ("?" + "&".join(f"a{n}=1" for n in range(60)), "kpis.bad_address"),
        ("?q=" + "x" * 3_000, "kpis.bad_address"),
    ],
)
def test_nonsense_is_refused_with_a_reason(search: str, key: str) -> None:
    with pytest.raises(BadChoice) as refused:
        asked(search)
    assert refused.value.key == key and key in catalogue("ko")


@pytest.mark.parametrize("search", [None, 3, "", "?", "?kpi=&view=&zone="])
def test_nothing_asks_for_the_overview_of_28_days(search: Any) -> None:
    address = asked(search)
    assert (address.view, address.href) == ("overview", "/kpis")
    assert address.choice.period.word == "28d"


def test_of_what_is_given_twice_the_first_counts() -> None:
    assert asked("?kind=bell&kind=light").choice.wanted == {"kind": "bell"}


# -- filters -------------------------------------------------------------------------------------


def tags(tree: Any, name: str) -> list[Tag]:
    found = [tree] if isinstance(tree, Tag) and tree.name == name else []
    inside = tree if isinstance(tree, list | tuple) else getattr(tree, "children", None)
    parts = inside if isinstance(inside, list | tuple) else [inside]
    return found + [tag for part in parts if part is not None for tag in tags(part, name)]


def chosen(tree: Any) -> list[str]:
    return [tag.attributes["value"] for tag in tags(tree, "option") if tag.attributes["selected"]]


def test_filters_that_are_set_stand_out_and_can_be_cleared() -> None:
    form = filters.filters(a_reader(language="en", kind="bell", view="vendors"))
    [one] = find(form, "kpis__filter--set")
    assert said(one).startswith("Kind")
    assert "bell" in chosen(form) and "28d" in chosen(form)
    assert find(form, "kpis__clear")[0].href == "/kpis?view=vendors"
    assert not find(filters.filters(a_reader()), "kpis__clear")


def test_days_by_hand_are_open_when_they_are_asked_for() -> None:
    by_hand = a_reader(**{"from": "2026-11-01", "to": "2026-11-10"})
    [days] = find(filters.filters(by_hand), "kpis__days")
    assert not days.hidden
    dates = [tag for tag in tags(days, "input")]
    assert [tag.attributes["value"] for tag in dates] == ["2026-11-01", "2026-11-10"]
    assert find(filters.filters(a_reader()), "kpis__days")[0].hidden


def test_a_period_that_is_not_in_the_list_is_added_to_it() -> None:
    form = filters.filters(a_reader(period="2026-07"))
    assert chosen(form)[0] == "2026-07"
    options = [tag.attributes["value"] for tag in tags(form, "option")]
    assert len(options) == len(set(options) - {""}) + options.count("")


@pytest.mark.parametrize(
    ("today", "ended"),
    [
        (date(2026, 11, 25), ["2026-W47", "2026-W46", "2026-10", "2026-09", "2026-Q3", "2025"]),
        (date(2027, 1, 4), ["2026-W53", "2026-W52", "2026-12", "2026-11", "2026-Q4", "2026"]),
        (date(2026, 3, 1), ["2026-W08", "2026-W07", "2026-02", "2026-01", "2025-Q4", "2025"]),
    ],
)
def test_periods_that_ended_are_named_after_the_calendar(today: date, ended: list[str]) -> None:
    assert sheet.ended(today) == ended


# -- the head ------------------------------------------------------------------------------------


def test_the_head_says_of_when_of_what_and_how_sure() -> None:
    told = said(head.head(a_reader(language="en", kind="bell"), "KPIs", 0.986))
    assert "Last 28 days · Tue 27 Oct – Mon 23 Nov 2026 · Emergency bell" in told
    assert "Provisional" in told and "data up to 11.24 11:00 · coverage 98.6%" in told


@pytest.mark.parametrize(
    ("period", "standing"), [("month", "running"), ("28d", "provisional"), ("2026-10", "settled")]
)
def test_figures_say_whether_they_may_still_change(period: str, standing: str) -> None:
    here = a_reader(period=period)
    assert head.standing(here.address.choice.period, here.now_ms) == standing


def test_the_head_says_since_when_there_are_data_and_how_a_running_period_is_compared() -> None:
    here = a_reader(language="en", period="year")
    first = start_of(date(2026, 9, 30))
    told = said(head.head(replace(here, known_from_ms=first), "KPIs", None))
    assert "data since Wed 30 Sep" in told and "up to the same time" in told
    later = replace(a_reader(language="en"), known_from_ms=first)
    assert "data since" not in said(head.head(later, "KPIs", None))
    assert "same time" not in said(head.head(later, "KPIs", None))


def test_who_sees_no_devices_is_offered_none() -> None:
    for role, views in (("manager", 4), ("executive", 2)):
        links = find(head.tabs(a_reader(role)), "kpis__tab")
        assert len(links) == views + 1  # and the definitions
    assert "Export" in said(tools.tools(a_reader("manager", "en"), {}))
    assert "Export" not in said(tools.tools(a_reader("executive", "en"), {}))


def test_an_export_offers_what_the_figure_is_made_of() -> None:
    def kinds(key: str) -> list[str]:
        return tools.exports(a_reader(view="detail", key=key).address)

    assert kinds("mttr") == ["breakdown", "table", "orders"]
    assert kinds("availability") == ["breakdown", "table", "devices"]
    assert kinds("feed_uptime") == ["table"]


def test_saved_views_that_cannot_be_read_say_so() -> None:
    assert "cannot be read" in said(tools.tools(a_reader(language="en"), None))
    listed = tools.tools(a_reader(), {"Our bells": "kind=bell"})
    [view] = find(listed, "kpis__view")
    assert view.children[0].href == "/kpis?kind=bell"
