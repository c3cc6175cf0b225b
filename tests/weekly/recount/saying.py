"""When things happen in the year of the recount, and how the field says them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from data_sources.simulator.entry import DAY, HOUR, MINUTE, SECOND, day_start, stamp

Rng = np.random.Generator
SEED = 12
WEEK = 7 * DAY


def midnight(day: str) -> int:
    return day_start((date.fromisoformat(day) - date(1970, 1, 1)).days)


BEGAN_MS = midnight("2025-12-25")
COUNTED_MS = midnight("2026-10-05")
WORKS_MS = midnight("2026-11-02")  # from here on all kinds are repaired, before only bells
OVER_MS = midnight("2027-01-20") + 15 * HOUR
EMPTY_MS = midnight("2026-11-23")
DEAD = midnight("2026-12-08") + 10 * HOUR, midnight("2026-12-12") + 20 * HOUR
FIRST_MS = midnight("2025-12-29")
# Told by the field long after the week was over: when, and of which week.
LATE_MS = midnight("2026-12-22") + 11 * HOUR
LATE_OF, REVISED_OF = "2026-W49", "2026-W51"
READS_MS = 6 * HOUR + 2 * MINUTE  # on Mondays
ZONES = ("4128151000", "4128152000", "4128153000")
KINDS = {"bell": 4, "cctv": 3, "light": 4, "env": 1, "counter": 2}
HEARTBEATS = {"bell": 60, "cctv": 30, "light": 600, "env": 60, "counter": 60, "gateway": 30}
VENDORS = ("Gaon", "Maru", "Byeol")
AI_TYPES = ("scream", "fight", "fall", "intrusion", "loitering", "abandonment", "crowding", "fire")
LATCHING = ("bell", "scream")
CATEGORIES = ("theft", "violence", "sexual", "stalking", "property_damage", "disorder", "missing",
              "suspicious", "traffic", "other")  # fmt: skip
VERDICTS = ("real", "real", "mistaken", "mistaken", "malfunction", "test", "unknown")


class Said(NamedTuple):
    """Sorts by the moment it was told."""

    at_ms: int
    stream: str
    body: str


def moment(rng: Rng, week_ms: int) -> int:
    return week_ms + int(rng.integers(0, 7 * 86_400)) * SECOND


def rng_of(*words: str) -> Rng:
    return np.random.default_rng([SEED, *("/".join(words)).encode()])


def act(what: str, at: int, **more: Any) -> Said:
    about = more.get("device_id") or more["alert_id"]
    return said(at, "actions", action_id=f"{what}-{at}-{about}", ts=stamp(at), actor="kim",
                 role="simulator", action=what, **more)  # fmt: skip


def said(at: int, stream: str, **body: Any) -> Said:
    return Said(at, stream, json.dumps({"v": 1, **body}))
