"""Reads a request's body whole, before anything else sees it: bounded in size, time and depth.

Everything people and tools send here is small; what is not, is refused.
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from starlette.types import Message, Receive

LIMIT_BYTES = 256 * 1024
LIMIT_S = 10.0
LIMIT_DEPTH = 40


class Refused(Exception):
    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status, self.error = status, error


async def read(receive: Receive, declared: str | None) -> bytes:
    """Raises Refused 400, 408 or 413."""
    if declared is not None and not declared.isdigit():
        raise Refused(400, "bad_length")
    if int(declared or 0) > LIMIT_BYTES:
        raise Refused(413, "too_large")
    try:
        async with asyncio.timeout(LIMIT_S):
            return await _collect(receive)
    except TimeoutError:
        raise Refused(408, "too_slow") from None


async def _collect(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "disconnected")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LIMIT_BYTES:
            raise Refused(413, "too_large")
    return bytes(body)


def replay(body: bytes, receive: Receive) -> Receive:
    """A receive that hands out the body once and then listens for the disconnect."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def parse_json(body: bytes) -> Any:
    """Raises Refused 400 for what is not JSON, or is nested deeper than anything of ours."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise Refused(400, "not_json") from None
    if _deeper_than(value, LIMIT_DEPTH):
        raise Refused(400, "too_deep")
    return value


def _deeper_than(value: Any, levels: int) -> bool:
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return False
    return levels == 0 or any(_deeper_than(item, levels - 1) for item in value)
