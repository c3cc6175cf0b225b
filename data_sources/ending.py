"""Tasks are ended for certain.

A cancellation that arrives at the very moment a connection comes about is lost in the client of
Redis, and the task goes on as if nobody had said a word: then it is told once more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any


async def end(tasks: Iterable[asyncio.Task[Any]], again_s: float = 1.0) -> None:
    """Cancels and waits. again_s: how long each may take to end in good order."""
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=again_s)
