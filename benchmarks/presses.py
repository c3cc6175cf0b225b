"""Calls for help, written as a bell's gateway would, and taken away again when they were seen."""

from __future__ import annotations

import itertools
import json
import random
import time
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
import redis

from dashboard.records import Status
from data_sources import keys
from data_sources.connect import open_client

_numbers = itertools.count(1)


def stamp() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Hand:
    def __init__(self, url: str) -> None:
        self.client: redis.Redis = open_client(url)
        names: Any = self.client.hkeys(keys.state(0, "registry"))
        self.bells = sorted(name.decode() for name in names if name.startswith(b"B-"))
        self._rng = random.Random(7)

    def press(self) -> tuple[str, float]:
        """The id of the alert, and the epoch ms just before it was written."""
        return self.press_as(new_id())

    def press_as(self, alert_id: str) -> tuple[str, float]:
        message = {
            "v": 1, "ts": stamp(), "alert_id": alert_id, "type": "bell",
            "device_id": self._rng.choice(self.bells),
        }  # fmt: skip
        body = json.dumps(message)
        at = time.time() * 1000
        self.client.xadd(keys.stream(0, "alerts"), {"d": body})
        return alert_id, at

    def well(self, names: Iterable[str]) -> list[str]:
        """Those of the devices that are shown as ok."""
        asked = list(names)
        found: Any = self.client.hmget(keys.state(0, "devices"), asked)
        return [
            name for name, raw in zip(asked, found, strict=True)
            if raw and msgspec.msgpack.decode(raw)[1] == Status.OK
        ]  # fmt: skip

    def say(self, body: str) -> float:
        """A status message; the epoch ms just before."""
        at = time.time() * 1000
        self.client.xadd(keys.stream(0, "status"), {"d": body})
        return at

    def close(self, alert_id: str) -> None:
        """As an operator would, so that the queue stays as long as on a busy night."""
        action = {
            "v": 1, "action_id": str(uuid.uuid4()), "ts": stamp(), "actor": "bench",
            "role": "duty", "action": "close", "alert_id": alert_id, "version": 1,
            "verdict": "test", "note": "",
        }  # fmt: skip
        self.client.xadd(keys.stream(0, "actions"), {"d": json.dumps(action)})


def new_id() -> str:
    return f"bench-{next(_numbers)}-{uuid.uuid4().hex[:6]}"
