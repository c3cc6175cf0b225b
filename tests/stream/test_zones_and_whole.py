"""Every measure of the rollups: it is listed, it is counted, its zones add up to the whole."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.kpis.facts import MEASURES
from dashboard.stream import rollups
from tests.builders import Said, World, beat, cleared, counted, did, incident, pressed, registered

ZONES = ["", "Z1", "Z2", "Z3"]
KINDS = ["light", "counter", "bell", "gateway"]
NAMES = [f"{kind}-{n}" for kind in KINDS for n in range(1 + (kind == "light"))]
HOURS = 3

_seconds = st.integers(0, HOURS * 3600)
_lamps = st.sampled_from([{}, {"lamp": {"on": True}}, {"lamp": {"on": False}}])
_zones = st.sampled_from(ZONES)
_names = st.sampled_from(NAMES)
_said = st.one_of(
    st.builds(lambda d, s, state, lamp: beat(d, s, state, **lamp),
              _names, _seconds, st.sampled_from(["ok", "ok", "fault"]), _lamps),
    st.builds(lambda d, s, zone, gone: _place(d, s, zone, retired=gone),
              _names, _seconds, _zones, st.sampled_from([False, False, True])),
    st.builds(lambda d, s, n, rev: counted(d, s // 900 * 900, rev=rev, **{"in": n}),
              st.just("counter-0"), _seconds, st.integers(1, 9),
              st.integers(0, 2)),
    st.builds(lambda a, d, s, kind: pressed(a, s, kind, device_id=d),
              st.sampled_from(["A-1", "A-2"]), _names, _seconds, st.sampled_from(["bell", "fall"])),
    st.builds(lambda s: cleared("A-1", s, "fall"), _seconds),
    st.builds(lambda s: did("acknowledge", s), _seconds),
    st.builds(lambda d, s, action: did(action, s, device_id=d), _names, _seconds,
              st.sampled_from(["out_of_service", "return_to_service"])),
    st.builds(lambda i, rev: incident(i, rev, rev * 900, zone=ZONES[rev % 4], lon=None, lat=None),
              st.sampled_from(["I-1", "I-2"]), st.integers(0, 9)),
)  # fmt: skip


def _place(name: str, ts: float, zone: str, **more: Any) -> Said:
    """At sea when it is in no zone: a zone is also found from the point. Name and pilot make a
    move a move also when all zones are one."""
    where = {} if zone else {"lon": 125.0, "lat": 37.0}
    return registered(
        name, name.split("-")[0], ts, zone=zone, name=zone, pilot_id=zone, **where, **more
    )


def _home(name: str) -> Said:
    return _place(name, -100, ZONES[NAMES.index(name) % 4])


def told(zones: dict[str, str], said: list[Said]) -> World:
    """The same messages, with every zone told as another one."""
    world = World()
    start = [_home(name) for name in NAMES]
    end: list[Said] = [beat(NAMES[-1], s) for s in range(HOURS * 3600, HOURS * 3600 + 400, 100)]
    for stream, message in [*start, beat(NAMES[0], -90), *said, *end]:
        if "zone" in message:
            message = {**message, "zone": zones.get(message["zone"], message["zone"])}
        world.hear((stream, message))
    return world


def by_measure(world: World, kind: str) -> Counter[str]:
    found = Counter[str]()
    for (period, _, _, measure), n in world.figures().items():
        if period == kind:
            found[measure.split(":h")[0]] += n
    return Counter({measure: n for measure, n in found.items() if n})


def _moment(said: Said) -> str:
    return str(next(said[1][name] for name in ("ts", "from", "reported_at") if name in said[1]))


@settings(max_examples=100, deadline=None)
@given(st.lists(_said, min_size=10, max_size=60), st.booleans())
def test_the_sum_over_zones_is_the_whole(said: list[Said], in_order: bool) -> None:
    """The whole is counted in a city that is all one zone."""
    said = sorted(said, key=_moment) if in_order else said
    several, one = told({}, said), told({"Z2": "Z1", "Z3": "Z1"}, said)
    for kind in ("h", "d"):
        assert by_measure(several, kind) == by_measure(one, kind)
    assert by_measure(several, "h") == by_measure(several, "d")


@settings(max_examples=100, deadline=None)
@given(st.lists(_said, min_size=10, max_size=60), st.booleans())
def test_a_move_to_another_zone_loses_nothing(said: list[Said], in_order: bool) -> None:
    """Counted beside a city in which nobody moves: the same people and alerts, as much time."""
    said = sorted(said, key=_moment) if in_order else said
    said = [(stream, {**m, "retired": False}) if "retired" in m else (stream, m)
            for stream, m in said]  # fmt: skip
    moved = by_measure(told({}, said), "d")
    stayed = by_measure(told({}, [_at_home(one) for one in said]), "d")
    for measure in {*moved, *stayed}:
        if measure[0] in "tavxio" and measure != "ahead":
            assert moved[measure] == stayed[measure], measure
    for family in "sq":
        assert _in_all_states(moved, family) == _in_all_states(stayed, family)
    assert 0 <= moved["dark"] <= moved["q0"]


def _at_home(said: Said) -> Said:
    """The registration of a device that is still where it was in the beginning."""
    stream, message = said
    if stream != "registry":
        return said
    name = message["device_id"]
    return stream, {**_home(name)[1], "ts": message["ts"]}


def _in_all_states(sums: Counter[str], family: str) -> int:
    return sum(sums[f"{family}{n}"] for n in range(5))


def everything() -> World:
    """A story in which every measure occurs: a light at night, a gate, a bell, a cut."""
    names = ["light-0", "counter-0", "bell-0"]
    world = World().hear(*(_place(name, 0, "Z1", heartbeat_s=10) for name in names))
    world.hear(*(beat(name, s) for s in range(0, 60, 10) for name in names))
    world.hear(*(beat("light-0", s, lamp={"on": False}) for s in range(60, 120, 10)))
    world.hear(beat("light-0", 130, "fault"), beat("light-0", 140))
    world.hear(did("out_of_service", 150, device_id="light-0"), beat("bell-0", 155))
    world.hear(did("return_to_service", 160, device_id="light-0"), beat("light-0", 170))
    world.hear(counted("counter-0", 0), counted("counter-0", 900, quality="bad"))
    world.hear(beat("light-0", 170), ("status", {"v": 1}))  # type: ignore[arg-type]
    world.arrived = 3_000_000
    world.hear(*(beat(name, 3_000 + s) for s in range(0, 200, 10) for name in names))
    for lag_ms in (0, *(limit + 1 for limit in rollups.LAG_LIMITS_MS), -5_000):
        world.arrived += 1_000
        world.hear(beat("late", (world.arrived + 1 - lag_ms) / 1000))
    return world.hear(*(beat("bell-0", s) for s in range(4_000, 4_400, 10)))


def test_every_measure_that_is_used_is_counted_and_listed() -> None:
    world = everything()
    for kind in ("h", "d"):
        assert set(MEASURES) - set(by_measure(world, kind)) == set()
    listed = rollups.__doc__ or ""
    for family in ("s0..s4", "q0..q4", "dark", "fail, back, back_ms", "t_in, t_out, t_ms, t_bad_ms",
                   "t_night", "pause_ms", "m_ok, m_dup, m_bad", "g0..g11, ahead"):  # fmt: skip
        assert f"\n  {family} " in listed
