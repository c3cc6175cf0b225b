"""Every Redis key and lifetime, in one place. Partition p's keys share the hash tag {p}."""

from __future__ import annotations

from dashboard.kpis.choice import KEPT_DAYS
from dashboard.stream.rollups import DAY_MS, HOUR_MS, KST_MS

INPUT_STREAMS = ("alerts", "registry", "status", "traffic", "incidents")  # in order of urgency
STREAMS = (*INPUT_STREAMS, "actions")

LEASE_MS = 1_500  # a worker's right to try a partition
HOURLY_DAYS = 92  # rollups of hours are kept so long after their hour; of days: KEPT_DAYS
SESSION_IDLE_S = 12 * 3600  # a shift and a bit
SESSION_ABSOLUTE_S = 24 * 3600


def stream(p: int, name: str) -> str:
    """The stream an input or action message of partition p is written to."""
    return f"ops:{{{p}}}:actions" if name == "actions" else f"field:{{{p}}}:{name}"


def rejected(p: int) -> str:
    return f"field:{{{p}}}:rejected"


def canary(p: int) -> str:
    """Proof-of-life messages that travel the whole way; kept out of every count."""
    return f"ops:{{{p}}}:canary"


def live(p: int) -> str:
    return f"live:{{{p}}}"


def lease(p: int) -> str:
    return f"lease:{{{p}}}"


def epoch(p: int) -> str:
    return f"epoch:{{{p}}}"


def state(p: int, part: str) -> str:
    """part: meta, positions, counters, registry, devices, alerts, incidents, traffic, groups,
    orders (all of them), orders_now (ids of those the worker works with), cards (its notes)."""
    return f"state:{{{p}}}:{part}"


def hourly(p: int, hour: int) -> str:
    """Rollup of one hour; hour = epoch milliseconds // 3,600,000."""
    return f"roll:{{{p}}}:h:{hour}"


def daily(p: int, day: int) -> str:
    """Rollup of one KST day; day = (epoch milliseconds + 9 h) // 86,400,000."""
    return f"roll:{{{p}}}:d:{day}"


def counted(p: int, day: int) -> str:
    """What every counter counted on a KST day, hour by hour; field = sensor id."""
    return f"roll:{{{p}}}:c:{day}"


def rollup(p: int, kind: str, n: int) -> str:
    """kind: "h", "d" or "c"; n: the hour or the day."""
    return {"h": hourly, "d": daily, "c": counted}[kind](p, n)


def rollup_ends_ms(kind: str, n: int) -> int:
    """When the rollup of an hour or a day is let go of, as epoch milliseconds."""
    if kind == "h":
        return (n + 1) * HOUR_MS + HOURLY_DAYS * DAY_MS
    return (n + 1 + (HOURLY_DAYS if kind == "c" else KEPT_DAYS)) * DAY_MS - KST_MS


def history(p: int, month: int) -> str:
    """Transitions of devices in one KST month (yyyymm); field = device id."""
    return f"hist:{{{p}}}:{month}"


def session(digest: str) -> str:
    """digest: sha256 of the session id; the id itself is only in the browser's cookie."""
    return f"session:{digest}"


def user_sessions(user: str) -> str:
    """Set of a user's session digests, so that all can be ended at once."""
    return f"user_sessions:{user}"


def saved_views(user: str) -> str:
    """Hash: `<page>/<name>` -> query of an address."""
    return f"saved_views:{user}"


def week(word: str) -> str:
    """Hash: revision -> JSON of a sealed week; kept for good."""
    return f"week:{word}"


def week_decisions(word: str) -> str:
    """Hash: id -> JSON of a decision asked for."""
    return f"week:{word}:decisions"


def week_sent(word: str) -> str:
    """Hash: id of a reader -> JSON of what became of his mail."""
    return f"week:{word}:sent"


USERS = "users"  # hash: user name -> JSON record
TOKENS = "tokens"  # hash: sha256 of a bearer token -> JSON record
TOKEN_DAYS = 90
THROTTLE = "throttle"  # prefix of the counters of bad passwords
PILOTS = "pilots"  # hash: pilot id -> JSON of every version of its definition
WEEKS = "weeks"  # hash: 2026-W47 -> JSON of its newest seal without the summary
WEEKLY_LEASE = "lease:weekly"  # who seals and sends
WEEKLY_LEASE_MS = 60_000
WEEKLY_READERS = "weekly:readers"  # hash: id -> JSON of who gets the week by mail
AUDIT = "audit"  # stream: sign-ins, exports, exact-location views
SIM_STATE = "sim:state"  # JSON: what the simulator wrote so far, to go on after a restart
SIM_PROGRESS = "sim:progress"  # JSON of the simulator; its being there marks simulated data
COARSE_SECRET = "coarse:secret"  # makes alert ids opaque for roles that see no exact points
WORKERS = "workers"  # hash: worker name -> epoch seconds of its last sign of life
