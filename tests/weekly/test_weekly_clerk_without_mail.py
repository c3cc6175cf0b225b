"""A process that is told of no mail server seals, and keeps nobody who is from sending."""

from __future__ import annotations

import asyncio
from typing import Any

import redis

from app import create_app
from callbacks.weekly.clerk import Clerk
from dashboard.config import Settings
from data_sources import keys
from data_sources.connect import open_async
from data_sources.weekly.lease import Lease


def test_a_process_that_cannot_send_keeps_nobody_from_it_who_can(redis_url: str) -> None:
    done: list[str] = []

    def noting(name: str) -> Any:
        async def duty() -> None:
            done.append(name)

        return duty

    async def work() -> None:
        client = open_async(redis_url)
        sealing, sending = (
            Clerk(Lease(client, keys.WEEKLY_LEASE, 60_000), [noting(name)], name == "sends")
            for name in ("seals", "sends")
        )
        for each in (sealing, sending, sealing, sending):
            await each.turn()
        await client.aclose()

    asyncio.run(work())
    assert done == ["seals", "sends", "sends"]


def test_a_web_process_without_a_mail_server_holds_the_lease_only_while_it_works(
    redis_client: redis.Redis, redis_url: str
) -> None:
    """One with a server keeps it: test_weekly_clerk.py."""
    settings = Settings(redis_url=redis_url, demo=False, simulator=False)
    web: Any = create_app(settings)
    plain = web._app._app._plain

    async def live() -> bool:
        async with plain.router.lifespan_context(plain):
            await asyncio.sleep(0.5)
            return bool(redis_client.exists(keys.WEEKLY_LEASE))

    assert not asyncio.run(live())
