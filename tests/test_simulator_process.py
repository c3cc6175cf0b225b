"""The simulator as a process, against a real server and, where it matters, the real worker."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
import redis

from dashboard.deltas import FeedState
from dashboard.records import AlertView, DeviceView, Status
from data_sources import keys
from data_sources.simulator.entry import HOUR, MINUTE, stamp
from data_sources.simulator.run import Options, Simulation
from data_sources.sites import load_site
from tests.conftest import ROOT, clean_env
from tests.contract_checker import problems

SITE = load_site("goyang")
NOW = 1_795_390_000_000
BEGINNING = '"ts":"2026-11-16T08:00:00+09:00"'  # of a history of one week
SMALL = Options(site="goyang", devices=60, seed=5, weeks=1, partitions=2, operators=False)
STREAMS = ("alerts", "registry", "status", "traffic", "incidents", "actions")


class Clock:
    def __init__(self) -> None:
        self.now_ms = NOW

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def reader(redis_client: redis.Redis) -> Iterator[None]:
    """Says at once that all was taken in, as a worker would."""
    done = threading.Event()

    def read() -> None:
        while not done.wait(0.002):
            for p in (0, 1):
                positions = {name: "9999999999999-0" for name in STREAMS}
                redis_client.hset(keys.state(p, "positions"), mapping=positions)

    thread = threading.Thread(target=read)
    thread.start()
    yield
    done.set()
    thread.join()


def run_until(simulation: Simulation, clock: Clock, enough: Callable[[], bool]) -> None:
    """Lets it run in a thread, its clock leaping 20 s at a time, until enough is there."""
    thread = threading.Thread(target=simulation.run)
    thread.start()
    deadline = time.monotonic() + 60
    while not enough() and time.monotonic() < deadline:
        clock.now_ms += 20_000
        time.sleep(0.02)
    simulation.stopping = True
    thread.join()
    assert enough()


def bodies(client: redis.Redis, name: str) -> list[str]:
    entries = [e for p in (0, 1) for e in client.xrange(keys.stream(p, name))]
    return [fields[b"d"].decode() for _, fields in entries]


def statuses(client: redis.Redis) -> list[dict[str, Any]]:
    """Those that are whole: a few are broken on purpose."""
    return [json.loads(b) for b in bodies(client, "status") if not problems("status", b)]


def remembered(client: redis.Redis) -> int:
    return int(json.loads(client.get(keys.SIM_STATE) or b'{"until_ms":0}')["until_ms"])


def test_it_writes_the_past_then_the_present_and_goes_on_after_a_restart(
    redis_client: redis.Redis, reader: None
) -> None:
    clock = Clock()
    first = Simulation(redis_client, SITE, SMALL, clock)
    run_until(first, clock, lambda: remembered(redis_client) > NOW + 5 * MINUTE)
    registered, told = bodies(redis_client, "registry"), statuses(redis_client)
    assert len([body for body in registered if BEGINNING in body]) == 60
    assert all('"inspected_on"' in body for body in registered if BEGINNING not in body)
    assert {m["ts"][:10] for m in told} >= {"2026-11-16", "2026-11-19", stamp(NOW)[:10]}
    assert json.loads(redis_client.get(keys.SIM_PROGRESS))["phase"] == "live"

    until = remembered(redis_client)
    clock.now_ms += 5 * HOUR  # it was away for five hours
    again = Simulation(redis_client, SITE, SMALL, clock)
    run_until(again, clock, lambda: remembered(redis_client) > until + 5 * HOUR)
    after = bodies(redis_client, "registry")
    # no second city, no second history
    assert len([body for body in after if BEGINNING in body]) == 60
    runs = [m for m in statuses(redis_client) if "until" in m and m["ts"][:16] == stamp(until)[:16]]
    assert len({m["device_id"] for m in runs}) > 50  # the gap was filled


def test_it_neither_drifts_nor_skips_when_the_clock_leaps(
    redis_client: redis.Redis, reader: None
) -> None:
    clock, options = Clock(), Options("goyang", 60, 5, 0, 2, operators=False)
    simulation = Simulation(redis_client, SITE, options, clock)
    run_until(simulation, clock, lambda: remembered(redis_client) > NOW + 10 * MINUTE)
    beats = Counter(
        m["device_id"]
        for m in statuses(redis_client)
        if "until" not in m and m["device_id"].startswith("C-")
    )
    lived_s = (remembered(redis_client) - NOW) / 1000
    usual = sorted(beats.values())[len(beats) // 2]
    assert abs(usual - lived_s / 30) <= 3


def test_it_retires_what_a_smaller_city_no_longer_has(
    redis_client: redis.Redis, reader: None
) -> None:
    clock = Clock()
    no_history = Options("goyang", 60, 5, 0, 1, operators=False)
    run_until(
        Simulation(redis_client, SITE, no_history, clock), clock,
        lambda: remembered(redis_client) > NOW,
    )  # fmt: skip
    smaller = Options("goyang", 40, 5, 0, 1, operators=False)
    run_until(
        Simulation(redis_client, SITE, smaller, clock), clock,
        lambda: len(bodies(redis_client, "registry")) >= 120,
    )  # fmt: skip
    last = {m["device_id"]: m for m in map(json.loads, bodies(redis_client, "registry"))}
    assert sum(1 for m in last.values() if not m.get("retired")) == 40


@pytest.fixture
def start(redis_url: str) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    running: list[subprocess.Popen[bytes]] = []

    def run(module: str, *arguments: str, **settings: str) -> subprocess.Popen[bytes]:
        env = clean_env(REDIS_URL=redis_url, EMBEDDED="1", **settings)
        command = [sys.executable, "-m", module, *arguments]
        running.append(subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL))
        return running[-1]

    yield run
    for process in running:
        process.kill()
        process.wait()


def wait_for(what: Callable[[], bool], timeout_s: float = 90.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not what():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)


def is_live(client: redis.Redis) -> bool:
    told = client.get(keys.SIM_PROGRESS)
    return bool(told) and json.loads(told)["phase"] == "live"


def feed(client: redis.Redis) -> FeedState:
    return msgspec.msgpack.decode(client.hget(keys.state(0, "meta"), "feed"), type=FeedState)


def test_the_control_room_makes_sense_of_it(
    redis_client: redis.Redis, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    small = {"SIM_DEVICES": "300", "SIM_HISTORY_WEEKS": "1", "SIM_OPERATORS": "1"}
    start("data_sources.worker")
    simulator = start("data_sources.simulator", **small)
    wait_for(lambda: is_live(redis_client))
    wait_for(lambda: _took_all_there_is(redis_client))
    counts = feed(redis_client)
    for name, count in counts.streams.items():
        taken = count.accepted + count.duplicate + count.rejected_total
        assert count.rejected_total <= 0.002 * taken + 3, name
    assert set(counts.streams["status"].rejected) <= {
        "not_json", "unknown_version", "bad_value", "bad_type", "missing_field"
    }  # fmt: skip
    packed = redis_client.hgetall(keys.state(0, "devices")).values()
    shown = Counter(msgspec.msgpack.decode(d, type=DeviceView).status for d in packed)
    assert shown[Status.OK] >= 270 and shown[Status.UNKNOWN] <= 20
    _presses_a_bell_by_hand(redis_client)
    _survives_being_killed(redis_client, simulator, start, small)


def _took_all_there_is(client: redis.Redis) -> bool:
    """All but what the field wrote since the worker last told, a second ago at most."""
    return all(
        abs(count.accepted + count.duplicate + count.rejected_total
            - client.xlen(keys.stream(0, name))) <= 200
        for name, count in feed(client).streams.items()
    )  # fmt: skip


def _presses_a_bell_by_hand(client: redis.Redis) -> None:
    """An hour ago, so that any operator would be late already; but it is no simulated press."""
    at = stamp(int(time.time() * 1000) - HOUR)
    body = {"v": 1, "alert_id": "hand-made", "ts": at, "type": "bell", "device_id": "B-0001"}
    client.xadd(keys.stream(0, "alerts"), {"d": json.dumps(body)})

    def alert() -> AlertView | None:
        packed = client.hget(keys.state(0, "alerts"), "hand-made")
        return msgspec.msgpack.decode(packed, type=AlertView) if packed else None

    wait_for(lambda: alert() is not None, 20)
    time.sleep(1.0)  # operators look twenty times a second
    assert (found := alert()) is not None and found.state == "unacknowledged"
    left = [msgspec.msgpack.decode(a, type=AlertView)
            for a in client.hgetall(keys.state(0, "alerts")).values()]  # fmt: skip
    old = [a for a in left if a.raised_ms < time.time() * 1000 - 2 * HOUR]
    assert old and all(a.state == "closed" for a in old)


def _survives_being_killed(
    client: redis.Redis,
    simulator: subprocess.Popen[bytes],
    start: Callable[..., subprocess.Popen[bytes]],
    settings: dict[str, str],
) -> None:
    simulator.send_signal(signal.SIGKILL)
    simulator.wait()
    registered = client.xlen(keys.stream(0, "registry"))
    written = client.xlen(keys.stream(0, "status"))
    start("data_sources.simulator", **settings)
    wait_for(lambda: client.xlen(keys.stream(0, "status")) > written + 20)
    assert client.xlen(keys.stream(0, "registry")) == registered
    assert client.xlen(keys.stream(0, "status")) < written + 2_000
