"""The command line of accounts: add, list, disable, enable, passwd, token.

Finds Redis as the application does: REDIS_URL, else the embedded server of DATA_DIR, which
must be running. Passwords come from PASSWORD_FILE, standard input or a prompt, never from
arguments, where every process of the machine could read them.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from dashboard.config import Settings
from dashboard.errors import OpsError, SourceUnavailable
from dashboard.roles import Role
from data_sources import keys
from data_sources.connect import open_async, shown
from data_sources.embedded import EmbeddedServer
from data_sources.reach import reaching
from data_sources.users import Users


def main(env: Mapping[str, str]) -> None:
    options = _parser().parse_args()
    try:
        settings = Settings.from_env(env)
        url = settings.redis_url or EmbeddedServer(settings.data_dir).url
    except OpsError as error:
        sys.exit(str(error))
    options.password_file = env.get("PASSWORD_FILE")
    try:
        asyncio.run(_run(options, url))
    except SourceUnavailable as error:
        sys.exit(f"Redis at {shown(url)} cannot be reached ({error}). Is it running?")
    except OpsError as error:
        sys.exit(str(error))


async def _run(options: argparse.Namespace, url: str) -> None:
    redis = open_async(url)
    try:
        with reaching("accounts"):
            await _do(options, Users(redis, lambda: int(time.time() * 1000)))
    finally:
        await redis.aclose()


async def _do(options: argparse.Namespace, users: Users) -> None:
    match options.command:
        case "add":
            await users.add(options.name, _password(options.password_file), Role(options.role))
        case "passwd":
            await users.set_password(options.name, _password(options.password_file))
        case "disable":
            await users.disable(options.name)
        case "enable":
            await users.enable(options.name)
        case "token":
            name = options.name or f"tool-{options.role}"
            print(await users.tokens.issue(name, options.role, options.days))
        case "list":
            for user in await users.read_all():
                print(f"{user.name:<24} {user.role:<10} {'disabled' if user.disabled else ''}")


def _password(file: str | None) -> str:
    if file:
        return Path(file).read_text(encoding="utf-8").splitlines()[0].strip()
    if sys.stdin.isatty():
        return getpass.getpass("password: ")
    return sys.stdin.readline().rstrip("\n")


def _parser() -> argparse.ArgumentParser:
    roles = [role.value for role in Role]
    parser = argparse.ArgumentParser(prog="python -m data_sources.users", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="a new account; asks for its password")
    add.add_argument("name")
    add.add_argument("--role", choices=roles, required=True)
    for name, what in (
        ("passwd", "a new password; ends the user's sessions"),
        ("disable", "nobody signs in with it; ends its sessions"),
        ("enable", "undoes disable"),
    ):
        commands.add_parser(name, help=what).add_argument("name")
    token = commands.add_parser("token", help="prints a bearer token for the API, once")
    token.add_argument("--role", choices=roles, required=True)
    token.add_argument("--name", help="who or what uses it; shown in the log of actions")
    token.add_argument("--days", type=int, default=keys.TOKEN_DAYS)
    commands.add_parser("list", help="all accounts")
    return parser
