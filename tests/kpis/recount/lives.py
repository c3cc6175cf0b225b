"""How every device was at any time, by the contract's words, out of what it and others said.

Each device is asked anew at every moment at which the answer may change; the answer looks at
nothing but raw messages up to that moment. What is known late is dated back, never beyond the
last change. Late and disordered messages are in order of time here, as if all had come at once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from tests.kpis.recount.reading import Raw

OK, OUT, UNKNOWN, OFFLINE, FAULT = range(5)  # as the columns of the answers are numbered
DOWN = (OFFLINE, FAULT)
NEVER = -(2**62)
FEED_LIMIT_MS = 30_000  # so little is expected between two messages of the whole town
DIMS = ["kind", "zone", "route", "vendor", "owner", "pilot"]


class Turn(NamedTuple):
    """At known_ms it was clear that since at_ms the device is so."""

    known_ms: int
    at_ms: int
    status: int


@dataclass
class Told:
    """What one device said, and what is to be known about it. ts rises; until and fault belong
    to it; life: the end of the newest sign of life by then."""

    id: str
    heartbeat_ms: int
    gateway: str
    joined_ms: int
    ts: list[int]
    life: list[int]
    fault: list[bool]
    out: list[tuple[int, int]] = field(default_factory=list)
    dead: list[tuple[int, int]] = field(default_factory=list)  # gateways: last life, heard again

    @property
    def silence_ms(self) -> int:
        return max(3 * self.heartbeat_ms, 60_000)

    def at(self, at_ms: int) -> int:
        """Place of its newest statement by then; -1 = none."""
        return bisect_right(self.ts, at_ms) - 1


class Town:
    """end_ms: what would be known later is not. pauses: [from, to) in which the whole feed was
    silent."""

    def __init__(self, raw: Raw, end_ms: int) -> None:
        self._end_ms = end_ms
        self.pauses = _pauses(raw)
        self.told = {one.id: one for one in _told(raw)}
        for one in self.told.values():
            one.dead = list(self._dead(one))

    def turns(self, device: Told) -> list[Turn]:
        """Every change of the answer, in order of knowing."""
        found: list[Turn] = []
        for at_ms in self._moments(device):
            status, since_ms = self._answer(device, at_ms, found[-1].status if found else -1)
            if not found or status != found[-1].status:
                not_before_ms = found[-1].at_ms if found else device.joined_ms
                found.append(Turn(at_ms, max(since_ms, not_before_ms), status))
        return found

    def _moments(self, device: Told) -> list[int]:
        """When the answer may change: something is said, or silence has lasted too long."""
        gateway = self.told.get(device.gateway)
        bases = [end for _, end in self.pauses]
        found = {device.joined_ms, *device.ts, *bases, *(start for start, _ in self.pauses)}
        found |= {moment for span in device.out for moment in span}
        if gateway is not None:
            bases += [back for _, back in gateway.dead]
            found |= {self._base(gateway, life) + gateway.silence_ms + 1
                      for life, _ in gateway.dead}  # fmt: skip
            found |= {back for _, back in gateway.dead}
        found |= {moment + device.silence_ms + 1 for moment in (*bases, *device.life)}
        return sorted(moment for moment in found if device.joined_ms <= moment <= self._end_ms)

    def _answer(self, device: Told, at_ms: int, before: int) -> tuple[int, int]:
        """Status, and since when."""
        for start, end in device.out:
            if start <= at_ms < end:
                return OUT, start
        newest = device.at(at_ms)
        if newest < 0:
            return UNKNOWN, device.joined_ms
        for start, end in self.pauses:
            if start <= at_ms < end:
                return UNKNOWN, start
        status, since_ms = self._heard(device, at_ms, newest)
        return status, at_ms if before == OUT else since_ms

    def _heard(self, device: Told, at_ms: int, newest: int) -> tuple[int, int]:
        life_ms, base_ms = device.life[newest], self._resumed(at_ms)
        gateway, suspect, lost_ms = self.told.get(device.gateway), False, NEVER
        if gateway is not None and (heard := gateway.at(at_ms)) >= 0:
            base_ms = max(base_ms, self._back(gateway, at_ms))
            quiet_ms = at_ms - max(gateway.life[heard], self._resumed(at_ms))
            lost_ms = gateway.life[heard] + gateway.heartbeat_ms
            suspect = quiet_ms > 2 * gateway.heartbeat_ms
            if quiet_ms > gateway.silence_ms and life_ms <= lost_ms:
                return UNKNOWN, lost_ms
        if at_ms - max(life_ms, base_ms) > device.silence_ms:
            if suspect:
                return UNKNOWN, max(life_ms, lost_ms)
            return OFFLINE, max(life_ms + device.heartbeat_ms, base_ms)
        if life_ms < base_ms:
            return UNKNOWN, base_ms
        return FAULT if device.fault[newest] else OK, max(device.ts[newest], base_ms)

    def _resumed(self, at_ms: int) -> int:
        """When the feed last came back."""
        return max((end for _, end in self.pauses if end <= at_ms), default=NEVER)

    def _back(self, gateway: Told, at_ms: int) -> int:
        """When it was last heard again after it had been silent for too long."""
        return max((back for _, back in gateway.dead if back <= at_ms), default=NEVER)

    def _base(self, device: Told, at_ms: int) -> int:
        """From when its silence counts that began at at_ms."""
        return max([at_ms, *(end for start, end in self.pauses if start <= at_ms < end)])

    def _dead(self, device: Told) -> Iterator[tuple[int, int]]:
        for life_ms, again_ms in zip(device.life, device.ts[1:], strict=False):
            from_ms = max(life_ms, self._resumed(again_ms))
            if again_ms - from_ms > device.silence_ms:
                yield life_ms, again_ms


def _told(raw: Raw) -> Iterator[Told]:
    said = dict(list(raw.status.groupby("device_id", sort=False)))
    acts = raw.frame("actions", "device_id", "action")
    works = acts[acts["action"] == "out_of_service"]
    for device_id, rows in raw.registry.groupby("device_id", sort=False):
        mine, last = said.get(device_id), rows.iloc[-1]
        ts = [] if mine is None else mine["ts"].tolist()
        life = [] if mine is None else np.maximum.accumulate(mine["until"]).tolist()
        fault = [] if mine is None else mine["fault"].tolist()
        yield Told(
            str(device_id), int(last["heartbeat_s"] * 1000), _gateway(rows),
            int(rows["ts"].min()), ts, life, fault, _of(works, device_id),
        )  # fmt: skip


def _gateway(rows: pd.DataFrame) -> str:
    """Of the first registration; a device that moves here is not behind one before."""
    return str(rows.iloc[0]["gateway_id"])


def _of(works: pd.DataFrame, device_id: object) -> list[tuple[int, int]]:
    mine = works[works["device_id"] == device_id]
    return list(zip(mine["ts"].tolist(), mine["until"].tolist(), strict=True))


def _pauses(raw: Raw) -> list[tuple[int, int]]:
    """Both leapt: the time of arrival, and the time that messages speak of."""
    found, newest_ms = [], NEVER
    rows = raw.status.sort_values("arrived_ms", kind="stable")
    traffic = raw.frame("traffic")[["arrived_ms", "from"]].rename(columns={"from": "ts"})
    both = pd.concat([rows[["arrived_ms", "ts"]].assign(status=True), traffic.assign(status=False)])
    both = both.sort_values("arrived_ms", kind="stable")
    last_ms = None
    for arrived_ms, ts, status in zip(*(both[c] for c in ("arrived_ms", "ts", "status")),
                                      strict=True):  # fmt: skip
        if status and last_ms is not None and arrived_ms - last_ms > FEED_LIMIT_MS:
            if ts - newest_ms > FEED_LIMIT_MS:
                found.append((newest_ms + 1, int(ts)))
        last_ms = arrived_ms if status else last_ms
        newest_ms = max(newest_ms, min(ts, arrived_ms))
    return found
