"""GET /api/v1/incidents/trends: counts of incidents with what is expected and z."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from callbacks import guard
from callbacks.web.api import NO_STORE
from dashboard.errors import BadChoice
from dashboard.kpis.choice import Period, between
from dashboard.kpis_json import period_json
from dashboard.principal import Principal
from dashboard.roles import Permission
from dashboard.trends.change import counts
from dashboard.trends.choice import FILTERS, TrendChoice, trend_choice_of, trend_period_of
from dashboard.trends.heat import heat
from dashboard.trends.window import compare
from dashboard.trends_json import counts_json, hours_json, row_json

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources
    from data_sources.trends.desk import Material

Word = Annotated[str, Field(max_length=64)]
HOURS = "hour_of_week"
Json = dict[str, Any]


class TrendQuery(BaseModel):
    """A period is given by a word (91d, week, 2026-W47, 2026-10, 2026) or by from and to,
    RFC 3339 on full hours; without either it is 91d."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    from_: AwareDatetime | None = Field(None, alias="from")
    to: AwareDatetime | None = None
    period: Word = ""
    by: Literal["hour_of_week", "category", "code", "zone", "route"] = HOURS
    category: Word = ""
    code: Word = Field("", description="112 code, for roles that may see it")
    zone: Word = ""
    route: Word = ""
    hour: Word = Field("", description="fri-22, fri or 22: hours of the week in Korea")
    limit: int = Field(200, ge=1, le=500)
    next: Word = ""


def register(app: ControlRoom, sources: Sources) -> None:
    see = guard.needs(Permission.INCIDENTS_SEE)

    async def trends(query: Annotated[TrendQuery, Query()], who: Principal = see) -> JSONResponse:
        """Each item with `n`, `expected`, `low`, `high`, `z` and `flag`."""
        desk = sources.trends
        choice = choice_of(query, sources)
        if (choice.wanted.get("code") or query.by == "code") and not who.may(
            Permission.INCIDENT_CODES_SEE
        ):
            raise HTTPException(403, "not_allowed")
        coarse, by = not who.may(Permission.EXACT_POINTS_SEE), query.by

        def make(material: Material) -> tuple[Json, list[Json]]:
            known = material.now_ms, material.known_from_ms
            compared = compare(material.incidents, choice, *known)
            whole = counts(compared, "category", coarse)
            total = {"total": row_json(whole.total), "weeks_before": whole.weeks}
            if by == HOURS:
                return total, hours_json(heat(compared, coarse=coarse))
            return total, counts_json(counts(compared, by, coarse))

        total, items = await desk.answer(choice, f"api {by} {coarse}", make)
        page, more = _page(query, items)
        answer = {
            "period": _period_json(choice.period, sources),
            "by": by,
            "filters": {**choice.wanted, **({"hour": query.hour} if query.hour else {})},
            **total,
            "items": page,
            "next": more,
        }
        return JSONResponse(answer, headers=NO_STORE)

    app.server.add_api_route("/api/v1/incidents/trends", trends, tags=["incidents"])


def choice_of(query: TrendQuery, sources: Sources) -> TrendChoice:
    """Raises BadChoice."""
    desk = sources.trends
    named = {name: getattr(query, name) for name in (*FILTERS, "hour")}
    return trend_choice_of(named, _period(query, desk.now_ms()), desk.known(), desk.grid)


def _period(query: TrendQuery, now_ms: int) -> Period:
    if query.from_ is None and query.to is None:
        return trend_period_of({"period": query.period}, now_ms)
    if query.period:
        raise BadChoice("choice.two_periods")
    if query.from_ is None or query.to is None:
        raise BadChoice("choice.half_period")
    first, last = (round(at.timestamp() * 1000) for at in (query.from_, query.to))
    return between(first, last, now_ms)


def _period_json(period: Period, sources: Sources) -> Json:
    desk = sources.trends
    told = period_json(period, desk.now_ms(), desk.known_from_ms)
    return {name: told[name] for name in ("from", "to", "known_from", "known_to")}


def _page(query: TrendQuery, items: list[Json]) -> tuple[list[Json], str | None]:
    """next: how many items the pages so far hold."""
    if query.next and not (query.next.isascii() and query.next.isdigit()):
        raise HTTPException(422, "next: not one of ours")
    start = int(query.next or 0)
    if query.next and not 0 < start < len(items):
        raise HTTPException(422, "next: not one of ours")
    end = start + query.limit
    return items[start:end], str(end) if end < len(items) else None
