"""Counts and the control chart as they are read: words and signs, links, nothing but numbers."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.roles import Role
from dashboard.trends.change import counts
from dashboard.trends.control import control_chart
from dashboard.trends.window import WEEK_MS, compare
from layouts.trends.control import control_picture
from layouts.trends.counts import counts_picture
from layouts.trends.here import Here, Picture
from tests.kpis.facts_builder import START_MS, at
from tests.trends.incidents import frame
from tests.trends.pages import html_of, ill, reader, words_of
from tests.trends.test_counts import each_week

KNOWN = START_MS - 30 * WEEK_MS
SURGE = frame(
    *each_week(9, range(31)), *each_week(2, range(1, 31), category="violence"),
    *each_week(25, [0], category="violence"), *each_week(12, [0], category="missing"),
    *each_week(1, [4], category="missing"), *each_week(8, range(1, 31), category="disorder"),
)  # fmt: skip


def table(here: Here, incidents: pd.DataFrame, known: int = KNOWN) -> Picture:
    by = here.address.by or "category"
    compared = compare(incidents, here.choice.without(by), here.now_ms, known)
    return counts_picture(here, counts(compared, by, here.coarse))


def chart(here: Here, incidents: pd.DataFrame, known: int = KNOWN) -> Picture:
    return control_picture(here, control_chart(incidents, here.now_ms, known, here.coarse))


def row(picture: Picture, key: str) -> str:
    found = re.search(rf'<tr[^>]*data-key="by-{key}".*?</tr>', html_of(picture))
    assert found is not None
    return found[0]


def test_what_is_unusual_comes_first_with_a_sign_and_in_words() -> None:
    picture = table(reader(), SURGE)
    keys = re.findall(r'data-key="by-(\w+)"', html_of(picture))
    assert keys == ["violence", "missing", "disorder", "theft"]
    assert "▲" in row(picture, "violence") and "more than usual" in row(picture, "violence")
    assert "▼" in row(picture, "disorder") and "fewer than usual" in row(picture, "disorder")
    assert "as usual" in row(picture, "theft") and "usual 3–16" in row(picture, "theft")
    assert "Rows clearly unlike the weeks before: 3." in words_of(picture)


def test_a_name_picks_its_group_and_a_picked_one_is_taken_back() -> None:
    assert "category=theft" in row(table(reader(), SURGE), "theft")
    picked = row(table(reader(wanted={"category": "theft"}), SURGE), "theft")
    assert 'aria-current="true"' in picked and "category=" not in picked


def test_groups_before_which_few_were_known_are_told_without_figures() -> None:
    told = row(table(reader(Role.MANAGER), SURGE), "missing")
    assert "more than usual; what was usual is under 5 or hidden" in told
    assert "range__band" not in told and "1 in" not in told


def test_what_is_outside_the_range_and_not_flagged_is_not_called_usual() -> None:
    """17 to 9 a week: 1 in 40."""
    told = row(table(reader(), frame(*each_week(9, range(1, 31)), *each_week(17, [0]))), "theft")
    assert "usual 3–16" in told and "rather more; may be chance" in told and "▲" not in told


def test_codes_are_a_tab_for_those_who_may_see_them() -> None:
    assert "by=code" in html_of(table(reader(), SURGE))
    assert "by=code" not in html_of(table(reader(Role.MANAGER), SURGE))


def test_a_week_that_stands_out_is_named_with_a_way_to_it() -> None:
    here = reader()
    moved = replace(here, now_ms=at(days=9))
    picture = chart(moved, SURGE)
    html = html_of(picture)
    assert "▲" in html and "Week 45, 2026" in html and "period=2026-W45" in html
    assert re.search(r"46 incidents, more than the usual \d+–\d+", html)
    assert "Week 46" not in html  # in progress
    assert "in progress" in words_of(picture)
    assert picture.chart is not None
    (marker,) = (one["marker"] for one in picture.chart[0].figure["data"] if "customdata" in one)
    assert marker["symbol"][-3:] == ["circle", "triangle-up", "circle-open"]


@pytest.mark.parametrize("role", [Role.DUTY, Role.MANAGER])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_nobody_ever_reads_nan_or_none(role: Role, language: str) -> None:
    here, one = reader(role, language), frame({"reported": at(days=1), "zone": "", "route_id": ""})
    for incidents, known in ((SURGE, KNOWN), (frame(), 0), (one, at(days=1)), (one, KNOWN)):
        for by in ("", "code", "zone", "route"):
            picture = table(replace(here, address=replace(here.address, by=by)), incidents, known)
            assert ill(picture) == [] and words_of(picture).strip()
        assert ill(chart(here, incidents, known)) == []
