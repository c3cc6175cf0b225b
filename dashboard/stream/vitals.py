"""What the rules of watch.py need to know of a device, and what they decided."""

from __future__ import annotations

from msgspec import Struct

from dashboard.records import Registration, Status

NEVER = -(2**62)
DEFAULT_HEARTBEAT_MS = 60_000
LEAST_SILENCE_MS = 60_000
UNHEARD, OK, FAULT = -1, 0, 1  # what a device last said of itself
LAMP_OFF = -2  # ok, and its lamp is off; only the ledger tells this from OK


class Vitals(Struct, array_like=True):
    """One device as one watch sees it."""

    told: int = UNHEARD
    told_ms: int = NEVER  # event time of what was told last
    told_since_ms: int = NEVER  # when it began to say so
    life_ms: int = NEVER  # newest sign of life
    out_ms: int | None = None  # out of service since
    resumed_ms: int = NEVER  # gateways: when it was last heard again after being dead
    status: int = Status.UNKNOWN
    since_ms: int = NEVER
    behind: str = ""
    off_ms: int = NEVER  # lights: since when the ledger counts it as ok with its lamp off


class Beat(Struct, frozen=True):
    """What the rules need to know of a device: how often it should be heard, and through what."""

    heartbeat_ms: int = DEFAULT_HEARTBEAT_MS
    silence_ms: int = 3 * DEFAULT_HEARTBEAT_MS  # longer than this is offline
    gateway_id: str = ""
    is_gateway: bool = False


ORDINARY = Beat()


def beat_of(registration: Registration) -> Beat:
    heartbeat_ms = max(1_000, int(registration.heartbeat_s * 1000))
    return Beat(
        heartbeat_ms,
        max(3 * heartbeat_ms, LEAST_SILENCE_MS),
        registration.gateway_id,
        registration.kind == "gateway",
    )
