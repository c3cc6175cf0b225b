"""GET /api/v1/traffic: people who passed, by the hour or by the day, with what is usual.

Hours are kept for 92 days, days for three years. Only steps that are over are told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from fastapi import Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from callbacks import guard
from callbacks.web.api import NO_STORE
from dashboard.errors import BadChoice
from dashboard.kpis.choice import Period, between, period_of
from dashboard.kpis_json import period_json
from dashboard.principal import Principal
from dashboard.roles import Permission
from dashboard.stream.rollups import DAY_MS, HOUR_MS, KST_MS, day_of
from dashboard.traffic_json import rows_json
from dashboard.trends.levels import Levels, Rule, levels_of
from dashboard.trends.profile import Place, Street
from data_sources import keys

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

STEP_MS = {"hour": HOUR_MS, "day": DAY_MS}
DEFAULT = {"hour": "7d", "day": "28d"}
Word = Annotated[str, Field(max_length=64)]


class TrafficQuery(BaseModel):
    """from and to: RFC 3339, on full hours; by day on midnights in Korea. Without either the
    last seven days by the hour, the last 28 by the day."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    from_: AwareDatetime | None = Field(None, alias="from")
    to: AwareDatetime | None = None
    by: Literal["hour", "day"] = "hour"
    zone: Word = ""
    route: Word = ""
    limit: int = Field(500, ge=1, le=1000)
    next: Word = Field("", description="`next` of the page before")


def register(app: ControlRoom, sources: Sources) -> None:
    see = guard.needs(Permission.KPIS_SEE)

    async def traffic(
        query: Annotated[TrafficQuery, Query()], who: Principal = see
    ) -> JSONResponse:
        """Each step with `people`, `coverage`, `usual`, `low`, `high` and `level`."""
        now_ms, kept_ms = sources.trends.now_ms(), sources.kpis.known_from_ms()
        period = _period(query, now_ms, sources.trends.known())
        if query.by == "hour":
            kept_ms = max(kept_ms, _hours_from(now_ms))
        page, more = _page(query, period, now_ms)
        streets, place = await sources.trends.street(), Place(zone=query.zone, route=query.route)
        if query.by == "hour":
            levels = await _hours(sources, streets, place, page)
        else:
            levels = await _days(sources, place, page)
        told = period_json(period, now_ms, kept_ms)
        answer = {
            "period": {name: told[name] for name in ("from", "to", "known_from", "known_to")},
            "by": query.by,
            "filters": {name: word for name in ("zone", "route") if (word := getattr(query, name))},
            "counters": int(streets.members(place).sum()),
            "items": [] if levels is None else rows_json(levels, query.by == "day"),
            "next": more,
        }
        return JSONResponse(answer, headers=NO_STORE)

    app.server.add_api_route("/api/v1/traffic", traffic, tags=["traffic"])


def _period(query: TrafficQuery, now_ms: int, known: dict[str, list[str]]) -> Period:
    """Raises BadChoice."""
    for name in ("zone", "route"):
        word = getattr(query, name)
        if word and word not in known[name]:
            raise BadChoice(f"choice.unknown_{name}", value=word[:40])
    if query.from_ is None and query.to is None:
        return period_of({"period": DEFAULT[query.by]}, now_ms)
    if query.from_ is None or query.to is None:
        raise BadChoice("choice.half_period")
    ends = [round(at.timestamp() * 1000) for at in (query.from_, query.to)]
    period = between(ends[0], ends[1], now_ms)
    if query.by == "day" and not period.whole_days:
        raise BadChoice("choice.not_whole_days")
    if query.by == "hour" and period.from_ms < _hours_from(now_ms):
        raise BadChoice("choice.hours_gone", days=keys.HOURLY_DAYS)
    return period


def _hours_from(now_ms: int) -> int:
    """The first hour that is kept: counters' hours are kept by whole days, today among them."""
    return (day_of(now_ms) - keys.HOURLY_DAYS + 1) * DAY_MS - KST_MS


def _page(query: TrafficQuery, period: Period, now_ms: int) -> tuple[Period, str | None]:
    """What of the period is on this page, and the moment the next one begins with."""
    step_ms, from_ms = STEP_MS[query.by], period.from_ms
    if query.next:
        if not (query.next.isascii() and query.next.isdigit()):
            raise HTTPException(422, "next: not one of ours")
        from_ms = int(query.next)
        if not period.from_ms < from_ms < period.to_ms or (from_ms - period.from_ms) % step_ms:
            raise HTTPException(422, "next: not one of ours")
    over_ms = now_ms // HOUR_MS * HOUR_MS
    if query.by == "day":
        over_ms = day_of(now_ms) * DAY_MS - KST_MS
    last_ms = max(from_ms, min(period.to_ms, over_ms))
    to_ms = min(last_ms, from_ms + query.limit * step_ms)
    return Period(from_ms, to_ms), str(to_ms) if to_ms < last_ms else None


async def _hours(sources: Sources, streets: Street, place: Place, page: Period) -> Levels | None:
    members = streets.members(place)
    ends = np.searchsorted(streets.hours.start_ms, [page.from_ms, page.to_ms])
    first, after = (int(end) for end in ends)
    if first >= after or not members.any():
        return None
    return await sources.trends.answer(
        None, f"hours {place} {page}", lambda _: streets.levels(members, first, after)
    )


async def _days(sources: Sources, place: Place, page: Period) -> Levels | None:
    """With eight weeks before the page, which usual is made of."""
    rule = Rule.of(sources.site)
    first, after = day_of(page.from_ms), day_of(page.to_ms)
    before = 7 * rule.weeks
    days = await sources.trends.foot_days(first - before, after)
    members = days.members(place.zone, place.route)
    if first >= after or not members.any():
        return None
    of, upto = days.counted.of(members), before + after - first
    return levels_of(of, before, upto, rule)
