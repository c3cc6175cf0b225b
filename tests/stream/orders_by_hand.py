"""Rounds of work orders from one device's beats alone, without any of our code.

For devices heard every minute: a fault of half an hour is work, good beats of half an hour end
it (known three minutes later, when silence would have shown).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.builders import Said
from tests.stream.crash_field import BROKEN

HALF_AN_HOUR = 30 * 60_000
SILENCE = 180_000
Rounds = list[tuple[int, int | None]]  # start of the trouble, start of the good beats


def assert_orders(picture: Any, said: list[Said]) -> None:
    found: dict[str, Rounds] = {}
    for order in picture.workshop.shelf.orders.values():
        rounds = found.setdefault(order.device_id, [])
        rounds += [(one.down_ms, one.restored_ms) for one in order.rounds]
    assert set(BROKEN) & set(found)
    for device_id in BROKEN:
        beats = {
            (_ms(m["ts"]), m["state"])
            for stream, m in said
            if stream == "status" and isinstance(m, dict) and m["device_id"] == device_id
        }
        expected = rounds_of(sorted(beats), picture.clock.frontier_ms)
        assert sorted(found.get(device_id, [])) == expected, device_id


def rounds_of(beats: list[tuple[int, str]], settled_ms: int) -> Rounds:
    rounds: Rounds = []
    down_ms = well_ms = None
    is_work = False
    for at_ms, state in [*beats, (settled_ms + 1, "")]:
        at_ms = min(at_ms, settled_ms + 1)
        if down_ms is not None and well_ms is None and not is_work:
            is_work = down_ms + HALF_AN_HOUR < at_ms
            rounds += [(down_ms, None)] if is_work else []
        if is_work and well_ms is not None:
            proved_ms = well_ms + HALF_AN_HOUR
            if proved_ms + SILENCE < at_ms or (state == "fault" and proved_ms <= at_ms):
                rounds[-1] = rounds[-1][0], well_ms
                down_ms, is_work = None, False
        if state == "fault" and at_ms <= settled_ms:
            down_ms, well_ms = at_ms if down_ms is None else down_ms, None
        elif state == "ok" and down_ms is not None:
            well_ms = (at_ms if well_ms is None else well_ms) if is_work else None
            down_ms = down_ms if is_work else None
    return rounds


def _ms(ts: str) -> int:
    return round(datetime.fromisoformat(ts).timestamp() * 1000)
