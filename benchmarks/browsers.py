"""3. What does a browser cost the web process? 200 WebSockets, two alerts a second.

The real web process (`python app.py`) with its 10,000 devices and their natural traffic; its own
processor time is read from the kernel (Linux). The sockets are in a process of their own and
ask for compression, as browsers do, unless told otherwise. The reference is the naive page,
asked by five clients once a second each, as its dcc.Interval would.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import websockets

from benchmarks import naive_page
from benchmarks.measure import Row, alone, number, quantile, say
from benchmarks.presses import Hand
from benchmarks.room import Room, control_room, cpu_s, process_of
from data_sources.leash import leashed
from tests.conftest import PASSWORD
from tests.live_room import snapshot
from tests.visitor import callback, cookie_header, sign_in

BROWSERS = 200
ALERTS_PER_S = 2.0
GOAL_MS = 0.1
POLLERS = 5
ROOT = Path(__file__).parent.parent
JOINED = "all in"


@dataclass
class Cost:
    """idle: with no browser at all, the process following the city's natural traffic."""

    ms_per_browser_s: float
    idle_ms_per_s: float
    took_ms: list[float]


# -- the crowd: a process of its own -----------------------------------------------------------


async def crowd(base: str, n: int, deflate: bool) -> None:
    """Until the first line on stdin; then what each alert took, as JSON on stdout."""
    client = sign_in(base, "duty", PASSWORD)
    head, _ = snapshot(client)
    url = f"{base.replace('http', 'ws')}/live?city={head['city']}&seq={head['seq']}"
    heard: dict[str, list[float]] = {}
    inside = asyncio.Semaphore(20)

    async def one(joined: asyncio.Event) -> None:
        async with inside:
            socket = await websockets.connect(
                url, additional_headers={"Cookie": cookie_header(client)}, origin=base,
                compression="deflate" if deflate else None, max_size=None,
            )  # fmt: skip
        joined.set()
        async for text in socket:
            if '"bench-' in text:
                at = time.time() * 1000
                for alert in json.loads(text)["alerts"]:
                    heard.setdefault(alert["id"], []).append(at)

    events = [asyncio.Event() for _ in range(n)]
    tasks = [asyncio.create_task(one(event)) for event in events]
    await asyncio.gather(*(event.wait() for event in events))
    print(JOINED, flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    lost = sum(task.done() for task in tasks)
    print(json.dumps({"heard": heard, "lost": lost}), flush=True)
    os._exit(0)


class Crowd:
    def __init__(self, base: str, n: int, deflate: bool) -> None:
        command = [sys.executable, "-m", "benchmarks.browsers", "crowd", base, str(n)]
        self._process = subprocess.Popen(
            [*command, str(int(deflate))], cwd=ROOT, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, **leashed(),
        )  # fmt: skip
        assert self._process.stdout and self._process.stdin
        assert self._process.stdout.readline().strip() == JOINED

    def heard(self) -> dict[str, Any]:
        assert self._process.stdout and self._process.stdin
        self._process.stdin.write("enough\n")
        self._process.stdin.flush()
        said: dict[str, Any] = json.loads(self._process.stdout.readline())
        return said

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


# -- measuring ---------------------------------------------------------------------------------


def cost(room: Room, n: int, seconds: float, deflate: bool) -> Cost:
    pid, hand = process_of(room, "--web"), Hand(room.url)
    idle = _cpu_ms_per_s(pid, lambda: time.sleep(seconds / 2))
    people = Crowd(room.base, n, deflate)
    try:
        time.sleep(3)
        sent: dict[str, float] = {}
        busy = _cpu_ms_per_s(pid, lambda: sent.update(_press(hand, seconds)))
        time.sleep(0.5)
        said = people.heard()
    finally:
        people.end()
    for alert_id in sent:
        hand.close(alert_id)
    assert not said["lost"], f"{said['lost']} sockets were closed"
    took = [at - sent[name] for name, ats in said["heard"].items() if name in sent for at in ats]
    assert len(took) == n * len(sent), (len(took), n * len(sent))
    return Cost(busy / n, idle, took)


def _press(hand: Hand, seconds: float) -> dict[str, float]:
    sent, began = {}, time.monotonic()
    for step in range(int(seconds * ALERTS_PER_S)):
        alert_id, at = hand.press()
        sent[alert_id] = at
        time.sleep(max(0.0, began + (step + 1) / ALERTS_PER_S - time.monotonic()))
    return sent


def _cpu_ms_per_s(pid: int, work: Any) -> float:
    before, began = cpu_s(pid), time.monotonic()
    work()
    return 1000 * (cpu_s(pid) - before) / (time.monotonic() - began)


def naive_cost(room: Room, seconds: float) -> float:
    """ms of the naive page's process per client and second."""
    outputs = ["devices.data", "queue.children", "markers.children"]
    with naive_page.serving(room.url) as (base, pid), _polling(base, outputs):
        time.sleep(2)
        return _cpu_ms_per_s(pid, lambda: time.sleep(seconds)) / POLLERS


@contextlib.contextmanager
def _polling(base: str, outputs: list[str]) -> Iterator[None]:
    over = threading.Event()

    def poll() -> None:
        with httpx.Client(base_url=base, timeout=60) as client:
            n = 0
            while not over.is_set():
                began, n = time.monotonic(), n + 1
                body = callback(outputs, "every.n_intervals", n)
                client.post("/_dash-update-component", json=body).raise_for_status()
                over.wait(max(0.0, 1 - (time.monotonic() - began)))

    threads = [threading.Thread(target=poll, daemon=True) for _ in range(POLLERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(10)


def measure(
    folder: Path, browsers: int = BROWSERS, seconds: float = 15, room: Room | None = None
) -> list[Row]:
    with nullcontext(room) if room else control_room(folder / "browsers") as room:
        real = cost(room, browsers, seconds, deflate=True)
        plain = cost(room, browsers, seconds, deflate=False)
        naive = naive_cost(room, seconds / 2)
    p50, p95 = quantile(real.took_ms, 0.5), quantile(real.took_ms, 0.95)
    say(f"browsers: {real.ms_per_browser_s:.3f} ms, without deflate {plain.ms_per_browser_s:.3f}")
    return [
        Row(
            f"web process with {browsers} browsers, 2 alerts/s: CPU per browser and second",
            f"≤ {GOAL_MS} ms",
            f"{real.ms_per_browser_s:.3f} ms, all of the process's work in it; XADD → socket "
            f"p50 {number(p50)}, p95 {number(p95)} ms",
            f"naive page {number(naive)} ms",
            naive / real.ms_per_browser_s,
            real.ms_per_browser_s <= GOAL_MS,
            {"ms_per_browser_s": real.ms_per_browser_s, "naive_ms_per_browser_s": naive,
             "without_deflate_ms_per_browser_s": plain.ms_per_browser_s,
             "no_browsers_ms_per_s": real.idle_ms_per_s, "p50_ms": p50, "p95_ms": p95,
             "without_deflate_p50_ms": quantile(plain.took_ms, 0.5)},
        )
    ]  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["crowd"]:
        asyncio.run(crowd(sys.argv[2], int(sys.argv[3]), sys.argv[4] == "1"))
    else:
        alone(measure)
