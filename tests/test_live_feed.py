"""The follower and the socket, on a real server: nothing missed, no point for the wrong eyes."""

from __future__ import annotations

import base64
import json
import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest
import redis
from websockets.exceptions import ConnectionClosed

from dashboard.records import ActionOutcome, Status
from data_sources import keys
from data_sources.connect import open_client
from data_sources.embedded import EmbeddedServer
from tests.live_room import (
    Hand,
    LiveRoom,
    a_device,
    a_feed,
    a_view,
    an_alert,
    hear,
    hear_until,
    now_ms,
    snapshot,
    wait_until,
)


@pytest.fixture
def hand(redis_client: redis.Redis) -> Hand:
    return Hand(redis_client)


@pytest.fixture
def open_room(redis_url: str) -> Iterator[Callable[..., LiveRoom]]:
    rooms: list[LiveRoom] = []

    def start(partitions: int = 1) -> LiveRoom:
        rooms.append(LiveRoom(redis_url, partitions=partitions).start())
        return rooms[-1]

    yield start
    for room in rooms:
        room.stop()


def test_a_snapshot_holds_what_the_hashes_held(hand: Hand, open_room) -> None:
    hand.keep(registry=[a_device("B-1"), a_device("B-2", kind="cctv", zone="")],
              devices=[a_view("B-1", Status.FAULT), a_view("B-2", Status.OK)],
              alerts=[an_alert("A1"), an_alert("A2", state="closed", closed_ms=1)])  # fmt: skip
    hand.tell()
    head, columns = snapshot(open_room().http("duty"))
    n = head["n"]
    assert n == 2 and len(columns) == n * 12
    order = dict(zip(columns[8 * n : 9 * n], columns[9 * n : 10 * n], strict=True))
    assert order == {head["kinds"].index("bell"): Status.FAULT, head["kinds"].index("cctv"): 0}
    assert [alert["id"] for alert in head["alerts"]] == ["A1"]
    assert head["exact"] and head["role"] == "duty" and "alerts.act" in head["can"]


def test_a_change_reaches_a_browser_within_milliseconds(hand: Hand, open_room) -> None:
    hand.keep(registry=[a_device("B-1")], devices=[a_view("B-1")])
    socket, head = open_room().follow("duty")
    began = time.monotonic()
    hand.tell(devices=[a_view("B-1", Status.FAULT)], alerts=[an_alert("A1")])
    message = hear_until(socket, lambda m: m["alerts"])
    assert time.monotonic() - began < 0.5
    assert message["d"] == [0, Status.FAULT] and message["seq"] > head["seq"]
    assert message["alerts"][0]["place"] == {"near": "name of B-1", "m": 0}


def test_a_browser_that_comes_back_is_told_what_it_missed(hand: Hand, open_room) -> None:
    room = open_room()
    socket, head = room.follow("duty")
    hand.tell(alerts=[an_alert("A1")])
    seq = hear_until(socket, lambda m: m["alerts"])["seq"]
    socket.close()
    for number in range(3):
        hand.tell(alerts=[an_alert(f"missed-{number}")])
    wait_until(lambda: "missed-2" in room.sources.city.alerts)
    again = room.socket(room.token("duty"), head["city"], seq)
    assert hear(again) == {"t": "hello", "city": head["city"], "seq": room.sources.city.seq,
                           "resync": False}  # fmt: skip
    found: list[str] = []
    while len(found) < 3:
        found += [alert["id"] for alert in hear(again)["alerts"]]
    assert found == ["missed-0", "missed-1", "missed-2"]


def test_an_unknown_cursor_means_resync(hand: Hand, open_room) -> None:
    room = open_room()
    hand.tell()
    wait_until(lambda: room.sources.city.seq > 0)
    token = room.token("duty")
    for city, seq in (("another", 0), ("", -1), (room.sources.city.id, 10**9)):
        socket = room.socket(token, city, seq)
        assert hear(socket)["resync"] is True
        with pytest.raises(ConnectionClosed) as closed:
            hear(socket)
        assert closed.value.rcvd.code == 4001


def test_coarse_roles_are_never_told_a_point_a_device_or_a_telling_id(
    hand: Hand, open_room
) -> None:
    hand.keep(registry=[a_device("B-0001")], devices=[a_view("B-0001")],
              alerts=[an_alert("B-0001-20261122")])  # fmt: skip
    room = open_room()
    socket, head = room.follow("executive")
    duty, _ = room.follow("duty")
    hand.tell(alerts=[an_alert("B-0001-secret")],
              outcomes=[ActionOutcome("x", True, "B-0001-secret")])  # fmt: skip
    exact = hear_until(duty, lambda m: m["alerts"])
    assert exact["alerts"][0]["id"] == "B-0001-secret" and exact["outcomes"]
    told = hear_until(socket, lambda m: m["alerts"])
    assert told["outcomes"] == []
    for alert in (*told["alerts"], *head["alerts"]):
        assert alert["id"].startswith("A-") and "B-0001" not in str(alert)
        assert (alert["device"], alert["lon"], alert["lat"], alert["place"], alert["note"]) == (
            (None,) * 5
        )
        assert alert["zone"] == "4128552500" and alert["route"] == "R-01"


def test_a_stale_feed_shows_devices_as_unknown_not_as_broken(hand: Hand, open_room) -> None:
    hand.keep(registry=[a_device("B-1"), a_device("B-2")],
              devices=[a_view("B-1"), a_view("B-2", Status.OUT_OF_SERVICE)])  # fmt: skip
    room = open_room()
    socket, _ = room.follow("duty")
    hand.tell(feed=a_feed(stale_since_ms=now_ms() - 1000))
    message = hear_until(socket, lambda m: "all" in m)
    at = room.sources.city.devices.index
    statuses = base64.b64decode(message["all"])
    assert statuses[at["B-1"]] == Status.UNKNOWN
    assert statuses[at["B-2"]] == Status.OUT_OF_SERVICE
    assert message["feed"]["stale_since"] and message["feed"]["partitions_silent"] == [0]
    hand.tell(feed=a_feed())
    assert base64.b64decode(hear_until(socket, lambda m: "all" in m)["all"])[at["B-1"]] == Status.OK


def test_a_silent_worker_is_noticed(hand: Hand, open_room) -> None:
    hand.keep(registry=[a_device("B-1")], devices=[a_view("B-1")])
    socket, _ = open_room().follow("duty")
    message = hear_until(socket, lambda m: "all" in m, timeout_s=9)
    assert base64.b64decode(message["all"]) == bytes([Status.UNKNOWN])
    assert message["feed"]["worker_silent_since"] is not None


def test_partitions_are_one_city(hand: Hand, open_room) -> None:
    hand.keep(0, registry=[a_device("B-1")], devices=[a_view("B-1")])
    hand.keep(1, registry=[a_device("C-1", kind="cctv")], devices=[a_view("C-1")])
    room = open_room(partitions=2)
    socket, head = room.follow("duty")
    assert head["n"] == 2
    hand.tell(1, devices=[a_view("C-1", Status.OFFLINE)])
    hand.tell(0, devices=[a_view("B-1", Status.FAULT)])
    at = room.sources.city.devices.index
    wanted = {at["B-1"]: Status.FAULT, at["C-1"]: Status.OFFLINE}
    seen: dict[int, int] = {}
    while seen != wanted:
        changes = hear_until(socket, lambda m: m["d"])["d"]
        seen |= dict(zip(changes[::2], changes[1::2], strict=True))


def test_a_new_device_and_a_moved_one_are_told_in_full(hand: Hand, open_room) -> None:
    hand.keep(registry=[a_device("B-1")], devices=[a_view("B-1")])
    socket, _ = open_room().follow("duty")
    hand.tell(registrations=[a_device("N-9", kind="light", zone="Z-new"),
                             a_device("B-1", ts_ms=2, lon=127.0)],
              devices=[a_view("N-9", Status.OK)])  # fmt: skip
    rows = {row[1]: row for row in hear_until(socket, lambda m: m["new"])["new"]}
    assert rows["N-9"][2:] == ["light", 126_780_000, 37_660_000, "Z-new", "R-01", "name of N-9", 0]
    assert rows["B-1"][0] == 0 and rows["B-1"][3] == 127_000_000


def test_signing_out_closes_the_socket(hand: Hand, open_room, monkeypatch) -> None:
    monkeypatch.setattr("callbacks.web.live.SESSION_CHECK_S", 0.2)
    room = open_room()
    headers, name = room.session("duty")
    socket = room.socket(headers, room.sources.city.id, room.sources.city.seq)
    assert hear(socket)["resync"] is False
    room.run(room.sources.sessions.close(name))
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            hear(socket)
    assert closed.value.rcvd.code == 4401


def test_a_lost_stream_is_loaded_anew(hand: Hand, open_room, redis_client) -> None:
    """Redis came back without the entry at the cursor: the picture may be wrong, so read all."""
    hand.keep(registry=[a_device("B-1")], devices=[a_view("B-1")])
    hand.tell()
    room = open_room()
    first = room.sources.city.id
    socket, _ = room.follow("duty")
    redis_client.delete(keys.live(0))
    hand.keep(registry=[a_device("B-2")], devices=[a_view("B-2")])
    wait_until(lambda: room.sources.city.id != first, 12)
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            hear(socket)
    assert closed.value.rcvd.code == 4001
    assert len(room.sources.city.devices) == 2


def test_a_canary_is_timed_to_the_screen(hand: Hand, open_room, monkeypatch) -> None:
    monkeypatch.setattr("data_sources.canary.EVERY_S", 0.1)
    room = open_room()
    socket, _ = room.follow("duty")
    wait_until(lambda: hand.client.xlen(keys.canary(0)) > 0)
    _, fields = hand.client.xrevrange(keys.canary(0), count=1)[0]
    canary = json.loads(fields[b"d"])
    hand.tell(canaries=[(canary["id"], canary["ts"]), ("web-of-another-7", 1)])
    assert hear_until(socket, lambda m: "canary" in m)["canary"] == [canary["id"]]
    socket.send(json.dumps({"t": "seen", "canary": [canary["id"], "forged"]}))
    wait_until(lambda: room.sources.canary.to_screen.quantiles(now_ms(), 0.5)[0] == 1)
    socket.send('{"t":"ping"}')
    assert hear_until(socket, lambda m: m["t"] == "pong")
    socket.send("not json")
    socket.send('{"t":"ping"}')
    assert hear_until(socket, lambda m: m["t"] == "pong")


def test_redis_killed_and_back_misses_nothing(tmp_path) -> None:
    redis_server = EmbeddedServer(tmp_path)
    redis_server.start()
    room = LiveRoom(redis_server.url)
    try:
        hand = Hand(open_client(redis_server.url))
        hand.keep(registry=[a_device("B-1")], devices=[a_view("B-1")])
        hand.tell()
        room.start()
        socket, head = room.follow("duty")
        os.kill(redis_server.pid, signal.SIGKILL)
        away = hear_until(socket, lambda m: m.get("feed", {}).get("connected") is False)
        assert away["d"] == []  # the last picture stays
        redis_server.start()
        Hand(open_client(redis_server.url)).tell(alerts=[an_alert("after")])
        told = hear_until(socket, lambda m: m["alerts"], timeout_s=10)
        assert told["alerts"][0]["id"] == "after"
        assert room.sources.city.id == head["city"]
    finally:
        room.stop()
        redis_server.stop()
