"""Times, spans and shares of a device's page, in words. Pure; every text from the catalogue."""

from __future__ import annotations

from datetime import UTC, date, datetime

from dashboard import format as common
from dashboard.device_table import STATUSES
from dashboard.kpis.states import UNTOLD, Times
from dashboard.records import Status
from dashboard.text import Translate

NOTHING = "–"
DAY, HOUR, MINUTE = common.DAY, common.HOUR, common.MINUTE
# worst first: the order in which states are stacked and told
TOLD = (Status.FAULT, Status.OFFLINE, Status.UNKNOWN, Status.OUT_OF_SERVICE, Status.OK)


def moment(at_ms: int | None) -> str:
    """2026.11.03 14:05, in Korea."""
    if at_ms is None:
        return NOTHING
    at = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(common.KST)
    return at.strftime("%Y.%m.%d %H:%M")


def span(t: Translate, ms: int) -> str:
    """Two units at most: 40 s, 12 min, 5 h 20 min, 3 d 4 h, 41 d."""
    ms = max(0, ms)
    if ms >= 10 * DAY or (ms >= DAY and ms % DAY < HOUR):
        return t("format.days", n=round(ms / DAY))
    if ms >= DAY:
        return t("devices.days_hours", d=ms // DAY, h=ms % DAY // HOUR)
    if ms >= HOUR and ms % HOUR < MINUTE:
        return t("devices.hours", n=ms // HOUR)
    return common.span(ms, t)


def share(x: float | None) -> str:
    """Never rounded to a whole, or to nothing, that it is not."""
    if x is None:
        return NOTHING
    for places in (1, 2, 3):
        said = f"{100 * x:.{places}f}"
        if not (x < 1 and float(said) == 100 or x > 0 and float(said) == 0):
            break
    return f"{said.removesuffix('.0')}%"


def day(t: Translate, at: date) -> str:
    weekday = t("devices.weekdays").split()[at.weekday()]
    return t("devices.day", month=month(t, at), day=at.day, weekday=weekday)


def month(t: Translate, at: date) -> str:
    return t("devices.months").split()[at.month - 1]


def month_of_year(t: Translate, at: date) -> str:
    return t("devices.month_of_year", month=month(t, at), year=at.year)


def status(t: Translate, number: int) -> str:
    return t("devices.untold") if number == UNTOLD else t(f"live_map.status_{STATUSES[number]}")


def shares(t: Translate, times: Times) -> str:
    """ "Fault 3%, Normal 97%": of the time that is known."""
    known = sum(times) - times[UNTOLD]
    said = [
        t("devices.share_of", status=status(t, one), share=share(times[one] / known))
        for one in TOLD
        if times[one]
    ]
    return ", ".join(said) or status(t, UNTOLD)


def spent(t: Translate, times: Times) -> str:
    """ "Fault 2 h, Normal 22 h": of one day."""
    said = [
        t("devices.share_of", status=status(t, one), share=span(t, times[one]))
        for one in (*TOLD, UNTOLD)
        if times[one]
    ]
    return ", ".join(said)
