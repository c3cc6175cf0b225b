"""A field under load, as a process: beats of every device, and so many changes of state.

    python -m benchmarks.load --rate 10000 --changes 1000        evenly, in steps of 20 ms
    python -m benchmarks.load --rate 0 --changes 200 --burst     all at once, once a second

The devices are those the simulator registered (same number, seed, partitions), and say what
such devices say, so nothing but what is meant to changes. REDIS_URL names the server.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import time
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from dashboard.config import Settings
from data_sources.connect import open_client
from data_sources.leash import leashed
from data_sources.simulator.city import City, build_city
from data_sources.simulator.entry import Entry
from data_sources.simulator.speech import Speech
from data_sources.simulator.writer import Writer
from data_sources.sites import load_site

ROOT = Path(__file__).parent.parent
STEP_S = 0.02
STARTED = "load: begins"
SPARED = "7"  # devices whose id ends so are left to whoever measures


class Load:
    """Rounds through the devices. About one in fifty is faulty at any time: a change is either
    the next one to break or the longest broken to be well again."""

    def __init__(self, city: City) -> None:
        self._speech = Speech(city)
        self._movable = [
            d.index for d in city.devices if d.kind != "gateway" and not d.id.endswith(SPARED)
        ]
        self._most = len(self._movable) // 50
        self._faulty: OrderedDict[int, None] = OrderedDict()
        self._beat_at = self._change_at = 0

    def step(self, at_ms: int, messages: int, changes: int) -> list[Entry]:
        entries = []
        for _ in range(changes):
            entries.append(self._say(self._change(), at_ms))
        for _ in range(messages - changes):
            self._beat_at = (self._beat_at + 1) % len(self._movable)
            entries.append(self._say(self._movable[self._beat_at], at_ms))
        return entries

    def all_well(self, at_ms: int) -> list[Entry]:
        faulty, self._faulty = list(self._faulty), OrderedDict()
        return [self._say(index, at_ms) for index in faulty]

    def _change(self) -> int:
        if len(self._faulty) > self._most:
            return self._faulty.popitem(last=False)[0]
        self._change_at += 7_919
        index = self._movable[self._change_at % len(self._movable)]
        self._faulty[index] = None
        return index

    def _say(self, index: int, at_ms: int) -> Entry:
        return self._speech.beat(index, at_ms, "load" if index in self._faulty else None)


def run(load: Load, writer: Writer, args: argparse.Namespace) -> None:
    """Until the time is over; then every device is well again, as before."""
    step_s = 1.0 if args.burst else STEP_S
    began, step, owed, owed_changes = time.monotonic(), 0, 0.0, 0.0
    while time.monotonic() - began < args.seconds:
        owed += max(args.rate, args.changes) * step_s
        owed_changes += args.changes * step_s
        entries = load.step(time.time_ns() // 1_000_000, int(owed), int(owed_changes))
        owed, owed_changes = owed % 1, owed_changes % 1
        writer.write(entries)
        step += 1
        if step % 50 == 0:
            writer.behind()  # lets go of what was taken in
        time.sleep(max(0.0, began + step * step_s - time.monotonic()))
    writer.write(load.all_well(time.time_ns() // 1_000_000))


@contextlib.contextmanager
def running(url: str, devices: int, rate: int, changes: int, *words: str) -> Iterator[None]:
    """The load as a process of its own, from its first message on."""
    command = [sys.executable, "-m", "benchmarks.load", "--devices", str(devices),
               "--rate", str(rate), "--changes", str(changes), *words]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "REDIS_URL": url}, stdout=subprocess.PIPE,
        text=True, **leashed(),
    )  # fmt: skip
    try:
        assert process.stdout and process.stdout.readline().startswith(STARTED)
        yield
    finally:
        process.kill()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("--devices", type=int, default=10_000)
    parser.add_argument("--rate", type=int, default=10_000, help="messages a second in all")
    parser.add_argument("--changes", type=int, default=1_000, help="of them changes of state")
    parser.add_argument("--burst", action="store_true")
    parser.add_argument("--seconds", type=float, default=600)
    args = parser.parse_args()
    settings = Settings.from_env(os.environ)
    city = build_city(load_site(settings.site), args.devices, settings.sim_seed)
    writer = Writer(open_client(str(settings.redis_url)), 1, lambda text: None)
    print(STARTED, flush=True)
    run(Load(city), writer, args)


if __name__ == "__main__":
    main()
