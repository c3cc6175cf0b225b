"""Accounts: names, roles and argon2 password hashes. `python -m data_sources.users --help`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from redis.asyncio import Redis

from dashboard.errors import BadRequest
from dashboard.roles import Role
from data_sources import keys
from data_sources.reach import reaching
from data_sources.sessions import Sessions
from data_sources.tokens import Tokens

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
PASSWORD_MIN = 10
PASSWORD_MAX = 200
CHECKS_AT_ONCE = 2  # each takes 64 MiB and ~50 ms of a core


class User(msgspec.Struct, frozen=True):
    name: str
    role: str
    password_hash: str
    created_ms: int
    disabled: bool = False


class Users:
    def __init__(self, redis: Redis, now_ms: Callable[[], int]) -> None:
        self._redis: Any = redis
        self._now_ms = now_ms
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash("nobody has this password")
        self._checks = asyncio.Semaphore(CHECKS_AT_ONCE)
        self.tokens = Tokens(redis, now_ms)
        self._sessions = Sessions(redis, now_ms)

    async def verify(self, name: str, password: str) -> User | None:
        """The user, if the password is right. Takes as long for a name nobody has."""
        user = await self.read(name)
        known = user is not None and not user.disabled
        password_hash = user.password_hash if user and known else self._nobody
        async with self._checks:
            right = await asyncio.to_thread(self._matches, password_hash, password)
        return user if right and known else None

    async def read(self, name: str) -> User | None:
        with reaching("users"):
            packed = await self._redis.hget(keys.USERS, name)
        return msgspec.json.decode(packed, type=User) if packed else None

    async def read_all(self) -> list[User]:
        packed = await self._redis.hvals(keys.USERS)
        return sorted((msgspec.json.decode(p, type=User) for p in packed), key=lambda u: u.name)

    async def add(self, name: str, password: str, role: Role) -> User:
        """Raises BadRequest for a name that is taken or badly formed, or a short password."""
        if not NAME.fullmatch(name):
            raise BadRequest(f"user name {name!r}: a-z, 0-9, '.', '_' and '-', at most 32")
        _check_length(password)
        user = User(name, role.value, await self._hash(password), self._now_ms())
        if not await self._redis.hsetnx(keys.USERS, name, msgspec.json.encode(user)):
            raise BadRequest(f"user {name!r} exists already")
        return user

    async def set_password(self, name: str, password: str) -> None:
        """Also ends the user's sessions: whoever knew the old password is out."""
        _check_length(password)
        await self._change(name, password_hash=await self._hash(password))

    async def disable(self, name: str) -> None:
        await self._change(name, disabled=True)

    async def enable(self, name: str) -> None:
        await self._change(name, disabled=False)

    async def put_demo(self, name: str, password: str, role: Role) -> None:
        """A demo account with exactly this password; untouched if it has it already."""
        if not await self.verify(name, password):
            user = User(name, role.value, await self._hash(password), self._now_ms())
            await self._redis.hset(keys.USERS, name, msgspec.json.encode(user))
            await self._sessions.close_all(name)

    async def _change(self, name: str, **fields: Any) -> None:
        user = await self.read(name)
        if user is None:
            raise BadRequest(f"there is no user {name!r}")
        changed = msgspec.structs.replace(user, **fields)
        await self._redis.hset(keys.USERS, name, msgspec.json.encode(changed))
        await self._sessions.close_all(name)

    async def _hash(self, password: str) -> str:
        async with self._checks:
            return await asyncio.to_thread(self._hasher.hash, password)

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password[:PASSWORD_MAX])
        except (VerificationError, InvalidHashError):
            return False


def _check_length(password: str) -> None:
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise BadRequest(f"a password has {PASSWORD_MIN} to {PASSWORD_MAX} characters")


if __name__ == "__main__":
    import os

    from data_sources.users_command import main

    main(os.environ)
