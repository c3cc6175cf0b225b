"""Nights of lights recounted second by second, in order and in disorder; and older data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.stream.projection import Projection, beyond
from dashboard.stream.rollups import HOUR_MS, Group, Rollups
from dashboard.sun import sun_times
from tests.builders import SITE, START_MS, beat
from tests.stream.nights import (
    DAWN_S,
    DUSK_S,
    LAMPS,
    MEASURES,
    NAMES,
    NIGHT,
    settle,
    settled,
    started,
)  # fmt: skip


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
