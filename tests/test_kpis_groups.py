"""Groups of a KPI: which order is a verdict, and against what each is held."""

from __future__ import annotations

from typing import Any

from dash._utils import to_json

from dashboard.kpis.breakdown import Breakdown, Part
from dashboard.kpis.funnel import Funnel, FunnelPoint
from dashboard.kpis.groups import Dim
from dashboard.kpis.indicators import BY_KEY
from dashboard.kpis.scorecard import SCORED, VendorScore
from layouts.kpis import groups
from layouts.kpis.vendors import scorecard
from tests import test_kpis_answers as page
from tests.kpis_page import a_figure, a_reader

KPI = BY_KEY["sla"]


def rows_of(found: Breakdown) -> list[Any]:
    table = groups.table(a_reader(language="en"), KPI, found)[0]
    return list(table.children.children[2].children)


def test_groups_with_few_cases_stand_grey_under_a_line_that_says_so_once() -> None:
    parts = tuple(
        Part(name, a_figure(0.9, n=n)) for name, n in (("Gaon", 90), ("Maru", 2), ("x", 1))
    )
    rows = rows_of(Breakdown(Dim.VENDOR, parts, None))
    looks = [getattr(row, "className", None) for row in rows]
    assert looks == [None, None, "kpis__few", "kpis__few"]
    assert f"n \\u003c {KPI.few}," in to_json(rows[1]) and to_json(rows).count("means nothing") == 1
    assert "means nothing" not in to_json(rows_of(Breakdown(Dim.VENDOR, parts[:1], None)))


def test_the_table_marks_what_the_funnel_marks_at_both_limits() -> None:
    judged = (("a", "95", "worse"), ("b", "99.8", "better"), ("c", "", ""))
    points = tuple(
        FunnelPoint(name, 90.0, 0.9, (0.8, 1.0), (0.7, 1.0), outside, side)
        for name, outside, side in judged
    )
    parts = tuple(Part(name, a_figure(0.9)) for name, _, _ in judged)
    rows = rows_of(Breakdown(Dim.VENDOR, parts, Funnel(0.9, "n", points)))
    assert [row.children[-1].children for row in rows] == [
        "▽ worse, outside the 95 % limits", "▲ better, outside the 99.8 % limits", "",
    ]  # fmt: skip


def test_the_scorecard_stands_by_itself_and_leads_to_the_funnel_against_the_whole() -> None:
    score = VendorScore("Gaon", 90, 900.0, dict.fromkeys(SCORED, a_figure(0.9)), {}, {}, True)
    assert "/kpis?kpi=availability&by=vendor" in str(scorecard(a_reader(), [score]))

    class Scores(page.Desk):
        async def vendors(self, choice: Any) -> list[VendorScore]:
            return [score]

    desk = Scores()
    told = page.ask("?view=vendors", desk)
    assert told["plots"][page.K.FUNNEL] == [] and "Gaon" in told["areas"][page.K.CONTENT]
    assert not [how for how in desk.asked if how[0] == "breakdown"]
