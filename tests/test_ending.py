"""Tasks end when they are told to, also those that miss it the first time."""

from __future__ import annotations

import asyncio

from data_sources.ending import end


def test_a_task_that_misses_its_cancellation_is_told_again() -> None:
    missed: list[int] = []

    async def deaf() -> None:
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                missed.append(1)
                if len(missed) > 2:
                    raise

    async def work() -> None:
        task = asyncio.create_task(deaf())
        await asyncio.sleep(0)
        await end([task], 0.01)
        assert task.cancelled()

    asyncio.run(asyncio.wait_for(work(), 10))
    assert len(missed) == 3


def test_what_needs_a_moment_to_end_in_good_order_gets_it() -> None:
    async def tidy(done: list[str]) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(0.1)
            done.append("tidied")
            raise

    async def work() -> None:
        done: list[str] = []
        failed = asyncio.create_task(asyncio.sleep(0, ZeroDivisionError()))
        task = asyncio.create_task(tidy(done))
        await asyncio.sleep(0)
        await end([task, failed], 5)
        assert done == ["tidied"]
        await end([], 5)

    asyncio.run(asyncio.wait_for(work(), 10))
