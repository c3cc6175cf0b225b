"""Sessions in Redis, so that every web process knows them and any can be ended at once.

The browser holds an opaque random id; Redis knows only its sha256, so a copy of the database
signs nobody in. A session ends by sign-out, SESSION_IDLE_S without a request (Redis forgets
the key) or SESSION_ABSOLUTE_S after sign-in, whichever comes first.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import Any

import msgspec
from redis.asyncio import Redis

from data_sources import keys
from data_sources.reach import reaching

TOUCH_MS = 60_000  # how exact the idle time is kept


class Session(msgspec.Struct, frozen=True):
    user: str
    role: str
    csrf: str
    created_ms: int
    seen_ms: int


def digest(sid: str) -> str:
    return hashlib.sha256(sid.encode()).hexdigest()


class Sessions:
    def __init__(self, redis: Redis, now_ms: Callable[[], int]) -> None:
        self._redis: Any = redis
        self._now_ms = now_ms

    async def open(self, user: str, role: str) -> tuple[str, Session]:
        """A fresh id and session; the id is never taken from the browser (no fixation)."""
        now = self._now_ms()
        sid = secrets.token_urlsafe(32)
        session = Session(user, role, secrets.token_urlsafe(32), now, now)
        with reaching("sessions"):
            await self._save(digest(sid), session)
            await self._redis.sadd(keys.user_sessions(user), digest(sid))
            await self._redis.expire(keys.user_sessions(user), keys.SESSION_ABSOLUTE_S)
        return sid, session

    async def find(self, sid: str) -> Session | None:
        """The live session of an id; using it keeps it from going idle."""
        name = digest(sid)
        session = await self.read(name)
        if session and self._now_ms() - session.seen_ms > TOUCH_MS:
            session = msgspec.structs.replace(session, seen_ms=self._now_ms())
            # xx: a session ended between read and save must stay ended
            await self._save(name, session, xx=True)
        return session

    async def read(self, name: str) -> Session | None:
        """As find, by digest and without touching: for long-lived sockets."""
        with reaching("sessions"):
            packed = await self._redis.get(keys.session(name))
        if packed is None:
            return None
        session = msgspec.json.decode(packed, type=Session)
        return session if self._left_s(session) > 0 else None

    async def close(self, name: str) -> None:
        session = await self.read(name)
        with reaching("sessions"):
            await self._redis.delete(keys.session(name))
            if session:
                await self._redis.srem(keys.user_sessions(session.user), name)

    async def close_all(self, user: str) -> None:
        for name in await self._redis.smembers(keys.user_sessions(user)):
            await self._redis.delete(keys.session(name.decode()))
        await self._redis.delete(keys.user_sessions(user))

    async def _save(self, name: str, session: Session, xx: bool = False) -> None:
        lifetime_s = max(1, min(keys.SESSION_IDLE_S, self._left_s(session)))
        packed = msgspec.json.encode(session)
        with reaching("sessions"):
            await self._redis.set(keys.session(name), packed, ex=lifetime_s, xx=xx)

    def _left_s(self, session: Session) -> int:
        return keys.SESSION_ABSOLUTE_S - (self._now_ms() - session.created_ms) // 1000
