"""Charts of the document: what is drawn, within its frame, and how it is read."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from dashboard.weekly.summary import Row, Usual
from layouts.weekly.ink import PAPER, chart_ink, paper, tokens
from layouts.weekly.lines import Frame, svg, ticks, tone
from tests.weekly.summaries import a_row

FRAME, LARGE = Frame(100, 20), Frame(200, 60, large=True)
INK = chart_ink()
value = st.floats(0, 1e7, allow_nan=False)
line = st.lists(st.one_of(st.none(), value), min_size=52, max_size=52).map(tuple)


def a_chart(values: tuple[float | None, ...], key: str = "incidents", **fields: Any) -> Row:
    padded = (None,) * (52 - len(values)) + values
    return a_row(key, line=padded, **({"usual": Usual(why="no_history")} | fields))


def shapes(row: Row, frame: Frame = FRAME) -> list[tuple[str, dict[str, str]]]:
    drawn = ElementTree.fromstring(svg(row, INK, frame))
    return [(one.tag.rpartition("}")[2], one.attrib) for one in drawn]


def dots(row: Row, frame: Frame = FRAME) -> list[dict[str, str]]:
    return [look for name, look in shapes(row, frame) if name == "circle"]


def paths(row: Row) -> list[str]:
    return [look["d"] for name, look in shapes(row) if name == "path"]


def test_a_year_is_one_line_from_edge_to_edge_with_this_week_as_a_dot() -> None:
    row = a_chart(tuple(float(n % 7) for n in range(52)))
    (path,), (dot,) = paths(row), dots(row)
    assert path.count("L") == 51 and path.count("M") == 1
    assert dot["fill"] == INK.dots[""] and f"L{dot['cx']} {dot['cy']}" in path


def test_a_week_of_which_nothing_is_known_is_a_gap_and_one_alone_is_a_dot() -> None:
    row = a_chart((1.0, 2.0, None, 5.0, None, 3.0, 4.0))
    (path,) = paths(row)
    assert path.count("M") == 2 and path.count("L") == 2
    assert [one["r"] for one in dots(row)] == ["0.75", "1.6"]


def test_nothing_known_is_nothing_drawn() -> None:
    assert shapes(a_chart(())) == [] and ticks(a_chart(()), LARGE) == []


def test_more_is_higher() -> None:
    low, high = dots(a_chart((1.0, None, 9.0, None, 5.0)))[:2]
    assert float(low["cy"]) > float(high["cy"])


def test_the_band_holds_what_is_usual() -> None:
    usual = Usual(8, 5, 4, 6, 0.0)
    (_, band), *_ = shapes(a_chart((4.0, 6.0, 8.0), usual=usual))
    low, high, _ = re.findall(
        r"[ML][\d.]+ ([\d.]+)", paths(a_chart((4.0, 6.0, 8.0), usual=usual))[0]
    )
    assert band["fill"] == INK.band
    assert float(band["y"]) == pytest.approx(float(high), abs=0.01)
    assert float(band["y"]) + float(band["height"]) == pytest.approx(float(low), abs=0.02)


@pytest.mark.parametrize(
    ("mark", "side", "told"),
    [("", "", ""), ("out", "worse", "out"), ("far", "more", "far"), ("far", "better", "better")],
)
def test_the_dot_has_the_tone_of_the_verdict_and_good_news_does_not_alarm(
    mark: Any, side: Any, told: str
) -> None:
    usual = Usual(8, 5, 4, 6, 3.0, mark, side)
    assert tone(usual) == told
    assert dots(a_chart((5.0, 9.0), usual=usual))[-1]["fill"] == INK.dots[told]


def test_the_dot_of_a_week_in_progress_is_hollow() -> None:
    (dot,) = dots(a_chart((5.0, 2.0), usual=Usual(8, 5, 4, 6, why="running")))
    assert dot["fill"] == INK.paper and dot["stroke"] == INK.dots[""]


def test_the_target_is_drawn_where_it_lies_within_and_only_in_a_large_chart() -> None:
    near = a_chart((0.96, 0.98), "availability", target=0.97)
    far = structs.replace(near, target=0.5)

    def dashed(row: Row, frame: Frame) -> list[str]:
        return [look["stroke"] for _, look in shapes(row, frame) if "stroke-dasharray" in look]

    assert dashed(near, LARGE) == [INK.target]
    assert not dashed(near, FRAME) and not dashed(far, LARGE)


@given(line, st.sampled_from(["incidents", "availability", "arrived", "traffic"]))
def test_everything_stays_within_its_frame(values: tuple[float | None, ...], key: str) -> None:
    shares = key == "availability"
    told = tuple(None if x is None else x / 1e7 if shares else x for x in values)
    row = a_chart(told, key)
    for frame in (FRAME, LARGE):
        for _, look in shapes(row, frame):
            points = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)(?:H|L|M|$)", look.get("d", ""))
            points += [(look["cx"], look["cy"])] if "cx" in look else []
            assert all(0 <= float(x) <= frame.width for x, _ in points)
            assert all(0 <= float(y) <= frame.height for _, y in points)


@pytest.mark.parametrize(
    ("key", "values", "wanted"),
    [
        ("incidents", (14.0, 43.0), [20.0, 30.0, 40.0]),
        ("incidents", (3.0, 3.0), [3.0]),
        ("availability", (0.955, 1.0), [0.96, 0.98, 1.0]),
        ("arrived", (320_000.0, 380_000.0), [320_000, 340_000, 360_000, 380_000]),
    ],
)
def test_it_is_read_by_round_values(key: str, values: Any, wanted: list[float]) -> None:
    assert [round(at, 4) for at, _ in ticks(a_chart(values, key), LARGE)] == wanted


@given(line, st.sampled_from(["incidents", "availability", "arrived", "traffic"]))
def test_there_are_few_round_values_and_each_at_its_place(
    values: tuple[float | None, ...], key: str
) -> None:
    told = tuple(None if x is None else x / 1e7 if key == "availability" else x for x in values)
    found = ticks(a_chart(told, key), LARGE)
    assert len(found) <= 6 and [at for at, _ in found] == sorted(at for at, _ in found)
    assert all(0 <= place <= 1 for _, place in found)


def test_no_share_is_above_all() -> None:
    assert max(at for at, _ in ticks(a_chart((0.999, 1.0), "availability"), LARGE)) <= 1.0


def test_colours_are_those_of_the_light_theme() -> None:
    assert set(PAPER.values()) <= set(tokens())
    assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in paper().values())
