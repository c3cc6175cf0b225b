"""What became of a week's mails, in Redis: a hash, field the reader's id, value a Dispatch; the
field ALL holds what keeps every mail of the week back, if anything does.

No address is in it. Every change is made only where nothing else was made of it in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from redis.asyncio import Redis

from dashboard.weekly.mailing import Dispatch, Standing, aged
from data_sources import keys
from data_sources.reach import reaching

ALL = "*"  # no reader's id
# Puts a value in the place of the very one that was read, "" = of none. What is sent is sent: it
# is written over anything that somebody who took it for undecided has put there.
_SWAP = """
local now = redis.call('HGET', KEYS[1], ARGV[1])
if (now or '') ~= ARGV[2] and ARGV[4] ~= '1' then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
"""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Of one week, as of now: what was begun too long ago is unknown in it. undecided: of these,
    those whose being so is not written down."""

    mails: dict[str, Dispatch] = field(default_factory=dict)
    standing: Standing | None = None
    raw: dict[str, bytes] = field(default_factory=dict)  # as it was read
    undecided: tuple[str, ...] = ()


class WeekLedger:
    """Every method raises SourceUnavailable. word: 2026-W47."""

    def __init__(self, redis: Redis, now_ms: Callable[[], int]) -> None:
        self._redis: Any = redis
        self._now_ms = now_ms

    async def read(self, word: str) -> Ledger:
        with reaching("mails"):
            fields = await self._redis.hgetall(keys.week_sent(word))
        raw = {name.decode(): text for name, text in fields.items()}
        standing = raw.pop(ALL, None)
        now = self._now_ms()
        kept = {name: _decoded(text) for name, text in raw.items()}
        mails = {name: aged(one, now) for name, one in kept.items()}
        return Ledger(
            mails,
            msgspec.json.decode(standing, type=Standing) if standing else None,
            raw,
            tuple(name for name, one in mails.items() if one.state != kept[name].state),
        )

    async def change(self, word: str, reader_id: str, before: bytes, after: Dispatch) -> bytes:
        """before: as it was read, b"" = none. As it is kept now; b"" = somebody was first."""
        value = msgspec.json.encode(after)
        surely = "1" if after.state == "sent" else "0"
        with reaching("mails"):
            done = await self._redis.eval(
                _SWAP, 1, keys.week_sent(word), reader_id, before, value, surely
            )
        return value if done else b""

    async def stand(self, word: str, standing: Standing | None) -> None:
        """None: nothing holds them back any more."""
        with reaching("mails"):
            if standing is None:
                await self._redis.hdel(keys.week_sent(word), ALL)
            else:
                await self._redis.hset(keys.week_sent(word), ALL, msgspec.json.encode(standing))


def _decoded(text: bytes) -> Dispatch:
    return msgspec.json.decode(text, type=Dispatch)
