"""Worker and Redis killed with -9 at random points under load: nothing lost, nothing doubled.

The truth is told twice: by an independent recount of what Redis acknowledged, in plain Python
without any of our code, and, for seconds in a state, by a fold that was never interrupted.
CRASH_KILLS sets how often (`make soak`: 200).
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
import redis

from dashboard.deltas import StreamCount
from dashboard.errors import NotOurPartition
from dashboard.stream.picture import Picture
from data_sources import keys
from data_sources.commit_ops import Ops
from data_sources.connect import open_client
from data_sources.embedded import EmbeddedServer
from data_sources.feed_counts import written
from data_sources.partition_store import PartitionStore
from tests.builders import SITE, START_MS, Said, World
from tests.stream.crash_field import Field
from tests.stream.crash_fire import Fire
from tests.stream.orders_by_hand import assert_orders

KILLS = int(os.environ.get("CRASH_KILLS", "24"))


def counts_of(client: redis.Redis) -> dict[str, StreamCount]:
    stored = client.hgetall(keys.state(0, "counters"))
    return {
        name.decode(): msgspec.msgpack.decode(raw, type=StreamCount)
        for name, raw in stored.items()
        if not name.startswith(b"trimmed:")
    }


def taken(count: StreamCount) -> int:
    return count.accepted + count.duplicate + count.rejected_total


def wait_until_quiet(client: redis.Redis, seconds: float = 60) -> dict[str, StreamCount]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        counts, total = counts_of(client), written(client, 0)
        if counts and all(taken(counts[name]) == total[name] for name in counts):
            return counts
        time.sleep(0.1)
    pytest.fail(f"never quiet: {counts_of(client)} of {written(client, 0)}")


@pytest.fixture
def after_the_fire(tmp_path: Path) -> Any:
    server = EmbeddedServer(tmp_path / "redis")
    server.start()
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    fire, field = Fire(server, seed), Field(server.url, seed)
    field.start()
    try:
        while sum(fire.kills.values()) < KILLS:
            time.sleep(fire.rng.uniform(0.1, 1.2))
            fire.strike()
        field.stop.set()
        field.join(30)
        client = open_client(server.url, asks_again=True)
        counts = wait_until_quiet(client)
        fire.out()
        print(f"{dict(fire.kills)}; {sum(map(taken, counts.values()))} messages")
        picture = PartitionStore(client, 0, "reader", SITE).load()
        yield client, counts, picture, field
    finally:
        field.stop.set()
        fire.out()
        server.stop()


def test_it_loses_nothing_and_doubles_nothing_under_kills(after_the_fire: Any) -> None:
    client, counts, picture, field = after_the_fire
    said: list[Said] = field.acknowledged
    for name, n in field.written.items():
        assert taken(counts[name]) >= n  # what was written again counts as written
    assert sum(counts["status"].rejected.values()) == client.xlen(keys.rejected(0))
    assert counts["alerts"].accepted == len({m["alert_id"] for s, m in said if s == "alerts"})
    assert_devices(picture, said)
    assert_figures(client, picture, said)
    world = assert_seconds(client, picture, said)
    assert_orders(picture, said)
    assert picture.workshop.shelf.orders == world.picture.workshop.shelf.orders
    assert_feed(client, counts)


def assert_devices(picture: Picture, said: list[Said]) -> None:
    newest: dict[str, dict[str, Any]] = {}
    for stream, m in said:
        if stream == "status" and isinstance(m, dict):
            if m["device_id"] not in newest or m["ts"] > newest[m["device_id"]]["ts"]:
                newest[m["device_id"]] = m
    assert newest
    for device_id, m in newest.items():
        assert picture.devices[device_id].shown.told == (m["state"] == "fault"), device_id
        assert picture.devices[device_id].faults == m.get("faults", [])


def assert_figures(client: redis.Redis, picture: Picture, said: list[Said]) -> None:
    """Sums over all hours and over all days against a count by hand."""
    presses = {m["alert_id"] for s, m in said if s == "alerts"}
    closed = {m["alert_id"] for s, m in said if s == "actions"}
    traffic = {(m["sensor_id"], m["from"]): m["in"] for s, m in said if s == "traffic"}
    newest: dict[str, dict[str, Any]] = {}
    for s, m in said:
        if s == "incidents" and m["rev"] >= newest.get(m["incident_id"], m)["rev"]:
            newest[m["incident_id"]] = m
    categories = Counter(m["category"] for m in newest.values())
    for kind, suffix in (("h", ""), ("d", ":h")):
        total = Counter[str]()
        for measures in cells(client, kind):
            for measure, n in measures.items():
                total[measure.split(":h")[0] if suffix else measure] += n
        assert total["a:bell"] == len(presses)
        assert total["v:bell:mistaken"] == len(closed & presses)
        assert total["t_in"] == sum(traffic.values())
        assert {c: total[f"i:{c}"] for c in categories} == dict(categories)
    people = {(m["sensor_id"], m["from"]): m["in"] + m["out"] for s, m in said if s == "traffic"}
    assert sum(one.get("n", 0) for one in cells(client, "c")) == sum(people.values())
    assert {a for a, one in picture.alerts.items() if one.state == "closed"} == closed & presses


def cells(client: redis.Redis, kind: str) -> list[dict[str, int]]:
    found = []
    for key in client.scan_iter(match=f"roll:{{0}}:{kind}:*", count=1000):
        for raw in client.hgetall(key).values():
            found += msgspec.msgpack.decode(raw, type=dict[int, dict[str, int]]).values()
    return found


def assert_seconds(client: redis.Redis, picture: Picture, said: list[Said]) -> World:
    """The same messages folded once, in one piece and one process."""
    world = World()
    for n in range(0, len(said), 500):
        world.hear(*said[n : n + 500])
    assert world.picture.clock.frontier_ms == picture.clock.frontier_ms
    stored = Counter[str]()
    for measures in cells(client, "h"):
        stored.update(measures)
    nights = ("q0", "q1", "q2", "q3", "q4", "dark")
    for measure in ("s0", "s1", "s2", "s3", "s4", "fail", "back", "back_ms", *nights):
        assert stored[measure] == world.total(measure), measure
    assert stored["dark"] > 0
    opened = world.picture.ledger.frontier_ms // 3_600_000 + 1
    everyone = 200 * (opened * 3_600_000 - (START_MS - 60_000))
    assert sum(stored[f"s{n}"] for n in range(5)) == everyone
    return world


def assert_feed(client: redis.Redis, counts: dict[str, StreamCount]) -> None:
    """What is told of the feed by hour and day against the counters."""
    for kind in ("h", "d"):
        stored = Counter[str]()
        for measures in cells(client, kind):
            stored.update(measures)
        of_field = [counts[name] for name in keys.INPUT_STREAMS]
        assert stored["m_ok"] == sum(count.accepted for count in of_field)
        assert stored["m_dup"] == sum(count.duplicate for count in of_field)
        assert stored["m_bad"] == sum(count.rejected_total for count in of_field)


def test_it_shuts_out_the_former_owner_once_another_took_over(redis_client: Any) -> None:
    first = PartitionStore(redis_client, 0, "first", SITE)
    second = PartitionStore(redis_client, 0, "second", SITE)
    assert first.claim()
    picture = first.load()
    assert not second.claim()
    redis_client.pexpire(keys.lease(0), 1)
    time.sleep(0.01)
    assert second.claim()
    assert second.epoch == first.epoch + 1
    with pytest.raises(NotOurPartition, match="FENCED"):
        first.commit(picture, {}, Ops())


def test_it_refuses_a_commit_from_other_positions_than_the_stored(redis_client: Any) -> None:
    store = PartitionStore(redis_client, 0, "one", SITE)
    assert store.claim()
    picture = store.load()
    redis_client.hset(keys.state(0, "positions"), "status", "5-0")
    with pytest.raises(NotOurPartition, match="STALE"):
        store.commit(picture, {"status": b"9-0"}, Ops())
    assert redis_client.hget(keys.state(0, "positions"), "status") == b"5-0"
