"""Records behind a choice: newest first, few or picked, on record, and only for some roles."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.trends.records import draw
from dashboard.errors import SourceUnavailable
from dashboard.records import IncidentView
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.trends.choice import TrendChoice
from dashboard.trends.records import FEW_ENOUGH, MOST, records
from data_sources.trends.desk import Material
from layouts.markup import markup
from layouts.trends.here import Here, Picture
from layouts.trends.records import happened, legs, to_map
from tests.builders import SITE
from tests.kpis.facts_builder import at
from tests.trends.incidents import GRID, frame_of, view
from tests.trends.readers import NOW_MS, here

PLACED = {"lon": 126.78, "lat": 37.66}


class Asked:
    """Sources with these incidents, in which it is told what was put on record."""

    def __init__(self, views: Sequence[IncidentView], recorded: bool = True) -> None:
        self.logged: list[tuple[str, str, tuple[str, ...]]] = []
        self.site = SITE
        self.trends = SimpleNamespace(answer=self._answer)
        self.incidents = SimpleNamespace(find=self._find)
        self._views = {one.incident_id: one for one in views}
        self._recorded = recorded

    async def _answer(self, _choice: Any, _what: str, make: Callable[[Material], Any]) -> Any:
        views = list(self._views.values())
        snapshot: Any = SimpleNamespace(incident_ids=[one.incident_id for one in views])
        return make(Material(frame_of(views), GRID, SITE, snapshot, NOW_MS))

    async def _find(self, ids: Sequence[str]) -> list[IncidentView]:
        return [self._views[name] for name in ids]

    async def log_records(self, user: str, page: str, ids: tuple[str, ...]) -> None:
        if not self._recorded:
            raise SourceUnavailable("audit")
        self.logged.append((user, page, ids))


def drawn(sources: Asked, who: Here) -> Picture:
    return asyncio.run(draw(sources, who))  # type: ignore[arg-type]


def text_of(picture: Picture) -> str:
    return markup(picture.above)


def ids_in(picture: Picture) -> list[str]:
    return re.findall(r'data-key="([^"]+)"', text_of(picture))


def some(n: int) -> list[IncidentView]:
    return [view(f"I-{i}", at(days=1, hours=i / 60)) for i in range(n)]


@given(st.lists(st.integers(0, 27 * DAY_MS), max_size=120))
def test_the_newest_are_listed_and_the_rest_is_counted(moments: list[int]) -> None:
    views = [view(f"I-{i}", at() + ms) for i, ms in enumerate(moments)]
    found = records(
        frame_of(views), [v.incident_id for v in views], TrendChoice(here().choice.period)
    )
    by_id = {one.incident_id: one.reported_ms for one in views}
    times = [by_id[name] for name in found.ids]
    assert times == sorted((at() + ms for ms in moments), reverse=True)[:MOST]
    assert len(set(found.ids)) + found.rest == found.n == len(moments)


def test_many_are_listed_only_once_something_is_picked() -> None:
    sources = Asked(some(FEW_ENOUGH + 1))
    assert ids_in(drawn(sources, here())) == []
    assert str(FEW_ENOUGH + 1) in text_of(drawn(sources, here()))
    assert sources.logged == []
    assert len(ids_in(drawn(sources, here(query="category=theft")))) == MOST
    assert len(ids_in(drawn(sources, here(query="hour=tue-0")))) == MOST
    assert len(ids_in(drawn(Asked(some(FEW_ENOUGH)), here()))) == MOST


def test_what_is_listed_is_on_record_before_it_is_shown() -> None:
    sources = Asked(some(3))
    assert ids_in(drawn(sources, here(query="hour=tue"))) == ["I-2", "I-1", "I-0"]
    assert sources.logged == [("someone", "/trends?hour=tue", ("I-2", "I-1", "I-0"))]
    with pytest.raises(SourceUnavailable):
        drawn(Asked(some(3), recorded=False), here())


@pytest.mark.parametrize("role", ["manager", "executive"])
def test_roles_without_exact_points_are_told_why_there_is_nothing(role: str) -> None:
    sources = Asked(some(3))
    said = text_of(drawn(sources, here(role)))
    assert "not shown to this role" in said and "I-1" not in said
    assert sources.logged == []


def test_codes_are_for_those_who_may_see_them() -> None:
    assert "112 code" in text_of(drawn(Asked(some(1)), here("duty")))
    assert "112 code" not in text_of(drawn(Asked(some(1)), here("operator")))


def test_an_empty_period_says_so() -> None:
    picture = drawn(Asked([]), here(language="ko"))
    assert markup(picture.above).count("<p>") and ids_in(picture) == []


def test_it_is_not_asked_for_every_minute_as_each_look_is_on_record() -> None:
    assert drawn(Asked(some(1)), here()).again_ms >= 600_000


# -- the live map ----------------------------------------------------------------------------


def asks(href: str) -> dict[str, list[str]]:
    assert urlsplit(href).path == "/"
    return parse_qs(urlsplit(href).query)


def test_a_row_leads_to_its_place_with_the_filter_and_its_alert() -> None:
    route = next(iter(SITE.route_by_id))
    one = view(reported=NOW_MS - DAY_MS, alert_id="A:7", **PLACED)
    said = asks(to_map(here(query=f"route={route}"), one))
    assert said["at"] == ["37.66000,126.78000,17"]
    assert said["sel"] == ["alert:A:7"] and said["route"] == [route]
    assert "incidents" in said["layers"][0].split(".") and "days" not in said


def test_an_older_incident_asks_the_map_for_four_weeks() -> None:
    one = view(reported=NOW_MS - 9 * DAY_MS, **PLACED)
    assert asks(to_map(here(), one))["days"] == ["28"]


def test_an_incident_without_a_place_says_so_or_leads_to_its_alert() -> None:
    assert to_map(here(), view()) == ""
    assert "without a place" in text_of(drawn(Asked([view()]), here()))
    assert "at" not in asks(to_map(here(), view(alert_id="A-1")))


# -- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (None, None, "not said"),
        (at(hours=3), None, "2026.11.02 03:00"),
        (None, at(hours=3), "2026.11.02 03:00"),
        (at(hours=3), at(hours=3), "2026.11.02 03:00"),
        (at(), at(days=1), "2026.11.02 00:00 – 2026.11.03 00:00"),
        (at(), at(days=1) + 1, "2026.11.02 00:00 – 2026.11.03 00:00: over 24 hours"),
        (at(hours=3), at(hours=2), "2026.11.02 03:00 – 02:00: ends before"),
    ],
)
def test_when_it_happened_is_told_as_far_as_it_is_known(
    start: int | None, end: int | None, said: str
) -> None:
    told = happened(here().t, view(occurred_from_ms=start, occurred_to_ms=end))
    assert told.startswith(said)


def test_steps_are_counted_from_the_report_and_wrong_ones_are_named() -> None:
    t, now = here().t, at(days=3)
    assert legs(t, view(reported=now)) == "no step yet"
    told = legs(t, view(reported=now, dispatched_ms=now + 90_000, closed_ms=now + HOUR_MS))
    assert told == "dispatched 1 min 30 s · closed 1 h"
    assert "before the report" in legs(t, view(reported=now, arrived_ms=now - 60_000))


moments = st.one_of(st.none(), st.integers(at(), NOW_MS))


@given(st.tuples(moments, moments, moments, moments, moments), st.sampled_from(["ko", "en"]))
def test_nothing_unknown_is_ever_written_as_code(times: tuple[Any, ...], language: str) -> None:
    names = ("occurred_from_ms", "occurred_to_ms", "dispatched_ms", "arrived_ms", "closed_ms")
    one = view(reported=at(days=20), code112=None, **dict(zip(names, times, strict=True)))
    said = text_of(drawn(Asked([one]), here(language=language)))
    assert not re.search(r"None|nan|inf\b|Traceback", said)
