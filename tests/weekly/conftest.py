"""What tests of mailing share: a server on the loopback, two web processes, and no typst."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from callbacks.weekly import post
from tests.weekly import post_room as room
from tests.weekly.post_room import Clock, PostOffice


@pytest.fixture
def no_typst(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "content", room.content)


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
            mail = room.settings_of(office.port)
            one, other = (room.web_process(redis_url, clock, mail) for _ in range(2))
            try:
                return await work(one, other)
            finally:
                await one.stop()
                await other.stop()

        return asyncio.run(both())

    return running
