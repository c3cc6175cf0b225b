"""Who is asking: what every door knows of a signed-in person or tool."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.roles import Permission, Role, may


@dataclass(frozen=True, slots=True)
class Principal:
    user: str
    role: Role
    session: str = ""  # sha256 of the session id; "" = a bearer token
    csrf: str = ""  # expected in X-CSRFToken; "" = a bearer token, which needs none
    language: str = "ko"
    theme: str = ""  # dark, light or "" = as the system prefers

    def may(self, permission: Permission) -> bool:
        return may(self.role, permission)
