"""Every door to the outside, in one bundle that is passed around; now_ms() is the one clock.

sources = open_sources(settings)   # nothing is connected yet
await sources.start()              # the follower and its companions run until stop()
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from dashboard.city import City
from dashboard.coarse import Veil
from dashboard.config import Settings
from dashboard.records import AlertView
from dashboard.site import Site
from data_sources import keys
from data_sources.actions import Actions
from data_sources.alert_book import AlertBook
from data_sources.audit import Audit
from data_sources.canary import Canary
from data_sources.connect import open_async
from data_sources.device_history import DeviceHistory
from data_sources.ending import end
from data_sources.facts.desk import KpiDesk
from data_sources.facts.reader import FactReader
from data_sources.facts.store import FactStore
from data_sources.feeds import Feeds
from data_sources.figures import Figures
from data_sources.incident_book import IncidentBook
from data_sources.live_feed import BLOCK_MS, LiveFeed
from data_sources.order_book import OrderBook
from data_sources.pilots import PilotDesk
from data_sources.pilots.book import PilotBook
from data_sources.reach import reaching
from data_sources.rollup_reader import RollupReader
from data_sources.saved_views import SavedViews
from data_sources.sessions import Sessions
from data_sources.sites import load_site
from data_sources.state_reader import StateReader
from data_sources.trends import TrendDesk
from data_sources.trends.foot_reader import FootReader
from data_sources.users import Users
from data_sources.weekly import WeekDesk
from data_sources.weekly.book import WeekBook
from data_sources.weekly.mail import WeekMail, open_mail

log = logging.getLogger(__name__)
Clock = Callable[[], int]
Work = Callable[[], Coroutine[Any, Any, None]]


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass
class Sources:
    settings: Settings
    site: Site
    redis: Redis  # for short commands; never repeats one by itself
    now_ms: Clock
    users: Users
    sessions: Sessions
    audit: Audit
    feed: LiveFeed
    state: StateReader
    alerts: AlertBook
    orders: OrderBook
    incidents: IncidentBook
    actions: Actions
    figures: Figures
    feeds: Feeds
    canary: Canary
    history: DeviceHistory
    kpis: KpiDesk
    trends: TrendDesk
    views: SavedViews
    pilots: PilotDesk
    weekly: WeekDesk
    week_mail: WeekMail
    veil: Veil = field(default_factory=lambda: Veil(secrets.token_bytes(32)))
    _reader: Redis | None = None
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def city(self) -> City:
        """The picture of this moment; after a loss of data it is another object."""
        return self.feed.city

    async def alert(self, alert_id: str, exact: bool = True) -> AlertView | None:
        """However old. exact False: by the opaque id that coarse roles are given."""
        if exact:
            found = await self.alerts.find(alert_id)
        else:
            found = await self.alerts.find_veiled(alert_id, self.veil)
        return found[1] if found else None

    async def look_at(self, indices: Iterable[int]) -> None:
        """Brings last signs of life, batteries and the like up to date: plain beats are not in
        the live stream. Shown statuses stay those of the stream. Raises SourceUnavailable."""
        devices = self.city.devices
        by_partition: dict[int, list[int]] = {}
        for at in indices:
            by_partition.setdefault(devices.partition[at], []).append(at)
        for p, found in by_partition.items():
            with reaching("devices"):
                ids = [devices.registrations[at].device_id for at in found]
                views = await self.state.views(p, ids)
            for at, view in zip(found, views, strict=True):
                devices.views[at] = view or devices.views[at]

    async def log_view(self, user: str, address: str, alert_id: str) -> None:
        """Who looked at an exact place is on record, or it is not shown."""
        with reaching("audit"):
            await self.audit.write("exact_view", user, address, alert=alert_id)

    async def log_records(self, user: str, what: str, incidents: Sequence[str]) -> None:
        """The same for incidents. what: the address of the page they were looked at on."""
        with reaching("audit"):
            named = {"page": what, "incidents": " ".join(incidents)}
            await self.audit.write("exact_view", user, "", **named)

    async def reached(self, patience_s: float) -> bool:
        """Whether Redis answers within that time."""
        client: Any = self.redis
        try:
            async with asyncio.timeout(patience_s):
                return bool(await client.ping())
        except (RedisError, OSError, TimeoutError):
            return False

    async def start(self) -> None:
        """The secret goes before the feed: no alert may get another opaque id later."""
        await_secret = asyncio.create_task(self._unveil())
        self._tasks.append(await_secret)
        companions = (self.feed.run, self.feed.tick, self.figures.run, self.canary.run)
        for work in (*companions, self.kpis.run, self.trends.run):
            self._tasks.append(asyncio.create_task(_forever(work, await_secret)))

    async def stop(self) -> None:
        self.trends.jobs.close()
        await end(self._tasks)
        for client in (self._reader, self.redis):
            if client is not None:
                with contextlib.suppress(RedisError, OSError):
                    await client.aclose()

    async def _unveil(self) -> None:
        """One secret for all web processes, made by whoever is first."""
        client: Any = self.redis
        while True:
            try:
                await client.set(keys.COARSE_SECRET, secrets.token_hex(32), nx=True)
                self.veil = Veil(await client.get(keys.COARSE_SECRET))
                return
            except (RedisError, OSError):
                await asyncio.sleep(1.0)


async def _forever(work: Work, first: asyncio.Task[None]) -> None:
    """A surprise in one of the companions is logged, and the companion begins again."""
    await asyncio.shield(first)
    while True:
        try:
            await work()
        except Exception:
            log.exception("%s failed", work.__qualname__)
            await asyncio.sleep(1.0)


def open_sources(settings: Settings, site: Site | None = None, clock: Clock = now_ms) -> Sources:
    """Raises BadSettings for a REDIS_URL or SITE that cannot be one."""
    site = site or load_site(settings.site)
    url = settings.redis_url or f"unix://{settings.socket}"
    redis, reader = open_async(url), open_async(url, block_ms=BLOCK_MS)
    zones, routes = [z.code for z in site.zones], [r.id for r in site.routes]

    def new_city(city_id: str) -> City:
        return City(city_id, settings.partitions, zones, routes, clock())

    state = StateReader(redis)
    feed = LiveFeed(reader, new_city, settings.partitions, clock)
    actions, canary = Actions(redis), Canary(redis, settings.partitions, process_name(), clock)
    feed.on_change += [actions.take, canary.take]
    fact_reader = FactReader(redis, settings.partitions)
    facts, foot = FactStore(feed, fact_reader, site, clock), FootReader(feed, fact_reader, clock)
    kpis, trends = KpiDesk(facts, site, clock), TrendDesk(facts, site, clock, foot)
    audit = Audit(redis, clock)
    pilots = PilotDesk(
        PilotBook(redis, audit, clock), trends, kpis, site,
        lambda: feed.city.devices.registrations,
    )  # fmt: skip
    weeks = WeekBook(redis, audit, clock)
    sources = Sources(
        settings=settings, site=site, redis=redis, now_ms=clock,
        users=Users(redis, clock), sessions=Sessions(redis, clock), audit=audit,
        feed=feed, state=state, actions=actions,
        alerts=AlertBook(feed, state, settings.partitions),
        orders=OrderBook(feed, state, settings.partitions),
        incidents=IncidentBook(feed, state, settings.partitions),
        figures=Figures(feed, RollupReader(redis, settings.partitions), clock),
        feeds=Feeds(redis, settings.partitions), canary=canary,
        history=DeviceHistory(redis), kpis=kpis, trends=trends, views=SavedViews(redis),
        pilots=pilots, weekly=WeekDesk(weeks, kpis, pilots, site, lambda: feed.city),
        week_mail=open_mail(settings.mail, redis, audit, clock),
        _reader=reader,
    )  # fmt: skip
    return sources


def process_name() -> str:
    return f"web-{os.getpid()}-{secrets.token_hex(2)}"
