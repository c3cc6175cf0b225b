"""What a person asked for: a period in KST and a part of the city, out of an address and back.

Period words (the `period` of an address):
    7d, 28d, 91d, 365d       so many whole KST days, ending yesterday
    today, week, month, year the one in progress, from its beginning
    2026-W47, 2026-10, 2026-Q4, 2026   an ISO week, month, quarter, year
or from=2026-10-28&to=2026-11-24, whole days, both included.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from dashboard.errors import BadChoice
from dashboard.stream.rollups import DAY_MS, HOUR_MS, KST_MS

EPOCH = date(1970, 1, 1)
DEFAULT = "28d"
ROLLING = {"7d": 7, "28d": 28, "91d": 91, "365d": 365}
ALIKE = {"week": "2000-W01", "month": "2000-01", "year": "2000"}  # named as the ones in progress
RUNNING = ("today", "week", "month", "year")
KEPT_DAYS = 3 * 366  # daily sums are kept so long
FILTERS = ("kind", "zone", "route", "vendor", "owner", "pilot")
_NAMED = re.compile(r"(\d{4})(?:-(?:W(\d{2})|Q([1-4])|(\d{2})))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """[from_ms, to_ms) in UTC epoch ms, on full hours; word as in an address, "" = from/to."""

    from_ms: int
    to_ms: int
    word: str = ""

    @property
    def first(self) -> date:
        """First KST day."""
        return day_of_ms(self.from_ms)

    @property
    def last(self) -> date:
        """Last KST day that the period touches."""
        return day_of_ms(self.to_ms - 1)

    @property
    def whole_days(self) -> bool:
        return not ((self.from_ms + KST_MS) % DAY_MS or (self.to_ms + KST_MS) % DAY_MS)

    def previous(self) -> Period:
        """The one just before: of a named period the calendar's, else one of the same length."""
        match = _NAMED.fullmatch(self._name)
        if match is None:
            return Period(2 * self.from_ms - self.to_ms, self.from_ms)
        return named(_word_of(self.first - timedelta(days=1), match))

    def last_year(self) -> Period:
        """The same days a year ago. An ISO week keeps its number where last year has it, else
        takes 52 weeks before; other days keep their date, 29 February becomes 28."""
        match = _NAMED.fullmatch(self._name)
        if match is None:
            first = self.first
            shift = (first - a_year_before(first)).days * DAY_MS
            return Period(self.from_ms - shift, self.to_ms - shift)
        year, week = int(match[1]), match[2]
        if week and week == "53" and not _has_week_53(year - 1):
            return Period(self.from_ms - 364 * DAY_MS, self.to_ms - 364 * DAY_MS)
        return named(f"{year - 1:04}{self._name[4:]}")

    @property
    def _name(self) -> str:
        """Of the week, month or year in progress: as the calendar calls it."""
        like = _NAMED.fullmatch(ALIKE.get(self.word, ""))
        return _word_of(self.first, like) if like else self.word


@dataclass(frozen=True, slots=True)
class Choice:
    """wanted: dimension -> word, of those that are chosen (see groups.Dim)."""

    period: Period
    wanted: Mapping[str, str] = field(default_factory=dict)

    def query(self) -> dict[str, str]:
        """As in an address; a period without a word as from and to."""
        period = self.period
        if period.word:
            said = {} if period.word == DEFAULT else {"period": period.word}
        else:
            said = {"from": period.first.isoformat(), "to": period.last.isoformat()}
        return {**said, **self.wanted}


def choice_of(query: Mapping[str, str], now_ms: int, known: Mapping[str, Sequence[str]]) -> Choice:
    """Out of an address. known: the words of each dimension. Raises BadChoice.

    An empty value is no choice.
    """
    return Choice(period_of(query, now_ms), wanted_of(query, known))


def wanted_of(query: Mapping[str, str], known: Mapping[str, Sequence[str]]) -> dict[str, str]:
    wanted = {name: query[name] for name in FILTERS if query.get(name)}
    for name, word in wanted.items():
        if word not in known.get(name, ()):
            raise BadChoice(f"choice.unknown_{name}", value=word[:40])
    return wanted


def period_of(query: Mapping[str, str], now_ms: int) -> Period:
    first, last = query.get("from"), query.get("to")
    if first or last:
        if not (first and last):
            raise BadChoice("choice.half_period")
        period = Period(start_of(_date(first)), start_of(_date(last)) + DAY_MS)
    else:
        period = _worded(query.get("period") or DEFAULT, day_of_ms(now_ms))
    return checked(period, now_ms)


def checked(period: Period, now_ms: int) -> Period:
    """Raises BadChoice for periods reversed, in the future or older than anything kept."""
    if period.to_ms <= period.from_ms:
        raise BadChoice("choice.reversed", first=str(period.first), last=str(period.last))
    if period.from_ms > now_ms or period.last > day_of_ms(now_ms) and not _runs(period):
        raise BadChoice("choice.future", today=str(day_of_ms(now_ms)))
    if period.from_ms < now_ms - KEPT_DAYS * DAY_MS:
        raise BadChoice("choice.too_old", days=KEPT_DAYS)
    return period


def between(from_ms: int, to_ms: int, now_ms: int) -> Period:
    """An API's from and to, on full hours. Raises BadChoice."""
    if from_ms % HOUR_MS or to_ms % HOUR_MS:
        raise BadChoice("choice.not_full_hours")
    if max(from_ms, to_ms) >= start_of(date.max):  # days that no calendar has in Korea
        raise BadChoice("choice.future", today=str(day_of_ms(now_ms)))
    if min(from_ms, to_ms) < 0:
        raise BadChoice("choice.too_old", days=KEPT_DAYS)
    return checked(Period(from_ms, to_ms), now_ms)


def named(word: str) -> Period:
    """Of an ISO week, month, quarter or year. Raises BadChoice."""
    match = _NAMED.fullmatch(word)
    if match is None:
        raise BadChoice("choice.unknown_period", value=word[:40])
    first, after = _calendar(match)
    return Period(start_of(first), start_of(after), word)


def day_of_ms(at_ms: int) -> date:
    """The KST calendar day."""
    return EPOCH + timedelta(days=(at_ms + KST_MS) // DAY_MS)


def start_of(day: date) -> int:
    """Midnight in Korea, as UTC epoch ms."""
    return (day - EPOCH).days * DAY_MS - KST_MS


def a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _worded(word: str, today: date) -> Period:
    if word in ROLLING:
        first = today - timedelta(days=ROLLING[word])
        return Period(start_of(first), start_of(today), word)
    if word in RUNNING:
        year, week, weekday = today.isocalendar()
        first = {
            "today": today,
            "week": today - timedelta(days=weekday - 1),
            "month": today.replace(day=1),
            "year": today.replace(month=1, day=1),
        }[word]
        return Period(start_of(first), start_of(today + timedelta(days=1)), word)
    return named(word)


def _calendar(match: re.Match[str]) -> tuple[date, date]:
    year, week, quarter, month = match.groups()
    try:
        if week:
            first = date.fromisocalendar(int(year), int(week), 1)
            return first, first + timedelta(days=7)
        if quarter:
            first = date(int(year), 3 * int(quarter) - 2, 1)
            return first, _months_on(first, 3)
        first = date(int(year), int(month or 1), 1)
        return first, _months_on(first, 1 if month else 12)
    except (ValueError, OverflowError) as error:
        raise BadChoice("choice.unknown_period", value=match[0]) from error


def _months_on(day: date, months: int) -> date:
    at = day.year * 12 + day.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def _word_of(day: date, like: re.Match[str]) -> str:
    """The week, month, quarter or year (like the one given) in which a day lies."""
    _, week, quarter, month = like.groups()
    year, number, _ = day.isocalendar()
    if week:
        return f"{year:04}-W{number:02}"
    if quarter:
        return f"{day.year:04}-Q{(day.month + 2) // 3}"
    return f"{day.year:04}-{day.month:02}" if month else f"{day.year:04}"


def _has_week_53(year: int) -> bool:
    return date(year, 12, 28).isocalendar()[1] == 53


def _runs(period: Period) -> bool:
    """A named period in progress may end after today: its rest is simply not known yet."""
    return bool(_NAMED.fullmatch(period.word))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadChoice("choice.not_a_date", value=text[:40]) from error
