"""Hours of the week in words, as they are picked in the table of hours."""

from __future__ import annotations

from dashboard.text import Translate
from dashboard.trends.choice import HourPick


def hours_word(t: Translate, pick: HourPick, together: int = 1) -> str:
    """ "Fri 22-23", "all Fridays", "22-23 on every day". together: how many hours from the
    picked one on."""
    if pick.hour is None:
        return t("trends_when.all_day", day=weekday_word(t, pick.weekday or 0))
    first, last = hour_word(pick.hour), hour_word(pick.hour + together)
    if pick.weekday is None:
        return t("trends_when.every_day", first=first, last=last)
    day = weekday_word(t, pick.weekday)
    return t("trends_when.hour", day=day, first=first, last=last)


def block_word(together: int, at: int) -> str:
    """Of a column of hours taken together: "04-08"; of one hour as it is."""
    first = together * at
    return (
        hour_word(first) if together == 1 else f"{hour_word(first)}–{hour_word(first + together)}"
    )


def weekday_word(t: Translate, weekday: int) -> str:
    """0 = Monday."""
    return t("trends_when.weekdays").split()[weekday]


def hour_word(hour: int) -> str:
    return f"{hour:02}"
