"""GET /api/v1/kpis: every figure with its definition, n, interval and what it is compared with.

Figures broken down take long to work out, so a page of them holds few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from callbacks import guard, session
from callbacks.web.api import NO_STORE
from callbacks.web.problems import bad_request
from dashboard.errors import BadChoice, BadRequest
from dashboard.kpis.choice import FILTERS, Choice, Period, between, period_of, wanted_of
from dashboard.kpis.figure import Kpi
from dashboard.kpis.groups import DIMS, Dim
from dashboard.kpis.indicators import BY_KEY, KPIS, applies
from dashboard.kpis_json import period_json, row_json
from dashboard.principal import Principal
from dashboard.roles import Permission
from dashboard.text import translator

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

BROKEN_DOWN = 5  # figures on a page when each is broken down
Word = Annotated[str, Field(max_length=64)]


class KpiQuery(BaseModel):
    """A period is given by a word (28d, week, 2026-W47, 2026-10, 2026-Q4, 2026) or by from and
    to, RFC 3339 on full hours; without either it is 28d."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    from_: AwareDatetime | None = Field(None, alias="from")
    to: AwareDatetime | None = None
    period: Word = ""
    key: Word = Field("", description="one figure only")
    by: Word = Field("", description="kind, zone, route, vendor, owner or pilot")
    kind: Word = ""
    zone: Word = ""
    route: Word = ""
    vendor: Word = ""
    owner: Word = ""
    pilot: Word = ""
    lang: Literal["", "ko", "en"] = ""
    limit: int = Field(100, ge=1, le=100)
    next: Word = ""


def register(app: ControlRoom, sources: Sources) -> None:
    app.server.add_exception_handler(BadRequest, bad_request)
    see = guard.needs(Permission.KPIS_SEE)

    async def kpis(query: Annotated[KpiQuery, Query()], who: Principal = see) -> JSONResponse:
        desk = sources.kpis
        choice = choice_of(query, desk.now_ms(), desk.known())
        page, more = page_of(query, choice)
        coarse = not who.may(Permission.EXACT_POINTS_SEE)
        t = translator(query.lang or session.language())
        items = []
        for kpi in page:
            row = await desk.row(choice, kpi.key, coarse)
            by = None
            if query.by and query.by in kpi.dims:
                by = await desk.breakdown(choice, kpi.key, Dim(query.by), coarse)
            items.append(row_json(row, by, t))
        answer = {
            "period": period_json(choice.period, desk.now_ms(), desk.known_from_ms()),
            "filters": dict(choice.wanted),
            "items": items,
            "next": more,
        }
        return JSONResponse(answer, headers=NO_STORE)

    app.server.add_api_route("/api/v1/kpis", kpis, tags=["kpis"])


def choice_of(query: KpiQuery, now_ms: int, known: dict[str, list[str]]) -> Choice:
    """Raises BadChoice."""
    named = {name: getattr(query, name) for name in FILTERS}
    if query.by and query.by not in DIMS:
        raise BadChoice("choice.unknown_dim", value=query.by)
    return Choice(_period(query, now_ms), wanted_of(named, known))


def page_of(query: KpiQuery, choice: Choice) -> tuple[list[Kpi], str | None]:
    """The KPIs of this page, and the key the next one begins with."""
    if query.key and query.key not in BY_KEY:
        raise BadChoice("choice.unknown_kpi", value=query.key)
    named = [kpi for kpi in KPIS if query.key in ("", kpi.key)]
    wanted = [kpi for kpi in named if applies(kpi, choice.wanted)]
    keys = [kpi.key for kpi in wanted]
    if query.next and query.next not in keys:
        raise HTTPException(422, "next: not one of ours")
    start = keys.index(query.next) if query.next else 0
    end = start + min(query.limit, BROKEN_DOWN if query.by else query.limit)
    return wanted[start:end], keys[end] if end < len(keys) else None


def _period(query: KpiQuery, now_ms: int) -> Period:
    if query.from_ is None and query.to is None:
        return period_of({"period": query.period}, now_ms)
    if query.period:
        raise BadChoice("choice.two_periods")
    if query.from_ is None or query.to is None:
        raise BadChoice("choice.half_period")
    moments = [round(at.timestamp() * 1000) for at in (query.from_, query.to)]
    return between(moments[0], moments[1], now_ms)
