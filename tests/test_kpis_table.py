"""The overview, as component trees: what is claimed, and what is not."""

from __future__ import annotations

from typing import Any

from dashboard.kpis.compare import Change
from dashboard.kpis.indicators import KPIS
from layouts import sparks
from layouts.kpis import table
from layouts.markup import markup
from tests.kpis_page import a_figure, a_reader, a_row, find, said


def overview(*rows: Any, **reader: Any) -> list[Any]:
    return table.overview(a_reader(language="en", **reader), rows, KPIS)


def cell(tree: Any, name: str) -> str:
    return said(find(tree, f"kpis__{name}")[-1])


def test_a_number_stands_with_its_interval_n_coverage_and_definition() -> None:
    tree = overview(a_row(value=0.979, low=0.975, high=0.982, n=1_204, coverage=0.986))
    assert cell(tree, "value") == "97.9%97.5–98.2%"
    assert cell(tree, "n") == "1,204"
    assert cell(tree, "coverage") == "98.6%"
    assert find(tree, "kpis__define")[0].href == "/kpis/definitions#availability"
    assert find(tree, "kpis__name")[-1].href == "/kpis?kpi=availability"


def test_alerts_are_told_by_where_they_come_from() -> None:
    parts = {"alerts": 193.0, "from_apps": 17.0, "from_gateways": 1_014.0}
    tree = overview(a_row("alert_rate", 1.2, parts=parts))
    assert said(find(tree, "kpis__origins")) == (
        "1,224 alerts without tests and exercises: "
        "bells and cameras 193 · app calls and others 17 · dead gateways 1,014"
    )
    for few in ({"alerts": 193.0}, {"from_apps": 17.0, "from_gateways": 14.0}):
        assert not find(overview(a_row("alert_rate", 1.2, parts=few)), "kpis__origins")


def test_a_missed_target_has_a_shape_and_a_word() -> None:
    tree = overview(a_row(target=0.985, meets=False))
    assert cell(tree, "target") == "≥ 98.5%▲ missed"
    assert said(find(tree, "kpis__mark--bad")) == "▲target missed"
    assert find(tree, "kpis__kpi--bad") and find(tree, "spark--bad")


def test_a_target_is_not_judged_where_the_interval_holds_it() -> None:
    tree = overview(a_row(target=0.98, meets=None))
    assert cell(tree, "target") == "≥ 98%◇ cannot say"
    assert not find(tree, "kpis__mark--bad")


def test_a_target_is_no_open_question_where_there_are_no_data() -> None:
    tree = overview(a_row("mtta", None, why="no_data", n=0, target=60_000.0, meets=None))
    assert cell(tree, "target") == "≤ 1 minno data"


def test_changes_are_told_in_words_and_percent_only_where_it_is_honest() -> None:
    worse = Change("worse", -0.006)
    assert cell(overview(a_row(since_previous=worse)), "previous").endswith("↓ −0.6 pp worse")
    many = Change("better", -2.0 * 3_600_000, -12.2)
    tree = overview(a_row("mttr", 14.0 * 3_600_000, since_previous=many))
    assert cell(tree, "previous").endswith("↓ −2 h (−12%) better")
    few = Change("worse", 4.0)  # clear, but too few for a percentage
    tree = overview(a_row("backlog", 8.0, n=8, since_previous=few))
    assert cell(tree, "previous").endswith("↑ +4 worse")


def test_where_there_is_not_enough_no_difference_is_told() -> None:
    before = a_figure(4.0, n=4)
    told = Change("not_enough", 4.0)
    tree = overview(a_row("backlog", 8.0, n=8, previous=before, since_previous=told))
    assert cell(tree, "previous") == "4not enough data"


def test_nothing_to_compare_with_is_a_dash() -> None:
    assert cell(overview(a_row()), "last_year") == "–"


def test_what_has_no_value_says_why_in_its_place() -> None:
    tree = overview(a_row("mtta", None, why="hidden", n=0, previous=None))
    assert cell(tree, "value") == "under 5, hidden"
    assert cell(tree, "trend") == "–"


def test_low_coverage_stands_beside_the_value() -> None:
    assert cell(overview(a_row(coverage=0.41)), "value").endswith("low coverage")


def test_kpis_that_do_not_apply_are_left_out_with_a_sentence() -> None:
    tree = overview(*(a_row(kpi.key, 1.0) for kpi in KPIS if kpi.key != "traffic"))
    assert "do not apply to this choice: Foot traffic a day." in said(tree)
    everything = overview(*(a_row(kpi.key, 1.0) for kpi in KPIS))
    assert "do not apply" not in said(everything)


def test_the_sentence_before_the_table_names_what_needs_attention() -> None:
    rows = (
        a_row(target=0.985, meets=False),
        a_row("sla", 0.9, since_previous=Change("worse", -0.1)),
        a_row("mtta", None, why="no_data"),
    )
    told = said(find(overview(*rows), "kpis__sum"))
    assert "Of 3 KPIs: 1 short of target (Availability)" in told
    assert "1 worse than the period before (Repaired in time (SLA))" in told
    assert told.endswith("0 better, 1 without data.")


def test_unknown_time_is_told_as_a_share_beside_availability() -> None:
    parts = {"up_ms": 979.0, "down_ms": 11.0, "unknown_ms": 10.0, "failures": 7.0}
    assert said(find(overview(a_row(parts=parts)), "kpis__parts-line")) == (
        "unknown 1.0% · failures 7"
    )


def test_rows_are_a_table_to_a_screen_reader_whatever_they_look_like() -> None:
    tree = overview(a_row(), a_row("mttr", 5.0e7))
    [shown] = find(tree, "kpis__table")
    assert shown.role == "table"
    rows = find(tree, "kpis__kpi")
    assert [row.role for row in rows] == ["row", "row"]
    for row in rows:
        assert [one.role for one in row.children] == ["rowheader"] + ["cell"] * 7
        assert row.children[0].scope == "row"


def test_a_choice_is_kept_in_every_link() -> None:
    tree = overview(a_row(), kind="bell", period="2026-10")
    assert find(tree, "kpis__name")[-1].href == "/kpis?kpi=availability&period=2026-10&kind=bell"


# -- sparklines ----------------------------------------------------------------------------------


def test_a_sparkline_carries_numbers_gaps_and_words() -> None:
    drawn = sparks.spark([0.97, None, 0.98], "in words", band=(0.96, 0.99), target=0.97)
    written = markup(drawn)
    assert 'data-spark="0.97 - 0.98"' in written and 'data-band="0.96 0.99"' in written
    assert 'role="img"' in written and 'aria-label="in words"' in written


def test_what_is_usual_needs_enough_values_and_ignores_one_outlier() -> None:
    assert sparks.usual([1, 2, 3, 4, 5, 9]) is None
    low, high = sparks.usual([10, 11, 9, 10, 11, 9, 100, 50])  # type: ignore[misc]
    assert 5 < low < 9 and 11 < high < 15
