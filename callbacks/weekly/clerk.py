"""The companion of every web process that seals weeks and sends them, one process at a time.

What it may not do twice is held by Redis, not by the lease: a revision is written once, a mail is
claimed before it is sent. The lease only spares the others the work.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from callbacks.weekly import post
from dashboard.errors import OpsError, SourceUnavailable
from data_sources.ending import end
from data_sources.weekly.lease import Lease

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

log = logging.getLogger(__name__)
EVERY_S = 15.0
LAST_S = 6.0  # for work to end in good order: a mail under way has its last words
MARGIN_S = 10.0  # before the lease ends, whoever could not renew it stops
Duty = Callable[[], Awaitable[Any]]


def register(app: ControlRoom, sources: Sources) -> None:
    can_send = sources.week_mail.server is not None
    clerk = Clerk(sources.weekly.lease, duties_of(sources), keeps=can_send)
    app.on_start.append(clerk.start)
    app.on_stop.append(clerk.stop)


def duties_of(sources: Sources) -> list[Duty]:
    """In order: what is sent was sealed before."""
    return [sources.weekly.seal_due, partial(post.send_due, sources)]


class Clerk:
    """duties: done in turn by whoever holds the lease; one that fails keeps no other from it.
    keeps False: it gives the lease back after every turn, for a process that is told of no mail
    server must not keep it from one that is."""

    def __init__(self, lease: Lease, duties: Sequence[Duty], keeps: bool = True) -> None:
        self._lease = lease
        self._duties = duties
        self._keeps = keeps
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Another process can go on at once."""
        if self._task is not None:
            await end([self._task], 2 * LAST_S)
        try:
            await self._lease.release()
        except SourceUnavailable as error:
            log.warning("lease not released, it ends by itself: %s", error)

    async def turn(self) -> None:
        """Nothing, while another process holds the lease."""
        if not await self._lease.take():
            return
        work = asyncio.create_task(self._work())
        try:
            await self._hold(work)
        finally:
            await end([work], LAST_S)
        if not self._keeps:
            await self._lease.release()

    async def _run(self) -> None:
        while True:
            try:
                await self.turn()
            except SourceUnavailable as error:
                log.warning("weeks wait: %s", error)
            except Exception:
                log.exception("weeks wait")
            await asyncio.sleep(EVERY_S)

    async def _hold(self, work: asyncio.Task[None]) -> None:
        """Until the work is done or the lease is lost."""
        sure_s = self._lease.for_ms / 1000 - MARGIN_S
        until = monotonic() + sure_s
        while monotonic() < until:
            done, _ = await asyncio.wait({work}, timeout=min(EVERY_S, sure_s))
            if done:
                return
            try:
                if not await self._lease.take():
                    break
                until = monotonic() + sure_s
            except SourceUnavailable as error:
                log.warning("lease not renewed: %s", error)
        log.warning("the lease was lost; work is left to who holds it now")

    async def _work(self) -> None:
        for duty in self._duties:
            try:
                await duty()
            except OpsError as error:
                log.warning("weeks wait: %s", error)
            except Exception:
                log.exception("weeks wait")
