"""People counted, in words: fewer than five are never told apart, whoever reads."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from dashboard.format import number
from dashboard.stream.rollups import HOUR_MS, KST_MS
from dashboard.text import Translate
from dashboard.trends.choice import HourPick
from dashboard.trends.levels import FEW
from dashboard.trends.profile import Run
from layouts.kpis.words import NOTHING
from layouts.trends.hours import hour_word, hours_word, weekday_word

ARROWS = {"busy": "▲", "quiet": "▼"}


def people(n: float | None) -> str:
    """ "1,204", "<5", "–"."""
    if n is None or not isfinite(n):
        return NOTHING
    return f"<{FEW}" if round(n) < FEW else number(round(n))


def percent(share: float) -> str:
    """ "98%"; nearly all is not all."""
    return f"{min(99, round(100 * share)) if share < 0.9995 else 100}%"


def drawn(n: float) -> float | None:
    """In a chart fewer than five are all drawn alike."""
    if not isfinite(n):
        return None
    return FEW / 2 if round(n) < FEW else n


def run_word(t: Translate, run: Run) -> str:
    """ "Mon–Thu, Sun 18–20"."""
    last = (run.hour + run.hours - 1) % 24 + 1
    span = {"first": hour_word(run.hour), "last": hour_word(last)}
    if len(run.weekdays) == 7:
        return t("trends_when.every_day", **span)
    return t("trends_when.hour", day=_days(t, run.weekdays), **span)


def pick_of(run: Run) -> HourPick:
    """Its first hour, on its day if it is of one."""
    return HourPick(run.weekdays[0] if len(run.weekdays) == 1 else None, run.hour)


def hour_at(t: Translate, hour_of_week: int) -> str:
    return hours_word(t, HourPick(*divmod(hour_of_week, 24)))


def clock_hours(at_ms: int) -> str:
    """ "17–18" of an hour, in Korea."""
    hour = (at_ms + KST_MS) // HOUR_MS % 24
    return f"{hour_word(hour)}–{hour_word(hour + 1)}"


def _days(t: Translate, weekdays: Sequence[int]) -> str:
    """Three days or more in a row as from and to."""
    spans: list[list[int]] = []
    for day in weekdays:
        if spans and spans[-1][-1] == day - 1:
            spans[-1].append(day)
        else:
            spans.append([day])
    said = []
    for span in spans:
        names = [weekday_word(t, day) for day in span]
        said += [f"{names[0]}–{names[-1]}"] if len(span) > 2 else names
    return ", ".join(said)
