"""Saved views in Redis: a hash per person, field `<page>/<name>`, value the address's query."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from dashboard.saved import VIEWS, BadView, checked_name, checked_query, page_of
from data_sources import keys
from data_sources.reach import reaching


class SavedViews:
    """Raises BadView for a name, page or query that cannot be."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis

    async def list(self, user: str, page: str) -> dict[str, str]:
        """name -> query, by name."""
        page_of(page)
        with reaching("views"):
            fields = await self._redis.hgetall(keys.saved_views(user))
        found = {name.decode().partition("/"): query.decode() for name, query in fields.items()}
        mine = {name: query for (of, _, name), query in found.items() if of == page}
        return dict(sorted(mine.items()))

    async def save(self, user: str, page: str, name: str, query: str) -> str:
        """Replaces one of the same name; the name as it was kept."""
        name, query = checked_name(name), checked_query(page, query)
        known = await self.list(user, page)
        if name not in known and len(known) >= VIEWS:
            raise BadView("saved.too_many", most=VIEWS)
        with reaching("views"):
            await self._redis.hset(keys.saved_views(user), f"{page}/{name}", query)
        return name

    async def delete(self, user: str, page: str, name: str) -> None:
        page_of(page)
        with reaching("views"):
            await self._redis.hdel(keys.saved_views(user), f"{page}/{checked_name(name)}")
