"""What the server answers to the KPI page: pieces, charts that are new or only follow, problems."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from callbacks.kpis.page import answer
from callbacks.session import PRINCIPAL
from dashboard import ids
from dashboard.errors import SourceUnavailable
from dashboard.kpis.breakdown import Breakdown, Part
from dashboard.kpis.groups import Dim
from dashboard.kpis.members import Member, Members
from dashboard.principal import Principal
from dashboard.roles import Role
from dashboard.stream.rollups import Group
from tests.kpis_page import KNOWN, NOW_MS, SITE, a_figure, a_row

K = ids.Kpis
GROUP = Group("bell", "4128552500", "", "Gaon", "corporation", "")


@dataclass
class Desk:
    """Answers with made-up figures and remembers how it was asked."""

    row_of: Any = field(default_factory=a_row)
    away: bool = False
    loading: bool = False
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    progress: float = 0.4

    @property
    def ready(self) -> Any:
        return SimpleNamespace(is_set=lambda: not self.loading)

    def now_ms(self) -> int:
        return NOW_MS

    def known_from_ms(self) -> int:
        return NOW_MS - 90 * 86_400_000

    def known(self) -> dict[str, list[str]]:
        return KNOWN

    def _ask(self, *how: Any) -> None:
        self.asked.append(how)
        if self.away or self.loading:
            raise SourceUnavailable()

    async def report(self, choice: Any, coarse: bool) -> list[Any]:
        self._ask("report", coarse)
        return [self.row_of]

    async def row(self, choice: Any, key: str, coarse: bool) -> Any:
        self._ask("row", key, coarse)
        return self.row_of

    async def breakdown(self, choice: Any, key: str, dim: Dim, coarse: bool) -> Breakdown:
        self._ask("breakdown", key, dim, coarse)
        return Breakdown(dim, (Part("Gaon", a_figure(0.95)), Part("Maru", a_figure(0.99))))

    async def members(self, choice: Any, key: str, *how: Any) -> Members:
        self._ask("members", key, *how)
        row = Member("device", "B-0001", GROUP, NOW_MS - 5_000, NOW_MS, value=5_000.0)
        return Members("device", (row,), 1)

    async def worst(self, choice: Any) -> list[Any]:
        self._ask("worst")
        return []


def sources(desk: Desk) -> Any:
    async def views(user: str, page: str) -> dict[str, str]:
        if desk.away:
            raise SourceUnavailable()
        return {}

    city = SimpleNamespace(connected=True, stale_since_ms=None)
    return SimpleNamespace(kpis=desk, site=SITE, city=city, views=SimpleNamespace(list=views))


@contextmanager
def asking(role: str) -> Iterator[None]:
    mark = PRINCIPAL.set(Principal("someone", Role(role), language="en"))
    try:
        yield
    finally:
        PRINCIPAL.reset(mark)


def ask(search: str, desk: Desk, marks: Any = None, role: str = "manager") -> dict[str, Any]:
    with asking(role):
        return asyncio.run(answer(sources(desk), search, marks or {}))


def test_the_overview_is_markup_and_no_charts() -> None:
    told = ask("", Desk())
    assert "<table" in told["areas"][K.CONTENT] and "<h1" in told["areas"][K.TOP]
    assert told["plots"] == {K.LINE: [], K.BARS: [], K.FUNNEL: []}
    assert told["query"] == "/kpis" and told["title"].startswith("KPIs · ")


def test_a_detail_brings_its_charts_and_what_it_is_made_of() -> None:
    told = ask("?kpi=availability&by=vendor", Desk())
    assert set(told["plots"]) == {K.LINE, K.BARS, K.FUNNEL}
    assert f'"{K.LINE_PLOT}"' in json.dumps(told["plots"][K.LINE])
    assert "B-0001" in told["areas"][K.UNDER_FUNNEL]
    assert "/device?id=B-0001" in told["areas"][K.UNDER_FUNNEL]
    assert "/?sel=device%3AB-0001" in told["areas"][K.UNDER_FUNNEL]


def test_charts_that_are_up_only_follow() -> None:
    """New figures go to them; they are not put up again, so zoom and focus stay."""
    search = "?kpi=availability&by=vendor"
    first = ask(search, Desk())
    same = ask(search, Desk(), first["marks"])
    assert K.LINE not in same["plots"] and same["figures"] == {}
    later = ask(search, Desk(a_row(value=0.91)), first["marks"])
    assert K.LINE not in later["plots"]
    assert list(later["figures"]) == [K.LINE_PLOT]
    assert later["figures"][K.LINE_PLOT]["layout"]["uirevision"] == first["query"]


def test_another_address_puts_charts_up_anew() -> None:
    first = ask("?kpi=availability&by=vendor", Desk())
    other = ask("?kpi=availability&by=vendor&kind=bell", Desk(), first["marks"])
    assert other["plots"][K.LINE] and not other["figures"]


@pytest.mark.parametrize("marks", [{K.LINE: 3}, {K.LINE: []}, {K.LINE: ["x"]}, {"": None}])
def test_marks_of_the_page_are_not_trusted(marks: Any) -> None:
    assert ask("?kpi=availability", Desk(), marks)["plots"][K.LINE]


def test_nonsense_is_told_in_a_sentence_and_nothing_is_taken_away() -> None:
    told = ask("?from=2026-11-10&to=2026-11-01", Desk())
    assert "2026-11-01" in told["problem"] and 'href="/kpis"' in told["problem"]
    assert told["instead"] and not told["plots"]  # for a page that shows nothing yet
    assert 'name="period"' in told["areas"]["kpis-top"] and "kpis__kpi" not in str(told["areas"])


def test_a_kpi_that_does_not_apply_says_so() -> None:
    assert "does not apply" in ask("?kpi=feed_lag&kind=bell", Desk())["problem"]


def test_loading_tells_how_far_it_is_and_asks_again_soon() -> None:
    told = ask("", Desk(loading=True))
    assert "40%" in told["loading"] and 'value="0.400"' in told["loading"]
    assert told["again_ms"] < 5_000 and not told["problem"]


def test_a_source_that_is_away_is_a_problem_and_what_was_there_stays() -> None:
    told = ask("", Desk(away=True))
    assert told["problem"] and "areas" not in told


def test_roles_without_exact_points_ask_for_groups_only() -> None:
    for role, coarse in (("duty", False), ("operator", False), ("manager", True)):
        desk = Desk(a_row("mtta", 48_000.0))
        ask("?kpi=mtta&by=zone", desk, role=role)
        assert ("row", "mtta", coarse) in desk.asked
        assert ("breakdown", "mtta", Dim.ZONE, coarse) in desk.asked
        [members] = [how for how in desk.asked if how[0] == "members"]
        assert members[-2:] == (coarse, True)


@pytest.mark.parametrize("key", ["availability", "mttr", "mtta", "leg_arrived"])
def test_who_sees_no_devices_is_told_of_none(key: str) -> None:
    desk = Desk(a_row(key, 5.0))
    told = ask(f"?kpi={key}", desk, role="executive")
    assert not [how for how in desk.asked if how[0] == "members"]
    assert told["areas"][K.UNDER_FUNNEL] == ""


@pytest.mark.parametrize("view", ["worst", "repairs"])
def test_lists_of_devices_are_not_open_to_executives(view: str) -> None:
    desk = Desk()
    told = ask(f"?view={view}", desk, role="executive")
    assert "not open to this role" in told["problem"] and desk.asked == []


def test_a_silent_feed_is_told_in_the_head() -> None:
    made = sources(Desk())
    made.city.stale_since_ms = NOW_MS - 60_000
    with asking("manager"):
        told = asyncio.run(answer(made, "", {}))
    assert "The feed from the field has stopped." in told["areas"][K.TOP]


def test_saved_views_that_are_away_do_not_take_the_figures_with_them() -> None:
    async def away(user: str, page: str) -> dict[str, str]:
        raise SourceUnavailable()

    made = sources(Desk())
    made.views.list = away
    with asking("manager"):
        told = asyncio.run(answer(made, "", {}))
    assert "<table" in told["areas"][K.CONTENT]
    assert "cannot be read at the moment" in told["areas"][K.TOP]


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Members("incident", hidden=True), "Incidents are not shown one by one"),
        (Members("alert", hidden=True), "Fewer than 5: not shown"),
        (Members("alert", (Member("alert", "", GROUP, NOW_MS, type="bell"),), 1, thinned=True),
         "Alerts of zones with fewer than five"),
    ],
)  # fmt: skip
def test_it_says_what_a_role_is_not_shown_one_by_one(found: Members, told: str) -> None:
    class Coarse(Desk):
        async def members(self, choice: Any, key: str, *how: Any) -> Members:
            return found

    page = ask("?kpi=mtta", Coarse(a_row("mtta", 60_000.0)))["areas"][K.UNDER_FUNNEL]
    assert told in page and (found.rows or "<td" not in page) and "alert=" not in page
