"""The embedded demo's accounts: one per role, the user name is the role's name."""

from __future__ import annotations

import secrets
from asyncio import gather

from dashboard.roles import Role
from data_sources.users import Users

# no letters or digits that are mistaken for each other when read from a terminal
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


async def seed(users: Users, demo_password: str | None) -> dict[str, str]:
    """Passwords made up now, by user name; later starts make up none.

    With a demo_password every start sets all to it, and nothing needs to be told.
    """
    if demo_password:
        await gather(*(users.put_demo(role.value, demo_password, role) for role in Role))
        return {}
    made = {}
    for role in Role:
        if await users.read(role.value) is None:
            made[role.value] = _password()
            await users.put_demo(role.value, made[role.value], role)
    return made


def announcement(made: dict[str, str]) -> str:
    """What the terminal shows, once: the only place these passwords ever appear."""
    lines = [f"    {name:<10} {password}" for name, password in made.items()]
    return "\n".join(["· sign in with (shown only now):", *lines])


def _password() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
