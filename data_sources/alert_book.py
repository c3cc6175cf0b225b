"""Finding alerts: those of the last day in memory, older ones in Redis when asked for."""

from __future__ import annotations

from dashboard.city import CLOSED_KEPT_MS
from dashboard.coarse import Veil
from dashboard.records import AlertView
from data_sources.live_feed import LiveFeed
from data_sources.reach import reaching
from data_sources.state_reader import StateReader

Found = tuple[int, AlertView]  # with its partition


class AlertBook:
    def __init__(self, feed: LiveFeed, state: StateReader, partitions: int) -> None:
        self._feed, self._state, self._partitions = feed, state, range(partitions)

    async def find(self, alert_id: str) -> Found | None:
        """Raises SourceUnavailable when Redis would have to be asked and does not answer."""
        city = self._feed.city
        if (alert := city.alerts.get(alert_id)) is not None:
            return city.partition_of_alert[alert_id], alert
        with reaching("alerts"):
            for p in self._partitions:
                if (alert := await self._state.alert(p, alert_id)) is not None:
                    return p, alert
        return None

    async def find_veiled(self, name: str, veil: Veil) -> Found | None:
        """By the opaque id a coarse role knows; only one that was made by us is looked up."""
        if not name.startswith("A-"):
            return None
        for alert_id, alert in self._feed.city.alerts.items():
            if veil.name(alert_id) == name:
                return self._feed.city.partition_of_alert[alert_id], alert
        with reaching("alerts"):
            for p in self._partitions:
                for alert in await self._state.alerts(p):
                    if veil.name(alert.alert_id) == name:
                        return p, alert
        return None

    async def since(self, since_ms: int) -> list[AlertView]:
        """Alerts raised at that time or later, open or closed, in no order."""
        city = self._feed.city
        alerts = list(city.alerts.values())
        if since_ms < city.watermark_ms - CLOSED_KEPT_MS:
            known = set(city.alerts)
            with reaching("alerts"):
                for p in self._partitions:
                    old = await self._state.alerts(p)
                    alerts += [one for one in old if one.alert_id not in known]
        return [one for one in alerts if one.raised_ms >= since_ms]
