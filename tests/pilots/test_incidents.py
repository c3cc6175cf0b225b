"""Incidents of a pilot: equal periods, counts in the areas, verdicts, and what is hidden."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as some

from dashboard.coarse import FEW
from dashboard.kpis.choice import start_of
from dashboard.pilots.incidents import Crime, crime_of, for_coarse, verdict
from dashboard.pilots.pilot import Area, Pilot
from dashboard.pilots.power import power_of
from dashboard.pilots.spans import spans_of
from dashboard.pilots.wdd import Areas, Pair, rate_ratio, wdd
from dashboard.records import IncidentView
from dashboard.stream.rollups import DAY_MS, HOUR_MS
from tests.builders import SITE
from tests.pilots.pilots import GROUND, a_pilot, middle
from tests.trends.incidents import frame_of, view

START = date(2026, 11, 2)
START_MS = start_of(START)
NOW_MS = START_MS + 23 * DAY_MS + 15 * HOUR_MS
YEARS_AGO = START_MS - 1_000 * DAY_MS
HERE, THERE = middle(SITE.route_by_id["R-03"]), middle(SITE.route_by_id["R-08"])


# -- counts ----------------------------------------------------------------------------------


def incidents(*groups: tuple[int, tuple[float, float] | None, float], **more: Any) -> (
    list[IncidentView]
):  # fmt: skip
    """Groups of (how many, where, days after the start)."""
    views = []
    for n, place, days in groups:
        lon, lat = place or (None, None)
        at_ms = START_MS + round(days * DAY_MS)
        views += [
            view(f"I-{len(views) + k}-{days}", at_ms + k, lon=lon, lat=lat, **more)
            for k in range(n)
        ]
    return views


def found(views: list[IncidentView], pilot: Pilot | None = None, **more: Any) -> Crime:
    pilot = pilot or a_pilot()
    frame = frame_of(views)
    by_device = more.pop("by_device", np.zeros(len(frame), bool))
    known_from = int(frame["reported"].min()) if len(frame) else YEARS_AGO
    spans = spans_of(pilot, NOW_MS, known_from)
    crime = crime_of(frame, by_device, pilot, GROUND.shapes(pilot), spans, **more)
    assert crime is not None
    return crime


OLD = (1, None, -200.0)  # so that the time before is known


def test_it_counts_what_lies_within_reach_before_and_after() -> None:
    crime = found(incidents(OLD, (8, HERE, -5), (5, HERE, 3), (9, THERE, -1), (7, THERE, 22)))
    treated, control = crime.areas["treated"], crime.areas["control"]
    assert (treated.before, treated.after, control.before, control.after) == (8, 5, 9, 7)
    assert treated.km2 == pytest.approx(GROUND.shapes(a_pilot())["treated"].area / 1e6)


def test_what_is_older_later_or_elsewhere_does_not_count() -> None:
    today = (NOW_MS - START_MS) / DAY_MS - 0.1
    crime = found(incidents(OLD, (6, HERE, -24), (6, HERE, today), (6, (126.9, 37.7), 2)))
    assert {(one.before, one.after) for one in crime.areas.values()} == {(0, 0)}
    assert crime.verdict == "none"


def test_incidents_without_a_place_are_told_and_lie_in_no_area() -> None:
    crime = found(incidents(OLD, (7, None, -2), (6, None, 2), (9, HERE, -1), (9, THERE, 1)))
    assert crime.placeless == 13


def test_only_the_kinds_that_were_named_count() -> None:
    views = incidents(OLD, (8, HERE, -5)) + [
        view(f"V-{k}", START_MS + DAY_MS + k, lon=HERE[0], lat=HERE[1], category="violence")
        for k in range(6)
    ]
    both = found(views).areas["treated"]
    thefts = found(views, a_pilot(categories=("theft",))).areas["treated"]
    assert (both.before, both.after) == (8, 6) and (thefts.before, thefts.after) == (8, 0)


def test_what_devices_raised_is_told_apart() -> None:
    views = incidents(OLD, (10, HERE, -5), (10, HERE, 3))
    by_device = np.array([False] * 5 + [True] * 16)
    assert found(views, by_device=by_device).areas["treated"].by_device == (6, 10)


points = some.tuples(
    some.sampled_from([HERE, THERE, (126.9, 37.7), None]), some.floats(-60, 22.9)
)  # fmt: skip


@given(some.lists(points, max_size=60))
def test_counts_are_those_of_a_recount(given_points: list[Any]) -> None:
    views = incidents(OLD, *[(1, place, days) for place, days in given_points])
    pilot = a_pilot(
        displaced=Area(routes=("R-03",), reach_m=500),
        displaced_control=Area(routes=("R-08",), reach_m=500),
    )
    crime, frame = found(views, pilot), frame_of(views)
    for name, shape in GROUND.shapes(pilot).items():
        inside = pd.Series([
            bool(shapely.intersects(shape, shapely.Point(x, y))) if np.isfinite(x) else False
            for x, y in zip(frame["x"], frame["y"], strict=True)
        ])  # fmt: skip
        days = (frame["reported"] - START_MS) // DAY_MS
        before = int((inside & (days >= -23) & (days < 0)).sum())
        after = int((inside & (days >= 0) & (days < 23)).sum())
        assert (crime.areas[name].before, crime.areas[name].after) == (before, after)


def test_areas_of_other_sizes_are_weighed_in_sizes_of_the_treated_one() -> None:
    views = incidents(OLD, (8, HERE, -5), (5, HERE, 3), (9, THERE, -1), (7, THERE, 22))
    crime = found(views)
    size = crime.areas["control"].km2 / crime.areas["treated"].km2
    by_hand = wdd(Areas(Pair(8, 5), Pair(9, 7, size)), crime.phi)
    assert crime.effect == by_hand and crime.weighted


def test_weeks_that_scatter_more_than_chance_widen_the_interval() -> None:
    weeks = [(20 if week % 2 else 1, place, -7.0 * week + 1)
             for week in range(1, 27) for place in (HERE, THERE)]  # fmt: skip
    crime = found(incidents(OLD, *weeks, (20, HERE, 2), (20, THERE, 2)))
    assert crime.phi > 2
    calm = [(10, place, -7.0 * week + 1) for week in range(1, 27) for place in (HERE, THERE)]
    assert found(incidents(OLD, *calm)).phi == 1.0


# -- verdicts --------------------------------------------------------------------------------


def said(t0: int, t1: int, c0: int, c1: int, **weights: float) -> str:
    of = Areas(Pair(t0, t1), Pair(c0, c1, weights.get("size", 1.0)))
    return verdict(wdd(of), rate_ratio(of), power_of(of))


def test_verdicts() -> None:
    assert said(200, 100, 200, 200) == "fall"
    assert said(100, 200, 200, 200) == "rise"
    assert said(10, 8, 12, 12) == "cannot"
    assert said(1000, 1000, 1000, 1000) == "no_change"
    assert said(0, 0, 0, 0) == "none"


def test_a_fall_everywhere_alike_is_no_effect() -> None:
    """Three times as dense a control falls by more per area: the ratio knows better."""
    assert said(300, 240, 900, 720) == "mixed"
    assert said(900, 720, 300, 240) == "mixed"


# -- what a role may know --------------------------------------------------------------------


def test_a_count_under_five_hides_every_count_and_all_that_comes_of_it() -> None:
    crime = found(incidents(OLD, (FEW - 1, HERE, -5), (9, HERE, 3), (9, THERE, -1), (7, THERE, 2)),
                  coarse=True)  # fmt: skip
    assert crime.verdict == "hidden"
    assert {one.before for one in crime.areas.values()} == {None}
    assert {one.after for one in crime.areas.values()} == {None}
    assert (crime.effect, crime.ratio, crime.power, crime.placeless) == (None,) * 4
    assert crime.per_day is None and crime.phi == 1.0


def test_nothing_is_hidden_where_all_are_five_or_more_or_nothing() -> None:
    views = incidents(OLD, (9, HERE, -5), (FEW, THERE, -1), (7, THERE, 2))
    assert found(views, coarse=True) == found(views)


def test_few_reported_by_devices_hide_that_column_alone() -> None:
    views = incidents(OLD, (10, HERE, -5), (10, HERE, 3), (9, THERE, -1), (9, THERE, 1))
    by_device = np.array([False, True, *[False] * 37])
    crime = found(views, by_device=by_device, coarse=True)
    assert {one.by_device for one in crime.areas.values()} == {(None, None)}
    assert crime.areas["treated"].before == 10 and crime.effect is not None


def test_all_but_few_reported_by_devices_hide_it_as_well() -> None:
    views = incidents(OLD, (10, HERE, -5), (10, HERE, 3), (9, THERE, -1), (9, THERE, 1))
    by_device = np.array([False, *[True] * 9, *[False] * 29])
    crime = for_coarse(found(views, by_device=by_device))
    assert {one.by_device for one in crime.areas.values()} == {(None, None)}


def test_without_any_incident_it_says_so() -> None:
    crime = crime_of(frame_of([]), np.zeros(0, bool), a_pilot(), {}, spans_of(a_pilot(), NOW_MS, 0))
    assert crime is None
    assert found(incidents(OLD)).verdict == "none"
