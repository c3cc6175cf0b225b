"""Charts as the server makes them: rows in, a small figure and its table out."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.text import translator
from layouts import charts
from layouts.charts.chart import moment, shown_ms
from tests import source_tree
from tests.chart_room import every_chart

KO, EN = translator("ko"), translator("en")
DAY = 86_400_000
MIDNIGHT = 1_793_458_800_000  # 2026-11-01 00:00 KST
SHARE = charts.Axis("share")
TOKENS = (source_tree.ROOT / "dashboard" / "assets" / "css" / "0_tokens.css").read_text("utf-8")


def figure_text(chart: charts.Chart) -> str:
    return json.dumps(chart.figure, ensure_ascii=False)


def a_point(day: int, value: float | None, around: float | None = 0.01) -> charts.Point:
    known = value is not None and around is not None
    ends = (value - around, value + around) if known else (None, None)
    return charts.Point(MIDNIGHT + day * DAY, value, *ends)


@pytest.mark.parametrize("name", every_chart(EN))
def test_colours_are_names_of_tokens(name: str) -> None:
    text = figure_text(every_chart(EN)[name])
    named = set(re.findall(r'"(--[a-z0-9-]+)"', text))
    assert named and all(f"{token}: " in TOKENS for token in named)
    coloured = re.findall(r'"(?:color|fillcolor)": "([^"]*)"', text)
    assert all(colour.startswith("--") for colour in coloured)
    assert not re.search(r"#[0-9a-f]{3}|rgb\(", text)


def test_a_year_of_weeks_is_a_small_figure() -> None:
    assert len(figure_text(every_chart(EN)["lines"])) < 10_000


def test_what_is_not_known_is_a_gap_and_said_to_be_one() -> None:
    line = charts.Line("A", [a_point(0, 0.9), a_point(1, None), a_point(2, 0.8)])
    chart = charts.line_chart(EN, SHARE, [line])
    band, drawn = chart.figure["data"]
    assert drawn["y"] == [0.9, None, 0.8]
    assert band["y"].count(None) == 2, "one shape before the gap, one after it"
    assert [row[1] for row in chart.table.rows] == ["90%", "No data", "80%"]


def test_times_are_korean_in_the_drawing_and_in_the_table() -> None:
    chart = charts.line_chart(EN, SHARE, [charts.Line("A", [a_point(0, 0.9)])])
    [at] = chart.figure["data"][-1]["x"]
    assert at % DAY == 0, "midnight in Korea is drawn at midnight"
    assert chart.table.rows[0][0] == "2026-11-01"
    assert moment(MIDNIGHT + DAY // 2) == "2026-11-01 12:00"


def test_table_rows_stand_at_the_same_times_for_all_lines() -> None:
    here = charts.Line("A", [a_point(0, 0.9), a_point(7, 0.8)])
    there = charts.Line("B", [a_point(7, 0.7)], "before")
    table = charts.line_chart(EN, SHARE, [here, there]).table
    assert [row[1:] for row in table.rows] == [["90%", "–"], ["80%", "70%"]]


def test_durations_are_drawn_in_what_the_longest_calls_for() -> None:
    def values(*hours: float) -> tuple[Any, str]:
        bars = [charts.Bar(str(h), h * 3_600_000) for h in hours]
        chart = charts.bar_chart(EN, charts.Axis("ms", zero=True), bars)
        return chart.figure["data"][0]["x"], chart.figure["layout"]["xaxis"]["ticksuffix"]

    assert values(1, 12) == ([1, 12], " h")
    assert values(24, 72) == ([1, 3], " d")
    assert values(0.25, 0.5) == ([15, 30], " min")
    assert values() == ([], " s")


def test_a_bar_begins_at_zero_or_is_a_point() -> None:
    bars = [charts.Bar("V", 0.98, 0.97, 0.99)]
    assert charts.bar_chart(EN, SHARE, bars).figure["data"][0]["type"] == "scatter"
    counts = charts.bar_chart(EN, charts.Axis("count", zero=True), bars).figure
    assert counts["data"][0]["type"] == "bar"
    assert counts["layout"]["xaxis"]["rangemode"] == "tozero"


def test_hidden_groups_are_named_and_nothing_else_of_them_leaves_the_server() -> None:
    hidden = charts.Bar("Z-1", 0.123, 0.111, 0.135, hidden=True)
    chart = charts.bar_chart(EN, SHARE, [charts.Bar("Z-2", 0.9), hidden])
    told = figure_text(chart) + json.dumps(chart.table.rows)
    assert "Z-1" in told and "Too few to be shown" in told
    assert not re.search(r"0?\.1[123]|1[123]\.[135]", told)


def test_only_groups_outside_the_funnel_are_named_in_the_drawing() -> None:
    inside = charts.FunnelPoint("G-1", 40, 0.9, (0.8, 0.99), (0.7, 1.0))
    worse = charts.FunnelPoint("G-2", 900, 0.9, (0.94, 0.96), (0.93, 0.97), "99.8", "worse")
    chart = charts.funnel_chart(EN, SHARE, [worse, inside], 0.95, "Device-days")
    assert chart.figure["data"][-1]["text"] == ["", "G-2"]
    assert [row[0] for row in chart.table.rows] == ["G-2", "G-1"], "the table keeps the order"
    assert chart.table.rows[0][3] == "Worse than the whole (outside the 99.8% limits)"
    assert chart.table.rows[1][3] == "Within chance"


def test_small_multiples_share_their_scales() -> None:
    layout = every_chart(EN)["multiples"].figure["layout"]
    others = [axis for name, axis in layout.items() if re.fullmatch(r"[xy]axis\d+", name)]
    assert len(others) == 20 and all(axis["matches"] in "xy" for axis in others)


def test_nothing_can_be_sent_anywhere() -> None:
    chart = every_chart(KO)["lines"]
    figure = charts.graph(KO, "charts-a", chart, "A")
    config = figure.children[0].children.config
    assert config["plotlyServerURL"] == ""
    assert "sendChartToCloud" in config["modeBarButtonsToRemove"]
    assert config["modeBarButtons"] == [["toImage", "resetScale2d"]]
    assert config["displaylogo"] is False and config["locale"] == "ko"


def test_zoom_stays_while_the_question_is_the_same() -> None:
    chart = every_chart(EN)["lines"]

    def revision(asked: str) -> str:
        graph = charts.graph(EN, "charts-a", chart, "A", asked).children[0].children
        return graph.figure["layout"]["uirevision"]

    assert revision("period=28d") == revision("period=28d") != revision("period=7d")
    assert "uirevision" not in chart.figure["layout"], "the chart itself is left as it was"


def test_every_chart_has_its_table_below_it() -> None:
    for chart in every_chart(EN).values():
        _, details = charts.graph(EN, "charts-a", chart, "In words").children
        table = details.children[1].children
        caption, head, body = table.children
        assert caption.children == "In words"
        assert all(cell.scope == "col" for cell in head.children.children)
        assert all(row.children[0].scope == "row" for row in body.children)
        assert {len(row.children) for row in body.children} == {len(head.children.children)}


known_or_not = st.one_of(st.none(), st.floats(-1e6, 1e6))


@given(st.lists(known_or_not, max_size=40))
def test_a_band_has_two_corners_for_every_known_interval(values: list[float | None]) -> None:
    points = [a_point(day, value, 1.0) for day, value in enumerate(values)]
    line = charts.Line("A", points)
    traces = charts.line_chart(EN, charts.Axis("count"), [line]).figure["data"]
    known = sum(value is not None for value in values)
    if not known:
        assert len(traces) == 1
        return
    band = traces[0]
    assert len(band["x"]) == len(band["y"])
    corners = [at for at in band["x"] if at is not None]
    assert len(corners) == 2 * known
    times = [shown_ms(p.at_ms) for p in points if p.low is not None]
    assert sorted(corners) == sorted(times * 2)


@given(st.sampled_from(["share", "ms", "count", "rate", "per_day", "weeks"]), known_or_not)
def test_any_value_of_any_unit_can_be_drawn_and_told(unit: Any, value: float | None) -> None:
    axis = charts.Axis(unit)
    chart = charts.bar_chart(KO, axis, [charts.Bar("A", value)])
    assert chart.table.rows[0][1]
    json.dumps(chart.figure, allow_nan=False)
