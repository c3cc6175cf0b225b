"""Gathers what the page says: orders, names, words of an address, what a person may do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from dashboard import format as common
from dashboard.contracts import contract_for
from dashboard.device_table import GONE, KINDS, STATUSES
from dashboard.errors import BadChoice
from dashboard.order_list import MINE, NOBODY, STATES, Wanted
from dashboard.order_standing import last_round
from dashboard.principal import Principal
from dashboard.records import OrderCause, OrderState, OrderView
from dashboard.roles import Permission
from dashboard.stream.orders import DECISIONS, TRANSITIONS
from dashboard.stream.shelf import KEPT_DAYS
from dashboard.text import Translate
from layouts.orders import words
from layouts.orders.detail import OrderFacts
from layouts.orders.form import FIELDS
from layouts.orders.words import Here

if TYPE_CHECKING:
    from data_sources.sources import Sources

ORDER = re.compile(r"[A-Za-z0-9._:-]{1,80}")
QUERY_LENGTH = 2_000
LOOK_BACK_MS = 365 * common.DAY  # of closed orders
PRIMARY = {
    OrderState.OPEN: "assign", OrderState.ASSIGNED: "repaired", OrderState.PARTS: "repaired",
}  # fmt: skip
Json = dict[str, Any]


def query_of(search: Any) -> dict[str, str]:
    """What stands in the address; what a browser says is never trusted. Of what is given twice
    the first counts. Raises BadChoice for an address that cannot be read: the whole list would
    pass for what its conditions let through."""
    text = search if isinstance(search, str) else ""
    if len(text) > QUERY_LENGTH:
        raise BadChoice("kpis.bad_address")
    try:
        pairs = parse_qsl(text.removeprefix("?"), max_num_fields=40)
    except ValueError as error:
        raise BadChoice("kpis.bad_address") from error
    return dict(reversed(pairs))


def chosen_of(search: Any) -> str:
    """The id of the order that is looked at; "" = none."""
    try:
        order_id = query_of(search).get("order", "")
    except BadChoice:
        return ""
    return order_id if ORDER.fullmatch(order_id) else ""


def here_of(sources: Sources, language: str, t: Translate) -> Here:
    name = f"name_{language}"
    site, devices = sources.site, sources.city.devices

    def device_name(device_id: str) -> str:
        at = devices.index.get(device_id)
        return "" if at is None else devices.registrations[at].name

    return Here(
        t, now_of(sources),
        {zone.code: getattr(zone, name) for zone in site.zones},
        {route.id: getattr(route, name) for route in site.routes},
        device_name, site.order_rules, lambda code: site.owner_name(code, language),
    )  # fmt: skip


def now_of(sources: Sources) -> int:
    """While a history is being told, its own time; else the clock's."""
    progress = sources.city.progress or {}
    watermark_ms = sources.city.watermark_ms
    telling = progress.get("phase") == "history" and watermark_ms
    return watermark_ms if telling else sources.now_ms()


class Known:
    """The words of each dimension; read anew only when the registry changed."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._version = -1
        self._words: dict[str, frozenset[str]] = {}

    def words(self) -> dict[str, frozenset[str]]:
        devices, site = self._sources.city.devices, self._sources.site
        if devices.registry_version != self._version:
            self._version = devices.registry_version
            records, contracts = devices.registrations, {c.vendor for c in site.contracts}
            vendors = contracts | {r.vendor for r in records}
            self._words = {
                "kind": frozenset(KINDS),
                "zone": frozenset(zone.code for zone in site.zones),
                "route": frozenset(route.id for route in site.routes),
                "vendor": frozenset(vendors - {""}),
                "owner": frozenset({r.owner for r in records} - {""}),
                "pilot": frozenset({r.pilot_id for r in records} - {""}),
                "assignee": frozenset((vendors - {""}) | {NOBODY, MINE}),
            }
        return self._words


async def orders(sources: Sources, wanted: Wanted, now_ms: int) -> list[OrderView]:
    """Open ones from memory; with the closed ones of a year when they are asked for."""
    found = sources.orders.open()
    if wanted.state == STATES[0]:
        return found
    kept = {order.order_id: order for order in await sources.orders.since(now_ms - LOOK_BACK_MS)}
    return list((kept | {order.order_id: order for order in found}).values())


def detail_of(sources: Sources, who: Principal, order: OrderView) -> OrderFacts:
    devices, site = sources.city.devices, sources.site
    at = devices.index.get(order.device_id)
    shown = GONE if at is None else devices.shown[at]
    links = (("device", Permission.DEVICES_SEE), ("kpis", Permission.KPIS_SEE))
    return OrderFacts(
        order,
        "" if shown == GONE else STATUSES[shown],
        contract_for(site, order.assignee or order.vendor, order.kind),
        site.calendar,
        site.inspection_days.get(order.kind),
        tuple(name for name, permission in links if who.may(permission)),
    )


def acts(here: Here, who: Principal, order: OrderView) -> list[list[str]]:
    """What this person may do with it now: names and words of the buttons, the primary first."""
    primary = PRIMARY.get(OrderState(order.state), "")
    if order.closed_ms is not None and here.now_ms - order.closed_ms > KEPT_DAYS * common.DAY:
        return []  # the worker has let go of it
    names = [name for name in FIELDS if may_act(who, order, name)]
    names.sort(key=lambda name: name != primary)
    return [[name, _label(here.t, order, name), "1" * (name == primary)] for name in names]


def may_act(who: Principal, order: OrderView, name: str) -> bool:
    needed = Permission.ORDERS_DECIDE if name in DECISIONS else Permission.ORDERS_ACT
    if (order.state, name) not in TRANSITIONS or not who.may(needed):
        return False
    last, inspection = last_round(order), order.cause == OrderCause.INSPECTION
    makes_sense = {
        "exclude": not last.excluded and last.due_ms is not None,
        "include": bool(last.excluded),
        "parts": not inspection,
        "repaired": not (inspection and order.closed_ms is not None),
    }
    return makes_sense.get(name, True)


def _label(t: Translate, order: OrderView, name: str) -> str:
    if name == "assign" and order.assignee:
        return t("orders.action_reassign")
    if name == "repaired" and order.cause == OrderCause.INSPECTION:
        return t("orders.action_inspected")
    if name == "repaired" and last_round(order).repaired_ms is not None:
        return t("orders.action_repaired_again")
    return t(f"orders.action_{name}")


def vendors(here: Here, sources: Sources, order: OrderView) -> list[list[str]]:
    """Whom the order can be given to: vendors whose contract covers such a device."""
    names = sorted({contract.vendor for contract in sources.site.contracts})
    found = [(name, contract_for(sources.site, name, order.kind)) for name in names]
    return [
        [name, here.t("orders.vendor", vendor=name, hours=words.owed(here, contract))]
        for name, contract in found
        if contract is not None
    ]
