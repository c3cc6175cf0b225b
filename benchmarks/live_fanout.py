"""Browsers per web process: CPU and latency of the fan-out with 200 sockets at 2 alerts/s.

    python -m benchmarks.live_fanout [browsers] [seconds] [devices] [status changes per s]

The web process is measured alone (its own CPU time); the sockets are in a process of their
own, all on the one machine. Latency: from XADD on the live stream to the text in the client.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import websockets

from data_sources.connect import open_client
from data_sources.embedded import EmbeddedServer
from tests.live_room import Hand, LiveRoom, a_device, a_feed, a_view, an_alert

ALERTS_PER_S = 2.0


async def listen(url: str, token: dict[str, str], n: int, took: list[float]) -> None:
    async def one() -> None:
        async with websockets.connect(url, additional_headers=token, compression=None) as socket:
            async for text in socket:
                arrived = time.time_ns()
                if '"alerts":[{' in text:
                    note = json.loads(text)["alerts"][0]["note"]
                    took.append((arrived - int(note)) / 1e6)

    await asyncio.gather(*(one() for _ in range(n)))


def clients(url: str, token: dict[str, str], n: int, seconds: float, results: Any) -> None:
    took: list[float] = []

    async def run() -> None:
        try:
            await asyncio.wait_for(listen(url, token, n, took), seconds)
        except TimeoutError:
            pass

    asyncio.run(run())
    results.put(took)


def drive(hand: Hand, seconds: float, devices: int, changes: int) -> None:
    """Alerts at a steady rate, status changes in 20 batches a second, one feed state a second."""
    began, step = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        step += 1
        parts: dict[str, Any] = {"feed": a_feed() if step % 20 == 0 else None}
        if step % int(20 / ALERTS_PER_S) == 0:
            parts["alerts"] = [an_alert(note=str(time.time_ns()), device_id="D-1")]
        if changes:
            first = step * (changes // 20)
            parts["devices"] = [a_view(f"D-{(first + n) % devices}", (step + n) % 5)
                                for n in range(changes // 20)]  # fmt: skip
        if any(parts.values()):
            hand.tell(**parts)
        time.sleep(max(0.0, began + step * 0.05 - time.monotonic()))


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))] if values else float("nan")


def main(browsers: int, seconds: float, devices: int, changes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        redis = EmbeddedServer(Path(folder))
        redis.start()
        hand = Hand(open_client(redis.url))
        spread = [(126.70 + n % 300 / 1000, 37.60 + n // 300 % 100 / 1000) for n in range(devices)]
        hand.keep(registry=[a_device(f"D-{n}", lon=x, lat=y) for n, (x, y) in enumerate(spread)],
                  devices=[a_view(f"D-{n}") for n in range(devices)])  # fmt: skip
        hand.tell()
        room = LiveRoom(redis.url).start()
        city = room.sources.city
        url = f"ws://127.0.0.1:{room.port}/live?city={city.id}&seq={city.seq}"
        results: Any = multiprocessing.get_context("spawn").Queue()
        child = multiprocessing.get_context("spawn").Process(
            target=clients, args=(url, room.token("duty"), browsers, seconds + 6, results)
        )
        child.start()
        try:
            while len(room.browsers()) < browsers:
                hand.tell()
                time.sleep(0.2)
            began = time.process_time()
            drive(hand, seconds, devices, changes)
            used = time.process_time() - began
            took = results.get(timeout=30)
        finally:
            child.join(5)
            child.kill()
            room.stop()
            redis.stop()
    print(
        f"{browsers} browsers, {devices} devices, {ALERTS_PER_S:g} alerts/s, {changes} changes/s, "
        f"{seconds:g} s: {1000 * used / browsers / seconds:.3f} ms CPU per browser and second; "
        f"XADD to client p50 {quantile(took, 0.5):.1f} ms, p95 {quantile(took, 0.95):.1f} ms, "
        f"n {len(took)}"
    )


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    main(*(given + [200, 20, 10_000, 0][len(given) :]))
