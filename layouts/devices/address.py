"""What an address of the device page asks for, and addresses of it.

/device?id=L-00417               the twelve months up to this one
/device?id=L-00417&year=2025     a calendar year
/device?id=L-00417&to=2026-03-31 the twelve months whose last has this day in it
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode

from dashboard.errors import BadChoice
from dashboard.kpis.choice import KEPT_DAYS, day_of_ms, start_of
from dashboard.stream.rollups import DAY_MS

PATH = "/device"
_YEAR = re.compile(r"[0-9]{4}")
_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")  # as the contract has it (docs/schemas)


@dataclass(frozen=True, slots=True)
class Asked:
    """year None: twelve months that are not a calendar year."""

    device_id: str
    to_ms: int
    year: int | None = None


def asked_of(search: object, now_ms: int) -> Asked:
    """Out of the part of an address after "?"; nothing in it is trusted. Raises BadChoice."""
    query = dict(parse_qsl(search.removeprefix("?"))) if isinstance(search, str) else {}
    device_id = query.get("id", "").strip()
    if not device_id:
        raise BadChoice("devices.no_id")
    if not _ID.fullmatch(device_id):
        raise BadChoice("choice.unknown_device", value=device_id[:40])
    return Asked(device_id, *_period(query, now_ms))


def _period(query: Mapping[str, str], now_ms: int) -> tuple[int, int | None]:
    today = day_of_ms(now_ms)
    if query.get("year"):
        year = _year(query["year"])
        _check(date(year, 1, 1), date(year, 12, 31), today)
        return start_of(date(year + 1, 1, 1)), year
    last = _day(query["to"]) if query.get("to") else today
    _check(last, last, today)
    return start_of(last) + DAY_MS, None


def _check(first: date, last: date, today: date) -> None:
    if first > today:
        raise BadChoice("choice.future", today=str(today))
    if (today - last).days > KEPT_DAYS:
        raise BadChoice("choice.too_old", days=KEPT_DAYS)


def _year(text: str) -> int:
    if not _YEAR.fullmatch(text) or not 1970 <= int(text) <= 9998:
        raise BadChoice("devices.bad_year", value=text[:40])
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadChoice("choice.not_a_date", value=text[:40]) from error


def to(device_id: str, year: int | None = None) -> str:
    asked = {"id": device_id, **({} if year is None else {"year": year})}
    return f"{PATH}?{urlencode(asked)}"


def on_map(device_id: str, lat: float, lon: float) -> str:
    """Of the live map, with the device chosen and in the middle (live_map/url_state.js)."""
    return "/?" + urlencode({"at": f"{lat:.5f},{lon:.5f},17", "sel": f"device:{device_id}"})


def orders_of(device_id: str) -> str:
    return "/orders?" + urlencode({"state": "all", "q": device_id})


def order(order_id: str) -> str:
    return "/orders?" + urlencode({"state": "all", "order": order_id})
