"""A town told in messages for some weeks, and a web process that has taken it all in.

The first week begins on a Wednesday, so that it is partly counted; the town speaks until the
Wednesday noon of the fourth, which is in progress.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import redis

from dashboard.stream.rollups import DAY_MS, HOUR_MS
from dashboard.weekly.summary import Sealed
from dashboard.weekly.week import Week
from data_sources import keys
from data_sources.connect import open_client
from data_sources.embedded import EmbeddedServer
from tests.builders import rfc3339
from tests.facts.fact_room import now_ms, take_in
from tests.live_room import LiveRoom, wait_until

ZONE = "4128552500"
RUN_MS = 6 * HOUR_MS
KINDS = {"W-1": "light", "W-2": "bell", "W-3": "cctv", "W-4": "counter"}
CATEGORIES = ("theft", "violence", "sexual", "disorder")
Said = tuple[int, str, dict[str, Any]]  # when, stream, message
FIRST = Week.at(now_ms()).plus(-6)  # so that whatever comes next has been by now
BEGIN_MS = FIRST.from_ms + 2 * DAY_MS + 10 * HOUR_MS
END_MS = FIRST.plus(3).from_ms + 2 * DAY_MS + 12 * HOUR_MS
OVER = tuple(FIRST.plus(n) for n in range(3))  # the weeks that are due
THREE = [(week.word, 1) for week in OVER]
RUNNING = FIRST.plus(3)


def messages(from_ms: int, to_ms: int) -> list[Said]:
    """Devices that are well, but for the bell on Fridays; people who pass; incidents."""
    said: list[Said] = [
        (from_ms, "registry", {"device_id": name, "ts": rfc3339(from_ms), "kind": kind,
                               "lon": 126.78, "lat": 37.66, "zone": ZONE, "route_id": "R-01",
                               "vendor": "Gaon", "heartbeat_s": 60})
        for name, kind in KINDS.items()
    ]  # fmt: skip
    for at in range(from_ms, to_ms, RUN_MS):
        friday = Week.at(at).from_ms + 4 * DAY_MS <= at < Week.at(at).from_ms + 5 * DAY_MS
        said += [_run(name, at, friday and kind == "bell") for name, kind in KINDS.items()]
        said.append((at, "traffic", {"sensor_id": "W-4", "from": rfc3339(at),
                                     "to": rfc3339(at + 900_000), "in": 7, "out": 5}))  # fmt: skip
        said.append((at, "incidents", an_incident(f"I-{at}", at)))
        if at // RUN_MS % 3 == 0:
            said += press(at + HOUR_MS)
    return said


def press(at_ms: int, name: str = "") -> list[Said]:
    """Somebody presses the bell; it is taken and judged."""
    n = at_ms // RUN_MS // 3
    alert_id = f"SECRET-{name or n}"
    alert = {"alert_id": alert_id, "ts": rfc3339(at_ms), "type": "bell", "device_id": "W-2"}
    verdict = ("real", "mistaken", "unknown")[n % 3]
    taken = {"action": "acknowledge", "version": 1}, {"action": "close", "version": 2}
    said: list[Said] = [(at_ms, "alerts", alert)]
    for after_s, what in zip((60 + n % 4, 600), taken, strict=True):
        done = {"action_id": f"{alert_id}-{after_s}", "alert_id": alert_id, "actor": "duty"}
        judged = {"verdict": verdict} if what["action"] == "close" else {}
        ms = at_ms + after_s * 1_000
        said.append((ms, "actions", {**what, **done, **judged, "role": "duty", "ts": rfc3339(ms)}))
    return said


def an_incident(incident_id: str, at_ms: int, rev: int = 1, **more: Any) -> dict[str, Any]:
    sent, there = rfc3339(at_ms + 60_000), rfc3339(at_ms + 400_000 + at_ms % 7 * 20_000)
    category = CATEGORIES[at_ms // RUN_MS % len(CATEGORIES)]
    given = {"category": category, "dispatched_at": sent, "arrived_at": there, "zone": ZONE,
             "lon": 126.78, "lat": 37.66}  # fmt: skip
    told = {"incident_id": incident_id, "rev": rev, "reported_at": rfc3339(at_ms)}
    return {**told, **given, **more}


def _run(name: str, at_ms: int, is_faulty: bool) -> Said:
    state = {"state": "fault", "faults": ["no_power"]} if is_faulty else {"state": "ok"}
    span = {"ts": rfc3339(at_ms), "until": rfc3339(at_ms + RUN_MS)}
    return at_ms, "status", {"device_id": name, **span, **state}


def tell(
    client: redis.Redis, said: Sequence[Said], random: Random | None = None, p: int = 0
) -> None:
    """random: in another order: incidents in any, the rest as far as a gateway may disturb it."""
    late = {"incidents": 40 * DAY_MS, "actions": 0}
    moved = (lambda stream: random.randint(0, late.get(stream, 50_000))) if random else lambda _: 0
    said = [(at + moved(stream), stream, message) for at, stream, message in said]
    with client.pipeline(transaction=False) as pipe:
        for _, stream, message in sorted(said, key=lambda one: one[0]):
            pipe.xadd(keys.stream(p, stream), {"d": json.dumps({"v": 1, **message})})
        pipe.execute()


def fill(client: redis.Redis, to_ms: int = END_MS, random: Random | None = None) -> None:
    tell(client, messages(BEGIN_MS, to_ms), random)
    take_in(client)


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, redis.Redis]]:
    """A real server of its own: address, client."""
    server = EmbeddedServer(folder)
    server.start()
    client = open_client(server.url)
    try:
        yield server.url, client
    finally:
        client.close()
        server.stop()


@contextmanager
def process(url: str, partitions: int = 1) -> Iterator[LiveRoom]:
    """A web process that has loaded everything."""
    room = LiveRoom(url, partitions=partitions).start()
    try:
        wait_until(room.sources.kpis.ready.is_set, 30)
        yield room
    finally:
        room.stop()


Town = dict[bytes, bytes]  # every key of a server that has taken the town in


def taken_in(folder: Path) -> Town:
    with served(folder) as (_, client):
        fill(client)
        return {key: client.dump(key) for key in client.keys()}


def put(client: redis.Redis, town: Town) -> None:
    for key, packed in town.items():
        client.restore(key, 0, packed)


def seal_due(room: LiveRoom) -> list[Sealed]:
    return room.run(room.sources.weekly.seal_due())


def seal_until(room: LiveRoom, wanted: int) -> list[Sealed]:
    """Turn after turn, until so many are sealed."""
    found: list[Sealed] = []

    def enough() -> bool:
        found.extend(seal_due(room))
        return len(found) >= wanted

    wait_until(enough, 40)
    return found


def words(found: Sequence[Sealed]) -> list[tuple[str, int]]:
    return [(one.summary.week, one.revision) for one in found]


def find(room: LiveRoom, week: Week, revision: int = 0) -> Any:
    return room.run(room.sources.weekly.find(week, revision))


def kept(client: redis.Redis, week: Week, revision: int = 1) -> Sealed:
    return msgspec.json.decode(client.hget(keys.week(week.word), str(revision)), type=Sealed)


def turns(room: LiveRoom, number: int = 3) -> list[Sealed]:
    """What so many turns seal, with news taken in before each."""
    found: list[Sealed] = []
    for _ in range(number):
        before = room.sources.kpis.edition
        wait_until(lambda before=before: room.sources.kpis.edition > before)
        found += seal_due(room)
    return found


def until(from_ms: int, to_ms: int) -> list[Any]:
    said = messages(from_ms, to_ms)
    return [one for one in said if one[1] != "registry"] + [beat_at(to_ms)]


def beat_at(at_ms: int) -> Any:
    return at_ms, "status", {"device_id": "W-1", "ts": rfc3339(at_ms), "state": "ok"}
