"""The fold: any shuffle and duplication of a set of messages ends in the same picture."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.stream import beats
from tests.builders import Said, World, beat, cleared, counted, did, incident, pressed, registered

DEVICES = [f"D-{n}" for n in range(4)]
ALERT_TYPES = st.sampled_from(["bell", "fall", "loitering"])
_seconds = st.integers(0, 4_000)


def _statuses(seconds: st.SearchStrategy[int]) -> st.SearchStrategy[Said]:
    return st.builds(
        lambda d, s, state, seq, lamp: beat(d, s, state, seq=seq, **lamp),
        st.sampled_from(DEVICES), seconds, st.sampled_from(["ok", "fault"]), st.integers(0, 3),
        st.sampled_from([{}, {}, {"lamp": {"on": True}}, {"lamp": {"on": False}}]),
    )  # fmt: skip


def _others() -> list[st.SearchStrategy[Said]]:
    alert_ids = st.sampled_from(["A-1", "A-2", "A-3"])
    return [
        st.builds(
            lambda d, s, zone, retired: registered(d, "light", s, zone=zone, retired=retired),
            st.sampled_from(DEVICES), _seconds, st.sampled_from(["", "Z1", "Z2"]), st.booleans(),
        ),
        st.builds(lambda a, s, kind: pressed(a, s, kind), alert_ids, _seconds, ALERT_TYPES),
        st.builds(lambda a, s: cleared(a, s, "fall"), alert_ids, _seconds),
        st.builds(
            lambda d, n, rev, seen: counted(d, n * 900, rev=rev, **{"in": seen}),
            st.sampled_from(DEVICES), st.integers(0, 4), st.integers(0, 2), st.integers(0, 9),
        ),
        st.builds(
            lambda i, rev, s, category: incident(i, rev, s, category=category),
            st.sampled_from(["I-1", "I-2"]), st.integers(0, 3), _seconds,
            st.sampled_from(["theft", "stalking"]),
        ),
    ]  # fmt: skip


def _ended(world: World) -> dict[str, Any]:
    """What must not depend on order: everything but counters and paths taken."""
    p = world.picture
    return {
        "registered": p.registrations,
        "devices": {
            name: (d.status, d.last_seen_ms, d.newest[:2], d.faults, d.behind)
            for name, d in p.devices.items()
        },
        "alerts": {
            name: (a.type, a.state, a.raised_ms, a.cleared_ms, a.device_id, a.zone)
            for name, a in p.alerts.items()
        },
        "incidents": p.incidents,
        "traffic": p.traffic,
        "watermark": p.clock.watermark_ms,
    }


def _counted(world: World) -> dict[Any, int]:
    """Traffic, alerts and incidents; seconds have a rule of their own. How late messages came
    is a matter of when they came."""
    return {
        key: n
        for key, n in world.figures().items()
        if key[3][0] in "taivxlo" and key[3][:2] != "s" and key[3] != "ahead"
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(_statuses(_seconds), *_others()), max_size=40), st.randoms())
def test_it_ends_the_same_after_any_shuffle_and_duplication(messages: list[Said], rng: Any) -> None:
    straight = World()
    for message in messages:
        straight.hear(message)
    again = [*messages, *rng.choices(messages, k=len(messages) // 2)] if messages else []
    rng.shuffle(again)
    shuffled = World()
    while again:
        size = rng.randint(1, 7)
        shuffled.hear(*again[:size])
        del again[:size]
    assert _ended(shuffled) == _ended(straight)
    assert _counted(shuffled) == _counted(straight)


def _disordered(messages: list[Said], times: list[int], rng: Any) -> list[Said]:
    """Each message delayed by up to the grace: what networks and buffers do."""
    delayed = [(t + rng.uniform(0, 59), n) for n, t in enumerate(times)]
    return [messages[n] for _, n in sorted(delayed)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1_500), st.booleans()), max_size=40),
       st.randoms())  # fmt: skip
def test_it_counts_the_same_seconds_whatever_the_disorder_within_the_grace(
    said: list[tuple[int, int, bool]], rng: Any
) -> None:
    said = sorted({(device, s): (device, s, bad) for device, s, bad in said}.values(),
                  key=lambda one: one[1])  # fmt: skip
    messages = [beat(f"D-{d}", s, "fault" if bad else "ok") for d, s, bad in said]
    times = [s for _, s, _ in said]
    start = [registered(name, "light", -100) for name in DEVICES] + [beat("D-9", -100)]
    end = [beat("D-9", 2_000)]
    straight = World().hear(*start)
    for message in messages:
        straight.hear(message)
    straight.hear(*end)
    delayed = World().hear(*start)
    again = _disordered(messages, times, rng)
    while again:
        size = rng.randint(1, 5)
        delayed.hear(*again[:size])
        del again[:size]
    delayed.hear(*end)
    assert _seconds_of(delayed) == _seconds_of(straight)


def _seconds_of(world: World) -> dict[Any, int]:
    return {key: n for key, n in world.figures().items() if key[3] in
            ("s0", "s1", "s2", "s3", "s4", "fail", "back", "back_ms")}  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(_statuses(_seconds), *_others()), max_size=40))
def test_it_has_the_same_effect_on_the_fast_lane(messages: list[Said]) -> None:
    messages = [registered(name) for name in DEVICES] + messages
    fast, slow = World(), World()
    lane = beats.take_beat
    for message in messages:
        fast.hear(message)
    beats.take_beat = lambda *_: False
    try:
        for message in messages:
            slow.hear(message)
    finally:
        beats.take_beat = lane
    assert fast.picture.devices == slow.picture.devices
    assert fast.figures() == slow.figures()
    assert fast.picture.counts == slow.picture.counts


def test_it_counts_every_millisecond_of_every_device_once() -> None:
    world = World().hear(*(registered(name) for name in DEVICES))
    world.hear(*(beat(n, s, "fault" if s % 7 == 0 else "ok") for s in range(0, 9_000, 60)
                 for n in DEVICES[: 1 + s % 4]))  # fmt: skip
    world.hear(did("out_of_service", 9_010, device_id="D-0"), beat("D-1", 20_000))
    total = sum(world.total(f"s{n}") for n in range(5))
    opened = world.picture.ledger.frontier_ms // 3_600_000 + 1
    from tests.builders import START_MS

    assert total == len(DEVICES) * (opened * 3_600_000 - START_MS)
    assert total == sum(world.total(f"s{n}", "d") for n in range(5))
