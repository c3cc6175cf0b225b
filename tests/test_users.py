"""Accounts, sessions and tokens against a real server."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import redis

from dashboard.errors import BadRequest
from dashboard.roles import Role
from data_sources import demo_users, keys
from data_sources.connect import open_async
from data_sources.sessions import Sessions, digest
from data_sources.throttle import Throttle
from data_sources.users import Users
from tests.conftest import ROOT, clean_env

PASSWORD = "a long enough password"


class Clock:
    ms = 1_700_000_000_000

    def __call__(self) -> int:
        return self.ms


class Desk:
    def __init__(self, url: str) -> None:
        self.clock = Clock()
        self.redis = open_async(url)
        self.users = Users(self.redis, self.clock)
        self.sessions = Sessions(self.redis, self.clock)
        self.throttle = Throttle(self.redis)


@pytest.fixture
def at_desk(redis_url: str) -> Callable[[Callable[[Desk], Awaitable[None]]], None]:
    """Runs an async test body with fresh accounts."""

    def run(body: Callable[[Desk], Awaitable[None]]) -> None:
        async def inside() -> None:
            desk = Desk(redis_url)
            try:
                await body(desk)
            finally:
                await desk.redis.aclose()

        asyncio.run(inside())

    return run


def test_it_knows_who_has_the_right_password(at_desk) -> None:
    async def body(desk: Desk) -> None:
        await desk.users.add("kim", PASSWORD, Role.DUTY)
        user = await desk.users.verify("kim", PASSWORD)
        assert user and (user.name, user.role) == ("kim", "duty")
        assert await desk.users.verify("kim", PASSWORD + "x") is None
        assert await desk.users.verify("lee", PASSWORD) is None

    at_desk(body)


def test_it_refuses_bad_names_short_passwords_and_second_accounts(at_desk) -> None:
    async def body(desk: Desk) -> None:
        for name, password in (("Kim!", PASSWORD), ("kim", "short"), ("", PASSWORD)):
            with pytest.raises(BadRequest):
                await desk.users.add(name, password, Role.DUTY)
        await desk.users.add("kim", PASSWORD, Role.DUTY)
        with pytest.raises(BadRequest):
            await desk.users.add("kim", PASSWORD, Role.ADMIN)

    at_desk(body)


def test_a_disabled_account_is_out_at_once(at_desk) -> None:
    async def body(desk: Desk) -> None:
        await desk.users.add("kim", PASSWORD, Role.DUTY)
        sid, _ = await desk.sessions.open("kim", "duty")
        await desk.users.disable("kim")
        assert await desk.sessions.find(sid) is None
        assert await desk.users.verify("kim", PASSWORD) is None
        await desk.users.enable("kim")
        assert await desk.users.verify("kim", PASSWORD)

    at_desk(body)


def test_a_new_password_ends_old_sessions(at_desk) -> None:
    async def body(desk: Desk) -> None:
        await desk.users.add("kim", PASSWORD, Role.DUTY)
        sid, _ = await desk.sessions.open("kim", "duty")
        await desk.users.set_password("kim", PASSWORD + " new")
        assert await desk.sessions.find(sid) is None

    at_desk(body)


def test_a_session_ends_when_idle_and_after_a_day(at_desk) -> None:
    async def body(desk: Desk) -> None:
        sid, _ = await desk.sessions.open("kim", "duty")
        left = await desk.redis.ttl(keys.session(digest(sid)))
        assert 0 < left <= keys.SESSION_IDLE_S
        desk.clock.ms += (keys.SESSION_ABSOLUTE_S - 60) * 1000
        assert await desk.sessions.find(sid)
        assert await desk.redis.ttl(keys.session(digest(sid))) <= 60
        desk.clock.ms += 61_000
        assert await desk.sessions.find(sid) is None

    at_desk(body)


def test_a_closed_session_cannot_be_touched_alive(at_desk) -> None:
    async def body(desk: Desk) -> None:
        sid, session = await desk.sessions.open("kim", "duty")
        await desk.sessions.close(digest(sid))
        await desk.sessions._save(digest(sid), session, xx=True)
        assert await desk.sessions.find(sid) is None

    at_desk(body)


def test_tokens_expire(at_desk) -> None:
    async def body(desk: Desk) -> None:
        secret = await desk.users.tokens.issue("grafana", "manager", days=1)
        token = await desk.users.tokens.find(secret)
        assert token and (token.name, token.role) == ("grafana", "manager")
        assert await desk.users.tokens.find(secret[:-1]) is None
        desk.clock.ms += 86_400_001
        assert await desk.users.tokens.find(secret) is None

    at_desk(body)


def test_redis_holds_no_secret_that_would_sign_anyone_in(
    at_desk, redis_client: redis.Redis
) -> None:
    secrets: list[str] = []

    async def body(desk: Desk) -> None:
        await desk.users.add("kim", PASSWORD, Role.DUTY)
        sid, _ = await desk.sessions.open("kim", "duty")
        secrets.extend([PASSWORD, sid, await desk.users.tokens.issue("tool", "duty")])

    at_desk(body)
    everything = b"".join(key + (redis_client.dump(key) or b"") for key in redis_client.keys())
    assert not [secret for secret in secrets if secret.encode() in everything]


def test_the_demo_makes_one_account_per_role_and_tells_passwords_once(at_desk) -> None:
    async def body(desk: Desk) -> None:
        made = await demo_users.seed(desk.users, None)
        assert set(made) == {role.value for role in Role}
        assert await desk.users.verify("duty", made["duty"])
        assert await demo_users.seed(desk.users, None) == {}
        assert await desk.users.verify("duty", made["duty"])
        assert made["duty"] in demo_users.announcement(made)

    at_desk(body)


def test_a_demo_password_is_set_at_every_start_and_keeps_sessions(at_desk) -> None:
    async def body(desk: Desk) -> None:
        await demo_users.seed(desk.users, None)
        assert await demo_users.seed(desk.users, "the demo's own") == {}
        sid, _ = await desk.sessions.open("duty", "duty")
        await demo_users.seed(desk.users, "the demo's own")
        assert await desk.sessions.find(sid)
        assert await desk.users.verify("duty", "the demo's own")

    at_desk(body)


def test_the_sixth_try_waits_and_another_address_does_not(at_desk) -> None:
    async def body(desk: Desk) -> None:
        for _ in range(5):
            assert await desk.throttle.wait_s("kim", "10.0.0.1") == 0
            await desk.throttle.count_bad("kim", "10.0.0.1")
        assert 0 < await desk.throttle.wait_s("kim", "10.0.0.1") <= 300
        assert await desk.throttle.wait_s("kim", "10.0.0.2") == 0
        assert await desk.throttle.wait_s("lee", "10.0.0.1") == 0
        await desk.throttle.forget("kim", "10.0.0.1")
        assert await desk.throttle.wait_s("kim", "10.0.0.1") == 0

    at_desk(body)


def test_one_address_cannot_try_many_names_for_ever(at_desk) -> None:
    async def body(desk: Desk) -> None:
        for n in range(40):
            await desk.throttle.count_bad(f"name{n}", "10.0.0.1")
        assert await desk.throttle.wait_s("another", "10.0.0.1") > 0

    at_desk(body)


def test_the_command_line_manages_accounts(redis_url: str, tmp_path: Path) -> None:
    def run(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "data_sources.users", *words]
        env = clean_env(REDIS_URL=redis_url)
        return subprocess.run(
            command, cwd=ROOT, env=env, input=typed, text=True, capture_output=True, check=False
        )

    assert run("add", "kim", "--role", "admin", typed=PASSWORD + "\n").returncode == 0
    assert "exists already" in run("add", "kim", "--role", "duty", typed=PASSWORD).stderr
    assert run("disable", "kim").returncode == 0
    assert run("list").stdout.split() == ["kim", "admin", "disabled"]
    token = run("token", "--role", "duty").stdout.strip()
    assert token.startswith("crt_") and len(token) > 40
    env = clean_env(DATA_DIR=str(tmp_path / "none"))
    command = [sys.executable, "-m", "data_sources.users", "list"]
    absent = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False)
    assert absent.returncode == 1 and b"Is it running?" in absent.stderr
