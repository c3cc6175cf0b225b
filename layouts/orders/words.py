"""A work order in words: what it is, how long it lasts, how it stands against its contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from dashboard import format as common
from dashboard.contracts import WORKING
from dashboard.order_standing import due_by_ms, last_round, standing
from dashboard.records import Kind, OrderCause, OrderView, Round
from dashboard.site import Contract, OrderRules
from dashboard.text import Translate

MINUTE = common.MINUTE


@dataclass(frozen=True, slots=True)
class Here:
    """Who reads in which language, when: what every part of the page needs to know.

    zones, routes, owners: code -> name in the reader's language; devices: id -> name, "" = not
    known.
    """

    t: Translate
    now_ms: int
    zones: Mapping[str, str]
    routes: Mapping[str, str]
    devices: Callable[[str], str]
    rules: OrderRules = OrderRules()
    owners: Callable[[str], str] = str


def title(here: Here, order: OrderView) -> str:
    """The cause in a plain sentence: "Gateway offline — 37 devices behind it"."""
    t, kind = here.t, kind_name(here.t, order.kind)
    if order.cause == OrderCause.OUTAGE and order.children:
        return t("orders.cause_gateway", kind=kind, children=common.number(order.children))
    if order.cause == OrderCause.FAULT and (codes := faults(t, last_round(order).faults)):
        return t("orders.cause_fault_codes", kind=kind, codes=codes)
    return t(f"orders.cause_{order.cause}", kind=kind)


def kind_name(t: Translate, kind: str) -> str:
    return t(f"live_map.kind_{kind}") if kind in set(Kind) else kind


def faults(t: Translate, codes: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(_fault(t, code) for code in codes))


def _fault(t: Translate, code: str) -> str:
    """A code of a device that the catalogue does not know is shown as it came."""
    try:
        return t(f"orders.fault_{code}")
    except KeyError:
        return code


def place(here: Here, order: OrderView) -> str:
    """Name, zone and route of the device, as far as they are known."""
    route = " ".join(filter(None, (order.route_id, here.routes.get(order.route_id, ""))))
    name, zone = here.devices(order.device_id), here.zones.get(order.zone, order.zone)
    return " · ".join(filter(None, (name, "" if zone in name else zone, route)))


def moment(here: Here, at_ms: int) -> str:
    """Date and time in KST; the year where it is not this one."""
    year = _year(at_ms)
    said = common.clock(at_ms)[:-3]
    return said if year == _year(here.now_ms) else f"{year}.{said}"


def _year(at_ms: int) -> int:
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(common.KST).year


def span(here: Here, ms: int) -> str:
    """As exact as one needs it: to the minute only below ten hours."""
    ms = max(0, ms)
    if ms < MINUTE:
        return here.t("orders.moment")
    if 10 * common.HOUR <= ms < common.DAY:
        return here.t("orders.hours", h=ms // common.HOUR)
    if common.HOUR <= ms < common.DAY and ms % common.HOUR < MINUTE:
        return here.t("orders.hours", h=ms // common.HOUR)
    if common.DAY + common.HOUR <= ms < 3 * common.DAY and ms % common.DAY >= common.HOUR:
        return here.t("orders.days_hours", d=ms // common.DAY, h=ms % common.DAY // common.HOUR)
    return common.span(ms, here.t)


def due(here: Here, order: OrderView, one: Round) -> str:
    """How it stands, in a few words: "2 d 4 h overdue", "5 h left", "repaired in time"."""
    stands, by_ms = standing(order, one, here.now_ms), due_by_ms(order, one)
    kind = "_inspection" if order.cause == OrderCause.INSPECTION else ""
    if stands in ("overdue", "soon", "running"):
        key = "orders.overdue" if stands == "overdue" else "orders.left"
        return here.t(key, span=span(here, abs((by_ms or 0) - here.now_ms)))
    if stands == "lapsed":
        days = (here.now_ms - (by_ms or 0)) // common.DAY
        return here.t("orders.lapsed", days=days) if days else here.t("orders.lapsed_today")
    return here.t(f"orders.stands_{stands}{kind if stands in ('met', 'late') else ''}")


def due_at(here: Here, order: OrderView, one: Round) -> str:
    """ "by 11.24 15:00"; "" where nothing is due."""
    by_ms = due_by_ms(order, one)
    if by_ms is None:
        return ""
    if order.cause == OrderCause.INSPECTION:
        return here.t("orders.due_day", day=moment(here, by_ms)[:-6])
    return here.t("orders.due_by", at=moment(here, by_ms))


def assignee(here: Here, order: OrderView) -> str:
    return order.assignee or here.t("orders.nobody")


def contract(here: Here, vendor: str, kind: str, owed: Contract | None) -> str:
    """ "Street light, Maru: repair within 18 working hours, +27 h when parts are awaited"."""
    t = here.t
    who = {"kind": kind_name(t, kind), "vendor": vendor or t("orders.nobody")}
    if owed is None:
        return t("orders.contract_none", **who)
    key = "orders.contract_working" if owed.calendar == WORKING else "orders.contract_always"
    said = t(key, **who, hours=plain(owed.repair_h))
    if owed.parts_h:
        said += t("orders.contract_parts", hours=plain(owed.parts_h))
    return said


def owed(here: Here, promised: Contract) -> str:
    """The same in short, for a list of vendors: "18 working hours"."""
    key = "orders.hours_working" if promised.calendar == WORKING else "orders.hours_always"
    return here.t(key, hours=plain(promised.repair_h))


def plain(hours: float) -> str:
    return f"{hours:g}"
