"""Sums per hour and day against counts by hand and an independent recount in plain pandas."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.stream.counts import MILLION
from dashboard.stream.rollups import DAY_MS, HOUR_MS, Group, day_of
from tests.builders import START_MS, World, at, beat, counted, incident, registered

TO_HOUR_S = (HOUR_MS - START_MS % HOUR_MS) / 1000  # from the start to the next full hour


def hours(world: World, measure: str) -> dict[int, int]:
    return {k[1]: n for k, n in world.figures().items() if k[0] == "h" and k[3] == measure}


def test_it_shares_a_count_across_a_full_hour_by_time() -> None:
    world = World().hear(counted(ts=TO_HOUR_S - 300, minutes=15, **{"in": 9, "out": 1}))
    hour = START_MS // HOUR_MS
    assert hours(world, "t_in") == {hour: 3, hour + 1: 6}
    assert hours(world, "t_ms") == {hour: 300_000, hour + 1: 600_000}
    assert sum(hours(world, "t_out").values()) == 1


def test_it_replaces_a_count_by_a_higher_revision_and_ignores_a_lower() -> None:
    world = World().hear(counted(rev=1, **{"in": 7}), counted(rev=0, **{"in": 99}))
    world.hear(counted(rev=2, **{"in": 5}))
    assert world.total("t_in") == world.total("t_in", "d") == 5
    assert world.picture.counts["traffic"].duplicate == 1


def test_it_counts_only_good_quality_and_says_how_much_time_it_covers() -> None:
    world = World().hear(counted(ts=0), counted("F-2", ts=0, quality="suspect"))
    assert world.total("t_in") == 10
    assert (world.total("t_ms"), world.total("t_bad_ms")) == (900_000, 900_000)
    world.hear(counted("F-2", ts=0, quality="ok", rev=1))
    assert (world.total("t_ms"), world.total("t_bad_ms")) == (1_800_000, 0)


def test_it_moves_a_recategorised_incident_out_of_its_old_cell() -> None:
    world = World().hear(incident(rev=1, category="theft"))
    world.hear(incident(rev=2, category="stalking", lon=126.83, lat=37.65))
    assert world.total("i:theft") == 0
    cells = [k for k in world.figures() if k[3] == "i:stalking"]
    assert len(cells) == 1
    assert cells[0][2].zone == "4128155000"  # Seongsa 2-dong


def test_it_weighs_an_interval_over_its_hours_and_leaves_out_more_than_a_day() -> None:
    world = World().hear(
        incident("I-1", occurred_from=at(TO_HOUR_S - 1800), occurred_to=at(TO_HOUR_S + 5400)),
        incident("I-2", ts=90_000, occurred_from=at(0), occurred_to=at(90_000)),
    )
    hour = START_MS // HOUR_MS
    assert hours(world, "o:theft") == {hour: 250_000, hour + 1: 500_000, hour + 2: 250_000}
    assert world.total("i:theft") == 2


def test_it_begins_a_day_at_midnight_in_korea() -> None:
    midnight = (day_of(START_MS) + 1) * DAY_MS - 9 * HOUR_MS  # 15:00 UTC
    before, after = (midnight - START_MS) / 1000 - 1, (midnight - START_MS) / 1000
    world = World().hear(incident("I-1", ts=before), incident("I-2", ts=after))
    days = {k[1]: k[3] for k in world.figures() if k[0] == "d" and k[3].startswith("i:")}
    assert days == {day_of(midnight) - 1: "i:theft:h23", day_of(midnight): "i:theft:h0"}


def test_it_measures_each_leg_of_the_response() -> None:
    world = World().hear(incident(dispatched_at=at(60), arrived_at=at(300)))
    assert (world.total("l:dispatch:ms"), world.total("l:arrive:ms")) == (60_000, 300_000)
    world.hear(incident(rev=2, dispatched_at=at(90), arrived_at=at(300)))
    assert (world.total("l:dispatch:n"), world.total("l:dispatch:ms")) == (1, 90_000)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200_000), st.integers(0, 80_000)), max_size=15))
def test_it_gives_every_incident_the_weight_of_one(spans: list[tuple[int, int]]) -> None:
    world = World().hear(*(
        incident(f"I-{n}", ts=start + length, occurred_from=at(start),
                 occurred_to=at(start + length))
        for n, (start, length) in enumerate(spans)
    ))  # fmt: skip
    assert world.total("o:theft") == MILLION * len(spans)
    by_day = sum(n for k, n in world.figures().items() if k[0] == "d" and k[3].startswith("o:"))
    assert by_day == MILLION * len(spans)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 90), st.booleans()), max_size=60))
def test_it_agrees_with_a_recount_of_seconds_in_each_state(
    said: list[tuple[int, int, bool]],
) -> None:
    """Beats of three lights at increasing minutes, recounted second by second with pandas."""
    names = ["D-0", "D-1", "D-2"]
    world = World().hear(*(registered(name) for name in names), registered("D-9", "env"))
    world.hear(beat("D-9"))  # counting begins with the first sign of life
    seconds, rows = 0, []
    for device, step, bad in said:
        seconds += step
        rows.append((names[device], seconds, "fault" if bad else "ok"))
        world.hear(beat(names[device], seconds, "fault" if bad else "ok", seq=len(rows)))
    end = seconds + 1_000
    world.hear(*(beat("D-9", s) for s in range(seconds, end + 61, 50)), beat("D-9", end + 60))
    heard = pd.DataFrame(rows, columns=["device", "at", "state"])
    clock = pd.RangeIndex(0, int(end))
    total = pd.Series(0, index=["ok", "fault", "offline", "unknown"])
    for name in names:
        mine = heard[heard.device == name].drop_duplicates("at", keep="last").set_index("at")
        state = mine.state.reindex(clock).ffill()
        last = pd.Series(mine.index, index=mine.index).reindex(clock).ffill()
        following = pd.Series(mine.index, index=mine.index).reindex(clock).bfill().fillna(1e9)
        following = following.shift(-1).fillna(1e9)
        silent = (following - last > 180) & (clock >= last + 60) & (last + 180 < end)
        state = state.mask(silent, "offline").fillna("unknown")
        total = total.add(state.value_counts(), fill_value=0)
    lights = {
        measure: sum(n for k, n in world.figures().items()
                     if k[0] == "h" and k[3] == measure and k[2].kind == "light")
        for measure in ("s0", "s2", "s3", "s4")
    }  # fmt: skip
    cut_ms = (world.picture.ledger.frontier_ms // HOUR_MS + 1) * HOUR_MS - (START_MS + end * 1000)
    for number, counts in world.picture.ledger.now_counts.items():
        if world.picture.rollups.groups[number].kind == "light":
            for measure in lights:
                lights[measure] -= counts[int(measure[1])] * cut_ms
    assert lights == {
        "s0": total["ok"] * 1000, "s2": total["unknown"] * 1000,
        "s3": total["offline"] * 1000, "s4": total["fault"] * 1000,
    }  # fmt: skip


def test_it_counts_nothing_from_before_the_feed_was_first_heard() -> None:
    """Master data is often years old when a feed is connected; nobody watched it then."""
    said, message = registered()
    old = (said, {**message, "ts": "2019-05-01T09:00:00+09:00"})
    for first in ([old, beat(ts=0)], [beat(ts=0), old]):
        world = World().hear(*first, now_s=3).hear(beat(ts=100), now_s=103)
        assert _first_hour(world) == START_MS // HOUR_MS
        assert world.total("s0") > 0
    waiting = World().hear(now_s=0)  # a worker that waited for the first message
    waiting.hear(old, now_s=1).hear(beat(ts=2), now_s=3).hear(beat(ts=100), now_s=103)
    assert _first_hour(waiting) == START_MS // HOUR_MS


def _first_hour(world: World) -> int:
    """In which anything was counted of devices; when messages came is told of none of them."""
    return min(key[1] for key in world.figures() if key[0] == "h" and key[2] != Group())


def test_it_counts_a_change_on_the_full_hour_once() -> None:
    """Also when a silence would have been noticed in the same millisecond."""
    world = World().hear(registered("D-1", "bell"), beat("D-1"), registered("D-9", "env"))
    first = [*range(0, int(TO_HOUR_S) - 180, 60), TO_HOUR_S - 180.001]
    world.hear(*(beat("D-1", s) for s in first), beat("D-1", TO_HOUR_S, "fault"))
    world.hear(beat("D-9", TO_HOUR_S + 100))
    bell = {k[3]: 0 for k in world.figures()}
    for (kind, _, group, measure), n in world.figures().items():
        if (kind, group.kind) == ("h", "bell"):
            bell[measure] += n
    assert (bell["s0"], bell["s4"]) == (round(TO_HOUR_S * 1000), HOUR_MS)
