"""The table of hours as it is read: every cell a link with words, and nothing of few for some."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest

from dashboard.roles import Role
from dashboard.stream.rollups import DAY_MS
from dashboard.trends.choice import HourPick
from dashboard.trends.heat import heat
from dashboard.trends.window import compare
from layouts.trends.heat import amount, heat_picture, step_of
from layouts.trends.here import Here, Picture
from tests.kpis.facts_builder import START_MS, at
from tests.trends.incidents import frame
from tests.trends.pages import html_of, ill, reader, words_of

LONG_KNOWN = START_MS - 70 * DAY_MS


def drawn(here: Here, incidents: pd.DataFrame, known: int = LONG_KNOWN, **more: Any) -> Picture:
    compared = compare(incidents, here.choice, here.now_ms, known, "hour")
    return heat_picture(here, heat(compared, coarse=here.coarse, **more))


def weekly(hours: float, n: int, before: int = 0) -> list[dict[str, Any]]:
    """n incidents in an hour of this week, and so many in each of the eight before."""
    past = [{"reported": at(days=-7 * w, hours=hours)} for w in range(1, 9) for _ in range(before)]
    return [{"reported": at(hours=hours)} for _ in range(n)] + past


def cell(picture: Picture, word: str) -> tuple[str, str]:
    """(what the cell shows, its look) of "Mon 22–23"."""
    found = re.search(
        rf'<td class="([^"]*)"><a aria-label="{word}: [^>]*>(.*?)</a>', html_of(picture)
    )
    assert found, word
    return re.sub("<[^>]*>", "", found[2]), found[1]


def test_every_hour_weekday_and_hour_of_the_day_is_a_link_that_picks_it() -> None:
    here = reader(wanted={"category": "theft"})
    links = re.findall(r'<a [^>]*href="([^"]*)"', html_of(drawn(here, frame(*weekly(22, 9)))))
    asked = [parse_qs(urlsplit(unescape(link)).query) for link in links]
    hours = {query["hour"][0] for query in asked}
    assert len(links) == len(hours) == 168 + 7 + 24 and {"mon-0", "sun", "23"} <= hours
    assert all(query["category"] == ["theft"] for query in asked)


def test_what_is_picked_is_marked_and_takes_the_pick_back() -> None:
    for pick, marked in ((HourPick(0, 22), 1), (HourPick(0), 24), (HourPick(None, 22), 7)):
        html = html_of(drawn(reader(hour=pick), frame(*weekly(22, 9))))
        [back] = re.findall(r'<a aria-current="true"[^>]*href="([^"]*)"', html)
        assert "hour" not in parse_qs(urlsplit(unescape(back)).query)
        assert html.count("heat__cell--picked") == marked


def test_it_shows_all_hours_whatever_hour_is_picked() -> None:
    incidents = frame(*weekly(22, 9), *weekly(40, 7))
    picked = drawn(reader(hour=HourPick(0, 22)), incidents)
    assert cell(picked, "Tue 16–17")[0] == "▲7"


def test_it_is_one_stop_for_the_keyboard_at_what_is_picked() -> None:
    for pick, begins in (
        (None, "Mon 00–01"),
        (HourPick(0, 22), "Mon 22–23"),
        (HourPick(3), "Thu, all day"),
    ):
        html = html_of(drawn(reader(hour=pick), frame(*weekly(22, 9))))
        [stop] = re.findall(r'<a [^>]*tabindex="0"[^>]*title="([^"]*)"', html)
        assert stop.startswith(begins)


def test_an_hour_unlike_the_weeks_before_has_a_rim_an_arrow_and_words() -> None:
    picture = drawn(reader(), frame(*weekly(22, 60, 20), *weekly(50, 12, 60), *weekly(70, 15, 15)))
    assert cell(picture, "Mon 22–23") == ("▲60", "heat__cell heat__cell--5 heat__cell--more")
    assert cell(picture, "Wed 02–03")[0] == "▼12"
    assert cell(picture, "Wed 22–23")[0] == "15"
    said = words_of(picture)
    assert "More than usual: Mon 22–23 (60, usual 20)" in said
    assert "Fewer than usual: Wed 02–03 (12, usual 60)" in said
    assert "Compared with the 8 weeks before" in said


def test_it_says_what_it_rests_on() -> None:
    said = words_of(drawn(reader(), frame(
        *weekly(3, 5),
        {"reported": at(days=2), "occurred_from_ms": at(), "occurred_to_ms": at(hours=3)},
        {"reported": at(days=2), "occurred_from_ms": at(), "occurred_to_ms": at(hours=27)},
    )))  # fmt: skip
    assert "n = 6 incidents" in said and "taken at the time of the report 5" in said
    assert "interval shared among its hours 1" in said and re.search(r"left out \(.*\) 1", said)


def test_nothing_no_history_and_nothing_placed_are_said_in_words() -> None:
    empty = drawn(reader(), frame())
    assert "No incident that can be placed in time" in words_of(empty) and "<table" not in html_of(
        empty
    )
    wrong = {"reported": at(), "occurred_from_ms": at(hours=5), "occurred_to_ms": at()}
    unplaced = words_of(drawn(reader(), frame(wrong)))
    assert "No incident that can be placed" in unplaced and re.search(
        r"left out \(.*\) 1", unplaced
    )
    new = words_of(drawn(reader(), frame(*weekly(22, 1)), known=START_MS))
    assert "Less than two weeks before this period are known" in new


@pytest.mark.parametrize("role", [Role.DUTY, Role.MANAGER])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_nobody_ever_reads_nan_or_none(role: Role, language: str) -> None:
    passers = np.full((7, 24), np.nan)
    passers[0] = 500
    worlds = [frame(), frame(*weekly(22, 1)), frame(*weekly(22, 60, 20)), frame(*weekly(5, 9, 1))]
    for incidents in worlds:
        for known in (0, START_MS, LONG_KNOWN):
            for more in ({}, {"passers": passers}, {"passers": np.full((7, 24), np.nan)}):
                assert not ill(drawn(reader(role, language), incidents, known, **more))


def test_a_coarse_role_is_sent_no_few_no_sums_and_nothing_they_could_be_had_from() -> None:
    busy = [row for hour in range(168) if hour not in (5, 22) for row in weekly(hour, 6, 6)]
    incidents = frame(*weekly(22, 4, 1), *busy, *weekly(50, 30, 7), *weekly(70, 12))
    manager, duty = (drawn(reader(role), incidents) for role in (Role.MANAGER, Role.DUTY))
    assert cell(duty, "Mon 22–23")[0] == "4" and cell(manager, "Mon 22–23")[0] == "·"
    assert cell(manager, "Mon 05–06")[0] == "·"  # nothing, or few: not told apart
    assert cell(manager, "Wed 02–03")[0] == "▲36" and "heat__sum" in html_of(duty)
    assert "heat__sum" not in html_of(manager)
    assert "Fewer than 5: not shown to this role" in html_of(manager)
    assert "usual 1," not in html_of(manager) and "sums are left out" in words_of(manager)
    assert "usual 1," in html_of(duty)


def test_hours_taken_together_are_no_links_and_weekdays_still_are() -> None:
    every = [row for hour in range(168) for row in weekly(hour, 2, 2)]
    for pick, begins in ((None, "Mon"), (HourPick(3), "Thu"), (HourPick(4, 22), "Fri")):
        html = html_of(drawn(reader(Role.MANAGER, hour=pick), frame(*every)))
        links = re.findall(r'<a [^>]*title="([^"]*)"', html)
        assert len(links) == 7 and all("all day" in said for said in links)
        [stop] = re.findall(r'<a [^>]*tabindex="0"[^>]*title="([^"]*)"', html)
        assert stop.startswith(begins)
        assert html.count("heat__cell--picked") == {"Mon": 0, "Thu": 6, "Fri": 1}[begins]
        assert 'title="Wed 04–08: 8 · usual 8, z +0.0"' in html
        assert "4 hours are taken together" in html


def test_rates_are_shown_where_people_are_counted() -> None:
    passers = np.full((7, 24), 2_000.0)
    passers[6] = np.nan
    said = words_of(drawn(reader(wanted={"route": "r1"}), frame(*weekly(22, 9)), passers=passers))
    assert "incidents per 1,000 passers" in said and "4.5" in said
    nobody = words_of(drawn(reader(), frame(*weekly(22, 9)), passers=np.zeros((7, 24))))
    assert "Nobody is counted here" in nobody


def test_little_is_told_as_little_and_shades_go_up_with_numbers() -> None:
    assert [amount(x) for x in (0, 0.2, 0.97, 3.5, 1234)] == ["0", "<1", "1", "4", "1,234"]
    assert amount(0.25, 1) == "0.2" and amount(np.nan) == "·"
    every = np.array([0, 0.1, 20, 50, 100, np.nan])
    assert [step_of(x, every) for x in every] == [0, 1, 1, 3, 5, 0]
    assert step_of(0.0, np.zeros(3)) == 0 and step_of(np.nan, np.full(3, np.nan)) == 0
