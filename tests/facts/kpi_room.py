"""A web process on a server of its own, with two days of a small town behind it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from dashboard.records import OrderView, Round
from dashboard.stream.rollups import DAY_MS, KST_MS, day_of
from data_sources import keys
from data_sources.connect import open_client
from data_sources.embedded import EmbeddedServer
from tests.facts.fact_room import now_ms, take_in
from tests.facts.town import HOUR_S, two_days_of
from tests.field import Field
from tests.live_room import Hand, LiveRoom, an_alert, wait_until

ZONE = "4128552500"
HOUR_MS = HOUR_S * 1000


@contextmanager
def kpi_room(folder: Path) -> Iterator[tuple[LiveRoom, redis.Redis]]:
    server = EmbeddedServer(folder)
    server.start()
    client = open_client(server.url)
    try:
        fill(client)
        room = LiveRoom(server.url).start()
        wait_until(room.sources.kpis.ready.is_set)
        yield room, client
        room.stop()
    finally:
        client.close()
        server.stop()


def midnight_ms() -> int:
    """The last one in Korea."""
    return day_of(now_ms()) * DAY_MS - KST_MS


def fill(client: redis.Redis) -> None:
    """Lights, bells, cameras, counters; alerts of yesterday noon, two orders."""
    two_days_of(Field(client), zone=ZONE)
    take_in(client)
    raised = midnight_ms() - 12 * HOUR_MS
    hand = Hand(client)
    hand.keep(alerts=[
        an_alert(f"SECRET-{n}", device_id="L-2", raised_ms=raised + n, arrived_ms=raised + 900,
                 acknowledged_ms=raised + 60_000, closed_ms=raised + 600_000, state="closed",
                 verdict=verdict, zone=ZONE)
        for n, verdict in enumerate(("real", "mistaken", "mistaken"))
    ])  # fmt: skip
    given = {"kind": "bell", "zone": ZONE, "vendor": "Gaon", "device_id": "L-2"}
    down = now_ms() - 26 * HOUR_MS
    hand.keep(orders=[
        OrderView("W-L-2-a", "fault", state="open", opened_ms=down + HOUR_MS, **given,
                  rounds=[Round(down, down + HOUR_MS, due_ms=down + 9 * HOUR_MS)]),
        OrderView("W-L-2-b", "fault", state="verified", opened_ms=down, closed_ms=down + HOUR_MS,
                  **given, rounds=[Round(down - HOUR_MS, down, due_ms=down + 9 * HOUR_MS,
                                         repaired_ms=down + 500, restored_ms=down + 1_000,
                                         verified_ms=down + HOUR_MS)]),
    ])  # fmt: skip
    client.hset(keys.state(0, "orders_now"), "W-L-2-a", b"")
