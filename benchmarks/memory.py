"""7. How much memory would Redis need for 10,000 devices, 92 days by the hour, 3 years by the day
and a day of journal?

Measured key by key (MEMORY USAGE) after a real simulated history, then projected: mean of the
full hours and full days times 92 x 24 and 3 x 365; the journal grows over a minute of real time
at natural load, times 1,440; the rest as it is, transitions of devices as long as the hours are
kept. What the server itself reports (used_memory) is told beside the sum of what was measured,
so that nothing large is overlooked.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, alone, say
from benchmarks.room import Room, client, control_room
from data_sources import keys

HOURS, DAYS = 92 * 24, 3 * 365
GOAL_GB = 1.0
JOURNAL_S = 60.0


def measure(folder: Path, journal_s: float = JOURNAL_S, room: Room | None = None) -> list[Row]:
    with nullcontext(room) if room else control_room(folder / "memory", weeks=2) as room:
        redis = client(room)
        before = _written(redis)
        journal, entries = _journal(redis, journal_s)
        field_hour = sum(
            (now - before[key]) / journal_s * 3_600 * _size(redis, key) / max(1, now)
            for key, now in _written(redis).items()
        )
        sizes = {key.decode(): _size(redis, key) for key in redis.scan_iter(count=1000)}
        used = int(redis.info("memory")["used_memory"])
    grows = {"journal": journal * 86_400, "field streams, an hour": field_hour}
    return _rows(sizes, grows, entries, used)


def _written(redis: Any) -> dict[str, int]:
    """Entries in each field stream; none is trimmed before its hour is over."""
    names = [keys.stream(0, name) for name in keys.INPUT_STREAMS]
    return {name: int(redis.xlen(name)) for name in names}


def _size(redis: Any, key: Any) -> int:
    """Large streams and hashes are sampled: every element would stop the server for long."""
    return int(redis.memory_usage(key, samples=2000) or 0)


def _journal(redis: Any, seconds: float) -> tuple[float, float]:
    """Bytes and entries of the live stream per second, of new entries only: each is read back
    and measured in a stream of its own."""
    copy = "bench:journal"
    start, began = redis.xrevrange(keys.live(0), count=1)[0][0].decode(), time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - began
    pipe, n = redis.pipeline(transaction=False), 0
    for entry_id, fields in redis.xrange(keys.live(0), f"({start}"):
        pipe.xadd(copy, fields, id=entry_id)
        n += 1
    pipe.execute()
    size = redis.memory_usage(copy, samples=0) if n else 0
    redis.delete(copy)
    return size / took, n / took


def _rows(
    sizes: dict[str, int], grows: dict[str, float], entries: float, used: int
) -> list[Row]:  # fmt: skip
    groups: Counter[str] = Counter()
    for key, size in sizes.items():
        groups[_group(key)] += size
    hours, days = _whole(sizes, "h"), _whole(sizes, "d")
    parts = {
        "hours": sum(hours) / len(hours) * HOURS,
        "days": sum(days) / len(days) * DAYS,
        "state": groups["state"],
        "transitions": groups["transitions"] / len(days) * 92,
        **grows,
        "other": groups["other"],
    }
    gb = sum(parts.values()) / 1e9
    told = ", ".join(f"{name} {size / 1e6:,.0f}" for name, size in parts.items() if size > 5e5)
    say(f"memory: {told} MB; {len(hours)} hours, {len(days)} days; used {used / 1e6:,.0f} MB")
    return [
        Row(
            "Redis memory, projected: 10,000 devices, hours of 92 days, days of 3 years, "
            "a day of journal",
            f"≤ {GOAL_GB:g} GB",
            f"{gb:.2f} GB (MB: {told}), from {len(days)} days of history",
            f"measured now: keys {sum(sizes.values()) / 1e6:,.0f} of {used / 1e6:,.0f} MB used",
            None,
            gb <= GOAL_GB,
            {"gb": gb, "mb": {name: size / 1e6 for name, size in parts.items()},
             "bytes_per_hour": sum(hours) / len(hours), "bytes_per_day": sum(days) / len(days),
             "journal_entries_per_s": entries, "used_mb": used / 1e6,
             "keys_mb": sum(sizes.values()) / 1e6,
             "mb_now": {name: size / 1e6 for name, size in groups.items()}},
        )
    ]  # fmt: skip


def _group(key: str) -> str:
    name = key.partition(":")[0]
    known = {"state": "state", "hist": "transitions", "live": "journal", "field": "field streams",
             "roll": "rollups"}  # fmt: skip
    return known.get(name, "other")


def _whole(sizes: dict[str, int], kind: str) -> list[int]:
    """Rollups by hour ("h") or day ("d"), without the first and the last, which are not whole."""
    numbered = {int(key.rpartition(":")[2]): size for key, size in sizes.items()
                if key.startswith("roll:") and key.split(":")[2] == kind}  # fmt: skip
    return [size for _, size in sorted(numbered.items())][1:-1]


if __name__ == "__main__":
    alone(measure)
