"""Work orders do not depend on the order of arrival within the grace, nor on restarts."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import msgspec
import pytest
import redis
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from dashboard.records import OrderView
from dashboard.site import OrderRules
from dashboard.stream import pipeline
from dashboard.stream.picture import Picture
from data_sources import keys
from data_sources.commit_ops import ops_of
from data_sources.partition_store import PartitionStore
from tests.builders import SITE, START_MS, Said, World, at, beat, did, registered

DEVICES = ["G-1", "C-1", "C-2", "B-1", "B-2"]  # a gateway, two behind it, two of their own
KINDS = {"G": "gateway", "C": "light", "B": "bell"}
RULES = OrderRules(fault_after_min=2, outage_after_min=6, gateway_after_min=4,
                   verify_after_min=3, reopen_days=1)  # fmt: skip
QUICK = replace(SITE, order_rules=RULES)  # so that much happens in little time
LENGTH = 9_000
DATES = ["", "2026-08-20", "2026-08-21", "2026-11-18"]  # of bells: overdue, due at midnight, fresh
Timed = tuple[float, Said]


def quick_world() -> World:
    world = World()
    world.picture = Picture(QUICK, lambda place: world.shelf.get(place, {}))
    return world


def registry(name: str, ts: float, **more: Any) -> Said:
    gateway = {"gateway_id": "G-1"} if name[0] == "C" else {}
    return registered(name, KINDS[name[0]], ts, **gateway, **more)


def start(dates: list[str]) -> list[Said]:
    told = [{"inspected_on": one} if one else {} for one in dates]
    return [
        *(registry(name, -100, vendor="Gaon", **more)
          for name, more in zip(DEVICES, told, strict=True)),
        *(beat(name, -100) for name in [*DEVICES, "D-9"]),
    ]  # fmt: skip


def _states(name: str, at_s: int, length: int, bad: bool, code: str) -> Timed:
    faults = {"faults": [code]} if bad else {}
    state = "fault" if bad else "ok"
    return at_s, beat(name, at_s, state, until=at(at_s + length), **faults)


def _told(name: str, at_s: int, what: str) -> Timed:
    more = {"done_at": at(at_s - 30)} if what == "repaired" else {"reason": "why", "note": "x"}
    return at_s, did(what, at_s, "sim", device_id=name, role="simulator", version=0, **more)


def _moved(name: str, at_s: int, zone: str, retired: bool, inspected: str) -> Timed:
    more = {"inspected_on": inspected} if inspected else {}
    return at_s, registry(name, at_s, zone=zone, retired=retired, vendor="Maru", **more)


_names, _seconds = st.sampled_from(DEVICES), st.integers(0, LENGTH)
_events = st.one_of(
    st.builds(_states, _names, _seconds, st.sampled_from([0, 120, 600, 1500]), st.booleans(),
              st.sampled_from(["lamp_out", "water"])),
    st.builds(_told, _names, _seconds, st.sampled_from(["parts", "repaired", "note", "cancel"])),
    st.builds(_moved, _names, _seconds, st.sampled_from(["Z1", "Z2"]),
              st.sampled_from([False, False, True]), st.sampled_from(DATES)),
)  # fmt: skip


def in_time(events: list[Timed]) -> list[Timed]:
    """In order; of two things said at one moment only one."""
    return sorted({at_s: (at_s, said) for at_s, said in events}.values(), key=lambda one: one[0])


def known(orders: dict[str, OrderView]) -> dict[str, Any]:
    """Everything but when reports arrived."""
    found = {name: asdict(order) for name, order in orders.items()}
    for order in found.values():
        order["history"] = [{**asdict(e), "arrived_ms": 0} for e in order["history"]]
    return found


def known_cards(picture: Picture) -> dict[str, Any]:
    """Everything but when actions arrived, and what is of no consequence without trouble."""
    found = {name: asdict(card) for name, card in picture.workshop.cards.items()}
    for card in found.values():
        card["actions"] = [(at_ms, asdict(m)) for at_ms, _, _, m in card["actions"]]
        card["codes"] = card["codes"][-1:]
        card["group"] = None if card["group"] is None else picture.rollups.groups[card["group"]]
        calm = () if card["down_ms"] else ("status", "status_ms", "well_ms")
        for name in ("lived_ms", *calm):
            del card[name]
    return found


def assert_same(events: list[Timed], dates: list[str], rng: Any) -> World:
    """In order one by one, and each delayed by up to the grace, a few at a time."""
    end = [beat("D-9", LENGTH + 9_000), beat("D-9", LENGTH + 9_001)]
    straight, delayed = quick_world().hear(*start(dates)), quick_world().hear(*start(dates))
    for _, said in events:
        straight.hear(said)
    again = sorted([(at_s + rng.uniform(0, 59), n) for n, (at_s, _) in enumerate(events)])
    while again:
        size = rng.randint(1, 5)
        delayed.hear(*(events[n][1] for _, n in again[:size]))
        del again[:size]
    one, other = straight.hear(*end).picture, delayed.hear(*end).picture
    assert known(other.workshop.shelf.orders) == known(one.workshop.shelf.orders)
    assert known_cards(other) == known_cards(one)
    return straight


@settings(max_examples=150, deadline=None)
@given(st.lists(_events, max_size=40), st.lists(st.sampled_from(DATES), min_size=5, max_size=5),
       st.randoms())  # fmt: skip
def test_they_are_the_same_whatever_the_disorder_within_the_grace(
    events: list[Timed], dates: list[str], rng: Any
) -> None:
    assert_same(in_time(events), dates, rng)


def story(rng: random.Random) -> list[Timed]:
    events = []
    for _ in range(150):
        name, at_s = rng.choice(DEVICES), rng.randint(0, LENGTH)
        chance = rng.random()
        if chance < 0.8:
            length = rng.choice([0, 120, 600, 1500])
            events.append(_states(name, at_s, length, rng.random() < 0.5, "water"))
        elif chance < 0.95:
            events.append(_told(name, at_s, rng.choice(["parts", "repaired", "note"])))
        else:
            events.append(_moved(name, at_s, "Z1", rng.random() < 0.1, rng.choice(DATES)))
    return in_time(events)


@pytest.mark.parametrize("seed", range(20))
def test_so_are_those_of_a_busy_day(seed: int) -> None:
    rng = random.Random(seed)
    world = assert_same(story(rng), rng.choices(DATES, k=5), rng)
    assert len(world.picture.workshop.shelf.orders) > 2


@pytest.mark.parametrize("seed", range(4))
def test_they_are_the_same_when_the_worker_is_ended_after_every_batch(
    redis_client: redis.Redis, seed: int
) -> None:
    rng, world = random.Random(seed), quick_world()
    said = [one for _, one in story(rng)]
    batches = [start(DATES[:1] * 3 + DATES[1:3])]
    while said:
        size = rng.randint(1, 8)
        batches.append(said[:size])
        del said[:size]
    batches.append([beat("D-9", LENGTH + 9_000)])
    for batch in batches:
        arrived = world.arrived
        world.hear(*batch, now_s=20_000)
        picture = _fresh_worker(redis_client, batch, arrived)
    orders = world.picture.workshop.shelf.orders
    assert known(picture.workshop.shelf.orders) == known(orders)
    assert known_cards(picture) == known_cards(world.picture)
    stored = redis_client.hgetall(keys.state(0, "orders"))
    decode = msgspec.msgpack.Decoder(OrderView).decode
    assert {name.decode(): decode(raw) for name, raw in stored.items()} == orders
    assert len(orders) > 5 and any(order.reopened for order in orders.values())
    assert {"repaired", "refuted", "parts"} & {e.what for o in orders.values() for e in o.history}


def _fresh_worker(client: redis.Redis, batch: list[Said], arrived: int) -> Picture:
    client.delete(keys.lease(0))
    store = PartitionStore(client, 0, "w", QUICK)
    assert store.claim()
    picture = store.load()
    entries = [
        (stream, f"{START_MS + arrived + n}-0".encode(), json.dumps(message).encode())
        for n, (stream, message) in enumerate(batch, 1)
    ]
    entries.sort(key=lambda entry: entry[0] not in pipeline.OVERTAKING)
    now_ms = START_MS + 20_000_000
    pipeline.advance(picture, entries, now_ms, True)
    store.commit(picture, {}, ops_of(0, picture, None, now_ms))
    pipeline.done(picture)
    return picture
