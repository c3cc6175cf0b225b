"""What a picture of trends is asked to show: a period, a part of what happened, and picks.

In an address: period=91d&category=theft&code=2&zone=4128552500&route=R-07, and what was picked in
one picture and is followed by the others: hour=fri-22, hour=fri, hour=22, cell=12.34.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dashboard.errors import BadChoice
from dashboard.kpis.choice import Period, period_of
from dashboard.kpis.facts import CATEGORIES
from dashboard.trends.grid import Cell, Grid, cell_of, word_of

DEFAULT = "91d"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CODES = ("0", "1", "2", "3", "4")  # 112 codes
FILTERS = ("category", "code", "zone", "route")
HOUR, CELL = "hour", "cell"


@dataclass(frozen=True, slots=True)
class HourPick:
    """Hours of the week in KST; None = every one."""

    weekday: int | None = None  # 0 = Monday
    hour: int | None = None

    @property
    def word(self) -> str:
        day = [] if self.weekday is None else [WEEKDAYS[self.weekday]]
        return "-".join([*day, *([] if self.hour is None else [str(self.hour)])])

    def has(self, hour_of_week: int) -> bool:
        """hour_of_week: 0 = Monday 00:00."""
        return self.weekday in (None, hour_of_week // 24) and self.hour in (None, hour_of_week % 24)


@dataclass(frozen=True, slots=True)
class TrendChoice:
    """wanted: of FILTERS those that are chosen. hour, cell: picks."""

    period: Period
    wanted: Mapping[str, str] = field(default_factory=dict)
    hour: HourPick | None = None
    cell: Cell | None = None

    def query(self) -> dict[str, str]:
        """As in an address; a period without a word as from and to."""
        period, said = self.period, dict[str, str]()
        if not period.word:
            said |= {"from": period.first.isoformat(), "to": period.last.isoformat()}
        elif period.word != DEFAULT:
            said["period"] = period.word
        said |= self.wanted
        if self.hour is not None:
            said[HOUR] = self.hour.word
        return said if self.cell is None else {**said, CELL: word_of(self.cell)}

    def without(self, *names: str) -> TrendChoice:
        """A picture does not follow what was picked in itself: it shows all of it."""
        return replace(
            self,
            wanted={name: word for name, word in self.wanted.items() if name not in names},
            hour=None if HOUR in names else self.hour,
            cell=None if CELL in names else self.cell,
        )

    def of(self, name: str, word: str) -> TrendChoice:
        """With one of FILTERS set."""
        return replace(self, wanted={**self.wanted, name: word})


def trend_period_of(query: Mapping[str, str], now_ms: int) -> Period:
    """Out of an address. Raises BadChoice."""
    return period_of({**query, "period": query.get("period") or DEFAULT}, now_ms)


def trend_choice_of(
    query: Mapping[str, str], period: Period, known: Mapping[str, Sequence[str]], grid: Grid
) -> TrendChoice:
    """known: zone and route words. Raises BadChoice; an empty value is no choice."""
    words = {"category": CATEGORIES, "code": CODES, **known}
    wanted = {name: query[name] for name in FILTERS if query.get(name)}
    for name, word in wanted.items():
        if word not in words.get(name, ()):
            raise BadChoice(f"trends.unknown_{name}", value=word[:40])
    hour, cell = query.get(HOUR), query.get(CELL)
    return TrendChoice(
        period,
        wanted,
        hour_pick_of(hour) if hour else None,
        cell_of(cell, grid) if cell else None,
    )


def hour_pick_of(word: str) -> HourPick:
    """Raises BadChoice."""
    day, _, hour = word.partition("-") if "-" in word else (word, "", word)
    weekday = WEEKDAYS.index(day) if day in WEEKDAYS else None
    number = int(hour) if hour.isascii() and hour.isdigit() and len(hour) < 3 else None
    pick = HourPick(weekday, number)
    if pick.word != word or (number or 0) > 23:
        raise BadChoice("trends.unknown_hour", value=word[:40])
    return pick
