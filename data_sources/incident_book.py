"""Finding incidents by their ids: those of the last weeks in memory, older ones in Redis."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.records import IncidentView
from data_sources.live_feed import LiveFeed
from data_sources.reach import reaching
from data_sources.state_reader import StateReader


class IncidentBook:
    def __init__(self, feed: LiveFeed, state: StateReader, partitions: int) -> None:
        self._feed, self._state, self._partitions = feed, state, range(partitions)

    async def find(self, ids: Sequence[str]) -> list[IncidentView]:
        """In the order asked for, without those nobody knows. Raises SourceUnavailable."""
        known = self._feed.city.incidents
        found = {name: known[name] for name in ids if name in known}
        with reaching("incidents"):
            for p in self._partitions:
                missing = [name for name in ids if name not in found]
                if missing:
                    old = await self._state.incidents(p, missing)
                    found |= {one.incident_id: one for one in old}
        return [found[name] for name in ids if name in found]
