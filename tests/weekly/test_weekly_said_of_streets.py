"""What a week says of its streets, and of data that are missing."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.weekly.measures import MEASURES
from dashboard.weekly.summary import Gap, Said
from dashboard.weekly.usual import NO_HISTORY
from tests.weekly.told_rows import a_need, bad, out, parts, say, table, unknown

HOUR = 3_600_000


def silent(hours: int) -> Gap:
    return Gap("feed", "2026-11-18", "", hours / 24, hours * HOUR)


# -- data that are missing -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gaps", "coverage", "warned"),
    [
        ([], 0.71, "partial"),
        ([silent(40)], 0.0, "unheard"),
        ([silent(40)], 0.71, "partial_silent"),
        ([silent(8)], 0.95, "silent"),
        ([silent(3), silent(3)], 0.96, "silent"),
    ],
)
def test_missing_data_are_told_before_anything_else(
    gaps: list[Gap], coverage: float, warned: str
) -> None:
    for rows in (table(), table(bad("incidents")), unknown(NO_HISTORY)):
        first = say(rows, gaps=gaps, coverage=coverage)[0]
        assert parts(first)[0] == warned
        assert coverage == 0 or "gaps" in {value.of for value in first.values.values()}


def test_what_is_missing_is_told_with_the_hours_of_silence_and_the_share_that_came_in() -> None:
    values = say(table(), gaps=[silent(40), silent(1)], coverage=0.71)[0].values
    assert values["silent"].value == 41 and values["coverage"].value == 0.71


@pytest.mark.parametrize(
    "gaps", [[silent(5)], [Gap("devices", "2026-11-18", "light", 1.0, 99 * HOUR)]]
)
def test_small_gaps_are_left_to_the_list_of_gaps(gaps: list[Gap]) -> None:
    assert say(table(), gaps=gaps, coverage=0.97)[0].key == "as_usual"


def test_few_of_something_is_no_news_when_data_are_missing() -> None:
    rows = table(out("incidents_violence", -4.0))
    assert say(rows)[0].key == "count_far_less"
    first, _, third = say(rows, coverage=0.7)
    assert parts(first) == ["partial", "as_usual_judged"]
    assert first.values["watched"].value == len(MEASURES) - 1
    assert third.values["unjudged"].value == 1


# -- second: the streets ---------------------------------------------------------------------------


def street(**fields: Any) -> Said:
    return say(table(), [a_need(**fields)])[1]


def test_it_tells_the_route_most_in_need_with_fault_dark_and_people() -> None:
    said = street()
    assert parts(said) == ["street_faults", "street_dark_people"]
    told = {name: value.value for name, value in said.values.items()}
    assert told == {"route": "R-07", "faults": 2, "longest": 5, "device": "light",
                    "dark": 0.081, "people": 1140}  # fmt: skip


def test_people_are_told_only_where_they_are_known() -> None:
    assert parts(street(people=None)) == ["street_faults", "street_dark"]
    assert parts(street(dark_share=0.01)) == ["street_faults", "street_people"]
    assert parts(street(dark_share=None, people=None)) == ["street_faults"]


def test_a_route_without_faults_is_told_for_its_dark_or_its_alerts() -> None:
    none = {"faults": 0, "by_kind": {}, "longest_ms": 0}
    assert parts(street(**none)) == ["street_dark_only", "street_people"]
    assert parts(street(**none, dark_share=None, alerts=12)) == ["street_alerts"]
    assert parts(street(**none, dark_share=None)) == ["street_bare"]
    little = {**none, "dark_share": 0.02, "alerts": 12}
    assert parts(street(**little)) == ["street_alerts"]
    assert parts(street(**little, reasons=(Said("route_dark"),)))[0] == "street_dark_only"


def test_faults_of_several_kinds_are_told_as_devices() -> None:
    assert parts(street(by_kind={"light": 1, "bell": 1}))[0] == "street_faults_mixed"
    assert parts(street(faults=1, by_kind={"bell": 1}))[0] == "street_fault"


@pytest.mark.parametrize(
    ("hours", "kind", "n"), [(0.2, "hours", 1), (30.9, "hours", 30), (47, "hours", 47),
                             (50, "days", 2), (130, "days", 5)],
)  # fmt: skip
def test_how_long_is_told_in_whole_hours_or_days(hours: float, kind: str, n: int) -> None:
    longest = street(longest_ms=round(hours * HOUR)).values["longest"]
    assert (longest.kind, longest.value) == (kind, n)


def test_it_says_how_many_routes_need_attention_when_they_are_several() -> None:
    said = say(table(), [a_need(), a_need(route="R-09")])[1]
    assert parts(said)[-1] == "street_more" and said.values["routes"].value == 2


def test_no_route_in_need_is_told_with_availability_unless_data_are_missing() -> None:
    assert say(table())[1].values["availability"].of == "row:availability"
    assert say(table(bad("availability")))[1].key == "streets_fine_bare", "told already"
    assert say(table(), coverage=0.4)[1].key == "streets_unheard"
    assert say(table(), coverage=None)[1].key == "streets_unheard"
