"""The three sentences of a week: what they must never do, whatever the figures are, and the rules
by which they are chosen. How they read stands in test_weekly_wording.py."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.text import translator
from dashboard.weekly.measures import BY_KEY, MEASURES
from dashboard.weekly.sentences import PEOPLE, RESPONSE
from dashboard.weekly.summary import Gap, RouteNeed, Row, Said, Told, Usual
from dashboard.weekly.usual import NO_HISTORY, RUNNING
from layouts.weekly import words
from tests.weekly.summaries import a_row
from tests.weekly.told_rows import (
    any_gap,
    any_need,
    any_rows,
    bad,
    judged,
    out,
    parts,
    say,
    table,
    unknown,
)

ADVERSE = [one.key for one in MEASURES if one.better or one.key in PEOPLE]
busy = settings(suppress_health_check=[HealthCheck.too_slow])  # on a machine that is
ORDERED = [*PEOPLE, *RESPONSE, "availability", "sla", "backlog"]


EN = translator("en")


def names(_dim: object, word: str) -> str:
    return word


# -- whatever the figures are ----------------------------------------------------------------------


@busy
@given(
    any_rows(),
    st.lists(any_need(), max_size=3, unique_by=lambda need: need.route),
    st.lists(any_gap(), max_size=3),
    st.one_of(st.none(), st.floats(0, 1)),
    st.booleans(),
)
def test_any_week_has_three_sentences_that_are_whole_in_both_languages(
    rows: tuple[Row, ...],
    routes: list[RouteNeed],
    gaps: list[Gap],
    coverage: float | None,
    running: bool,
) -> None:
    said = say(rows, routes, gaps, coverage, running)
    there = {f"row:{row.key}" for row in rows} | {f"route:{one.route}" for one in routes}
    for one in said:
        _leads_somewhere(one, there | {"gaps"})
        for language in ("ko", "en"):
            _reads_well(words.say(translator(language), names, one))


def _leads_somewhere(said: Said, there: set[str]) -> None:
    for name, value in said.values.items():
        if isinstance(value.value, str):
            continue
        assert value.of in there, name
        if value.of.startswith("row:") and value.kind not in ("figures", "count"):
            assert value.kind == BY_KEY[value.of[4:]].unit, name


def _reads_well(told: list[str | words.Link]) -> None:
    text = words.plain(told)
    assert text.endswith(".") and "  " not in text and not set("{}") & set(text), text
    assert text[0] == text[0].upper(), text
    bare = "".join(one for one in told if isinstance(one, str))
    assert "%" not in bare, "a percent that leads nowhere"


@busy
@given(any_rows())
def test_counts_are_never_told_in_percent(rows: tuple[Row, ...]) -> None:
    counts = {f"row:{one.key}" for one in MEASURES if one.unit in ("count", "per_day")}
    for said in say(rows):
        for part in words.say(translator("en"), names, said):
            if isinstance(part, words.Link) and part.of in counts:
                assert "%" not in part.text


@busy
@given(any_rows(), any_need())
def test_every_figure_of_a_sentence_is_one_that_the_table_tells(
    rows: tuple[Row, ...], need: RouteNeed
) -> None:
    """No sentence works anything out, but how many figures or routes there are."""
    table_tells = {
        x
        for row in rows
        for x in (row.week.value, row.usual.low, row.usual.high, *row.week.parts.values())
    }
    for said in say(rows, [need]):
        for value in said.values.values():
            if value.of.startswith("row:") and value.kind != "figures":
                assert value.value in table_tells


# -- first: what is most out of the usual ----------------------------------------------------------


@pytest.mark.parametrize("key", ADVERSE)
@pytest.mark.parametrize("z", [2.5, 4.0])
def test_it_begins_with_the_figure_that_is_out_of_the_usual(key: str, z: float) -> None:
    first = say(table(bad(key, z)))[0]
    assert ("far" in parts(first)[0]) == (z > 3)
    assert parts(first)[0].endswith("less" if BY_KEY[key].better == "high" else "more")
    assert {first.values[name].of for name in ("value", "low", "high")} == {f"row:{key}"}


@pytest.mark.parametrize(("before", "after"), list(pairwise(ORDERED)))
def test_people_come_before_response_and_response_before_devices(before: str, after: str) -> None:
    first = say(table(bad(before), bad(after)))[0]
    assert first.values["value"].of == f"row:{before}"


def test_what_is_far_out_comes_first_among_people_s_affairs() -> None:
    first = say(table(bad("bell_presses", 2.5), bad("incidents_other", 3.5)))[0]
    assert first.values["value"].of == "row:incidents_other"


def test_devices_never_come_before_people_however_far_out_they_are() -> None:
    first = say(table(bad("availability", 40.0), bad("ai_events", 2.1)))[0]
    assert first.values["value"].of == "row:ai_events"


def test_bad_news_comes_before_good_news() -> None:
    first = say(table(out("incidents_sexual", -3.5), bad("sla", 2.1)))[0]
    assert first.values["value"].of == "row:sla"


def test_bell_presses_are_told_with_how_many_were_real() -> None:
    real = judged("bell_presses", 200, 96, 131, 4.0, parts={"real": 9.0, "false": 150.0})
    none = judged("bell_presses", 200, 96, 131, 4.0, parts={"real": 0.0, "false": 150.0})
    assert say(table(real))[0].values["real"].value == 9
    assert parts(say(table(none))[0])[1:] == ["bells_none_real"]


def test_a_quiet_week_says_how_many_figures_were_watched() -> None:
    first = say(table())[0]
    assert first.key == "as_usual" and first.values["watched"].value == len(MEASURES)


def test_the_very_first_week_says_that_there_is_no_history() -> None:
    first, _, third = say(unknown(NO_HISTORY))
    assert first.key == "no_history" and first.values["bells"].value == 40
    assert "rest" not in parts(third) and "unjudged" not in parts(third)


def test_a_week_of_which_only_a_part_could_be_judged_says_so() -> None:
    first, _, third = say(table(a_row("sla", usual=Usual(why=NO_HISTORY))))
    assert first.key == "as_usual_judged"
    assert first.values["watched"].value == len(MEASURES) - 1
    assert third.values["unjudged"].value == 1


def test_a_week_in_which_counting_began_says_so() -> None:
    rows = table(week=Told(40.0, 40, since="2026-11-18"), usual=Usual(why=NO_HISTORY))
    first = say(rows)[0]
    assert parts(first) == ["known_since", "no_history"]
    assert first.values["since"].value == "2026-11-18"


def test_a_running_week_is_told_so_far_and_judges_nothing() -> None:
    rows = table(week=Told(3.0, 3), usual=Usual(8, 40, 30, 50, why=RUNNING))
    first, _, third = say(rows, running=True)
    assert first.key == "so_far" and parts(third) == ["backlog_now"]


def empty(usual: Usual) -> tuple[Row, ...]:
    return table(week=Told(0.0), usual=usual)


def test_an_empty_week_says_that_nothing_was_reported() -> None:
    assert say(empty(Usual(why=NO_HISTORY)))[0].key == "nothing"
    assert say(empty(Usual(why=RUNNING)), running=True)[0].key == "so_far_nothing"
    assert say(empty(Usual(8, 1, 0, 3, -1.0)))[0].key == "nothing"


def test_an_empty_week_where_there_never_is_one_asks_for_a_check() -> None:
    first, _, third = say(empty(Usual(8, 40, 30, 50, -9.0, "far", "less")))
    assert parts(first) == ["nothing", "nothing_check"]
    told = [value.of for value in third.values.values()]
    assert "row:incidents" not in told and "row:bell_presses" not in told


def test_a_share_just_out_of_its_range_is_told_so_that_it_can_be_seen() -> None:
    first = say(table(judged("sla", 0.8996, 0.9003, 0.9803, -2.1)))[0]
    assert "89.96%, below the usual 90.03" in words.plain(words.say(EN, names, first))
    assert {first.values[name].places for name in ("value", "low", "high")} == {2}


# -- third: everything else ------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(6))
def test_it_says_how_many_others_are_out_of_the_usual(n: int) -> None:
    keys = ["incidents_sexual", "incidents_violence", "arrived", "sla", "availability_bell"]
    first = bad("bell_presses", 4.0)
    third = say(table(first, *(bad(key) for key in keys[:n])))[2]
    named = ["rest"] if not n else [f"other_{n if n <= 3 else 'more'}", "rest"]
    assert parts(third) == [*named, "backlog_usual"]
    assert third.values["rest"].value == len(MEASURES) - 2 - n  # neither first nor backlog
    if n > 3:
        assert third.values["others"].value == n


def test_the_backlog_is_told_once_and_not_among_the_others() -> None:
    third = say(table(bad("bell_presses"), bad("backlog")))[2]
    assert parts(third) == ["rest", "backlog_more"]
    first, _, third = say(table(bad("backlog")))
    assert first.key == "census_more" and parts(third) == ["rest"]


@pytest.mark.parametrize(("z", "how"), [(2.2, "more"), (-2.2, "less"), (0.3, "usual")])
def test_the_backlog_is_above_or_below_or_as_usual(z: float, how: str) -> None:
    row = judged("backlog", 186, 120, 170, z, parts={"band_31": 21.0})
    third = say(table(bad("incidents"), row))[2]
    assert parts(third)[-2:] == [f"backlog_{how}", "backlog_old"]
    assert third.values["old"].value == 21
