"""A web process with the weeks of a town behind it, a book of sealed weeks without one, web
processes that mail to a server on the loopback, and a control room to look at in a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any

import pytest
import redis

from callbacks.weekly import post
from data_sources.audit import Audit
from data_sources.connect import open_async
from data_sources.weekly import sealing
from data_sources.weekly.book import WeekBook
from tests.conftest import ControlRoom, launch
from tests.facts.fact_room import hurry
from tests.live_room import LiveRoom
from tests.weekly import post_room as mail_room
from tests.weekly.post_room import Clock, PostOffice
from tests.weekly.sealed_room import seal_weeks
from tests.weekly.summaries import NOW_MS
from tests.weekly.week_room import Town, process, put, taken_in


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return taken_in(tmp_path_factory.mktemp("town"))


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is looked at in every turn, and nothing is told from memory."""
    hurry(monkeypatch)
    monkeypatch.setattr("data_sources.facts.workroom.FRESH_MS", 0)
    monkeypatch.setattr(sealing, "REST_S", 0.0)
    for name in ("NEWEST_EVERY_MS", "YEAR_EVERY_MS"):
        monkeypatch.setattr(sealing, name, 0)


@pytest.fixture
def town_room(
    at_once: None, redis_client: redis.Redis, redis_url: str, town: Town
) -> Iterator[LiveRoom]:
    """Nothing of it is sealed yet."""
    put(redis_client, town)
    with process(redis_url) as room:
        yield room


@pytest.fixture
def with_book(redis_client: redis.Redis, redis_url: str) -> Callable[..., Any]:
    """with_book(work): what work(book, ...) answers, each time over a connection of its own."""

    def run(work: Callable[[WeekBook], Awaitable[Any]]) -> Any:
        async def connected() -> Any:
            client = open_async(redis_url)
            try:
                audit = Audit(client, lambda: NOW_MS)
                return await work(WeekBook(client, audit, lambda: NOW_MS))
            finally:
                await client.aclose()

        return asyncio.run(connected())

    return run


# -- mailing -------------------------------------------------------------------------------------


@pytest.fixture
def no_typst(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "content", mail_room.content)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    one = PostOffice().start()
    yield one
    one.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def run(
    redis_url: str, office: PostOffice, clock: Clock, no_typst: None
) -> Callable[[Callable[..., Coroutine[Any, Any, Any]]], Any]:
    """run(work): work(sources, other) with two web processes on one Redis, mailing to office."""

    def running(work: Callable[..., Coroutine[Any, Any, Any]]) -> Any:
        async def both() -> Any:
            mail = mail_room.settings_of(office.port)
            one, other = (mail_room.web_process(redis_url, clock, mail) for _ in range(2))
            try:
                return await work(one, other)
            finally:
                await one.stop()
                await other.stop()

        return asyncio.run(both())

    return running


# -- the page ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def sealed_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlRoom]:
    """With three sealed weeks."""
    room = launch(tmp_path_factory.mktemp("weekly") / "room")
    try:
        room.wait_until_ready()
        seal_weeks(room)
        yield room
    finally:
        room.stop()


@pytest.fixture
def look(sealed_room: ControlRoom, signed_in: Callable[..., Any]) -> Callable[..., Any]:
    """look("manager", "?week=2026-W12") is the page once it shows something."""

    def at(role: str = "executive", query: str = "", path: str = "/weekly") -> Any:
        page = signed_in(role, path + query, sealed_room.base_url)
        page.locator("h1, .weekly__problem p").first.wait_for()
        return page

    return at
