"""What a browser fetches beside the socket: the snapshot, names, base map, trend and hour.

Everything is made at most once a second or so for all browsers together, compressed off the
loop, and kept as bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from gzip import compress
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from callbacks import guard
from callbacks.web.fanout import Fanout
from callbacks.web.site_json import base_json
from dashboard.browser_json import snapshot_head
from dashboard.device_table import STATUSES
from dashboard.principal import Principal
from dashboard.roles import GRANTS, Permission
from dashboard.snapshot import Deflated, pack_columns, pack_header

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

FRESH_MS = 1_000
RECENT_MS = 3_600_000  # closed alerts younger than this are in the snapshot
LOADING_S = 10.0
_GZIP = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding", "Cache-Control": "no-store"}
_PLAIN = {"Vary": "Accept-Encoding", "Cache-Control": "no-store"}
JSON = "application/json"
_BINARY = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Page:
    """One moment of the city: headers for both precisions, and the columns they belong to."""

    city: str
    at_ms: int
    exact: bytes
    coarse: bytes
    columns: Deflated


class Snapshots:
    def __init__(self, sources: Sources, fanout: Fanout) -> None:
        self._sources, self._fanout = sources, fanout
        self._page: Page | None = None
        self._making = asyncio.Lock()

    async def answer(self, who: Principal, gzip: bool) -> Response:
        page = await self._fresh()
        exact = who.may(Permission.EXACT_POINTS_SEE)
        head = pack_header(
            _personal(who, self._sources.now_ms()) + (page.exact if exact else page.coarse)
        )
        if not gzip:
            return Response(head + page.columns.plain, headers=_PLAIN, media_type=_BINARY)
        body = await asyncio.to_thread(page.columns.gzip_after, head)
        return Response(body, headers=_GZIP, media_type=_BINARY)

    async def _fresh(self) -> Page:
        async with self._making:
            page, now = self._page, self._sources.now_ms()
            if page is None or page.city != self._sources.city.id or now - page.at_ms > FRESH_MS:
                page = self._page = await self._make(now)
            return page

    async def _make(self, now: int) -> Page:
        """Columns and headers are copied in one step of the loop, so they are one moment."""
        city = self._sources.city
        parts = {"feed": self._fanout.feed(), "traffic": self._sources.figures.traffic,
                 "statuses": list(STATUSES)}  # fmt: skip
        exact = snapshot_head(city, None, parts, RECENT_MS)
        coarse = snapshot_head(city, self._sources.veil, parts, RECENT_MS)
        columns = pack_columns(city.devices)
        encode = msgspec.json.encode
        deflated, *heads = await asyncio.to_thread(
            lambda: (Deflated.of(columns), encode(exact)[1:], encode(coarse)[1:])
        )
        return Page(city.id, now, heads[0], heads[1], deflated)


def _personal(who: Principal, now: int) -> bytes:
    """The beginning of the header: what differs from person to person."""
    can = sorted(permission.value for permission in GRANTS[who.role])
    mine = {"role": who.role.value, "user": who.user, "can": can, "now": now}
    return msgspec.json.encode(mine)[:-1] + b","


class Kept:
    """A JSON answer as bytes, plain and gzip, until its key changes."""

    def __init__(self) -> None:
        self._key: Any = None
        self._plain, self._gzip = b"", b""

    async def answer(self, key: Any, make: Callable[[], Any], gzip: bool) -> Response:
        if key != self._key:
            plain = await asyncio.to_thread(lambda: msgspec.json.encode(make()))
            self._plain, self._gzip = plain, await asyncio.to_thread(compress, plain, 6)
            self._key = key
        body, headers = (self._gzip, _GZIP) if gzip else (self._plain, _PLAIN)
        return Response(body, headers=headers, media_type=JSON)


def register(app: ControlRoom, sources: Sources, fanout: Fanout) -> None:
    _register_picture(app, sources, fanout)
    _register_figures(app, sources)


def _register_picture(app: ControlRoom, sources: Sources, fanout: Fanout) -> None:
    snapshots, names, base = Snapshots(sources, fanout), Kept(), Kept()
    see = guard.needs(Permission.LIVE_MAP_SEE)

    async def show_snapshot(request: Request, who: Principal = see) -> Response:
        await _loaded(sources)
        return await snapshots.answer(who, takes_gzip(request))

    async def show_names(request: Request, city: str = "", who: Principal = see) -> Response:
        await _loaded(sources)
        if city not in ("", sources.city.id):
            raise HTTPException(409, "other_city")
        records = list(sources.city.devices.registrations)
        key = (sources.city.id, sources.city.devices.registry_version)
        return await names.answer(key, lambda: _names(records), takes_gzip(request))

    async def show_base(request: Request, who: Principal = see) -> Response:
        return await base.answer(1, lambda: base_json(sources.site), takes_gzip(request))

    add = app.server.add_api_route
    add("/live/snapshot", show_snapshot, include_in_schema=False)
    add("/live/names", show_names, include_in_schema=False)
    add("/live/base", show_base, include_in_schema=False)


def _register_figures(app: ControlRoom, sources: Sources) -> None:
    trends = {(days, exact): Kept() for days in (7, 28) for exact in (True, False)}

    see = guard.needs(Permission.LIVE_MAP_SEE)
    see_incidents = guard.needs(Permission.INCIDENTS_SEE)

    async def show_hour(who: Principal = see) -> Response:
        body = msgspec.json.encode(sources.figures.hour())
        return Response(body, headers=_PLAIN, media_type=JSON)

    async def show_incidents(
        request: Request, days: int = 7, who: Principal = see_incidents
    ) -> Response:
        exact = who.may(Permission.EXACT_POINTS_SEE)
        if (days, exact) not in trends:
            raise HTTPException(422, "days: 7 or 28")
        answer = await sources.figures.incidents(days, exact)
        return await trends[days, exact].answer(answer, lambda: answer, takes_gzip(request))

    app.server.add_api_route("/live/hour", show_hour, include_in_schema=False)
    app.server.add_api_route("/live/incidents", show_incidents, include_in_schema=False)


def _names(records: list[Any]) -> dict[str, list[str]]:
    return {"ids": [r.device_id for r in records], "names": [r.name for r in records]}


async def _loaded(sources: Sources) -> None:
    try:
        async with asyncio.timeout(LOADING_S):
            await sources.feed.loaded.wait()
    except TimeoutError:
        raise HTTPException(503, "not_ready") from None


def takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")
