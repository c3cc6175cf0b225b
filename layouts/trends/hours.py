"""Hours of the week in words, as they are picked in the table of hours."""

from __future__ import annotations

from dashboard.text import Translate
from dashboard.trends.choice import HourPick


def hours_word(t: Translate, pick: HourPick) -> str:
    """ "Fri 22-23", "all Fridays", "22-23 on every day"."""
    if pick.hour is None:
        return t("trends_when.all_day", day=weekday_word(t, pick.weekday or 0))
    first, last = hour_word(pick.hour), hour_word(pick.hour + 1)
    if pick.weekday is None:
        return t("trends_when.every_day", first=first, last=last)
    day = weekday_word(t, pick.weekday)
    return t("trends_when.hour", day=day, first=first, last=last)


def weekday_word(t: Translate, weekday: int) -> str:
    """0 = Monday."""
    return t("trends_when.weekdays").split()[weekday]


def hour_word(hour: int) -> str:
    return f"{hour:02}"
