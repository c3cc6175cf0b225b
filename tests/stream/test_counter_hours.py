"""What every counter counted, hour by hour, in its own cells."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import START_MS, World, counted, registered

HOUR_MS, KST_MS = 3_600_000, 9 * 3_600_000
FULL_HOUR = -START_MS % HOUR_MS // 1000  # seconds from the start of these worlds


def hours(world: World) -> dict[tuple[str, int], dict[str, int]]:
    """(sensor, hour since 1970 in Korea) -> measures."""
    return {
        (sensor, 24 * day + hour): {name: n for name, n in measures.items() if n}
        for (kind, day, sensor), cell in world.shelf.items()
        if kind == "c"
        for hour, measures in cell.items()
        if any(measures.values())
    }


def at_hour(after: int = 0) -> int:
    """The first full hour of these worlds, or so many after it."""
    return (START_MS + FULL_HOUR * 1000 + KST_MS) // HOUR_MS + after


def test_it_counts_people_and_covered_time_by_the_hour() -> None:
    world = World().hear(
        registered("F-1", "counter"), counted("F-1", FULL_HOUR), counted("F-1", FULL_HOUR + 900)
    )
    assert hours(world) == {("F-1", at_hour()): {"n": 30, "ms": 1_800_000}}


def test_a_count_across_two_hours_is_shared_out_and_nobody_is_lost() -> None:
    world = World().hear(
        registered("F-1", "counter"), counted("F-1", FULL_HOUR + 3_000, minutes=20)
    )
    found = hours(world)
    assert sum(one["n"] for one in found.values()) == 15
    assert [found["F-1", at_hour(k)]["ms"] for k in (0, 1)] == [600_000, 600_000]


def test_time_counted_badly_is_kept_apart_and_has_no_people() -> None:
    world = World().hear(registered("F-1", "counter"), counted("F-1", FULL_HOUR, quality="suspect"))
    assert hours(world) == {("F-1", at_hour()): {"bad": 900_000}}


def test_a_revision_takes_back_exactly_its_own() -> None:
    world = World().hear(
        registered("F-1", "counter"), counted("F-1", FULL_HOUR), counted("F-1", FULL_HOUR + 900),
        counted("F-1", FULL_HOUR, rev=2, **{"in": 1, "out": 0}),
    )  # fmt: skip
    assert hours(world)["F-1", at_hour()] == {"n": 16, "ms": 1_800_000}


def test_a_counter_that_moves_keeps_what_it_counted() -> None:
    world = World().hear(registered("F-1", "counter", zone="Z1"), counted("F-1", 0))
    before = hours(world)
    world.hear(registered("F-1", "counter", 60, zone="Z2"))
    assert hours(world) == before


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9), st.integers(1, 3)), max_size=40,
                unique_by=lambda one: (one[0], one[2])))  # fmt: skip
def test_it_agrees_with_a_count_by_hand_in_any_order(said: list[tuple[int, int, int]]) -> None:
    """(quarter, people, rev): of each quarter the highest revision counts."""
    messages = [
        counted("F-1", FULL_HOUR + q * 900, rev=rev, **{"in": n + rev, "out": n})
        for q, n, rev in said
    ]
    world = World().hear(registered("F-1", "counter"), *messages)
    newest = {q: (rev, n) for q, n, rev in sorted(said, key=lambda one: one[2])}
    people = Counter[int]()
    for q, (rev, n) in newest.items():
        people[at_hour(q // 4)] += 2 * n + rev
    assert {hour: one["n"] for (_, hour), one in hours(world).items()} == dict(people)
