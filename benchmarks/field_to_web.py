"""2a. From XADD until the delta is at a browser's socket, at natural load and at 10,000/s.

One WebSocket client of the real web process; alerts, which are sent at once, and changes of a
device's state, which the web process lets gather for up to 50 ms (100 ms with many browsers).
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import websockets.sync.client as ws

from benchmarks import load
from benchmarks.measure import Row, alone, number, quantile, say
from benchmarks.presses import Hand, stamp
from benchmarks.room import Room, control_room
from dashboard.records import Status
from tests.conftest import PASSWORD
from tests.live_room import snapshot
from tests.visitor import cookie_header, sign_in

GOAL_P50_MS, GOAL_P99_MS = 10, 100
EVERY_S = 0.04
SETTLE_S = 3.0
LOST_MS = 5_000


@dataclass
class Took:
    alerts: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)


class Listener:
    """Notes when an alert, or a change of an awaited device, is in a client's hands."""

    def __init__(self, base: str) -> None:
        client = sign_in(base, "duty", PASSWORD)
        head, _ = snapshot(client)
        self.ids: list[str] = client.get("/live/names").json()["ids"]
        url = f"{base.replace('http', 'ws')}/live?city={head['city']}&seq={head['seq']}"
        cookie = {"Cookie": cookie_header(client)}
        self._socket = ws.connect(url, additional_headers=cookie, origin=base, max_size=None)
        self.alerts: dict[str, float] = {}
        self.changes: dict[int, list[tuple[int, float]]] = {}  # index -> status, when
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        for text in self._socket:
            at = time.time() * 1000
            message = json.loads(text)
            for alert in message.get("alerts", ()):
                self.alerts.setdefault(alert["id"], at)
            pairs = message.get("d", ())
            for index, status in zip(pairs[::2], pairs[1::2], strict=True):
                self.changes.setdefault(index, []).append((status, at))

    def first(self, key: str | int, sent: float) -> float:
        """When the alert, or the fault of a device, was first heard of; 5 s later if never."""
        if isinstance(key, str):
            return self.alerts.get(key, sent + LOST_MS)
        faults = [at for status, at in self.changes.get(key, ()) if status == Status.FAULT]
        return min((at for at in faults if at > sent), default=sent + LOST_MS)

    def close(self) -> None:
        self._socket.close()
        self._thread.join(5)


def probe(room: Room, samples: int) -> Took:
    """Presses and changes in turn, the latter of bells that are well and that the load leaves
    alone; each of them once, so at most as many samples as there are such bells."""
    hand, listener = Hand(room.url), Listener(room.base)
    spared = set(hand.well(name for name in hand.bells if name.endswith(load.SPARED)))
    bells = [(at, name) for at, name in enumerate(listener.ids) if name in spared]
    sent: list[tuple[str | int, float]] = []
    for index, name in bells[:samples]:
        alert_id, sent_at = hand.press()
        sent.append((alert_id, sent_at))
        time.sleep(EVERY_S / 2)
        body = {"v": 1, "device_id": name, "ts": stamp(), "state": "fault", "faults": ["probe"]}
        sent.append((index, hand.say(json.dumps(body))))
        hand.close(alert_id)
        time.sleep(EVERY_S / 2)
    time.sleep(1.0)
    listener.close()
    took = Took()
    for key, at in sent:
        into = took.alerts if isinstance(key, str) else took.changes
        into.append(listener.first(key, at) - at)
    for _, name in bells:
        hand.say(_well(name))
    return took


def _well(name: str) -> str:
    return json.dumps({"v": 1, "device_id": name, "ts": stamp(), "state": "ok"})


def measure(folder: Path, samples: int = 250, room: Room | None = None) -> list[Row]:
    rows = []
    with nullcontext(room) if room else control_room(folder / "web") as room:
        natural = probe(room, samples)
        with load.running(room.url, room.devices, 10_000, 1_000):
            time.sleep(SETTLE_S)
            busy = probe(room, samples)
    for what, quiet, loaded in (
        ("an alert", natural.alerts, busy.alerts),
        ("a change of state (gathered ≤ 50 ms)", natural.changes, busy.changes),
    ):
        rows.append(_row(what, quiet, loaded))
    return rows


def _row(what: str, natural: list[float], busy: list[float]) -> Row:
    p50, p99 = quantile(busy, 0.5), quantile(busy, 0.99)
    calm50, calm99 = quantile(natural, 0.5), quantile(natural, 0.99)
    say(f"field to web, {what}: {p50:.1f} / {p99:.1f} ms, natural {calm50:.1f} / {calm99:.1f}")
    return Row(
        f"XADD → delta at a WebSocket client, {what}, at 10,000 messages/s",
        f"p50 ≤ {GOAL_P50_MS} ms, p99 ≤ {GOAL_P99_MS} ms",
        f"p50 {number(p50)}, p99 {number(p99)} ms (n {len(busy)})",
        f"at natural load {number(calm50)} / {number(calm99)} ms",
        None,
        p50 <= GOAL_P50_MS and p99 <= GOAL_P99_MS,
        {"p50_ms": p50, "p99_ms": p99, "natural_p50_ms": calm50, "natural_p99_ms": calm99,
         "n": len(busy)},
    )  # fmt: skip


if __name__ == "__main__":
    alone(measure)
