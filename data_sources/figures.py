"""Figures beside the live picture: foot traffic against usual, the last hour, incident trends.

Worked out in threads at most once a minute, however many browsers ask, and kept as they are
sent. "Now" is feed time, so the figures are right while history is being written as well.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from typing import Any

from redis.exceptions import RedisError

from dashboard import trend
from dashboard.city import HOUR, SECOND, City
from dashboard.usual import (
    HourCount,
    Level,
    Usual,
    band,
    bins_of,
    level_of,
    line_of,
    total,
    usual_of,
)
from data_sources.live_feed import LiveFeed
from data_sources.rollup_reader import Hours, RollupReader

log = logging.getLogger(__name__)
WEEKS = 8
WEEK_HOURS = 168
MINUTE = 60 * SECOND
EVERY_S = 60.0
HURRY_S = 5.0  # while history is being written a minute holds days
TREND_MS = 5 * SECOND  # an incident that just came in is in the trend after this


class Figures:
    def __init__(self, feed: LiveFeed, rollups: RollupReader, now_ms: Callable[[], int]) -> None:
        self._feed = feed
        self._rollups = rollups
        self._now_ms = now_ms
        self._past: Hours = {}
        self._trends: dict[tuple[int, bool], tuple[str, int, int, dict[str, Any]]] = {}
        self.traffic: dict[str, Any] = {"at": 0, "zones": {}, "city": _level(None), "line": []}
        self.usual_alerts: tuple[float | None, float | None] = (None, None)
        self.on_traffic: list[Callable[[], None]] = []

    async def run(self) -> None:
        """Until cancelled; the last figures stay when Redis is away."""
        await self._feed.loaded.wait()
        while True:
            before = self._feed.city.watermark_ms
            try:
                await self.refresh()
            except (RedisError, OSError) as error:
                log.warning("figures not refreshed: %s", error)
            await asyncio.sleep(HURRY_S)
            if self._feed.city.watermark_ms - before < 10 * MINUTE:
                await asyncio.sleep(EVERY_S - HURRY_S)

    async def refresh(self) -> None:
        city = self._feed.city
        now = city.watermark_ms
        hour = now // HOUR
        await self._read(hour)
        self.traffic = await asyncio.to_thread(_traffic, city, self._past, now)
        self.usual_alerts = _usual_alerts(self._past, now)
        for listener in self.on_traffic:
            listener()

    async def incidents(self, days: int, exact: bool) -> dict[str, Any]:
        """trend() of the last days; the same answer for all who ask within a few seconds."""
        city, now = self._feed.city, self._now_ms()
        known = self._trends.get((days, exact))
        if known is not None and known[0] == city.id:
            _, at, version, answer = known
            age = now - at
            if age < TREND_MS or (age < MINUTE and version == city.incidents_version):
                return answer
        version, records = city.incidents_version, list(city.incidents.values())
        answer = await asyncio.to_thread(trend.trend, records, days, city.watermark_ms, exact)
        self._trends[days, exact] = (city.id, now, version, answer)
        return answer

    def hour(self) -> dict[str, Any]:
        """Alerts per minute and priority of the last hour, and the usual number per hour."""
        city = self._feed.city
        last = city.watermark_ms // MINUTE
        counts: Counter[tuple[int, int]] = Counter()
        for alert in city.alerts.values():
            if alert.cap_status == "Actual" and alert.raised_ms // MINUTE > last - 60:
                counts[alert.raised_ms // MINUTE, alert.priority] += 1
        minutes = range(last - 59, last + 1)
        low, high = self.usual_alerts
        return {
            "alerts": [[m * MINUTE, *(counts[m, p] for p in (1, 2, 3, 4))] for m in minutes],
            "per_hour": sum(counts.values()),
            "usual_low": low,
            "usual_high": high,
        }

    async def _read(self, hour: int) -> None:
        """The last two hours and the same ones of the weeks before, always read anew: what is
        late, or history that is still being written, changes hours long past."""
        weeks = range(WEEKS + 1)
        wanted = [now - WEEK_HOURS * week for now in (hour, hour - 1) for week in weeks]
        self._past = await self._rollups.hours(wanted)


def _weeks_before(hour: int) -> list[int]:
    return [hour - WEEK_HOURS * week for week in range(1, WEEKS + 1)]


def _traffic(city: City, hours: Hours, now: int) -> dict[str, Any]:
    """TrafficJson: levels of the last full hour, and the last hour in steps of five minutes."""
    last = now // HOUR - 1
    codes = {code for hour in [last, *_weeks_before(last)] for code in hours.get(hour, ())}
    levels = {code: _zone_level(hours, last, code) for code in sorted(codes)}
    whole = level_of(_whole(hours, last), _usual_whole(hours, last))
    usual = {hour: _usual_whole(hours, hour) for hour in (last, last + 1)}
    counters = sum(city.devices.by_kind().get("counter", ()))
    good = [(t.from_ms, t.to_ms, t.n_in + t.n_out)
            for t in list(city.traffic.values()) if t.quality == "ok"]  # fmt: skip
    return {
        "at": (last + 1) * HOUR,
        "zones": {code: _level(one) for code, one in levels.items() if one is not None},
        "city": _level(whole),
        "line": line_of(bins_of(good, counters, now - HOUR, now), usual),
    }


def _zone_level(hours: Hours, last: int, code: str) -> Level | None:
    """None for a zone without counters."""

    def count(hour: int) -> HourCount:
        zone = hours.get(hour, {}).get(code)
        return zone.count() if zone else HourCount(0, 0, 0)

    now, past = count(last), [count(hour) for hour in _weeks_before(last)]
    if not any(one.expected_ms for one in (now, *past)):
        return None
    return level_of(now, usual_of(past))


def _whole(hours: Hours, hour: int) -> HourCount:
    return total(zone.count() for zone in hours.get(hour, {}).values())


def _usual_whole(hours: Hours, hour: int) -> Usual:
    return usual_of(_whole(hours, past) for past in _weeks_before(hour))


def _usual_alerts(hours: Hours, now: int) -> tuple[float | None, float | None]:
    """Band of alerts in the 60 minutes up to now, from the two hours they lie in."""
    share = now % HOUR / HOUR
    counts = []
    for this in _weeks_before(now // HOUR):
        if hours.get(this) and hours.get(this - 1):
            of = [sum(zone.alerts for zone in hours[h].values()) for h in (this, this - 1)]
            counts.append(of[0] * share + of[1] * (1 - share))
    if len(counts) < 3:
        return None, None
    low, high = band(sum(counts) / len(counts))
    return round(low, 1), round(high, 1)


def _level(one: Level | None) -> dict[str, Any]:
    if one is None:
        return {"n": None, "usual": None, "coverage": 0.0, "level": "unknown"}
    usual = None if one.usual is None else round(one.usual, 1)
    return {"n": one.n, "usual": usual, "coverage": round(one.coverage, 3), "level": one.level}
