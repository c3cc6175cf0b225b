"""A web process on a real embedded server, and a hand that writes what the worker would."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec
import redis
import uvicorn
import websockets.sync.client as ws

from callbacks.web import live_side, server
from dashboard.config import Settings
from dashboard.deltas import Delta, FeedState
from dashboard.records import AlertView, DeviceView, IncidentView, Registration, TrafficView
from dashboard.roles import Role
from data_sources import keys
from data_sources.sessions import digest
from data_sources.sources import Sources, open_sources

LON, LAT = 126.78, 37.66
_numbers = itertools.count(1)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def a_device(device_id: str = "B-0001", **fields: Any) -> Registration:
    given = {"ts_ms": 1, "kind": "bell", "lon": LON, "lat": LAT, "name": f"name of {device_id}",
             "zone": "4128552500", "route_id": "R-01"}  # fmt: skip
    return Registration(device_id, **(given | fields))


def a_view(device_id: str = "B-0001", status: int = 0, **fields: Any) -> DeviceView:
    return DeviceView(device_id, status, **fields)


def an_alert(alert_id: str = "", **fields: Any) -> AlertView:
    given = {"type": "bell", "priority": 1, "state": "unacknowledged", "raised_ms": now_ms(),
             "latching": True, "device_id": "B-0001", "lon": LON, "lat": LAT,
             "zone": "4128552500", "route_id": "R-01", "note": "behind the kiosk"}  # fmt: skip
    return AlertView(alert_id or f"B-0001-{next(_numbers)}", **(given | fields))


def an_incident(incident_id: str = "", **fields: Any) -> IncidentView:
    given = {"rev": 1, "category": "theft", "reported_ms": now_ms(), "lon": LON, "lat": LAT,
             "zone": "4128552500"}  # fmt: skip
    return IncidentView(incident_id or f"I-{next(_numbers)}", **(given | fields))


def a_feed(partition: int = 0, **fields: Any) -> FeedState:
    given = {"owner": "worker-1", "epoch": 1, "at_ms": now_ms(), "watermark_ms": now_ms(),
             "stale_since_ms": None}  # fmt: skip
    return FeedState(partition, **(given | fields))


class Hand:
    """Writes state hashes and live entries as the worker does."""

    def __init__(self, client: redis.Redis) -> None:
        self.client = client

    def keep(self, partition: int = 0, **parts: Iterable[Any]) -> None:
        """keep(registry=[...], devices=[...], alerts=[...]); a private tail is added."""
        for part, records in parts.items():
            for record in records:
                name = _name(record)
                packed = msgspec.msgpack.decode(msgspec.msgpack.encode(record))
                tail = [] if part == "registry" else ["private", 1]
                self.client.hset(keys.state(partition, part), name,
                                 msgspec.msgpack.encode([*packed, *tail]))  # fmt: skip

    def tell(self, partition: int = 0, **parts: Any) -> str:
        """One entry of the live stream, as after a commit."""
        parts.setdefault("feed", a_feed(partition))
        delta = Delta(partition, now_ms(), parts.pop("watermark_ms", now_ms()), **parts)
        entry = self.client.xadd(keys.live(partition), {"d": msgspec.msgpack.encode(delta)})
        return entry.decode()


def _name(record: Any) -> str:
    if isinstance(record, TrafficView):
        return f"{record.sensor_id}|{record.from_ms}"
    return getattr(record, record.__struct_fields__[0])


@dataclass
class LiveRoom:
    """One web process on a port of its own, in a thread."""

    url: str
    port: int = 0
    sources: Sources | None = None
    partitions: int = 1
    _loop: asyncio.AbstractEventLoop | None = None
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None
    _clients: list[Any] = field(default_factory=list)

    def start(self) -> LiveRoom:
        settings = Settings(redis_url=self.url, simulator=False, partitions=self.partitions)
        self.sources = open_sources(settings)
        app = server.build(self.sources)
        self.fanout = live_side.register(app, self.sources)
        app.on_start.append(self.sources.start)
        app.on_start.append(self._remember_loop)
        app.on_stop.append(self.sources.stop)
        config = uvicorn.Config(
            server.close(app, self.sources), port=0, log_level="warning", access_log=False,
            timeout_graceful_shutdown=1, ws_per_message_deflate=False,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        wait_until(lambda: self._server.started and self.sources.feed.loaded.is_set())
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        return self

    def stop(self) -> None:
        for client in self._clients:
            client.close()
        self._server.should_exit = True
        self._thread.join(10)

    def browsers(self) -> set[Any]:
        return self.fanout.browsers

    def run(self, work: Any) -> Any:
        """A coroutine of the process's own loop, from the test's thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def token(self, role: str) -> dict[str, str]:
        token = self.run(self.sources.users.tokens.issue(f"{role}-tool", Role(role).value))
        return {"Authorization": f"Bearer {token}"}

    def session(self, role: str, user: str = "") -> tuple[dict[str, str], str]:
        """Headers of a signed-in browser, and the digest its session is ended by."""
        sid, opened = self.run(self.sources.sessions.open(user or role, role))
        origin = f"http://127.0.0.1:{self.port}"
        cookie = {"Cookie": f"sid={sid}", "X-CSRFToken": opened.csrf, "Origin": origin}
        return cookie, digest(sid)

    def http(self, role: str) -> httpx.Client:
        base = f"http://127.0.0.1:{self.port}"
        client = httpx.Client(base_url=base, headers=self.token(role), timeout=10)
        self._clients.append(client)
        return client

    def socket(self, headers: dict[str, str], city: str = "", seq: int = -1) -> Any:
        url = f"ws://127.0.0.1:{self.port}/live?city={city}&seq={seq}"
        origin = headers.get("Origin")
        rest = {name: value for name, value in headers.items() if name != "Origin"}
        socket = ws.connect(url, additional_headers=rest, origin=origin, max_size=None, legacy=True)
        self._clients.append(socket)
        return socket

    def follow(self, role: str) -> tuple[Any, dict[str, Any]]:
        """A socket that begins at this moment, after its hello; and the snapshot's header."""
        head, _ = snapshot(self.http(role))
        socket = self.socket(self.token(role), head["city"], head["seq"])
        assert hear(socket)["t"] == "hello"
        return socket, head

    async def _remember_loop(self) -> None:
        self._loop = asyncio.get_running_loop()


def snapshot(client: httpx.Client) -> tuple[dict[str, Any], bytes]:
    """Header and columns."""
    body = client.get("/live/snapshot").raise_for_status().content
    length = int.from_bytes(body[:4], "little")
    return json.loads(body[4 : 4 + length]), body[4 + length + (-length % 4) :]


def hear(socket: Any, timeout_s: float = 5.0) -> dict[str, Any]:
    return json.loads(socket.recv(timeout=timeout_s))


def hear_until(socket: Any, wanted: Any, timeout_s: float = 5.0) -> dict[str, Any]:
    deadline = time.monotonic() + timeout_s
    while True:
        message = hear(socket, max(0.01, deadline - time.monotonic()))
        if wanted(message):
            return message


def wait_until(true: Any, timeout_s: float = 10.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
