"""A week's table once more: which spans are told, what is known of them, and how it is rounded."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from tests.kpis.recount.answers import Answer, Cut, Known
from tests.weekly.recount import usual_range
from tests.weekly.recount.figures import (
    FIGURES,
    SHOWN,
    TYPES,
    interval,
    unit_of,
    with_nights,
)

Days = tuple[date, date]  # the first, and the one after the last
DIGITS = {"count": 0, "per_day": 0, "ms": -3, "share": 4}
OF_INCIDENTS = (*TYPES, "arrived")
UNSEEN = "…"


class Recount:
    """Of all that is known of a town."""

    def __init__(self, known: Known) -> None:
        self.known = with_nights(known)
        self._of_kind: dict[str, Known] = {}
        self._cuts: dict[tuple[str, Days], Cut] = {}
        self._found: dict[tuple[str, Days], Answer] = {}
        reported = self.known.incidents["reported"]
        self.first_ms = {True: int(reported.min()) if len(reported) else 0,
                         False: self.known.first_ms}  # fmt: skip

    def row(self, word: str, key: str) -> dict[str, Any]:
        """As Row has it."""
        monday = monday_of(word)
        after, year = monday + timedelta(7), monday.isocalendar().year
        week, then = (monday, after), monday_of(last_year_of(word))
        spans = {
            "d28": (after - timedelta(28), after),
            "year": (date.fromisocalendar(year, 1, 1), after),
            "last_year": (date.fromisocalendar(year - 1, 1, 1), then + timedelta(7)),
        }
        row = {name: {"value": None, "why": "not_summed"} for name in spans}
        if key != "backlog":
            row = {name: self._told(key, days) for name, days in spans.items()}
            row["last_year"] = self._told(key, spans["last_year"], whole=True)
        row["last_year_week"] = self._told(key, (then, then + timedelta(7)), whole=True)
        running, now = at(after) > self.known.end_ms, self.figure(key, week)
        told = self._told(key, week)
        last = None if told["value"] is None else now.value if running else _heard(now)
        row["line"] = [*self._line(key, monday), last]
        row["usual"] = self._usual(key, now, self._before(key, monday), running)
        return row | {"week": told}

    def _line(self, key: str, monday: date) -> list[Any]:
        """Of 51 weeks; UNSEEN for those that would only cost time."""
        seen = [is_count(key) or n % 13 == 0 or n < 10 for n in range(51, 0, -1)]
        weeks = [monday - timedelta(7 * n) for n in range(51, 0, -1)]
        past = [self._past(key, one) if compared else UNSEEN
                for compared, one in zip(seen, weeks, strict=True)]  # fmt: skip
        return [one.value if isinstance(one, Answer) else one for one in past]

    def _before(self, key: str, monday: date) -> list[Answer]:
        """The oldest first: for counts all that are known, else the last eight."""
        found: list[Answer] = []
        for n in range(1, 52):
            one = self._past(key, monday - timedelta(7 * n))
            found += [] if one is None else [one]
            if len(found) == 8 and not is_count(key):
                break
        return found[::-1]

    def figure(self, key: str, days: Days) -> Answer:
        if (key, days) not in self._found:
            kind = key.removeprefix("availability_") if key.startswith("availability_") else ""
            self._found[key, days] = FIGURES[key](self._cut("" if kind == "night" else kind, days))
        return self._found[key, days]

    def _cut(self, kind: str, days: Days) -> Cut:
        if (kind, days) not in self._cuts:
            if kind not in self._of_kind:
                self._of_kind[kind] = self.known.of(kind=kind) if kind else self.known
            self._cuts[kind, days] = Cut(self._of_kind[kind], at(days[0]), at(days[1]))
        return self._cuts[kind, days]

    def _told(self, key: str, days: Days, whole: bool = False) -> dict[str, Any]:
        first_ms = self.first_ms[key in OF_INCIDENTS]
        first = day_of(first_ms)
        partly = at(days[0]) < first_ms
        if not first_ms or at(first) >= min(self.known.end_ms, at(days[1])) or whole and partly:
            return {"value": None, "why": "not_known"}
        figure, unit = self.figure(key, days), unit_of(key)
        told: dict[str, Any] = {
            "value": rounded(figure.value, unit), "n": figure.n,
            "coverage": rounded(figure.coverage, "share"), "at_least": figure.at_least,
            "parts": {name: rounded(figure.parts[name], "ms" if name == "p90" else "count")
                      for name in SHOWN.get(key, ()) if name in figure.parts},
            "since": first.isoformat() if partly else "",
        }  # fmt: skip
        if figure.value is None:
            told = {"value": None, "why": "no_data", "since": told["since"]}
        for name in ("low", "high"):
            if (limit := getattr(figure, name)) is not None:
                told[name] = rounded(limit, unit)
        return told

    def _past(self, key: str, monday: date) -> Answer | None:
        """None: not known from its beginning on, or too little was heard."""
        first_ms = self.first_ms[key in OF_INCIDENTS]
        if not first_ms or at(monday) < first_ms:
            return None
        figure = self.figure(key, (monday, monday + timedelta(7)))
        return None if _heard(figure) is None else figure

    def _usual(self, key: str, now: Answer, past: list[Answer], running: bool) -> dict[str, Any]:
        last = past[-8:]
        if len(last) < 4:
            return {"weeks": 0, "z": None, "why": "no_history"}
        why = "running" if running else "no_data" if now.value is None else ""
        if not why and now.coverage is not None and now.coverage < 0.5:
            why = "low_coverage"
        unit, value = unit_of(key), now.value or 0.0
        if is_count(key):
            found = usual_range.of_counts(value, [one.value or 0.0 for one in past])
        else:
            weeks = [usual_range.Known(one.value or 0.0, interval(one)) for one in last]
            one = usual_range.Known(value, interval(now))
            found = usual_range.between(unit, one, weeks, not why)
        if not why and now.at_least and found.z < 2:
            why = "too_few"
        ends = {name: rounded(getattr(found, name), unit) for name in ("middle", "low", "high")}
        return {"weeks": len(last), **ends, "why": why, "z": None if why else round(found.z, 2)}


def _heard(figure: Answer) -> float | None:
    if figure.at_least or figure.coverage is not None and figure.coverage < 0.5:
        return None
    return figure.value


def is_count(key: str) -> bool:
    return unit_of(key) == "count" and key != "backlog"


def rounded(value: float | None, unit: str) -> float | None:
    return None if value is None else round(value, DIGITS[unit])


def monday_of(word: str) -> date:
    return date.fromisocalendar(int(word[:4]), int(word[-2:]), 1)


def last_year_of(word: str) -> str:
    """The week of the same number; the last one where last year has no 53."""
    year, number = int(word[:4]) - 1, int(word[-2:])
    last = max(date(year, 12, day).isocalendar().week for day in range(25, 32)
               if date(year, 12, day).isocalendar().year == year)  # fmt: skip
    return f"{year}-W{min(number, last):02}"


def at(day: date) -> int:
    """Midnight in Korea."""
    return int(pd.Timestamp(day.isoformat(), tz="Asia/Seoul").timestamp() * 1000)


def day_of(at_ms: int) -> date:
    return pd.Timestamp(at_ms, unit="ms", tz="Asia/Seoul").date()
