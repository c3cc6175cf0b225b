"""What is in an export: read through the same doors as the page it is asked from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from callbacks.kpis.asked import address_of
from callbacks.orders import facts, rows
from dashboard.errors import BadRequest
from dashboard.kpis.figure import Kpi
from dashboard.kpis.groups import Dim
from dashboard.kpis.indicators import BY_KEY
from dashboard.order_list import Reader as OrderReader
from dashboard.order_list import listing, wanted_of
from layouts.exports import figures, lists
from layouts.exports.about import Order, Reader
from layouts.exports.files import Sheet
from layouts.kpis.address import Address

if TYPE_CHECKING:
    from data_sources.sources import Sources

MOST = 50_000  # rows of a file


class NotExported(BadRequest):
    """key is the instance's own: one text per reason."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, **values)
        self.key = key


@dataclass(frozen=True, slots=True)
class Export:
    name: str  # of the file, without its ending
    sheet: Sheet
    order: Order


async def export_of(sources: Sources, reader: Reader, asked: Any) -> Export:
    """Raises BadRequest, SourceUnavailable."""
    if asked.kind == "orders" and "kpi" not in facts.query_of(asked.query):
        return await _orders_of_page(sources, reader, asked)
    desk = sources.kpis
    address = address_of(asked.query, desk.now_ms(), desk.known())
    sheet = await SHEETS[asked.kind](sources, reader, address)
    _check_size(sheet)
    period = address.choice.period
    order = Order(
        asked.kind, asked.reason, sources.now_ms(), desk.now_ms(), address.choice,
        known_from_ms=desk.known_from_ms(),
    )  # fmt: skip
    return Export(f"{asked.kind}_{period.first}_{period.last}", sheet, order)


async def _table(sources: Sources, reader: Reader, address: Address) -> Sheet:
    return figures.table(reader, await sources.kpis.report(address.choice, reader.coarse))


async def _breakdown(sources: Sources, reader: Reader, address: Address) -> Sheet:
    kpi = BY_KEY.get(address.key)
    if kpi is None or not kpi.dims:
        raise NotExported("export.needs_kpi")
    dim = _dimension(kpi, address, sources.kpis.known())
    found = await sources.kpis.breakdown(address.choice, kpi.key, dim, reader.coarse)
    return figures.breakdown(reader, kpi, found)


async def _devices(sources: Sources, reader: Reader, address: Address) -> Sheet:
    return lists.devices(reader, await sources.kpis.worst(address.choice, MOST + 1))


async def _vendors(sources: Sources, reader: Reader, address: Address) -> Sheet:
    return figures.vendors(reader, await sources.kpis.vendors(address.choice))


async def _repairs(sources: Sources, reader: Reader, address: Address) -> Sheet:
    return lists.repairs(reader, await sources.kpis.repairs(address.choice, MOST + 1))


async def _orders(sources: Sources, reader: Reader, address: Address) -> Sheet:
    """Those a figure is made of; of a figure that is not made of orders, all of the period."""
    found = await sources.kpis.orders(address.choice, address.key, MOST + 1)
    return lists.orders(
        reader, [lists.OrderRow(order, no, order.rounds[no]) for order, no in found]
    )


async def _orders_of_page(sources: Sources, reader: Reader, asked: Any) -> Export:
    """All that the list of work orders shows at that address, not only its first page."""
    query = facts.query_of(asked.query)
    here = facts.here_of(sources, reader.who.language, reader.t)
    wanted = wanted_of(query, facts.Known(sources).words())
    orders = await facts.orders(sources, wanted, here.now_ms)
    known = OrderReader(reader.who.user, here.now_ms, lambda order: rows.said(here, order))
    found = listing(orders, wanted, known, MOST + 1).rows
    sheet = lists.orders(reader, [
        lists.OrderRow(order, no, one) for order in found for no, one in enumerate(order.rounds)
    ])  # fmt: skip
    _check_size(sheet)
    told = Order("orders", asked.reason, sources.now_ms(), here.now_ms, filters=wanted.query())
    return Export("orders", sheet, told)


def _dimension(kpi: Kpi, address: Address, known: Mapping[str, list[str]]) -> Dim:
    """As the page: the one asked for, or the first that is not narrowed to one word."""
    if address.by:
        return Dim(address.by)
    some = [dim for dim in kpi.dims if known.get(dim)] or list(kpi.dims)
    return next((dim for dim in some if dim not in address.choice.wanted), some[0])


def _check_size(sheet: Sheet) -> None:
    if len(sheet.rows) > MOST:
        raise NotExported("export.too_many", most=MOST)


SHEETS: dict[str, Callable[[Sources, Reader, Address], Awaitable[Sheet]]] = {
    "table": _table,
    "breakdown": _breakdown,
    "devices": _devices,
    "orders": _orders,
    "vendors": _vendors,
    "repairs": _repairs,
}
