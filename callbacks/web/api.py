"""The reading API: feeds, devices and alerts, for tools and for our own pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import Query
from fastapi.exceptions import RequestValidationError
from pydantic import AwareDatetime
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from callbacks import guard, session
from callbacks.web.paging import newest_first
from callbacks.web.problems import problem_of, unprocessable
from dashboard.api_json import Json, alert_api_json, device_json, feeds_json
from dashboard.city import CLOSED_KEPT_MS, City
from dashboard.coarse import Veil
from dashboard.device_table import GONE, KINDS, STATUSES
from dashboard.errors import SourceUnavailable
from dashboard.principal import Principal
from dashboard.records import AlertState
from dashboard.roles import Permission

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

Limit = Annotated[int, Query(ge=1, le=1000, description="items per page")]
Next = Annotated[str, Query(max_length=120, description="`next` of the page before")]
Since = Annotated[AwareDatetime | None, Query(description="raised since; default a day ago")]
NO_STORE = {"Cache-Control": "no-store"}


def register(app: ControlRoom, sources: Sources) -> None:
    app.server.add_exception_handler(RequestValidationError, _refuse)
    app.server.add_exception_handler(SourceUnavailable, _unavailable)
    _register_feeds(app, sources)
    _register_devices(app, sources)
    _register_alerts(app, sources)


def veil_for(sources: Sources, who: Principal) -> Veil | None:
    """None = this person may see exact points."""
    return None if who.may(Permission.EXACT_POINTS_SEE) else sources.veil


def _register_feeds(app: ControlRoom, sources: Sources) -> None:
    see_feeds = guard.needs(Permission.FEEDS_SEE)

    async def feeds(who: Principal = see_feeds) -> JSONResponse:
        """Per partition and stream: written, accepted, duplicate, rejected, lag, age, stale."""
        now = sources.now_ms()
        items = feeds_json(await sources.feeds.read(now), sources.city, now)
        return JSONResponse({"items": items, "next": None}, headers=NO_STORE)

    app.server.add_api_route("/api/v1/feeds", feeds, tags=["feeds"])


def _register_devices(app: ControlRoom, sources: Sources) -> None:
    see = guard.needs(Permission.LIVE_MAP_SEE)

    async def devices(  # noqa: PLR0913 - one per filter of the contract
        kind: str = "", zone: str = "", route: str = "", status: str = "",
        limit: Limit = 500, next: Next = "", who: Principal = see,
    ) -> JSONResponse:  # fmt: skip
        """Devices in a stable order; a retired one only when asked for by its id."""
        city = sources.city
        wanted = _matching(city, Filter(kind, zone, route, status), _start(next))
        page = list(islice(wanted, limit + 1))
        more = str(page[limit]) if len(page) > limit else None
        await sources.look_at(page[:limit])
        exact = who.may(Permission.EXACT_POINTS_SEE)
        items = [device_json(city, at, exact) for at in page[:limit]]
        return JSONResponse({"items": items, "next": more}, headers=NO_STORE)

    async def device(device_id: str, who: Principal = see) -> JSONResponse:
        at = sources.city.devices.index.get(device_id)
        if at is None:
            raise HTTPException(404, "unknown_device")
        await sources.look_at([at])
        answer = device_json(sources.city, at, who.may(Permission.EXACT_POINTS_SEE))
        return JSONResponse(answer, headers=NO_STORE)

    app.server.add_api_route("/api/v1/devices", devices, tags=["devices"])
    app.server.add_api_route("/api/v1/devices/{device_id}", device, tags=["devices"])


def _register_alerts(app: ControlRoom, sources: Sources) -> None:
    see = guard.needs(Permission.LIVE_MAP_SEE)

    async def alerts(
        state: Literal["open", "all"] = "open", since: Since = None,
        limit: Limit = 200, next: Next = "", who: Principal = see,
    ) -> JSONResponse:  # fmt: skip
        """Newest first."""
        found = await _alerts(sources, state, since.timestamp() * 1000 if since else None)
        veil = veil_for(sources, who)
        rows = ((a.raised_ms, _id(a, veil), a) for a in found)
        page, more = newest_first(rows, limit, next)
        items = [alert_api_json(sources.city, a, veil) for a in page]
        return JSONResponse({"items": items, "next": more}, headers=NO_STORE)

    async def alert(request: Request, alert_id: str, who: Principal = see) -> JSONResponse:
        answer = await read_alert(sources, who, request, alert_id)
        return JSONResponse(answer, headers=NO_STORE)

    app.server.add_api_route("/api/v1/alerts", alerts, tags=["alerts"])
    app.server.add_api_route("/api/v1/alerts/{alert_id}", alert, tags=["alerts"])


async def read_alert(sources: Sources, who: Principal, request: Request, alert_id: str) -> Json:
    """One alert at the precision of the role; looking at an exact one is logged."""
    veil = veil_for(sources, who)
    found = await sources.alert(alert_id, exact=veil is None)
    if found is None:
        raise HTTPException(404, "unknown_alert")
    if veil is None:
        address = request.client.host if request.client else ""
        await sources.log_view(who.user, address, alert_id)
    return alert_api_json(sources.city, found, veil)


async def _alerts(sources: Sources, state: str, since_ms: float | None) -> Iterable[Any]:
    if state == "open":
        return [a for a in sources.city.open_alerts() if a.raised_ms >= (since_ms or 0)]
    day_ago = sources.city.watermark_ms - CLOSED_KEPT_MS
    found = await sources.alerts.since(day_ago if since_ms is None else int(since_ms))
    return found if since_ms is not None else [a for a in found if a.state != AlertState.CLOSED
                                               or a.raised_ms >= day_ago]  # fmt: skip


class Filter:
    """Raises 422 for words that are no kind or status. "" = any."""

    def __init__(self, kind: str, zone: str, route: str, status: str) -> None:
        self.kind = _word("kind", kind, KINDS)
        self.status = _word("status", status, STATUSES)
        self.zone, self.route = zone, route

    def takes(self, city: City, at: int) -> bool:
        devices = city.devices
        record, shown = devices.registrations[at], devices.shown[at]
        return (
            shown != GONE
            and self.kind in (None, devices.kind[at])
            and self.status in (None, shown)
            and self.zone in ("", record.zone)
            and self.route in ("", record.route_id)
        )


def _matching(city: City, wanted: Filter, start: int) -> Iterator[int]:
    return (at for at in range(start, len(city.devices)) if wanted.takes(city, at))


def _word(field: str, word: str, words: tuple[str, ...]) -> int | None:
    if word and word not in words:
        raise HTTPException(422, f"{field}: one of {', '.join(words)}")
    return words.index(word) if word else None


def _start(cursor: str) -> int:
    if cursor and not (cursor.isdecimal() and len(cursor) < 10):
        raise HTTPException(422, "next: not one of ours")
    return int(cursor or 0)


def _id(alert: Any, veil: Veil | None) -> str:
    return str(alert.alert_id) if veil is None else veil.name(alert.alert_id)


async def _refuse(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return unprocessable([problem_of(one) for one in error.errors()])


async def _unavailable(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, SourceUnavailable)
    answer = {"error": "source_unavailable", "detail": session.text()(error.key)}
    return JSONResponse(answer, 503, headers=NO_STORE)
