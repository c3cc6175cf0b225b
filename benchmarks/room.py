"""A whole control room to measure in: `python app.py` with the simulator's city."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data_sources import keys
from tests.conftest import ControlRoom, launch

SEED = "20261122"
HISTORY_S = 600


@dataclass
class Room:
    """devices: as many as were registered."""

    app: ControlRoom
    devices: int

    @property
    def url(self) -> str:
        return self.app.redis_url

    @property
    def base(self) -> str:
        return self.app.base_url


def start(folder: Path, devices: int = 10_000, weeks: int = 0) -> Room:
    """Does not wait. Alerts are left to whoever measures: the simulator's operators stay out."""
    app = launch(
        folder, SIMULATOR="1", SIM_DEVICES=str(devices), SIM_HISTORY_WEEKS=str(weeks),
        SIM_SEED=SEED, SIM_OPERATORS="0",
    )  # fmt: skip
    return Room(app, devices)


@contextlib.contextmanager
def control_room(folder: Path, devices: int = 10_000, weeks: int = 0) -> Iterator[Room]:
    """Ready, its history told, every device registered."""
    room = start(folder, devices, weeks)
    try:
        room.app.wait_until_ready()
        wait_for_history(room)
        yield room
    finally:
        room.app.stop()


def wait_for_history(room: Room, timeout_s: float = HISTORY_S) -> None:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if progress(room).get("phase") == "live" and caught_up(room):
            return
        time.sleep(0.1)
    raise SystemExit(f"no history after {timeout_s} s:\n{room.app.log[-2000:]}")


def progress(room: Room) -> dict[str, object]:
    return dict(json.loads(client(room).get(keys.SIM_PROGRESS) or b"{}"))


def caught_up(room: Room) -> bool:
    return client(room).hlen(keys.state(0, "registry")) >= room.devices


def client(room: Room):  # type: ignore[no-untyped-def]
    """One connection per room, kept."""
    if not room.app._clients:
        room.app.redis()
    return room.app._clients[0]


@contextlib.contextmanager
def simulator_paused(room: Room) -> Iterator[None]:
    """For under a minute, so that nobody is missed: a load's faults would otherwise be denied by
    the simulator's own beats. It catches up afterwards."""
    pid = process_of(room, "data_sources.simulator")
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


# -- processes and their time (Linux) ----------------------------------------------------------


def process_of(room: Room, word: str) -> int:
    """The child of the supervisor with this word in its command line."""
    top = room.app.process.pid
    for name in Path(f"/proc/{top}/task/{top}/children").read_text().split():
        if word.encode() in Path(f"/proc/{name}/cmdline").read_bytes():
            return int(name)
    raise SystemExit(f"no process {word!r}")


def cpu_s(pid: int) -> float:
    """Seconds of processor time used so far, by all its threads."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")
