"""Near repeats and the worth of hot spots on the page: in words, while at work, for each role."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from callbacks.trends.near import draw
from dashboard.kpis.choice import Period
from dashboard.kpis.tables import Tables
from dashboard.roles import Role
from dashboard.stream.rollups import DAY_MS
from dashboard.trends.choice import TrendChoice
from dashboard.trends.near_repeat import SHUFFLES, Knox
from dashboard.trends.pai import SHARES, Foretold, Pai
from data_sources.trends import TrendDesk, near
from data_sources.trends.jobs import Job
from data_sources.trends.near import near_repeats
from layouts.markup import markup
from layouts.trends.here import Picture
from layouts.trends.near import near_picture
from tests.builders import SITE
from tests.kpis.facts_builder import START_MS, at
from tests.trends.incidents import GRID, view
from tests.trends.pages import html_of, ill, reader, words_of

NOTHING = Foretold((), (), 3, 4)
WEEKS = Period(START_MS, START_MS + 28 * DAY_MS)


def job(state: str = "done", result: Any = None, progress: float = 1.0) -> Job:
    made = Job("knox-1", 0)
    made.state, made.result, made.progress = state, result, progress
    return made


def table(nearest: float = 18, expected: float = 10, p: float = 0.002, **more: Any) -> Knox:
    """Of the nearest band; in all others what chance gives."""
    observed, means = np.full((3, 3), 40.0), np.full((3, 3), 40.0)
    observed[0, 0], means[0, 0] = nearest, expected
    ratio = np.divide(observed, means, out=np.full((3, 3), np.nan), where=means > 0)
    values = np.full((3, 3), 0.5)
    values[0, 0] = p
    return Knox(**{"n": 321, "observed": observed, "expected": means, "ratio": ratio, "p": values,
                   "shuffles": SHUFFLES, **more})  # fmt: skip


def said(role: Role = Role.DUTY, of: Job | None = None, foretold: Foretold = NOTHING) -> str:
    picture = near_picture(reader(role), of or job(result=table()), foretold)
    assert not ill(picture)
    return words_of(picture)


def caught(density: float, counts: float, now: int = 200, **more: Any) -> Foretold:
    each = [tuple(Pai(share, hit, hit / share) for share in SHARES) for hit in (density, counts)]
    return Foretold(each[0], each[1], 300, now, **{"ahead": 3.0, **more})


def test_the_nearest_band_is_said_in_a_sentence_with_its_p() -> None:
    words = said()
    assert "Within 100 m and 7 days there are 1.8 times as many pairs as chance gives" in words
    assert "p = 0.002" in words and "risk near by is raised" in words
    assert "321 incidents with a place" in words and "999" in words


@pytest.mark.parametrize(("ratio", "p"), [(1.8, 0.2), (1.05, 0.001), (0.7, 0.99)])
def test_what_is_unsure_or_slight_is_no_repeat(ratio: float, p: float) -> None:
    words = said(of=job(result=table(10 * ratio, 10, p)))
    assert "no clear sign" in words and "▲" not in words


def test_every_band_is_in_the_table_and_clear_ones_are_marked() -> None:
    html = html_of(near_picture(reader(), job(result=table()), NOTHING))
    assert (
        html.count("40 pairs, p\u00a0=\u00a00.500") == 8
        and html.count("18 pairs, p\u00a0=\u00a00.002") == 1
    )
    assert html.count("▲") == html.count("trends__flag") == 1


def test_bands_in_which_nothing_can_lie_say_so() -> None:
    words = said(of=job(result=table(0, 0, 1.0)))
    assert "none would be expected" in words and "none expected" in words


def test_while_at_work_it_says_how_far_and_can_be_stopped() -> None:
    picture = near_picture(reader(), job("running", progress=0.42), NOTHING)
    html = html_of(picture)
    assert 'value="0.420"' in html and "42" in words_of(picture)
    assert 'data-job="knox-1"' in html and 'data-job-action="cancel"' in html
    assert picture.again_ms < 1_000
    assert near_picture(reader(), job("waiting", progress=0.0), NOTHING).again_ms < 1_000


@pytest.mark.parametrize("state", ["cancelled", "failed"])
def test_what_was_stopped_or_failed_says_so_and_can_begin_again(state: str) -> None:
    picture = near_picture(reader(), job(state), NOTHING)
    assert 'data-job-action="again"' in html_of(picture)
    assert picture.again_ms == Picture().again_ms  # as any other
    assert {"cancelled": "Stopped", "failed": "could not"}[state] in words_of(picture)


@pytest.mark.parametrize("why", ["few", "many"])
def test_what_cannot_be_tested_says_why(why: str) -> None:
    empty = np.zeros((3, 3))
    knox = Knox(1, empty, empty, empty * np.nan, empty + 1, 0, why)
    assert {"few": "nothing to compare", "many": "Choose a shorter"}[why] in said(
        of=job(result=knox)
    )


# -- hot spots ---------------------------------------------------------------------------------


def test_the_worth_of_hot_spots_is_a_sentence() -> None:
    better = said(foretold=caught(0.3, 0.2))
    assert "densest 2% of the city in the period before held 30%" in better
    assert "70% happened elsewhere" in better and "15.0 times its area" in better
    assert "counting incidents by cell does about as well" in said(
        foretold=caught(0.3, 0.29, ahead=0.4)
    )
    assert "plan nothing by these hot spots" in said(foretold=caught(0.03, 0.01))


def test_too_few_to_judge_and_a_past_known_in_part_are_said() -> None:
    assert "There are 3 in the period before and 4 in this one" in said()
    assert "known only in part" in said(foretold=caught(0.3, 0.2, whole=False))
    assert "known only in part" not in said(foretold=caught(0.3, 0.2))


# -- roles without exact points ------------------------------------------------------------------

COARSE = [Role.MANAGER, Role.EXECUTIVE]


@pytest.mark.parametrize("role", COARSE)
def test_coarse_roles_are_told_no_few(role: Role) -> None:
    few = said(role, job(result=table(4, 1, 0.001)))
    assert "under 5" in few and "Fewer than 5 pairs" in few
    assert "4.0 times" not in few and "p = 0.001" not in few
    assert "5 pairs, p" in said(role, job(result=table(5, 1, 0.001)))
    three_of_200 = said(role, foretold=caught(0.015, 0.2))
    assert three_of_200.count("not shown") == 3 and "of the city in the period" not in three_of_200
    assert "2% of the city in the period before held 2%" in said(foretold=caught(0.015, 0.2))


@pytest.mark.parametrize("role", COARSE)
def test_coarse_roles_are_told_no_pairs_of_few_incidents(role: Role) -> None:
    """Four make six pairs, and six can only be those of four."""
    of_four = job(result=table(6, n=4))
    assert "Fewer than 5 incidents have a place" in said(role, of_four)
    assert "6 pairs" not in said(role, of_four) and "6 pairs" in said(Role.DUTY, of_four)


@pytest.mark.parametrize("role", COARSE)
def test_coarse_roles_are_not_told_how_many_have_a_place(role: Role) -> None:
    """With the numbers of the map it would give hidden ones back."""
    empty = np.zeros((3, 3))
    few = Knox(3, empty, empty, empty * np.nan, empty + 1, 0, "few")
    assert "321" in said() and "321" not in said(role)
    assert "with a place." in said(of=job(result=few))
    assert "with a place." not in said(role, job(result=few))
    assert "There are 3" not in said(role)


# -- from the desk -----------------------------------------------------------------------------


@pytest.fixture
def desk() -> Iterator[TrendDesk]:
    """Four weeks in which every incident is followed by one at the same place that night."""
    rng, tables = np.random.default_rng(3), Tables(lambda _: None)
    inside = np.flatnonzero(GRID.inside)
    for n, cell in enumerate(rng.choice(inside, 60).tolist()):
        west, south, east, north = GRID.bounds(GRID.cell_at(cell))
        place = {"lon": (west + east) / 2, "lat": (south + north) / 2}
        day = int(rng.integers(0, 27))
        tables.take_incident(view(f"A-{n}", at(days=day), **place))
        tables.take_incident(view(f"B-{n}", at(days=day, hours=23), **place))
    snapshot = tables.snapshot()
    ready = asyncio.Event()
    ready.set()
    store: Any = SimpleNamespace(
        loaded=ready, edition=1, frontier_ms=WEEKS.to_ms, progress=1.0,
        book=SimpleNamespace(look=lambda: (snapshot, 0), tables=tables),
    )  # fmt: skip
    foot: Any = SimpleNamespace(foot=None)
    made = TrendDesk(store, SITE, lambda: WEEKS.to_ms, foot)
    yield made
    made.jobs.close()


async def _drawn(desk: TrendDesk, role: Role = Role.DUTY, **choice: Any) -> Any:
    sources: Any = SimpleNamespace(trends=desk)
    for _ in range(400):
        picture = await draw(sources, reader(role, period=WEEKS, **choice))
        if "data-job" not in html_of(picture):
            return picture
        await asyncio.sleep(0.02)
    raise AssertionError("never done")


def test_a_page_that_keeps_asking_gets_the_table(desk: TrendDesk) -> None:
    words = words_of(asyncio.run(_drawn(desk)))
    assert "risk near by is raised" in words and "p = 0.001" in words
    assert "120 incidents with a place" in words


def test_it_is_of_the_whole_city_whatever_cell_is_picked(desk: TrendDesk) -> None:
    cell = GRID.cell_at(int(np.flatnonzero(GRID.inside)[0]))

    async def both() -> list[str]:
        return [markup(p.above) for p in (await _drawn(desk), await _drawn(desk, cell=cell))]

    one, other = asyncio.run(both())
    assert one == other and len(desk.jobs._jobs) == 1


def test_an_empty_choice_says_so(desk: TrendDesk) -> None:
    picture = asyncio.run(_drawn(desk, wanted={"category": "violence"}))
    assert "nothing to compare" in words_of(picture) and not ill(picture)


def test_the_name_of_a_job_cannot_be_made_from_its_incidents(
    desk: TrendDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is sent to roles that are told no place: with a secret, trying places finds nothing."""
    choice = TrendChoice(WEEKS)

    async def name() -> str:
        desk._answers.clear()
        return (await near_repeats(desk, choice)).name

    one, same = asyncio.run(name()), asyncio.run(name())
    monkeypatch.setattr(near, "_KEY", b"another")
    assert one == same != asyncio.run(name())
