"""Lights at night: time in each state while they must be lit, and time in which they were off."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.stream.projection import OFF, Projection, beyond
from dashboard.stream.rollups import HOUR_MS, Group, Rollups
from dashboard.sun import night_of, sun_times
from tests.builders import SITE, START_MS, Said, World, beat, counted, did, registered

NAMES = ["D-0", "D-1", "D-2"]
NIGHT = night_of(SITE)
MEASURES = ("q0", "q1", "q2", "q3", "q4", "dark")
DAWN_S = 39_000  # 06:56:40 KST: night ends some minutes later
DUSK_S = 76_000  # 17:13:20 KST: night begins a quarter of an hour later
LAMPS = {None: {}, True: {"lamp": {"on": True}}, False: {"lamp": {"on": False}}}


def off(device_id: str = "D-1", ts: float = 0, **more: Any) -> Said:
    return beat(device_id, ts, lamp={"on": False}, **more)


def lit(device_id: str = "D-1", ts: float = 0, **more: Any) -> Said:
    return beat(device_id, ts, lamp={"on": True}, **more)


def settled(world: World, *measures: str, period: str = "h") -> dict[str, int]:
    """Sums over all cells of all groups, cut at the frontier as readers do."""
    found = dict.fromkeys(measures, 0)
    for (kind, _, _, measure), n in world.figures().items():
        if kind == period and measure in found:
            found[measure] += n
    ledger, groups = world.picture.ledger, world.picture.rollups.groups
    for number, counts in ledger.now_counts.items():
        rest = beyond(groups[number].kind, counts, ledger.frontier_ms, NIGHT)
        for measure in measures:
            found[measure] -= rest.get(measure, 0)
    return found


def started(ts: float = 0, *names: str) -> World:
    """Lights under one registered watch of the clock, D-9; counting begins with its beat."""
    lights = (registered(name, ts=ts) for name in names or NAMES)
    return World().hear(*lights, registered("D-9", "env", ts), beat("D-9", ts))


def settle(world: World, until_s: float) -> World:
    """Let the frontier come to a moment."""
    last = (world.picture.clock.watermark_ms - START_MS) // 1000
    return world.hear(*(beat("D-9", s) for s in range(last, int(until_s) + 60, 50)),
                      beat("D-9", until_s + 60))  # fmt: skip


# -- recounts --------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([0, DAWN_S, DUSK_S]),
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 90), st.booleans(),
                       st.sampled_from([None, True, False])), max_size=60),
)  # fmt: skip
def test_it_agrees_with_a_recount_of_nights_second_by_second(
    base: int, said: list[tuple[int, int, bool, bool | None]]
) -> None:
    world, seconds, rows = started(base), base, []
    for device, step, bad, lamp in said:
        seconds += step
        state = "fault" if bad else "ok"
        rows.append((NAMES[device], seconds, state, lamp))
        world.hear(beat(NAMES[device], seconds, state, seq=len(rows), **LAMPS[lamp]))
    end = seconds + 1_000
    settle(world, end)
    heard = pd.DataFrame(rows, columns=["device", "at", "state", "lamp"])
    clock = pd.RangeIndex(base, int(end))
    night = pd.Series(_night_ms(clock.to_numpy()), index=clock)
    total = pd.Series(0, index=["ok", "fault", "offline", "unknown", "off"])
    for name in NAMES:
        state, is_off = _states(heard[heard.device == name], clock, base)
        total = total.add(night.groupby(state).sum(), fill_value=0)
        total["off"] += night[is_off & (state == "ok")].sum()
    assert settled(world, *MEASURES) == {
        "q0": total["ok"], "q1": 0, "q2": total["unknown"], "q3": total["offline"],
        "q4": total["fault"], "dark": total["off"],
    }  # fmt: skip
    assert settled(world, *MEASURES, period="d") == settled(world, *MEASURES)


def _states(mine: pd.DataFrame, clock: pd.RangeIndex, base: int) -> tuple[pd.Series, pd.Series]:
    """Of one light, each second: its state, and whether its lamp was told off last."""
    mine = mine.drop_duplicates("at", keep="last").set_index("at")
    state = mine.state.reindex(clock).ffill()
    is_off = mine.lamp.map({False: 1.0, True: 0.0}, na_action="ignore").fillna(0.0)
    end = clock[-1] + 1
    last = pd.Series(mine.index, index=mine.index).reindex(clock).ffill()
    following = pd.Series(mine.index, index=mine.index).reindex(clock).bfill().fillna(1e9)
    following = following.shift(-1).fillna(1e9)
    silent = (following - last > 180) & (clock >= last + 60) & (last + 180 < end)
    state = state.mask(silent, "offline").fillna("unknown")
    return state, is_off.reindex(clock).ffill() == 1.0


def _night_ms(clock: np.ndarray) -> np.ndarray:
    """How many ms of each second after the start are night, from sunrise and sunset alone."""
    at = START_MS + clock * 1000
    night = np.full(len(at), 1000)
    for day in range(20_774, 20_780):
        rise, sets = sun_times(day, SITE.view.lon, SITE.view.lat)
        light = np.minimum(at + 1000, sets + 600_000) - np.maximum(at, rise - 600_000)
        night -= np.clip(light, 0, 1000)
    return night


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1_500), st.booleans(),
                       st.sampled_from([None, True, False])), max_size=40),
    st.randoms(),
)  # fmt: skip
def test_it_counts_the_same_nights_whatever_the_disorder_within_the_grace(
    said: list[tuple[int, int, bool, bool | None]], rng: Any
) -> None:
    said = sorted({one[:2]: one for one in said}.values(), key=lambda one: one[1])
    messages = [beat(NAMES[d], s, "fault" if bad else "ok", **LAMPS[lamp])
                for d, s, bad, lamp in said]  # fmt: skip
    straight, delayed = started(), started()
    for message in messages:
        straight.hear(message)
    late = sorted((one[1] + rng.uniform(0, 59), n) for n, one in enumerate(said))
    again = [messages[n] for _, n in late]
    while again:
        size = rng.randint(1, 5)
        delayed.hear(*again[:size])
        del again[:size]
    found = [settled(settle(world, 2_000), *MEASURES) for world in (straight, delayed)]
    assert found[0] == found[1]


# -- single cases ----------------------------------------------------------------------------


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


# -- older data ------------------------------------------------------------------------------


def test_it_goes_on_from_counts_stored_before_nights_were_counted() -> None:
    rollups = Rollups(lambda _place: {})
    light, sign = rollups.number_of(Group("light")), rollups.number_of(Group("sign"))
    projection = Projection(rollups, NIGHT)
    projection.counts |= {light: [3, 0, 1, 0, 0], sign: [2, 0, 0, 0, 0]}
    frontier_ms = START_MS + 1_000_000
    projection.restore(frontier_ms)
    left_ms = HOUR_MS - frontier_ms % HOUR_MS
    assert projection.counts == {light: [3, 0, 1, 0, 0, 0], sign: [2, 0, 0, 0, 0, 0]}
    assert projection.dirty == {light, sign}
    cell = rollups.cell(("h", frontier_ms // HOUR_MS, ""))
    assert cell[light] == {"q0": 3 * left_ms, "q2": left_ms}
    projection.dirty.clear()
    projection.restore(frontier_ms)  # once is enough
    assert not projection.dirty and cell[light]["q0"] == 3 * left_ms


def test_it_cuts_shorter_counts_of_older_data() -> None:
    rest = beyond("light", [2, 0, 0, 1, 0], START_MS, NIGHT)
    left_ms = HOUR_MS - START_MS % HOUR_MS
    assert rest == {"s0": 2 * left_ms, "s3": left_ms, "q0": 2 * left_ms, "q3": left_ms}
    assert beyond("sign", [2, 0, 0, 0, 0, 0], START_MS, NIGHT) == {"s0": 2 * left_ms}
