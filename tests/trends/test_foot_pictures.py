"""Pictures of foot traffic as they are read: by whom, in both languages, and of nothing."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from dashboard.kpis.choice import Period
from dashboard.roles import Role
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.trends.choice import HourPick
from dashboard.trends.counters import counters
from dashboard.trends.foot import Foot
from dashboard.trends.passers import Exposure, passers
from dashboard.trends.profile import Place, profile
from layouts.trends.counters import counters_picture
from layouts.trends.here import Here, Picture
from layouts.trends.passers import passers_picture
from layouts.trends.people import people, percent
from layouts.trends.profile import profile_picture
from tests.trends.incidents import frame
from tests.trends.pages import html_of, ill, reader, words_of
from tests.trends.streets import FROM_MS, LAST_WEEK, NOW_MS, WEEKS, counts, dead, foot, street

HOURS = WEEKS * 168
LAST = HOURS - 168
ROUTES = {"F-1": "r1", "F-2": "r2"}
LANGUAGES = ("en", "ko")


def city(**more: Any) -> Foot:
    return foot({"F-1": counts(3, 1), "F-2": counts(0.3, 2)}, routes=ROUTES, **more)


def here(role: Role = Role.DUTY, language: str = "en", **choice: Any) -> Here:
    return reader(role, language, **{"period": LAST_WEEK, **choice})


def week(at: Here, of: Foot, place: Place = Place()) -> Picture:  # noqa: B008 - frozen
    found = profile(street(of), place, at.choice.period, NOW_MS)
    return profile_picture(at, place, found, {"F-1": "First counter"})


def listed(at: Here, of: Foot) -> Picture:
    return counters_picture(at, counters(street(of), Place(), NOW_MS))


def rates(at: Here, of: Foot, **routes: int) -> Picture:
    rows = [{"reported": FROM_MS + (12 + n) * HOUR_MS, "route_id": route}
            for route, number in routes.items() for n in range(number)]  # fmt: skip
    exposure = Exposure(street(of), Period(FROM_MS, NOW_MS), NOW_MS)
    return passers_picture(
        at, [passers(exposure, frame(*rows), dim, ["r9"], at.coarse) for dim in ("route", "zone")]
    )


# -- the week ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_week_is_drawn_over_what_is_usual_and_says_how_far_to_trust_it(language: str) -> None:
    picture = week(here(language=language), city())
    assert picture.chart is not None and not ill(picture)
    band, now, usual = picture.chart[0].figure["data"]
    assert len(now["x"]) == len(usual["x"]) == 168 and band["fill"] == "toself"
    assert "100%" in words_of(picture) and "8" in words_of(picture)


def test_under_five_are_told_and_drawn_alike() -> None:
    picture = week(here(), foot({"F-1": np.tile(np.arange(168.0) % 7, WEEKS)}))
    assert picture.chart is not None
    _, now, _ = picture.chart[0].figure["data"]
    assert set(now["y"]) == {2.5, 5.0, 6.0}
    assert all(said.startswith(("<5", "5", "6")) for said in now["customdata"])


def test_hours_that_are_picked_are_marked_and_can_be_picked() -> None:
    of = city()
    of.people.iloc[LAST + 4 * 24 + 18, 0] = 5_000
    plain = html_of(week(here(), of))
    assert "hour=fri-18" in plain and "▲ Fri 18–19" in plain
    picture = week(here(hour=HourPick(4, 18)), of)
    assert picture.chart is not None
    [mark] = picture.chart[0].figure["layout"]["shapes"]
    assert mark["x1"] - mark["x0"] == HOUR_MS
    assert re.search(r'<a aria-current="true"[^>]*>▲ Fri 18–19', html_of(picture))


def test_what_was_made_up_for_silent_counters_is_told() -> None:
    words = words_of(week(here(), city(covered={"F-2": dead(HOURS, LAST)})))
    assert re.search(r"coverage \d\d% · \d+% of the people made up", words)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("place", "period"),
    [
        (Place(counter="nope"), LAST_WEEK),
        (Place(route="r9"), LAST_WEEK),
        (Place(), Period(FROM_MS - 60 * DAY_MS, FROM_MS - 50 * DAY_MS)),
    ],
)
def test_of_nothing_it_says_so(place: Place, period: Period, language: str) -> None:
    picture = week(here(language=language, period=period), city(), place)
    assert picture.chart is None and not ill(picture)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_first_week_is_drawn_without_anything_usual(language: str) -> None:
    covered = np.zeros(HOURS)
    covered[LAST:] = 1.0
    picture = week(here(language=language), city(covered={"F-1": covered, "F-2": covered}))
    assert picture.chart is not None and not ill(picture)


# -- the list ---------------------------------------------------------------------------------


def stuck() -> Foot:
    of = city()
    of.people.iloc[HOURS - 30 :, 0] = 0
    return of


def test_a_stuck_counter_stands_on_top_as_a_fault_with_the_way_to_its_device() -> None:
    html = html_of(listed(here(), stuck()))
    assert "Faulty counters (1)" in html and 'href="/device?id=F-1"' in html
    assert re.search(r"nothing but zero since .* \(\d\d hours\) where [\d,]+ people", html)
    assert html.index("F-1") < html.index("F-2")
    assert ">faulty<" in html


def test_the_way_to_a_device_is_only_for_those_who_may_go_it() -> None:
    html = html_of(listed(here(Role.EXECUTIVE), stuck()))
    assert "Faulty counters (1)" in html and "/device" not in html


def test_every_counter_of_the_list_picks_itself_and_takes_itself_back() -> None:
    html = html_of(listed(here(), city()))
    assert re.findall(r"counter=(F-\d)", html) == ["F-1", "F-2"]
    assert "No counter is stuck" in html


def test_the_list_agrees_with_a_recount() -> None:
    people_ = counts(3, 1)
    [row] = counters(street(foot({"F-1": people_})), Place(), NOW_MS).rows
    assert row.days == pytest.approx(people_[LAST:].reshape(7, 24).sum(axis=1))
    assert (row.people, row.coverage) == (people_[-1], pytest.approx(1.0))
    assert row.usual == np.median(people_[HOURS - 1 - 168 * np.arange(1, 9)])


def test_days_of_which_less_than_half_was_counted_are_gaps() -> None:
    covered = np.ones(HOURS)
    covered[LAST : LAST + 13] = 0
    [row] = counters(street(foot({"F-1": counts(3)}, {"F-1": covered})), Place(), NOW_MS).rows
    assert row.days[0] is None and None not in row.days[1:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_counters_that_never_counted_are_no_trouble(language: str) -> None:
    silent = {name: np.zeros(HOURS) for name in ROUTES}
    of = city(covered=silent, status={"F-1": "offline"})
    for picture in (listed(here(language=language), of), rates(here(language=language), of)):
        assert not ill(picture)
    assert "Offline" in html_of(listed(here(), of))


# -- against passers --------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", list(Role))
def test_rates_are_told_with_interval_and_without_anything_ill(role: Role, language: str) -> None:
    assert not ill(rates(here(role, language), city(), r1=20, r2=2))


def test_a_place_that_can_be_told_apart_is_marked_and_one_without_counters_named() -> None:
    html = html_of(rates(here(), city(), r1=5, r2=60))
    assert (
        "More than the whole: r2" in html
        and "without counters, of which nothing can be said: 1" in html
    )
    assert "route=r2" in html


def test_counts_under_five_are_hidden_from_coarse_roles() -> None:
    exact, coarse = (
        html_of(rates(here(role), city(), r1=20, r2=2)) for role in (Role.DUTY, Role.MANAGER)
    )
    row = r'data-key="route-r2".*?</tr>'
    hidden, shown = re.search(row, coarse), re.search(row, exact)
    assert hidden and "fewer than 5" in hidden[0]
    assert shown and "fewer than 5" not in shown[0]


def test_words_for_people_and_shares() -> None:
    assert [people(n) for n in (None, float("nan"), 0, 4.4, 5, 1204.4)] == [
        "–", "–", "<5", "<5", "5", "1,204",
    ]  # fmt: skip
    assert [percent(x) for x in (0, 0.5, 0.996, 1)] == ["0%", "50%", "99%", "100%"]
