"""What a vendor owes: which contract covers a device, and until when a repair is due.

Hours are counted by the contract's calendar: "always" is the clock on the wall, "working" only
runs in the site's working hours (KST) on days that are neither weekend nor public holiday.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import holidays

from dashboard.site import Calendar, Contract, Site

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
KST_MS = 9 * HOUR_MS
ALWAYS, WORKING = "always", "working"
_EPOCH = date(1970, 1, 1)
_SATURDAY = 5


def contract_for(site: Site, vendor: str, kind: str) -> Contract | None:
    """The vendor's contract for just this kind of device, else the one for every kind."""
    for wanted in (kind, ""):
        for contract in site.contracts:
            if (contract.vendor, contract.kind) == (vendor, wanted):
                return contract
    return None


def due_ms(opened_ms: int, contract: Contract, calendar: Calendar, parts: bool = False) -> int:
    """When a repair asked for at opened_ms is due; parts: with the hours granted for them.

    Never before opened_ms. By the working calendar it is a moment within working hours, their
    end included: work asked for at night begins when the next working day does.
    """
    hours = contract.repair_h + (contract.parts_h if parts else 0.0)
    left_ms = round(hours * HOUR_MS)
    if contract.calendar == ALWAYS:
        return opened_ms + left_ms
    return _after_working(opened_ms, left_ms, calendar)


def _after_working(from_ms: int, left_ms: int, calendar: Calendar) -> int:
    begins_ms, ends_ms = clock_ms(calendar.working_from), clock_ms(calendar.working_to)
    day = (from_ms + KST_MS) // DAY_MS
    while True:
        midnight_ms = day * DAY_MS - KST_MS
        start_ms = max(from_ms, midnight_ms + begins_ms)
        worked_ms = midnight_ms + ends_ms - start_ms
        if worked_ms >= 0 and is_working_day(day, calendar):
            if left_ms <= worked_ms:
                return start_ms + left_ms
            left_ms -= worked_ms
        day += 1


def check(calendar: Calendar, contracts: Iterable[Contract] = ()) -> None:
    """Raises ValueError for what could never fall due, or is not known."""
    if not 0 <= clock_ms(calendar.working_from) < clock_ms(calendar.working_to) <= DAY_MS:
        raise ValueError("working_from must lie before working_to, both within a day")
    try:
        _holidays(calendar.country)
    except NotImplementedError:
        raise ValueError(f"no holidays are known of country {calendar.country}") from None
    for contract in contracts:
        if (
            contract.calendar not in (ALWAYS, WORKING)
            or min(contract.repair_h, contract.parts_h) < 0
        ):
            raise ValueError(f"contract of {contract.vendor}: calendar or hours")


def clock_ms(text: str) -> int:
    """ "09:30" as milliseconds since midnight."""
    hours, minutes = text.split(":")
    return int(hours) * HOUR_MS + int(minutes) * 60_000


@lru_cache(maxsize=4096)
def is_working_day(day: int, calendar: Calendar) -> bool:
    """day: of the KST calendar, in days since 1970-01-01."""
    weekend = (_EPOCH + timedelta(days=day)).weekday() >= _SATURDAY
    return not weekend and not is_holiday(day, calendar)


@lru_cache(maxsize=4096)
def is_holiday(day: int, calendar: Calendar) -> bool:
    """A public holiday, or a day the site adds to them."""
    on = _EPOCH + timedelta(days=day)
    return on.isoformat() in calendar.extra or on in _holidays(calendar.country)


@lru_cache
def _holidays(country: str) -> holidays.HolidayBase:
    """Raises NotImplementedError for a country the library does not know."""
    return holidays.country_holidays(country)


def midnight_ms(iso_date: str) -> int | None:
    """00:00 KST of a date; None for what is none ("" = not known)."""
    try:
        on = date.fromisoformat(iso_date)
    except ValueError:
        return None
    return (on - _EPOCH).days * DAY_MS - KST_MS


def date_of(at_ms: int) -> str:
    """The KST date of a moment."""
    return datetime.fromtimestamp((at_ms + KST_MS) / 1000, UTC).date().isoformat()
