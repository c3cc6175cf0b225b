"""A small town told as messages: two days of lights, bells, cameras and counters."""

from __future__ import annotations

from tests.builders import rfc3339
from tests.facts.fact_room import now_ms
from tests.field import Field, now

HOUR_S = 3_600


def run_of(field: Field, device_id: str, state: str, from_s: float, to_s: float) -> None:
    faults = {"faults": ["lamp_out"]} if state == "fault" else {}
    field.say("status", device_id=device_id, ts=now(from_s), until=now(to_s), state=state, **faults)


def two_days_of(field: Field, prefix: str = "L", zone: str = "4128552500") -> None:
    """Four devices over two midnights: well, faulty for an hour, silent at times, counting."""
    kinds = {"light": f"{prefix}-1", "bell": f"{prefix}-2", "cctv": f"{prefix}-3",
             "counter": f"{prefix}-4"}  # fmt: skip
    for kind, name in kinds.items():
        vendor = "Gaon" if kind != "cctv" else "Maru"
        field.say("registry", device_id=name, ts=now(50 * HOUR_S), kind=kind, lon=126.78,
                  lat=37.66, zone=zone, vendor=vendor, heartbeat_s=60)  # fmt: skip
    for hours in range(49, 0, -7):
        for name in kinds.values():
            run_of(field, name, "ok", hours * HOUR_S, (hours - 5) * HOUR_S)
        run_of(field, kinds["bell"], "fault", (hours - 5) * HOUR_S, (hours - 6) * HOUR_S)
    for hours in range(47, 0, -3):
        start = now_ms() - hours * HOUR_S * 1000
        field.say("traffic", sensor_id=kinds["counter"], ts="", **{
            "from": rfc3339(start), "to": rfc3339(start + 900_000), "in": 7, "out": hours,
        })  # fmt: skip
    for name in kinds.values():
        run_of(field, name, "ok", 60, 5)
