"""What a role without exact points is told of single alerts and incidents."""

from __future__ import annotations

from collections import Counter

import pytest

from dashboard.kpis.indicators import BY_KEY
from dashboard.kpis.members import Members, members_of
from dashboard.records import AlertView, IncidentView
from dashboard.stream.rollups import HOUR_MS
from tests.facts.test_members import asked, gathered
from tests.kpis.facts_builder import START_MS


def in_zones(counts: dict[str, int]) -> list[AlertView]:
    return [AlertView(f"{zone}-{k}", "bell", 1, "closed", START_MS + k, zone=zone,
                      verdict="real", closed_ms=START_MS + HOUR_MS + k)
            for zone, n in counts.items() for k in range(n)]  # fmt: skip


def zones_told(counts: dict[str, int], key: str = "mtta") -> tuple[dict[str, int], Members]:
    made_of = members_of(BY_KEY[key], gathered(in_zones(counts)), asked(coarse=True))
    assert made_of.total == len(made_of.rows)
    return dict(Counter(one.group.zone for one in made_of.rows)), made_of


def test_alerts_of_a_zone_with_under_five_are_not_listed_to_a_coarse_role() -> None:
    told, made_of = zones_told({"a": 9, "b": 2, "c": 3})
    assert told == {"a": 9} and made_of.thinned and not made_of.hidden


def test_a_lone_hidden_zone_is_not_given_back_by_the_total() -> None:
    told, made_of = zones_told({"a": 9, "b": 2, "c": 6})
    assert told == {"a": 9} and made_of.thinned
    told, made_of = zones_told({"a": 9, "c": 6})
    assert told == {"a": 9, "c": 6} and not made_of.thinned


def test_a_coarse_role_is_told_no_alert_if_every_zone_has_too_few() -> None:
    told, made_of = zones_told({"a": 4, "b": 3})
    assert told == {} and made_of.hidden and made_of.total == 0


def test_states_of_which_there_are_few_are_not_told_with_the_alerts() -> None:
    some = in_zones({"a": 9})
    for one in some[:2]:
        one.verdict = "mistaken"
    found = gathered(some)
    coarse = members_of(BY_KEY["false_alarms"], found, asked(coarse=True)).rows
    assert len(coarse) == 9 and {one.state for one in coarse} == {""}
    exact = members_of(BY_KEY["false_alarms"], found, asked()).rows
    assert len({one.state for one in exact}) == 2


@pytest.mark.parametrize("n", [0, 1, 30])
def test_a_coarse_role_is_told_no_single_incident_however_many_there_are(n: int) -> None:
    told = [IncidentView(f"I{k}", 1, "theft", START_MS + k, zone="z1",
                         dispatched_ms=START_MS + k + 60_000) for k in range(n)]  # fmt: skip
    found = gathered(told)
    for key in ("leg_dispatched", "leg_arrived"):
        made_of = members_of(BY_KEY[key], found, asked(coarse=True))
        assert made_of == Members("incident", hidden=True)
    assert len(members_of(BY_KEY["leg_dispatched"], found, asked()).rows) == n
