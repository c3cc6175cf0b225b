"""A worker that is ended after every batch counts what one that goes on counts."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
import redis

from dashboard.stream import pipeline
from dashboard.stream.rollups import Group
from data_sources.commit_ops import ops_of
from data_sources.partition_store import PartitionStore
from tests.builders import SITE, START_MS, Said, World, beat, counted, did, incident, registered

NAMES = [f"D-{n}" for n in range(6)]


def story(rng: random.Random) -> list[list[Said]]:
    """Two hours of lights that switch, break, fall silent and move, a batch a minute."""
    batches: list[list[Said]] = [
        [*(registered(n, zone=rng.choice(["Z1", "Z2"])) for n in NAMES), beat("D-9")]
    ]
    for minute in range(120):
        batch: list[Said] = []
        for name in NAMES:
            if rng.random() < 0.25:
                continue
            state = "fault" if rng.random() < 0.1 else "ok"
            lamp = rng.choice([{}, {"lamp": {"on": True}}, {"lamp": {"on": False}}])
            batch.append(beat(name, minute * 60 + rng.randint(0, 59), state, **lamp))
        if minute % 30 == 10:
            batch.append(registered("D-0", ts=minute * 60, zone=rng.choice(["Z1", "Z2"])))
            batch.append(counted("D-0", minute * 60, **{"in": rng.randint(0, 9)}))
            batch.append(incident("I-1", minute, minute * 60))
            batch.append(did("out_of_service", minute * 60, device_id="D-1"))
        if minute % 30 == 20:
            batch.append(did("return_to_service", minute * 60, device_id="D-1"))
        batch.append(beat("D-9", minute * 60 + 59))
        batches.append(batch)
    return batches


@pytest.mark.parametrize("seed", range(3))
def test_it_counts_the_same_when_it_is_loaded_again_after_every_batch(
    redis_client: redis.Redis, seed: int
) -> None:
    world = World()
    assert PartitionStore(redis_client, 0, "w", SITE).claim()
    for batch in story(random.Random(seed)):
        arrived = world.arrived
        world.hear(*batch, now_s=10_000)
        picture = _take(redis_client, batch, arrived)
    assert _stored(redis_client, picture.rollups.groups) == world.figures()
    counts = {picture.rollups.groups[n]: c for n, c in picture.ledger.now_counts.items()}
    assert counts == {
        world.picture.rollups.groups[n]: c for n, c in world.picture.ledger.now_counts.items()
    }
    assert world.total("dark") > 0 and world.total("q3") > 0


def _take(client: redis.Redis, batch: list[Said], arrived: int) -> Any:
    """What a fresh worker does with one batch, as World.hear does it."""
    client.delete("lease:{0}")
    store = PartitionStore(client, 0, "w", SITE)
    assert store.claim()
    picture = store.load()
    entries = [
        (stream, f"{START_MS + arrived + n}-0".encode(), json.dumps(message).encode())
        for n, (stream, message) in enumerate(batch, 1)
    ]
    fast = [e for e in entries if e[0] in pipeline.OVERTAKING]
    slow = [e for e in entries if e[0] not in pipeline.OVERTAKING]
    now_ms = START_MS + 10_000_000
    pipeline.advance(picture, fast + slow, now_ms, True)
    store.commit(picture, {}, ops_of(0, picture, None, now_ms))
    pipeline.done(picture)
    return picture


def _stored(client: redis.Redis, groups: list[Any]) -> dict[Any, int]:
    """As World.figures() has them."""
    import msgspec

    found = {}
    for key in client.scan_iter(match="roll:{0}:*"):
        _, _, kind, n = key.decode().split(":")
        for zone, raw in client.hgetall(key).items():
            for number, measures in msgspec.msgpack.decode(raw, type=dict[int, dict]).items():
                group = Group(zone.decode(), str(number)) if kind == "c" else groups[number]
                for measure, value in measures.items():
                    found[kind, int(n), group, measure] = value
    return found
