"""A year of a very small town, from its first day on: everything that was written, as it arrived.

Devices come on a Thursday, so that the first week is known in part. Counters come in October.
One week nothing happens at all; in another the feed is dead from Tuesday to Saturday and what
would have been said is lost; two incidents are told, or told otherwise, long after their week was
over. It ends on a Wednesday, in a week that has another number, and another year, than the first.

Field systems buffer a day and send it after midnight; on Mondays what they have of the first six
hours is read by itself, so that one can stop there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from data_sources.simulator.entry import DAY, HOUR, MINUTE, SECOND, day_of, day_start, stamp
from data_sources.sites import load_site
from tests.kpis.recount.town import Sent, Town
from tests.weekly.recount.people import alert_of, alerts_of, incident_of, incidents_of
from tests.weekly.recount.saying import (
    BEGAN_MS,
    COUNTED_MS,
    DEAD,
    EMPTY_MS,
    FIRST_MS,
    HEARTBEATS,
    KINDS,
    LATE_MS,
    OVER_MS,
    READS_MS,
    VENDORS,
    WEEK,
    WORKS_MS,
    ZONES,
    Said,
    act,
    midnight,
    rng_of,
    said,
)


class Outage(NamedTuple):
    from_ms: int
    to_ms: int
    silent: bool


class Device(NamedTuple):
    id: str
    kind: str
    number: int

    @property
    def registration(self) -> dict[str, Any]:
        behind = {"gateway_id": "G-1"} if self.kind in ("light", "env") or self.number > 2 else {}
        return {
            "device_id": self.id, "kind": self.kind, "lon": 126.78 + self.number / 1000,
            "lat": 37.65, "zone": ZONES[self.number % 3], "vendor": VENDORS[self.number % 3],
            "heartbeat_s": HEARTBEATS[self.kind], **behind,
        }  # fmt: skip


def devices() -> tuple[Device, ...]:
    of = [Device(f"{k[:2].upper()}-{n}", k, n) for k, many in KINDS.items()
          for n in range(1, many + 1)]  # fmt: skip
    return Device("G-1", "gateway", 1), *of


@cache
def year() -> Town:
    said = sorted(one for one in _everything() if one.at_ms < OVER_MS)
    alive = [one for one in said if not DEAD[0] <= one.at_ms < DEAD[1]]
    days: dict[tuple[int, bool], list[Sent]] = {}
    for one in alive:
        day = day_of(one.at_ms)
        late = day_start(day) % WEEK == FIRST_MS % WEEK and one.at_ms >= day_start(day) + READS_MS
        sent = Sent(day_start(day + 1) + 5 * MINUTE, one.stream, one.body.encode())
        days.setdefault((day, late), []).append(sent)
    return Town(load_site("goyang"), list(days.values()))


def _everything() -> Iterator[Said]:
    yield from _registered()
    outages = {one.id: list(_outages(one)) for one in devices()}
    for device in devices():
        yield from _runs(device, outages[device.id])
        if device.kind == "bell":
            yield from _repairs(device, outages[device.id])
        if device.kind == "counter":
            yield from _counts(device)
    for week_ms in range(FIRST_MS - WEEK, OVER_MS, WEEK):
        if week_ms != EMPTY_MS:
            yield from alerts_of(week_ms)
            yield from incidents_of(week_ms)
    yield from _by_hand()


def _registered() -> Iterator[Said]:
    for device in devices():
        at = COUNTED_MS - 5 * MINUTE if device.kind == "counter" else BEGAN_MS
        yield said(at, "registry", ts=stamp(at), **device.registration)


def _by_hand() -> Iterator[Said]:
    """What the rest of the year has not."""
    bell, camera = (one for one in devices() if one.id in ("BE-2", "CC-3"))
    moved = {**bell.registration, "zone": ZONES[1], "inspected_on": "2026-09-10"}
    seen_to = moved | {"inspected_on": "2026-12-19"}
    for day, about in (("2026-07-01", moved), ("2026-12-20", seen_to),
                       ("2027-01-12", {**camera.registration, "retired": True})):  # fmt: skip
        yield said(
            midnight(day) + 30 * MINUTE, "registry", ts=stamp(midnight(day) + 30 * MINUTE), **about
        )
    for day, status in (("2026-11-18", "Test"), ("2026-12-29", "Exercise")):
        at = midnight(day) + 9 * HOUR
        yield said(at, "alerts", alert_id=f"drill-{day}", ts=stamp(at), type="bell",
                    device_id="BE-1", cap_status=status)  # fmt: skip
        yield said(at, "incidents", incident_id=f"drill-{day}", rev=1, category="theft",
                    reported_at=stamp(at), cap_status=status)  # fmt: skip
    for n, (hour, closed) in enumerate(((22, 5.0), (23, 6.5))):  # judged in time, and too late
        at, monday = midnight("2026-12-20") + hour * HOUR, midnight("2026-12-21")
        yield from alert_of(f"sunday-{n}", at, "bell", (30, round(closed * HOUR) + monday - at),
                          "real")  # fmt: skip
    at = midnight("2026-12-03") + 13 * HOUR
    yield incident_of(LATE_MS, "told-late", at, 1, "theft", [4 * MINUTE, 9 * MINUTE, HOUR])
    at = midnight("2026-12-15") + 13 * HOUR
    for sent_ms, rev, category in ((at, 1, "theft"), (LATE_MS + DAY, 2, "stalking")):
        yield incident_of(sent_ms, "told-otherwise", at, rev, category, [MINUTE, 5 * MINUTE, HOUR])
    yield act("exclude", midnight("2026-12-17") + HOUR, device_id="BE-3", reason="vandalism")


# -- devices ---------------------------------------------------------------------------------


def _outages(device: Device) -> Iterator[Outage]:
    """At most one a week; silent, or told as a fault."""
    rng = rng_of("outages", device.id)
    free_ms = COUNTED_MS if device.kind == "counter" else BEGAN_MS
    often = {"gateway": 0.2, "env": 0.0, "counter": 0.3}.get(device.kind, 0.35)
    for week_ms in range(FIRST_MS, OVER_MS, WEEK):
        hit, silent = rng.random() < often, rng.random() < 0.4
        at = week_ms + int(rng.integers(0, 7 * 86_400)) * SECOND
        lasts = min(60 * HOUR, int(14 * 3_600 * np.exp(0.8 * rng.standard_normal())) * SECOND)
        if device.kind == "gateway" or device.kind != "bell" and at < WORKS_MS:
            silent, lasts = True, 40 * MINUTE + lasts % (3 * HOUR)
        touches = at < EMPTY_MS + WEEK + HOUR and at + lasts > EMPTY_MS - 2 * HOUR
        if hit and at > free_ms and not touches:
            free_ms = at + lasts + 2 * HOUR
            yield Outage(at, at + lasts, silent)


def _runs(device: Device, outages: Sequence[Outage]) -> Iterator[Said]:
    began = COUNTED_MS if device.kind == "counter" else BEGAN_MS
    cuts = {*range(began, OVER_MS, DAY), OVER_MS, *DEAD}
    if device.kind == "env":  # so that the feed is never silent for long
        cuts |= {at - 10 * SECOND for at in range(began + DAY, OVER_MS, DAY)}
        cuts |= {at + READS_MS - 30 * SECOND for at in range(FIRST_MS, OVER_MS, WEEK)}
        cuts |= {DEAD[0] - 10 * SECOND, OVER_MS - 10 * SECOND}
    cuts |= {at for one in outages for at in one[:2] if at < OVER_MS}
    rng = rng_of("lamps", device.id)
    for start, end in zip(sorted(cuts), sorted(cuts)[1:], strict=False):
        now = next((one for one in outages if one.from_ms <= start < one.to_ms), None)
        if now is not None and now.silent:
            continue
        broken: dict[str, Any] = {"state": "fault", "faults": ["broken"]}
        told: dict[str, Any] = {"state": "ok"} if now is None else broken
        if device.kind == "light" and now is None and rng.random() < 0.02:
            told["lamp"] = {"on": False}
        yield said(start, "status", device_id=device.id, ts=stamp(start), until=stamp(end), **told)


def _repairs(device: Device, outages: Sequence[Outage]) -> Iterator[Said]:
    for one in outages[::2]:
        yield act("repaired", one.to_ms - 20 * MINUTE, device_id=device.id)


def _counts(device: Device) -> Iterator[Said]:
    """Every hour; in the empty week nobody passes."""
    rng = rng_of("counts", device.id)
    for at in range(COUNTED_MS, OVER_MS - HOUR, HOUR):
        hour = (at // HOUR + 9) % 24
        usual = 40 * (0.1 if hour < 6 else 1.0) * (0 if EMPTY_MS <= at < EMPTY_MS + WEEK else 1)
        in_, out = rng.poisson(usual, 2).tolist()
        quality = {"quality": "bad"} if rng.random() < 0.03 else {}
        yield said(at + HOUR - SECOND, "traffic", sensor_id=device.id,
                    **{"from": stamp(at), "to": stamp(at + HOUR), "in": in_}, out=out,
                    **quality)  # fmt: skip
