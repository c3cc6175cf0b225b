"""The feed as a whole: silent, late, refused, ahead; told by the hour in which messages came."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.stream import health
from dashboard.stream.rollups import DAY_MS, HOUR_MS, Group, day_of
from tests.builders import START_MS, Said, World, at, beat, counted, did, pressed, registered

HOUR = START_MS // HOUR_MS
TO_HOUR_MS = HOUR_MS - START_MS % HOUR_MS
DAMAGED: Said = ("status", b'{"v":1,"device_id":"D-1"')  # type: ignore[assignment]


def of_the_feed(world: World, kind: str = "h") -> dict[int, dict[str, int]]:
    """Hour or day -> what is told of the feed as a whole."""
    found: dict[int, dict[str, int]] = {}
    for (period, n, group, measure), value in world.figures().items():
        if period == kind and group == Group():
            found.setdefault(n, {})[measure] = value
    return found


def arriving(world: World, after_ms: int, *said: Said) -> World:
    """A batch that begins to arrive so long after the start of the test's world."""
    world.arrived = after_ms - 1
    return world.hear(*said)


# -- what became of messages -----------------------------------------------------------------


def test_it_counts_accepted_duplicate_and_rejected_in_the_hour_they_came() -> None:
    world = arriving(World(), 1_000, registered(), beat(ts=1), beat(ts=1), DAMAGED)
    arriving(world, TO_HOUR_MS + 1_000, beat(ts=2), DAMAGED, DAMAGED)
    found = of_the_feed(world)
    assert [found[HOUR].get(m) for m in ("m_ok", "m_dup", "m_bad")] == [2, 1, 1]
    assert [found[HOUR + 1].get(m) for m in ("m_ok", "m_dup", "m_bad")] == [1, None, 2]


def test_it_counts_history_in_the_hour_in_which_it_is_written() -> None:
    beats = [beat(ts=s) for s in range(0, 300, 60)]
    world = arriving(World(), 30 * DAY_MS, registered(ts=0), *beats)
    then = START_MS + 30 * DAY_MS
    assert of_the_feed(world) == {then // HOUR_MS: {"m_ok": 6, "g11": 1}}
    assert of_the_feed(world, "d") == {day_of(then): {"m_ok": 6, "g11": 1}}


@pytest.mark.parametrize("first", [pressed(), registered(), beat()])
@pytest.mark.parametrize("last", [pressed("A-2"), registered("D-2"), beat("D-2")])
def test_it_cuts_a_batch_that_came_in_two_hours(first: Said, last: Said) -> None:
    """An alert overtakes what came before it; it still came when it came."""
    world = arriving(World(), TO_HOUR_MS - 2, first, registered("D-3"), beat("D-3"), last)
    found = of_the_feed(world)
    assert (found[HOUR]["m_ok"], found[HOUR + 1]["m_ok"]) == (2, 2)


def test_it_tells_nothing_of_what_people_do() -> None:
    world = World().hear(did("acknowledge"), did("acknowledge"))
    assert of_the_feed(world) == {}
    assert world.picture.counts["actions"].accepted == 1


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3 * HOUR_MS),
            st.lists(
                st.sampled_from([
                    registered(), beat(ts=0), beat(ts=1), beat(ts=60), beat(ts=400, state="fault"),
                    DAMAGED, pressed(), counted(), did("close", verdict="real"),
                    beat(ts=10**8), ("alerts", {"v": 2}),
                ]),
                max_size=6,
            ),
        ),
        max_size=8,
    )
)  # fmt: skip
def test_its_hours_add_up_to_the_counters(batches: list[tuple[int, list[Said]]]) -> None:
    world, by_hand = World(), Counter[int]()
    for after_ms, said in sorted(batches, key=lambda one: one[0]):
        arriving(world, max(after_ms, world.arrived + 1), *said)
        for n, (stream, _) in enumerate(said):
            hour = (START_MS + world.arrived - len(said) + 1 + n) // HOUR_MS
            by_hand[hour] += stream != "actions"
    counts = [world.picture.counts[name] for name in health.FIELD]
    expected = {
        "m_ok": sum(c.accepted for c in counts),
        "m_dup": sum(c.duplicate for c in counts),
        "m_bad": sum(c.rejected_total for c in counts),
    }
    for kind in ("h", "d"):
        assert {name: world.total(name, kind) for name in expected} == expected
    by_hour = {
        hour: sum(of.get(name, 0) for name in expected) for hour, of in of_the_feed(world).items()
    }
    assert Counter(by_hour) == by_hand


# -- how late --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lag_ms", "bucket"),
    [(0, "g0"), (100, "g0"), (101, "g1"), (2_000, "g4"), (2_001, "g5"), (300_000, "g9"),
     (300_001, "g10"), (DAY_MS, "g10"), (DAY_MS + 1, "g11"), (-1_500, "g0")],
)  # fmt: skip
def test_it_samples_the_delay_of_the_newest_message_of_a_batch(lag_ms: int, bucket: str) -> None:
    ms = 2 * DAY_MS
    world = arriving(World(), ms - 1, beat("D-2", ts=5), beat(ts=(ms - lag_ms) / 1000))
    found = of_the_feed(world)[(START_MS + ms) // HOUR_MS]
    assert {name: n for name, n in found.items() if name[0] != "m"} == {bucket: 1}


def test_it_tells_messages_that_are_dated_ahead() -> None:
    world = arriving(World(), 1_000, beat(ts=3))
    assert of_the_feed(world)[HOUR] == {"m_ok": 1, "g0": 1}
    arriving(world, 2_000, beat(ts=4.001))
    assert of_the_feed(world)[HOUR] == {"m_ok": 2, "g0": 2, "ahead": 1}


def test_it_measures_from_the_end_of_what_a_message_speaks_of() -> None:
    end_ms = 15 * 60_000
    world = arriving(World(), end_ms + 450, counted(ts=0, minutes=15))
    assert of_the_feed(world)[HOUR]["g2"] == 1
    arriving(world, end_ms + 600_900, beat(ts=0, until=at(end_ms / 1000 + 600)))
    assert of_the_feed(world)[HOUR]["g3"] == 1


def test_it_takes_no_sample_of_other_messages_and_of_what_cannot_be_read() -> None:
    world = World().hear(registered(), pressed()).hear(beat(ts=0), DAMAGED)
    assert of_the_feed(world) == {HOUR: {"m_ok": 3, "m_bad": 1}}


# -- silence ---------------------------------------------------------------------------------


def cut(world: World, from_s: float, to_s: float) -> World:
    """Five devices speak, then nothing at all arrives for a while, then they speak again."""
    names = [f"D-{n}" for n in range(5)]
    world.hear(*(registered(n, ts=from_s, heartbeat_s=10) for n in names))
    world.hear(*(beat(n, ts=from_s) for n in names))
    world.arrived += round((to_s - from_s) * 1000)
    return world.hear(*(beat(n, ts=to_s) for n in names))


def test_it_counts_how_long_the_whole_feed_was_silent() -> None:
    world = cut(World(), 0, 600)
    assert world.total("pause_ms") == 539_999  # as far as it is settled
    world.hear(*(beat(f"D-{n}", ts=660) for n in range(5)))
    world.hear(beat("D-0", ts=700))
    assert world.total("pause_ms") == world.total("pause_ms", "d") == 599_999
    (found,) = [of["pause_ms"] for of in of_the_feed(world).values() if "pause_ms" in of]
    assert found == 599_999


def test_it_shares_a_silence_between_the_hours_it_lasted() -> None:
    start = TO_HOUR_MS / 1000 - 100
    world = cut(World(), start, start + 7_300)
    world.hear(beat("D-0", ts=start + 7_400))
    silent = {hour: of.get("pause_ms", 0) for hour, of in of_the_feed(world).items()}
    assert silent == {HOUR: 99_999, HOUR + 1: HOUR_MS, HOUR + 2: HOUR_MS}


def test_it_counts_no_silence_of_a_field_that_catches_up_in_order() -> None:
    world = World().hear(*(registered(f"D-{n}", heartbeat_s=10) for n in range(5)))
    world.hear(*(beat(f"D-{n}", ts=0) for n in range(5)))
    world.arrived += 600_000
    world.hear(*(beat(f"D-{n}", ts=s) for s in range(0, 700, 10) for n in range(5)))
    assert world.total("pause_ms") == 0


def test_it_goes_on_counting_a_silence_when_settling_takes_more_than_one_go() -> None:
    world = cut(World(), 0, 250 * 3600)
    for _ in range(4):
        world.hear(beat("D-0", ts=250 * 3600 + 100))
    assert world.total("pause_ms") == 250 * HOUR_MS - 1
