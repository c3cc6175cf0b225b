"""A KPI by the words of a dimension: the order, and what a coarse role may not know."""

from __future__ import annotations

from dashboard.kpis.breakdown import breakdown, for_coarse
from dashboard.kpis.estimates import share
from dashboard.kpis.figure import HIDDEN
from dashboard.kpis.groups import Dim
from dashboard.kpis.indicators import BY_KEY
from dashboard.stream.rollups import Group
from tests.kpis.facts_builder import alert, at, chosen, facts, judged, round_, states

FALSE, SLA, AVAILABLE = BY_KEY["false_alarms"], BY_KEY["sla"], BY_KEY["availability"]


def bell(zone: str) -> Group:
    return Group("bell", zone, "", "Gaon")


def orders(zone: str, met: int, missed: int) -> list[dict]:
    done, late = {"repaired": at(1, hours=1)}, {"repaired": at(3)}
    rows = [round_(at(1), bell(zone), due=at(2), **done)] * met
    return rows + [round_(at(1), bell(zone), due=at(2), **late)] * missed


def words(found: object) -> list[str]:
    return [part.word for part in found.parts]


def test_those_outside_the_funnel_come_first_and_little_known_ones_last() -> None:
    rows = [
        *orders("usual", 85, 15),
        *orders("worst", 70, 30),
        *orders("best", 100, 0),
        *orders("tiny", 0, 3),
        *orders("lower", 80, 20),
        *orders("small", 13, 7),  # 65 %: lower than the worst, but of twenty
    ]
    found = breakdown(SLA, facts({bell("idle"): states(up=7)}, rounds=rows), Dim.ZONE, False)
    assert words(found) == ["worst", "small", "lower", "usual", "best", "tiny", "idle"]
    assert found.parts[-1].figure.value is None and not found.parts[-1].hidden
    assert {point.word for point in found.funnel.points} == set(words(found)) - {"idle"}


def test_its_overall_is_the_figure_of_the_whole() -> None:
    whole = facts(rounds=[*orders("a", 30, 10), *orders("b", 50, 10)])
    assert breakdown(SLA, whole, Dim.ZONE, False).funnel.overall == SLA.value(whole).value == 0.8


def test_only_the_words_of_what_was_asked_for() -> None:
    whole = facts({bell("a"): states(up=7), Group("light", "b"): states(up=7)})
    assert words(breakdown(AVAILABLE, chosen(whole, kind="bell"), Dim.ZONE, False)) == ["a"]


def test_groups_that_have_no_word_are_a_group_of_their_own() -> None:
    whole = facts({Group("bell", "a", "r1"): states(up=7), Group("bell", "a"): states(up=7)})
    assert set(words(breakdown(AVAILABLE, whole, Dim.ROUTE, False))) == {"r1", ""}


# -- few people ------------------------------------------------------------------------------


def alerts_of(**n: int) -> object:
    rows = [row for zone, count in n.items() for row in judged("real", count, bell(zone))]
    return facts({bell("none"): states(up=7)}, alerts=rows)


def hidden(found: object) -> set[str]:
    return {part.word for part in found.parts if part.hidden}


def test_a_coarse_role_does_not_see_groups_under_five() -> None:
    found = breakdown(FALSE, alerts_of(a=20, b=3, c=2, d=5), Dim.ZONE, True)
    assert hidden(found) == {"b", "c"}
    veiled = next(part for part in found.parts if part.word == "b")
    assert veiled.figure.value is None and veiled.figure.n == 0 and veiled.figure.why == HIDDEN
    assert not veiled.figure.parts
    assert {point.word for point in found.funnel.points} == {"a", "d"}


def test_a_lone_one_takes_the_next_smallest_with_it() -> None:
    """The total is known, so one alone could be had by subtraction."""
    assert hidden(breakdown(FALSE, alerts_of(a=20, b=3, d=9), Dim.ZONE, True)) == {"b", "d"}


def test_none_at_all_is_no_secret() -> None:
    assert hidden(breakdown(FALSE, alerts_of(a=20, d=9), Dim.ZONE, True)) == set()


def test_hidden_ones_are_last() -> None:
    found = breakdown(FALSE, alerts_of(a=20, b=3, c=2), Dim.ZONE, True)
    assert words(found) == ["a", "none", "b", "c"]


def test_a_role_that_sees_exact_points_sees_all() -> None:
    assert not hidden(breakdown(FALSE, alerts_of(a=20, b=3, c=2), Dim.ZONE, False))


def test_devices_are_not_people() -> None:
    whole = facts({bell("a"): states(up=7), bell("b"): states(up=70)})
    assert not hidden(breakdown(AVAILABLE, whole, Dim.ZONE, True))


def test_a_figure_by_itself_is_veiled_too() -> None:
    assert for_coarse(FALSE, share(1, 4)).why == HIDDEN
    assert for_coarse(FALSE, share(1, 5)) == share(1, 5)
    assert for_coarse(FALSE, share(0, 0)) == share(0, 0)
    assert for_coarse(SLA, share(1, 4)) == share(1, 4)


def test_small_counts_beside_a_figure_are_left_out() -> None:
    rows = [*judged("real", 7), *judged("mistaken", 6), *judged("test", 2)]
    figure = FALSE.value(facts(alerts=rows))
    assert figure.parts["test"] == 2
    assert not for_coarse(FALSE, figure).parts and for_coarse(FALSE, figure).n == 13
    enough = FALSE.value(facts(alerts=[*rows, *judged("test", 3)]))
    assert for_coarse(FALSE, enough) == enough
    [part] = breakdown(FALSE, facts(alerts=rows), Dim.ZONE, True).parts
    assert not part.figure.parts
    waits = BY_KEY["mtta"].value(facts(alerts=[*rows, alert(at(1))]))
    assert set(waits.parts) - set(for_coarse(BY_KEY["mtta"], waits).parts) == {"open"}


def test_alerts_of_no_device_are_nobodys_vendor() -> None:
    whole = facts(alerts=[alert(group=Group("", "z1"))] * 9)
    [part] = breakdown(BY_KEY["unverified"], whole, Dim.VENDOR, True).parts
    assert part.word == "" and not part.hidden
