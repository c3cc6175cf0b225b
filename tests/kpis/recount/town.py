"""A small town over New Year: everything its field systems and people wrote, as it arrived.

Five weeks of history, written down at once, and then eighteen hours as they happen. The
simulator tells most of it; what it knows nothing of is added by hand: works, a device that
moves, one that goes, a clock that is ahead, an exercise, decisions about orders, and half an
hour in which nothing comes at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby, islice
from typing import Any, NamedTuple
from unittest.mock import patch
from zlib import crc32

from dashboard.site import KindRule, Site
from data_sources.simulator import life, mischief, stories, traits
from data_sources.simulator.city import City, build_city
from data_sources.simulator.entry import DAY, HOUR, MINUTE, SECOND, Entry, stamp
from data_sources.simulator.field import Field, registry
from data_sources.simulator.inspections import Inspections
from data_sources.simulator.life import Dying, Life
from data_sources.sites import load_site

SEED, DEVICES = 7, 240
BEGAN_MS = 1_795_964_400_000  # 2026-11-30 00:00 KST, a Monday
LIVE_MS = BEGAN_MS + 34 * DAY + 10 * HOUR  # 2027-01-03 10:00
OVER_MS = BEGAN_MS + 35 * DAY + 4 * HOUR  # 2027-01-04 04:00
DIED_MS = BEGAN_MS + 21 * DAY
CUT = (LIVE_MS + 5 * HOUR, LIVE_MS + 5 * HOUR + 25 * MINUTE)  # nothing comes
# What a small town has too little of: alerts, messages twice, late or broken, failures.
LIVELIER = (
    (stories, "_PRESSES", 12), (stories, "_SIGHTS", 12),
    (mischief, "_TWICE", 20), (mischief, "_LATE", 20), (mischief, "_BROKEN", 20),
)  # fmt: skip
# Slower than real ones, so that eighteen hours are not half a million messages.
HEARTBEATS = {"bell": 240, "cctv": 240, "counter": 240, "env": 300, "gateway": 120}
DARK = life.GATEWAY_DARK._replace(per_day=1 / 20)
# Far more often than in a believable city, so that five weeks have every kind of repair.
FAILURES = (
    life.Failure(1 / 105, 12 * HOUR, 0.8, False, True),
    life.Failure(1 / 22, 2 * HOUR, 1.0, True, False),
    life.Failure(1 / 240, 24 * HOUR, 0.7, True, True),
)
STEP = HOUR // 2
BATCH, BATCH_MS = 2_000, 10 * SECOND  # entries of history read at once, and time of the present


class Sent(NamedTuple):
    """One entry of a stream."""

    arrived_ms: int
    stream: str
    raw: bytes


@dataclass(frozen=True)
class Town:
    site: Site
    batches: list[list[Sent]]  # as they are read; the first one registers all

    @property
    def sent(self) -> list[Sent]:
        return [one for batch in self.batches for one in batch]


@cache
def town(dead_share: float = 0.0) -> Town:
    site = slow_site()
    dying = Dying(dead_share, DIED_MS)
    with ExitStack() as livelier:
        for module, name, times in LIVELIER:
            livelier.enter_context(patch.object(module, name, times * getattr(module, name)))
        livelier.enter_context(patch.object(life, "GATEWAY_DARK", DARK))
        livelier.enter_context(patch.object(life, "FAILURES", FAILURES))
        livelier.enter_context(patch.object(traits, "_URGENT", {}))
        city = build_city(site, DEVICES, SEED)
        past, present = _past(city, dying), _present(city, dying)
        by_hand = sorted(_by_hand(city))
    past += [entry for entry in by_hand if entry.at_ms < LIVE_MS]
    present += [entry for entry in by_hand if entry.at_ms >= LIVE_MS]
    history = [
        Sent(LIVE_MS + n // 40, e.stream, e.body.encode()) for n, e in enumerate(sorted(past))
    ]
    live = _arrived(present, history[-1].arrived_ms)
    return Town(site, [history[:DEVICES], *_by_number(history[DEVICES:]), *_by_time(live)])


def slow_site() -> Site:
    site = load_site("goyang")
    kinds = {
        kind: KindRule(HEARTBEATS.get(kind, rule.heartbeat_s)) for kind, rule in site.kinds.items()
    }
    return replace(site, kinds=kinds)


def _past(city: City, dying: Dying) -> list[Entry]:
    entries = registry(city.devices, BEGAN_MS, inspected=Inspections(city, SEED).last)
    for chunk in Field(city, SEED, LIVE_MS, dying).past(BEGAN_MS, LIVE_MS):
        entries += chunk
    return entries


def _present(city: City, dying: Dying) -> list[Entry]:
    """Operators and vendors act by their plans: nobody is there to see alerts."""
    field = Field(city, SEED, LIVE_MS, dying)
    field.go_live(LIVE_MS)
    entries = [e for at in range(LIVE_MS, OVER_MS, STEP) for e in field.live(at, at + STEP)]
    plans = Field(city, SEED, LIVE_MS, dying).past(BEGAN_MS, OVER_MS)
    acted = [e for chunk in plans for e in chunk if e.stream == "actions" and e.at_ms >= LIVE_MS]
    return [e for e in entries if not CUT[0] <= e.at_ms < CUT[1]] + acted


def _arrived(entries: list[Entry], not_before_ms: int) -> list[Sent]:
    """Most within a second, some after a few; one camera's clock is eight seconds ahead."""
    sent = []
    for entry in sorted(entries):
        chance = crc32(entry.body.encode()) / 2**32
        late_ms = int(9_000 * chance / 0.03) if chance < 0.03 else int(30 + 900 * chance)
        body = entry.body
        if '"C-0007"' in body and entry.stream == "status":
            body = body.replace(stamp(entry.at_ms), stamp(entry.at_ms + 8 * SECOND))
        arrived_ms = max(not_before_ms, entry.at_ms + late_ms)
        sent.append(Sent(arrived_ms, entry.stream, body.encode()))
    return sorted(sent, key=lambda one: one.arrived_ms)


def _by_number(sent: list[Sent]) -> Iterator[list[Sent]]:
    rest = iter(sent)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _by_time(sent: list[Sent]) -> Iterator[list[Sent]]:
    for _, batch in groupby(sent, lambda one: one.arrived_ms // BATCH_MS):
        yield list(batch)


# -- by hand ---------------------------------------------------------------------------------


def _by_hand(city: City) -> Iterator[Entry]:
    bell, light, counter = (city.of_kind(kind)[3] for kind in ("bell", "light", "counter"))
    yield from _works(light.id, 3, 9 * HOUR, 2 * DAY)
    yield from _works(bell.id, 24, 13 * HOUR, 5 * HOUR)
    yield from _works(city.of_kind("cctv")[5].id, 30, 0, 3 * DAY + HOUR)
    yield _moved(city, "bell", 6, BEGAN_MS + 12 * DAY + 30 * MINUTE)
    yield _moved(city, "light", 8, BEGAN_MS + 20 * DAY, retired=True)
    yield _entry(BEGAN_MS + 5 * DAY, "status", device_id="X-1", ts=stamp(BEGAN_MS + 5 * DAY),
                 state="ok")  # fmt: skip
    for day, status in ((9, "Exercise"), (33, "Test")):
        at = BEGAN_MS + day * DAY + 20 * HOUR
        yield _entry(at, "alerts", alert_id=f"by-hand-{day}", ts=stamp(at), type="bell",
                     device_id=bell.id, cap_status=status)  # fmt: skip
    yield from _decisions(city)
    lamp = city.of_kind("light")[10].id
    for day, hour, on in ((25, 22, False), (26, 1.5, True), (27, 16, False), (29, 3, False)):
        at = BEGAN_MS + day * DAY + int(hour * HOUR)
        yield _entry(at, "status", device_id=lamp, ts=stamp(at), state="ok", lamp={"on": on})
    yield from _short_peace(city.of_kind("light")[20].id, BEGAN_MS + 16 * DAY + 9 * HOUR)
    yield from _seen_to(city)
    for n, name in enumerate((bell.id, city.of_kind("cctv")[9].id)):  # nearly too late
        at = LIVE_MS + (2 + 9 * n) * HOUR + 7 * SECOND
        late = _entry(at, "status", device_id=name, ts=stamp(at), state="fault", faults=["blur"])
        yield late._replace(at_ms=at + 55 * SECOND)
    for n in range(8):  # across the hour; the last one across the year, and revised
        at = BEGAN_MS + (31 * DAY + 24 * HOUR if n == 7 else n * DAY + 10 * HOUR) - 10 * MINUTE
        yield from _count(counter.id, at, n)


def _short_peace(light: str, at: int) -> Iterator[Entry]:
    """Repaired, well for forty minutes, which is proof enough, and broken again."""
    for minutes, state in ((0, "fault"), (180, "ok"), (220, "fault"), (360, "ok")):
        faults = {"faults": ["lamp_failure"]} if state == "fault" else {}
        moment = at + minutes * MINUTE
        yield _entry(moment, "status", device_id=light, ts=stamp(moment), state=state, **faults)


def _seen_to(city: City) -> Iterator[Entry]:
    """Afterwards somebody judges the alarms of gateways that were dark, which say nothing of
    people."""
    for index, outages in Life(city, SEED).outages(BEGAN_MS + DAY, LIVE_MS - DAY).items():
        device = city.devices[index]
        if device.kind == "gateway":
            for outage in outages:
                alert_id = f"{device.id}.down.{outage.from_ms + device.heartbeat_ms}"
                told = _act("close", outage.to_ms + HOUR, alert_id=alert_id, verdict="malfunction")
                yield told._replace(at_ms=LIVE_MS + MINUTE)


def _works(device_id: str, day: int, at: int, lasting: int) -> Iterator[Entry]:
    """Planned, with an end."""
    start = BEGAN_MS + day * DAY + at
    yield _act("out_of_service", start, device_id=device_id, reason="works",
               until=stamp(start + lasting))  # fmt: skip


def _moved(city: City, kind: str, n: int, at: int, retired: bool = False) -> Entry:
    """To the other end of the town, or away."""
    device, other = city.of_kind(kind)[n], city.of_kind(kind)[-1]
    inspected = Inspections(city, SEED).last
    body = json.loads(registry((device,), at, inspected=inspected, retired=retired)[0].body)
    if not retired:
        body |= {"zone": other.zone, "lon": other.lon, "lat": other.lat}
        body.pop("route_id", None)
        body.pop("gateway_id", None)
    return Entry(at, 0, "registry", json.dumps(body))


def _count(sensor_id: str, at: int, n: int) -> Iterator[Entry]:
    for rev in range(1 + n // 7):
        yield _entry(at + 40 * MINUTE + rev * HOUR, "traffic", sensor_id=sensor_id,
                     **{"from": stamp(at), "to": stamp(at + 37 * MINUTE)}, rev=rev,
                     **{"in": 11 + n + 5 * rev, "out": 7})  # fmt: skip


def _decisions(city: City) -> Iterator[Entry]:
    """What people decide about some of the troubles that last long: every word in turn."""
    words = ("exclude", "cancel", "assign", "parts", "include", "repaired")
    long = [
        (city.devices[index], outage)
        for index, outages in Life(city, SEED).outages(BEGAN_MS + DAY, LIVE_MS).items()
        for outage in outages
        if outage.to_ms - outage.from_ms > 14 * HOUR and not city.devices[index].gateway
    ]
    for n, (device, outage) in enumerate(sorted(long, key=lambda one: one[1])[::3]):
        what, at = words[n % len(words)], outage.from_ms + 6 * HOUR + n * MINUTE
        more = {"to": "Byeol"} if what == "assign" else {"reason": "vandalism"}
        yield _act(what, at, device_id=device.id, **more)
        if what == "include":
            yield _act("exclude", at - HOUR, device_id=device.id, reason="mistake")


def _act(what: str, at: int, **more: Any) -> Entry:
    about = more.get("device_id") or more["alert_id"]
    action_id = f"by-hand-{what}-{at}-{about}"[:64]
    return _entry(at, "actions", action_id=action_id, ts=stamp(at), actor="kim", role="simulator",
                  action=what, **more)  # fmt: skip


def _entry(at: int, stream: str, **body: Any) -> Entry:
    return Entry(at, 0, stream, json.dumps({"v": 1, **body}))
