"""When devices fail and are repaired: faults they report, silences, gateways that go dark.

Random numbers are drawn per KST day for all devices at once, so that the state at any moment
can be told without living through what came before.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np

from data_sources.simulator.city import City
from data_sources.simulator.entry import DAY, HOUR, MINUTE, day_of, day_start

LONGEST = 12 * DAY  # repaired by then, whatever it was
_DAYS_KEPT = 40  # a run of a week and the longest outage, with room


class Failure(NamedTuple):
    """Of one kind: how often per device-day, and how long (lognormal median and sigma).

    served: it lasts until somebody comes, so the maker's speed counts.
    """

    per_day: float
    median_ms: int
    sigma: float
    silent: bool
    served: bool


# Half a percent of the time something is wrong, most of it until somebody comes. Link trouble is
# frequent, but seldom lasts the four hours after which it is work.
FAILURES = (
    Failure(1 / 700, 36 * HOUR, 0.5, False, True),  # it says so; seen to within two working days
    Failure(1 / 60, 40 * MINUTE, 0.9, True, False),  # link trouble that heals
    Failure(1 / 800, 36 * HOUR, 0.5, True, True),  # dead until someone comes
)
GATEWAY_DARK = Failure(1 / 320, 25 * MINUTE, 0.8, True, False)  # a few a week in a city of 160
CODES = {
    "bell": ("mic_selftest", "speaker_selftest", "call_route", "power_low"),
    "cctv": ("video_loss", "blur", "recording", "ai_module"),
    "light": ("lamp_failure", "driver_failure", "day_burning", "leakage"),
    "logo": ("lamp_failure", "overheat"),
    "sign": ("dark", "damaged"),
    "counter": ("occluded", "zero_stuck"),
    "env": ("sensor_drift", "stuck_value"),
    "gateway": ("ups_battery", "uplink_weak"),
}


class Outage(NamedTuple):
    """code "": silent."""

    from_ms: int
    to_ms: int
    code: str


class Dying(NamedTuple):
    """So many of the sensors (all but gateways) fall silent at a moment, and stay so."""

    share: float
    from_ms: int


NOBODY = Dying(0.0, 0)


class Span(NamedTuple):
    """A device's state over [from_ms, to_ms): code None is ok, "" silent, else a fault."""

    from_ms: int
    to_ms: int
    code: str | None


class Life:
    def __init__(self, city: City, seed: int, dying: Dying = NOBODY) -> None:
        self.city = city
        self._seed = seed
        self._dead = _the_dying(city, seed, dying)
        self._rate = np.array([d.traits.wear for d in city.devices])
        self._slow = np.array([d.traits.slow for d in city.devices])
        self._is_gateway = np.array([d.kind == "gateway" for d in city.devices], dtype=bool)
        self._children: dict[str, list[int]] = {}
        for device in city.devices:
            if device.gateway:
                self._children.setdefault(device.gateway, []).append(device.index)
        self.starting_on = lru_cache(maxsize=_DAYS_KEPT)(self._starting_on)

    def outages(self, from_ms: int, to_ms: int) -> dict[int, list[Outage]]:
        """Of each device that has any within [from_ms, to_ms)."""
        found: dict[int, list[Outage]] = {}
        for day in range(day_of(from_ms - LONGEST), day_of(to_ms) + 1):
            for index, outage in self.starting_on(day):
                if outage.from_ms < to_ms and outage.to_ms > from_ms:
                    found.setdefault(index, []).append(outage)
        for index, outage in self._dead.items():
            if outage.from_ms < to_ms:
                found.setdefault(index, []).append(outage)
        return found

    def _starting_on(self, day: int) -> list[tuple[int, Outage]]:
        if not self.city.devices:
            return []
        rng = np.random.default_rng([self._seed, 1, day])
        found: list[tuple[int, Outage]] = []
        for failure in FAILURES:
            # A gateway seldom fails, and when it is silent all behind it are (below).
            of_gateways = 0.0 if failure.silent else 0.15
            rate = self._rate * failure.per_day * np.where(self._is_gateway, of_gateways, 1.0)
            for index, from_ms, to_ms, pick in self._draw(rng, rate, failure, day):
                codes = CODES[self.city.devices[index].kind]
                code = "" if failure.silent else codes[pick % len(codes)]
                found.append((index, Outage(from_ms, to_ms, code)))
        dark = np.where(self._is_gateway, GATEWAY_DARK.per_day, 0.0)
        for index, from_ms, to_ms, _ in self._draw(rng, dark, GATEWAY_DARK, day):
            found += self._all_behind(index, Outage(from_ms, to_ms, ""))
        return found

    def _draw(
        self, rng: np.random.Generator, rate: np.ndarray[Any, Any], failure: Failure, day: int
    ) -> list[tuple[int, int, int, int]]:
        """(device, from, to, a random number) of each failure that starts on the day."""
        n = len(rate)
        hit = np.flatnonzero(rng.random(n) < rate)
        at = rng.integers(0, DAY, n)[hit] // 1000 * 1000 + day_start(day)
        length = failure.median_ms * np.exp(failure.sigma * rng.standard_normal(n)[hit])
        if failure.served:
            length *= self._slow[hit]
        ends = at + np.minimum(length, LONGEST).astype(np.int64) // 1000 * 1000 + 60_000
        picks = rng.integers(0, 1 << 30, n)[hit]
        rows = zip(hit.tolist(), at.tolist(), ends.tolist(), picks.tolist(), strict=True)
        return list(rows)

    def _all_behind(self, gateway: int, outage: Outage) -> list[tuple[int, Outage]]:
        children = self._children.get(self.city.devices[gateway].id, [])
        return [(index, outage) for index in (gateway, *children)]


def _the_dying(city: City, seed: int, dying: Dying) -> dict[int, Outage]:
    """Of a larger share all of a smaller one."""
    forever = Outage(dying.from_ms, 2**62, "")
    return {
        d.index: forever
        for d in city.devices
        if d.kind != "gateway" and crc32(f"{seed}:dying:{d.id}".encode()) / 2**32 < dying.share
    }


def spans(outages: Iterable[Outage], from_ms: int, to_ms: int) -> list[Span]:
    """The whole of [from_ms, to_ms) in order; where outages overlap silence wins."""
    mine = [o for o in outages if o.from_ms < to_ms and o.to_ms > from_ms]
    cuts = {from_ms, to_ms}
    for outage in mine:
        cuts |= {max(outage.from_ms, from_ms), min(outage.to_ms, to_ms)}
    ordered = sorted(cuts)
    result: list[Span] = []
    for start, end in zip(ordered, ordered[1:], strict=False):
        codes = [o.code for o in mine if o.from_ms <= start and o.to_ms >= end]
        code = None if not codes else ("" if "" in codes else codes[0])
        if result and result[-1].code == code:
            result[-1] = result[-1]._replace(to_ms=end)
        else:
            result.append(Span(start, end, code))
    return result


def state_at(outages: Iterable[Outage], at_ms: int) -> str | None:
    """None: ok; "": silent; else a fault code."""
    codes = [o.code for o in outages if o.from_ms <= at_ms < o.to_ms]
    return None if not codes else ("" if "" in codes else codes[0])
