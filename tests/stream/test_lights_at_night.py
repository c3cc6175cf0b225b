"""What counts as night and as dark of a light, case by case; and who passes in the dark."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stream.projection import OFF
from dashboard.stream.rollups import HOUR_MS
from tests.builders import START_MS, World, beat, counted, did, registered
from tests.stream.nights import DUSK_S, MEASURES, NIGHT, lit, off, settle, settled, started


def test_it_counts_a_light_as_dark_only_while_it_is_ok_and_says_so() -> None:
    world = started(0, "D-1").hear(off(ts=100), lit(ts=130), off(ts=150), beat(ts=160))
    settle(world.hear(off(ts=200), beat(ts=210, state="fault"), off(ts=240), lit(ts=245)), 300)
    assert settled(world, "dark", "q0", "q4") == {
        "dark": 1000 * (30 + 10 + 10 + 5), "q0": 1000 * (200 - 30), "q4": 30_000,
    }  # fmt: skip


def test_it_takes_a_light_that_says_nothing_of_its_lamp_for_lit() -> None:
    world = settle(started(0, "D-1").hear(beat(ts=0), beat(ts=60)), 100)
    assert settled(world, "dark", "q0") == {"dark": 0, "q0": 100_000}


def test_it_takes_a_lamp_that_says_only_its_mode_for_lit() -> None:
    world = started(0, "D-1").hear(beat(ts=0, lamp={"mode": "manual", "dim": 0.0}))
    assert settled(settle(world, 60), "dark", "q0") == {"dark": 0, "q0": 60_000}


def test_it_counts_no_night_of_other_kinds() -> None:
    world = World().hear(registered("D-1", "logo"), off(ts=0), off(ts=60), off(ts=161))
    assert world.total("s0") > 0
    assert settled(world, *MEASURES) == dict.fromkeys(MEASURES, 0)


def test_it_counts_no_night_by_day() -> None:
    noon = 16 * 3600 - 400  # 12:00 KST
    world = settle(started(noon, "D-1").hear(off(ts=noon)), noon + 120)
    assert settled(world, "s0")["s0"] >= 120_000
    assert settled(world, "q0", "dark") == {"q0": 0, "dark": 0}


def test_it_begins_the_dark_of_a_light_left_off_when_night_begins() -> None:
    end = DUSK_S + 3_600
    world = started(DUSK_S, "D-1").hear(*(off(ts=s) for s in range(DUSK_S, end + 61, 60)))
    settle(world, end)
    dark = NIGHT(START_MS + DUSK_S * 1000, START_MS + end * 1000)
    assert 0 < dark < 3_600_000
    assert settled(world, "dark", "q0") == {"dark": dark, "q0": dark}


def test_it_opens_each_hour_with_the_lights_that_are_off() -> None:
    world = started(0, "D-1").hear(*(off(ts=s) for s in range(0, 10_000, 60)))
    settle(world, 10_000)
    assert settled(world, "dark")["dark"] == 10_000_000
    hours = {k[1]: n for k, n in world.figures().items() if k[0] == "h" and k[3] == "dark"}
    first = START_MS // HOUR_MS
    assert hours[first + 1] == hours[first + 2] == HOUR_MS


def test_it_dates_the_end_of_the_dark_back_with_the_silence() -> None:
    world = settle(started(0, "D-1").hear(off(ts=0), off(ts=40)), 400)
    assert settled(world, "dark", "q0", "q3") == {
        "dark": 100_000, "q0": 100_000, "q3": 300_000,
    }  # fmt: skip


def test_it_takes_back_a_dark_that_came_too_late_and_then_was_silence() -> None:
    """Heard at the frontier, yet the last sign of life is far older."""
    world = settle(started(0, "D-1").hear(beat(ts=0)), 170)
    world.hear(off(ts=20))
    assert settled(settle(world, 190), "dark")["dark"] == 19_999
    assert settled(settle(world, 300), "dark", "q0", "q3") == {
        "dark": 0, "q0": 80_000, "q3": 220_000,
    }  # fmt: skip


def test_it_hears_a_lamp_in_the_very_moment_a_silence_would_be_noticed() -> None:
    world = started(0, "D-1").hear(beat(ts=0), off(ts=180.001), off(ts=240))
    assert settled(settle(world, 300), "dark", "q0") == {"dark": 119_999, "q0": 300_000}


@pytest.mark.parametrize("change", ["out", "retired", "moved", "becomes a sign"])
def test_it_ends_the_dark_when_a_light_leaves(change: str) -> None:
    world = started(0, "D-1").hear(off(ts=0))
    world.hear({
        "out": did("out_of_service", 50, device_id="D-1"),
        "retired": registered(ts=50, retired=True),
        "moved": registered(ts=50, zone="Z2"),
        "becomes a sign": registered(kind="sign", ts=50),
    }[change])  # fmt: skip
    settle(world.hear(off(ts=60)), 100)
    off_now = sum(counts[OFF] for counts in world.picture.ledger.now_counts.values())
    assert off_now == (1 if change == "moved" else 0)
    assert settled(world, "dark")["dark"] == (100_000 if change == "moved" else 50_000)
    if change == "moved":
        zones = {k[2].zone for k in world.figures() if k[0] == "h" and k[3] == "dark"}
        assert "Z2" in zones and len(zones) == 2
    if change == "out":
        back = world.hear(did("return_to_service", 170, device_id="D-1"), lit(ts=190))
        assert settled(settle(back, 300), "dark", "q1") == {"dark": 70_000, "q1": 120_000}


def test_it_counts_how_many_passed_at_night() -> None:
    world = World().hear(counted("F-1", ts=0, **{"in": 7, "out": 5}))
    assert world.total("t_night") == world.total("t_night", "d") == 12
    world.hear(counted("F-1", ts=0, rev=2, quality="suspect"))
    assert world.total("t_night") == 0
    world.hear(counted("F-2", ts=16 * 3600))  # noon
    assert world.total("t_night") == 0


@given(st.integers(-2, 80), st.integers(1, 60), st.integers(0, 50), st.integers(0, 50))
def test_it_never_counts_more_at_night_than_passed(
    quarter: int, minutes: int, n_in: int, n_out: int
) -> None:
    ts = quarter * 900
    world = World().hear(counted(ts=ts, minutes=minutes, **{"in": n_in, "out": n_out}))
    from_ms, to_ms = START_MS + ts * 1000, START_MS + (ts + 60 * minutes) * 1000
    share = NIGHT(from_ms, to_ms) / (to_ms - from_ms)
    assert 0 <= world.total("t_night") <= n_in + n_out
    assert abs(world.total("t_night") - share * (n_in + n_out)) <= 2 + (n_in + n_out) / 2
    if share in (0, 1):
        assert world.total("t_night") == share * (n_in + n_out)
