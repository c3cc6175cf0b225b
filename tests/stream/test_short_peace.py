"""Well for long enough to prove a repair, and broken again before anyone could know."""

from __future__ import annotations

from tests.builders import World
from tests.stream.work import HOUR, MIN, a_world, broken, ms, run, settled, the_order

START = 50 * MIN + 1  # a second after what is settled by then


def well_again(minutes: int, then: str) -> World:
    """Broken from 10 to 50 minutes, well for so many, and then faulty (or silent) for an hour."""
    world, end = broken(a_world()), START + minutes * MIN
    world.hear(run("D-1", START, end))
    if then == "fault":
        world.hear(run("D-1", end, end + HOUR, "fault"))
    return settled(world, end + 9 * HOUR)


def test_it_is_proved_by_good_beats_although_it_broke_within_a_silence_of_the_proof() -> None:
    for minutes in (30, 31, 33, 40):
        first, again = the_order(well_again(minutes, "fault")).rounds
        assert (first.restored_ms, first.verified_ms) == (ms(START), ms(START + 30 * MIN))
        assert again.down_ms == ms(START + minutes * MIN)


def test_it_is_not_proved_by_less() -> None:
    (only,) = the_order(well_again(29, "fault")).rounds
    assert only.verified_ms is None


def test_silence_counts_as_good_up_to_the_last_beat_that_was_due() -> None:
    assert len(the_order(well_again(29, "silence")).rounds) == 2
    assert len(the_order(well_again(28, "silence")).rounds) == 1
