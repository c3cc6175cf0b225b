"""What must not stop the worker: a full Redis, a canary that is none, a fault of our own."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import redis

from dashboard.config import Settings
from dashboard.stream import pipeline
from dashboard.stream.kinds import StatusMessage
from dashboard.stream.picture import Picture
from dashboard.stream.rollups import Group, hour_of
from data_sources import keys
from data_sources.worker import Worker
from tests.builders import SITE
from tests.field import Field


@pytest.fixture
def full_redis(redis_client: redis.Redis) -> Iterator[redis.Redis]:
    """Room for everything until `maxmemory` is set."""
    yield redis_client
    redis_client.config_set("maxmemory", 0)


def test_it_takes_in_what_was_written_before_redis_was_full(full_redis: redis.Redis) -> None:
    worker = Worker(full_redis, Settings(simulator=False), SITE)
    worker.turn()
    owned = worker.owned[0]
    Field(full_redis).raise_alert("bell", "B-1")
    full_redis.config_set("maxmemory", 1)
    with pytest.raises(redis.RedisError):
        Field(full_redis).raise_alert("bell", "B-2")
    for _ in range(3):
        time.sleep(0.3)  # longer than between two looks for free partitions
        worker.turn()
    assert worker.owned[0] is owned
    assert full_redis.hlen(keys.state(0, "alerts")) == 1


@pytest.mark.parametrize("junk", [b"junk", b"[]", b'{"id":"c"}', b'{"id":"c","ts":"x"}', b"\xff"])
def test_it_passes_over_a_canary_it_cannot_read(redis_client: redis.Redis, junk: bytes) -> None:
    worker = Worker(redis_client, Settings(simulator=False), SITE)
    redis_client.xadd(keys.canary(0), {"d": junk})
    Field(redis_client).raise_alert("bell", "B-1")
    worker.turn()
    assert redis_client.hlen(keys.state(0, "alerts")) == 1


def test_it_rejects_the_one_message_that_breaks_it_and_takes_the_others(
    redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = pipeline._TAKE["status"]

    def faulty(p: Picture, m: StatusMessage, raw: bytes, arrived_ms: int) -> object:
        if m.device_id == "D-2":
            p.devices.clear()  # half of its work is done when it fails
            raise ZeroDivisionError
        return take(p, m, raw, arrived_ms)

    monkeypatch.setitem(pipeline._TAKE, "status", faulty)
    now = datetime.now(UTC).isoformat()
    for name in ("D-1", "D-2", "D-3"):
        said = {"v": 1, "device_id": name, "ts": now, "state": "ok"}
        redis_client.xadd(keys.stream(0, "status"), {"d": json.dumps(said)})
    worker = Worker(redis_client, Settings(simulator=False), SITE)
    worker.turn()
    worker.turn()
    assert sorted(redis_client.hkeys(keys.state(0, "devices"))) == [b"D-1", b"D-3"]
    count = worker.owned[0].picture.counts["status"]
    assert (count.accepted, count.rejected) == (2, {"bad_value": 1})
    picture = worker.owned[0].picture
    told = picture.rollups.cell(("h", hour_of(count.last_arrival_ms or 0), ""))
    of_the_feed = told[picture.rollups.numbers[Group()]]
    assert (of_the_feed["m_ok"], of_the_feed["m_bad"]) == (2, 1)
    assert redis_client.xlen(keys.rejected(0)) == 1
