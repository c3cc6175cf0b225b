"""A field system for tests: writes the contract's messages by XADD, as any producer would."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import redis

LON, LAT = 126.7863, 37.6723  # by Pungsan station
_numbers = itertools.count(1)


def now(ago_s: float = 0) -> str:
    return (datetime.now(UTC) - timedelta(seconds=ago_s)).isoformat()


class Field:
    def __init__(self, client: redis.Redis, partition: int = 0) -> None:
        self.client, self.partition = client, partition

    def say(self, stream: str, **message: Any) -> None:
        body = json.dumps({"v": 1, **message})
        self.client.xadd(f"field:{{{self.partition}}}:{stream}", {"d": body})

    def register(self, device_id: str, kind: str = "bell", **more: Any) -> str:
        """A device that is well, at the place of all tests unless told otherwise."""
        given = {"lon": LON, "lat": LAT, "name": f"name of {device_id}", "route_id": "R-01"}
        self.say("registry", device_id=device_id, ts=now(60), kind=kind, **(given | more))
        self.tell(device_id, "ok", ago_s=5)
        return device_id

    def street(self, prefix: str, count: int, kind: str = "light") -> list[str]:
        """Devices in a row, some 30 m apart."""
        places = [(LON + 0.0003 * n, LAT + 0.0001 * n) for n in range(count)]
        return [
            self.register(f"{prefix}-{n:04}", kind, lon=lon, lat=lat)
            for n, (lon, lat) in enumerate(places)
        ]

    def tell(self, device_id: str, state: str, ago_s: float = 0) -> None:
        faults = {"faults": ["lamp_out"]} if state == "fault" else {}
        self.say("status", device_id=device_id, ts=now(ago_s), state=state, **faults)

    def raise_alert(self, type_: str = "bell", device_id: str = "B-0001", **more: Any) -> str:
        """The alert's id."""
        alert_id = f"{device_id}-{next(_numbers)}"
        self.say("alerts", alert_id=alert_id, ts=now(), type=type_, device_id=device_id, **more)
        return alert_id
