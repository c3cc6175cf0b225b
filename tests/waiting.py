"""Waiting for what happens in other processes, and looking at them."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import ControlRoom

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def eventually(true: Callable[[], bool], within_s: float = 10) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


def runs(pid: int | None) -> bool:
    """False also for one that has ended but was not yet collected by its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_for_history(room: ControlRoom, within_s: float = 120) -> None:
    """Until the simulated city has caught up with the present."""
    client = room.redis()

    def is_live() -> bool:
        return json.loads(client.get("sim:progress") or b"{}").get("phase") == "live"

    assert eventually(is_live, within_s), "no history"
