"""One process at a time seals and sends, and when it goes away another does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
import redis

from app import create_app
from callbacks.weekly import clerk
from callbacks.weekly.clerk import Clerk, duties_of
from dashboard.config import Settings
from dashboard.errors import SourceUnavailable
from data_sources import keys
from data_sources.connect import open_async
from data_sources.weekly.lease import Lease
from tests.weekly.post_room import settings_of

Run = Callable[[Callable[[Callable[..., Clerk]], Coroutine[Any, Any, None]]], None]


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clerk, "EVERY_S", 0.02)
    monkeypatch.setattr(clerk, "MARGIN_S", 0.05)


@pytest.fixture
def run(redis_client: redis.Redis, redis_url: str) -> Iterator[Run]:
    """run(work): work(make), where make(*duties) is the clerk of a process of its own."""

    def run(work: Callable[[Callable[..., Clerk]], Coroutine[Any, Any, None]]) -> None:
        async def connected() -> None:
            client = open_async(redis_url)

            def make(*duties: Any, for_ms: int = 300) -> Clerk:
                return Clerk(Lease(client, keys.WEEKLY_LEASE, for_ms), duties)

            try:
                await asyncio.wait_for(work(make), 20)
            finally:
                await client.aclose()

        asyncio.run(connected())

    yield run


def noting(done: list[str], name: str) -> Any:
    async def duty() -> None:
        done.append(name)

    return duty


async def until(true: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)


def test_only_the_holder_does_its_duties_in_their_order(run: Run) -> None:
    async def work(make: Callable[..., Clerk]) -> None:
        done: list[str] = []
        one = make(noting(done, "seal"), noting(done, "send"))
        other = make(noting(done, "other"))
        await one.turn()
        await other.turn()
        await one.turn()
        assert done == ["seal", "send"] * 2

    run(work)


def test_who_stops_lets_another_go_on_at_once(run: Run, redis_client: redis.Redis) -> None:
    async def work(make: Callable[..., Clerk]) -> None:
        done: list[str] = []
        one = make(noting(done, "one"), for_ms=60_000)
        other = make(noting(done, "other"), for_ms=60_000)
        await one.start()
        await until(lambda: done)
        await other.start()
        await asyncio.sleep(0.2)
        assert "other" not in done
        await one.stop()
        await until(lambda: "other" in done)
        await other.stop()
        assert not redis_client.exists(keys.WEEKLY_LEASE)

    run(work)


def test_when_the_holder_is_gone_without_a_word_another_takes_over(run: Run) -> None:
    async def work(make: Callable[..., Clerk]) -> None:
        done: list[str] = []
        gone, other = make(noting(done, "gone")), make(noting(done, "other"))
        await gone.turn()  # and never again
        await other.start()
        await asyncio.sleep(0.1)
        assert done == ["gone"]
        await until(lambda: "other" in done)
        await other.stop()

    run(work)


def test_long_work_keeps_the_lease(run: Run, redis_client: redis.Redis) -> None:
    async def work(make: Callable[..., Clerk]) -> None:
        done: list[str] = []

        async def long() -> None:
            await asyncio.sleep(1.0)  # three times as long as the lease lasts
            done.append("long")

        one, other = make(long), make(noting(done, "other"))
        working = asyncio.create_task(one.turn())
        await until(lambda: redis_client.exists(keys.WEEKLY_LEASE))
        while not working.done():
            await other.turn()
            await asyncio.sleep(0.05)
        assert done == ["long"]

    run(work)


def test_who_loses_the_lease_stops_in_the_middle(run: Run, redis_client: redis.Redis) -> None:
    async def work(make: Callable[..., Clerk]) -> None:
        ended: list[str] = []

        async def endless() -> None:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                ended.append("cancelled")
                raise

        one = make(endless)
        working = asyncio.create_task(one.turn())
        await until(lambda: redis_client.exists(keys.WEEKLY_LEASE))
        redis_client.set(keys.WEEKLY_LEASE, "somebody else")
        await asyncio.wait_for(working, 5)
        assert ended == ["cancelled"]
        await one.stop()
        assert redis_client.get(keys.WEEKLY_LEASE) == b"somebody else"

    run(work)


def test_who_cannot_renew_the_lease_stops_before_it_ends(
    run: Run, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(make: Callable[..., Clerk]) -> None:
        one = make(lambda: asyncio.sleep(60))
        working = asyncio.create_task(one.turn())
        await until(lambda: redis_client.exists(keys.WEEKLY_LEASE))

        async def away() -> bool:
            raise SourceUnavailable("lease")

        monkeypatch.setattr(one._lease, "take", away)
        await working
        assert redis_client.pttl(keys.WEEKLY_LEASE) > 0

    run(work)


def test_a_duty_that_fails_keeps_no_other_from_being_done(
    run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(make: Callable[..., Clerk]) -> None:
        done: list[str] = []

        async def away() -> None:
            raise SourceUnavailable("gone fishing")

        async def wrong() -> None:
            raise ZeroDivisionError

        one = make(away, wrong, noting(done, "send"))
        await one.start()
        await until(lambda: len(done) > 2)
        await one.stop()

    run(work)
    assert "gone fishing" in caplog.text and "ZeroDivisionError" in caplog.text


def test_every_web_process_has_a_clerk_who_gives_the_lease_back_at_its_end(
    redis_client: redis.Redis, redis_url: str
) -> None:

    def connections() -> set[str]:
        return {one["id"] for one in redis_client.client_list()}

    settings = Settings(redis_url=redis_url, demo=False, simulator=False, mail=settings_of(25))
    api: Any = create_app(settings)
    plain, before = api._app._app._plain, connections()

    async def live() -> None:
        async with plain.router.lifespan_context(plain):
            await until(lambda: redis_client.exists(keys.WEEKLY_LEASE))
            assert 50_000 < redis_client.pttl(keys.WEEKLY_LEASE) <= 60_000
        assert not redis_client.exists(keys.WEEKLY_LEASE)
        assert connections() <= before  # they were closed after it

    asyncio.run(live())


def test_what_is_sent_was_sealed_before() -> None:
    class Asked:
        def __init__(self, done: list[str]) -> None:
            self.weekly = self
            self.seal_due = noting(done, "seal")

    done: list[str] = []
    sources: Any = Asked(done)
    duties = duties_of(sources)
    asyncio.run(duties[0]())
    assert done == ["seal"] and duties[1].func is clerk.post.send_due  # type: ignore[attr-defined]
