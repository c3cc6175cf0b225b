"""GET /api/v1/orders, /orders/{id} and POST /orders/{id}/actions: work on equipment.

Actions answer as those of alerts do: 200 with the new state, 409 with who was first, 504 when
nobody confirmed it in time; the same action_id again gives the same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from callbacks import guard
from callbacks.web import acting
from callbacks.web.acting import ActionId, Moment, Text
from callbacks.web.paging import newest_first
from dashboard.orders_json import order_json
from dashboard.principal import Principal
from dashboard.records import OrderView
from dashboard.roles import Permission
from dashboard.stream.orders import DECISIONS

if TYPE_CHECKING:
    from callbacks.web.control_room import ControlRoom
    from data_sources.sources import Sources

NO_STORE = {"Cache-Control": "no-store"}
DAY_MS = 86_400_000
LOOK_BACK_DAYS = 366
Limit = Annotated[int, Query(ge=1, le=1000, description="items per page")]
Next = Annotated[str, Query(max_length=120, description="`next` of the page before")]
Since = Annotated[AwareDatetime | None, Query(description="open since then; default a year ago")]


class OrderAction(BaseModel):
    model_config = ConfigDict(extra="forbid")

    action: Literal["assign", "parts", "repaired", "note", "cancel", "exclude", "include"]
    version: int = Field(ge=1, le=2**31, description="version of the order as it was seen")
    action_id: ActionId
    note: Text | None = None
    reason: Text | None = None
    to: Text | None = None
    done_at: Moment | None = None

    @model_validator(mode="after")
    def _complete(self) -> OrderAction:
        if self.action == "assign" and not self.to:
            raise ValueError("assign needs `to`: the vendor who is charged with it")
        if self.action in ("cancel", "exclude") and not self.reason:
            raise ValueError(f"{self.action} needs `reason`")
        if self.action == "note" and not self.note:
            raise ValueError("note needs `note`")
        if self.done_at is not None and self.action != "repaired":
            raise ValueError("`done_at` belongs to repaired only")
        return self


def register(app: ControlRoom, sources: Sources) -> None:
    see = guard.needs(Permission.ORDERS_SEE)
    act = guard.needs(Permission.ORDERS_ACT)

    async def orders(  # noqa: PLR0913 - one per filter of the contract
        state: Literal["open", "all"] = "open", kind: str = "", zone: str = "", route: str = "",
        vendor: str = "", since: Since = None, limit: Limit = 200, next: Next = "",
        who: Principal = see,
    ) -> JSONResponse:  # fmt: skip
        """Newest first. vendor: who is charged with it."""
        wanted = {"kind": kind, "zone": zone, "route_id": route, "assignee": vendor}
        from_ms = None if since is None else int(since.timestamp() * 1000)
        found = [o for o in await _orders(sources, state, from_ms) if _matches(o, wanted)]
        page, more = newest_first(((o.opened_ms, o.order_id, o) for o in found), limit, next)
        items = [order_json(order) for order in page]
        return JSONResponse({"items": items, "next": more}, headers=NO_STORE)

    async def order(order_id: str, who: Principal = see) -> JSONResponse:
        return JSONResponse(order_json((await _find(sources, order_id))[1]), headers=NO_STORE)

    async def act_on_order(request: Request, order_id: str, who: Principal = act) -> JSONResponse:
        asked = await acting.body(request, OrderAction)
        if asked.action in DECISIONS:
            guard.check(Permission.ORDERS_DECIDE)
        return await _act(sources, who, order_id, asked)

    add = app.server.add_api_route
    add("/api/v1/orders", orders, tags=["orders"])
    add("/api/v1/orders/{order_id}", order, tags=["orders"])
    add("/api/v1/orders/{order_id}/actions", act_on_order, methods=["POST"], tags=["orders"],
        openapi_extra=acting.schema(OrderAction), responses=acting.ANSWERS)  # fmt: skip


async def _act(sources: Sources, who: Principal, order_id: str, asked: OrderAction) -> JSONResponse:
    partition, order = await _find(sources, order_id)
    if any(event.action_id == asked.action_id for event in order.history):
        return JSONResponse(order_json(order))  # done long ago
    if asked.to is not None and asked.to not in {c.vendor for c in sources.site.contracts}:
        return acting.bad("to", "no contract with that vendor")
    if asked.done_at is not None and asked.done_at.timestamp() * 1000 > sources.now_ms():
        return acting.bad("done_at", "lies in the future")
    given = asked.model_dump(exclude_none=True)
    if asked.done_at is not None:
        given["done_at"] = acting.said(asked.done_at)
    message = acting.signed(sources, who, {**given, "order_id": order_id})
    outcome = await sources.actions.submit(partition, message)
    if outcome is not None and outcome.reason == "unknown_order":  # no longer at hand
        return JSONResponse({"error": "too_late", "order": order_json(order)}, 409)
    refusal = acting.refusal(outcome, order_id)
    if refusal is not None and (refusal.status_code != 409 or outcome is None):
        return refusal
    answer = order_json((await _find(sources, order_id))[1])
    if refusal is None or outcome is None:
        return JSONResponse(answer)
    return JSONResponse({**acting.conflict(outcome), "order": answer}, 409)


async def _orders(sources: Sources, state: str, since_ms: int | None) -> list[OrderView]:
    if state == "open":
        return [o for o in sources.orders.open() if since_ms is None or o.opened_ms >= since_ms]
    year_ago = sources.city.watermark_ms - LOOK_BACK_DAYS * DAY_MS
    return await sources.orders.since(year_ago if since_ms is None else since_ms)


async def _find(sources: Sources, order_id: str) -> tuple[int, OrderView]:
    found = await sources.orders.find(order_id)
    if found is None:
        raise HTTPException(404, "unknown_order")
    return found


def _matches(order: OrderView, wanted: dict[str, str]) -> bool:
    return all(not word or getattr(order, name) == word for name, word in wanted.items())
