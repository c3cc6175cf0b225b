"""Legs of the response as they are read: one drawn, all in a table, gaps where nobody can say."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from dashboard.roles import Role
from dashboard.trends.legs import LEGS, legs
from layouts.trends.here import Here, Picture
from layouts.trends.legs import chosen_leg, legs_picture
from tests.kpis.facts_builder import MINUTE_MS, at
from tests.trends.incidents import frame
from tests.trends.pages import html_of, ill, reader, words_of


def drawn(here: Here, incidents: pd.DataFrame) -> Picture:
    return legs_picture(here, *legs(incidents, here.choice.period, here.now_ms, here.coarse))


def answered(days: float, n: int, minutes: int = 6) -> list[dict[str, Any]]:
    row = {"reported": at(days=days), "dispatched_ms": at(days=days, minutes=1),
           "arrived_ms": at(days=days, minutes=minutes)}  # fmt: skip
    return [row] * n


YEAR = frame(*(row for week in range(30) for row in answered(1 - 7 * week, 8, 6 + week % 3)))


def test_the_leg_until_the_arrival_is_drawn_unless_another_is_chosen() -> None:
    for leg, name, p50 in (("", "Report to arrival", 6), ("drive", "Dispatch to arrival", 5)):
        picture = drawn(reader(leg=leg), YEAR)
        assert picture.chart is not None and picture.chart[1].startswith(name)
        middle, slow = (t for t in picture.chart[0].figure["data"] if "customdata" in t)
        assert middle["y"][-2:] == [p50, None]  # of the week that begins nothing is known yet
        assert len(middle["y"]) == len(slow["y"]) == 30 + 1
        assert "n = 8" in middle["customdata"][-2]


def test_every_leg_of_the_table_draws_itself() -> None:
    html = html_of(drawn(reader(leg="close"), YEAR))
    links = re.findall(r'<a (aria-current="true" )?class="trends__pick" href="([^"]*)"', html)
    assert [href for _, href in links] == [
        "/trends?from=2026-11-02&amp;to=2026-11-08" if leg == "arrive" else
        f"/trends?leg={leg}&amp;from=2026-11-02&amp;to=2026-11-08" for leg in LEGS
    ]  # fmt: skip
    assert [bool(current) for current, _ in links] == [False, False, False, True]
    assert chosen_leg("../../etc") == "arrive"


def test_a_week_of_too_few_is_a_gap_that_says_so() -> None:
    incidents = frame(*answered(1, 8), *answered(-6, 3), *answered(-13, 8))
    picture = drawn(reader(), incidents)
    assert picture.chart is not None
    middle = next(t for t in picture.chart[0].figure["data"] if "customdata" in t)
    assert middle["y"] == [6, None, 6, None]
    assert middle["customdata"][1] == "too few to say (n = 3)"
    slow = picture.chart[0].figure["data"][-1]
    assert slow["y"][0] == 6 and "markers" in slow["mode"]  # one week between gaps is seen, too


def test_the_table_says_what_stands_behind_a_figure() -> None:
    never = [{"reported": at(days=1), "code112": 4}] * 7
    wrong = [{"reported": at(days=1), "arrived_ms": at(days=1) - MINUTE_MS}] * 2
    html = html_of(drawn(reader(), frame(*answered(1, 9), *never, *wrong)))
    row = re.search(r"Report to arrival</a></th>(.*?)</tr>", html)
    assert row and re.findall(r"<td>(?:<b>)?([^<]*)", row[1])[:5] == [
        "6 min",
        "6 min",
        "9",
        "7",
        "2",
    ]


@pytest.mark.parametrize("role", [Role.DUTY, Role.MANAGER])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_nobody_ever_reads_nan_or_none(role: Role, language: str) -> None:
    open_ones = [{"reported": at(days=6, hours=23.9)}] * 9
    worlds = [frame(), frame(*answered(1, 1)), frame(*answered(1, 4)), YEAR,
              frame(*answered(6.99, 6), *open_ones), frame(*open_ones)]  # fmt: skip
    for incidents in worlds:
        for leg in ("", *LEGS):
            assert not ill(drawn(reader(role, language, leg), incidents))


def test_nothing_and_too_few_are_said_in_words() -> None:
    assert "No incident in the last 52 weeks" in words_of(drawn(reader(), frame()))
    few = drawn(reader(), frame(*answered(1, 4)))
    assert few.chart is None and "No month has 5 or more" in words_of(few)


def test_a_coarse_role_is_told_fewer_than_five() -> None:
    incidents = frame(*answered(1, 9), *[{"reported": at(days=1)}] * 3)
    manager, duty = (words_of(drawn(reader(role), incidents)) for role in (Role.MANAGER, Role.DUTY))
    assert "fewer than 5" in manager and "fewer than 5" not in duty
    assert "n = 9" in duty and "n = 9" not in manager
