"""What one device went through in twelve months: its states, failures, repairs and alerts.

Months and days are those of Korea, which knows no summer time: each day has 24 hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from msgspec import structs

from dashboard.kpis.choice import day_of_ms, start_of
from dashboard.kpis.states import (
    Day,
    Span,
    Times,
    availability,
    coverage,
    days_of,
    spans_of,
    sum_of,
)
from dashboard.records import AlertView, OrderCause, OrderView, Registration, Round, Status

MONTHS = 12
DOWN = (Status.FAULT, Status.OFFLINE)
TAMPER = "tamper"


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    days: tuple[Day, ...]
    times: Times
    failures: int  # that began in it

    @property
    def availability(self) -> float | None:
        return availability(self.times)

    @property
    def coverage(self) -> float | None:
        return coverage(self.times)


@dataclass(frozen=True, slots=True)
class Failure:
    """One unbroken stretch of fault or silence, however often it changed between the two.

    from_ms may lie before the year. to_ms None: not over when knowledge ends. then: the Status
    it ended with (OK: it worked again), None while it lasts.
    """

    from_ms: int
    to_ms: int | None
    statuses: tuple[int, ...]
    then: int | None
    codes: tuple[str, ...] = ()  # fault codes told when it became work


@dataclass(frozen=True, slots=True)
class Repair:
    """One round of a work order; no counts from 0. order is the whole, for state and history."""

    order: OrderView
    no: int
    round: Round

    @property
    def is_last(self) -> bool:
        return self.no == len(self.order.rounds) - 1

    @property
    def ended_ms(self) -> int | None:
        """When it was proved or, as the last, cancelled."""
        closed = self.order.closed_ms if self.is_last else None
        return self.round.verified_ms or closed


class RawMessage(NamedTuple):
    """As it came; text is cut where it is very long."""

    stream: str
    arrived_ms: int
    entry_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a device.

    transitions: (at_ms, Status) in order, from the one in force at the year's beginning on.
    alerts None: this role may not know them. now_ms: the frontier; nothing after it is known.
    messages: its newest, newest first.
    """

    registration: Registration
    transitions: Sequence[tuple[int, int]]
    now_ms: int
    orders: Sequence[OrderView] = ()
    alerts: Sequence[AlertView] | None = ()
    messages: Sequence[RawMessage] = ()


@dataclass(frozen=True, slots=True)
class DeviceYear:
    """[from_ms, to_ms): twelve whole KST months. Lists are newest first."""

    registration: Registration
    from_ms: int
    to_ms: int
    now_ms: int
    spans: tuple[Span, ...]  # without gaps from from_ms to to_ms
    months: tuple[Month, ...]
    times: Times  # of the whole year
    failures: tuple[Failure, ...]
    repairs: tuple[Repair, ...]
    alerts: tuple[AlertView, ...] | None = None  # None: this role may not know them
    messages: tuple[RawMessage, ...] = field(default=())

    @property
    def days(self) -> tuple[Day, ...]:
        return tuple(day for month in self.months for day in month.days)

    @property
    def began(self) -> int:
        """Failures that began within the year, as the rollups count them."""
        return sum(failure.from_ms >= self.from_ms for failure in self.failures)


def year_ending(to_ms: int) -> tuple[int, int]:
    """The twelve KST months whose last is the one in which the moment before to_ms lies."""
    last = day_of_ms(to_ms - 1)
    months = last.year * 12 + last.month
    return start_of(_month(months - MONTHS)), start_of(_month(months))


def device_year(known: Known, to_ms: int) -> DeviceYear:
    from_ms, to_ms = year_ending(to_ms)
    end_ms = _end(known, to_ms)
    spans = tuple(spans_of(known.transitions, from_ms, end_ms, to_ms))
    failures = _failures(known, from_ms, end_ms)
    months = tuple(_months(spans, failures))
    alerts = known.alerts
    return DeviceYear(
        registration=known.registration,
        from_ms=from_ms,
        to_ms=to_ms,
        now_ms=known.now_ms,
        spans=spans,
        months=months,
        times=sum_of(month.times for month in months),
        failures=tuple(reversed(failures)),
        repairs=tuple(_repairs(known.orders, from_ms, to_ms)),
        alerts=None if alerts is None else tuple(_raised_in(alerts, from_ms, to_ms)),
        messages=tuple(known.messages),
    )


def coarse(year: DeviceYear) -> DeviceYear:
    """For a role without exact points: no alerts, no tamper contact (it tells of somebody)."""
    failures = [replace(f, codes=_without_tamper(f.codes)) for f in year.failures]
    repairs = [
        replace(r, round=structs.replace(r.round, faults=[*_without_tamper(r.round.faults)]))
        for r in year.repairs
    ]
    return replace(year, failures=tuple(failures), repairs=tuple(repairs), alerts=None)


def _without_tamper(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if code != TAMPER)


def _month(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def _end(known: Known, to_ms: int) -> int:
    """Where knowledge ends: now, the year's end, or the day it was taken down."""
    record = known.registration
    return min(to_ms, known.now_ms, record.ts_ms if record.retired else to_ms)


def _failures(known: Known, from_ms: int, end_ms: int) -> list[Failure]:
    """In order; those that ended before the year are left out."""
    found: list[Failure] = []
    began_ms = 0
    seen: list[int] = []
    for at_ms, status in known.transitions:
        if at_ms >= end_ms:
            break
        if status in DOWN:
            began_ms = began_ms if seen else at_ms
            seen += [] if status in seen else [status]
        elif seen:
            found.append(_failure(known, began_ms, at_ms, tuple(seen), status))
            seen = []
    if seen:
        found.append(_failure(known, began_ms, None, tuple(seen), None))
    return [one for one in found if one.to_ms is None or one.to_ms > from_ms]


def _failure(
    known: Known, from_ms: int, to_ms: int | None, statuses: tuple[int, ...], then: int | None
) -> Failure:
    rounds = (r for o in known.orders if o.cause != OrderCause.INSPECTION for r in o.rounds)
    codes = dict.fromkeys(
        code
        for r in rounds
        if r.opened_ms >= from_ms and (to_ms is None or r.down_ms < to_ms)
        for code in r.faults
    )
    return Failure(from_ms, to_ms, statuses, then, tuple(codes))


def _months(spans: Iterable[Span], failures: Sequence[Failure]) -> Iterator[Month]:
    days: list[Day] = []
    for day in [*days_of(spans), None]:
        if days and (day is None or day.day.day == 1):
            first = days[0].day
            began = sum(day_of_ms(f.from_ms).replace(day=1) == first for f in failures)
            yield Month(first, tuple(days), sum_of(d.times for d in days), began)
            days = []
        if day is not None:
            days.append(day)


def _repairs(orders: Iterable[OrderView], from_ms: int, to_ms: int) -> list[Repair]:
    """Rounds that were open at some time of the year, the newest first."""
    found = [Repair(order, no, r) for order in orders for no, r in enumerate(order.rounds)]
    open_then = [
        one
        for one in found
        if one.round.down_ms < to_ms and (one.ended_ms is None or one.ended_ms > from_ms)
    ]
    return sorted(open_then, key=lambda one: one.round.opened_ms, reverse=True)


def _raised_in(alerts: Iterable[AlertView], from_ms: int, to_ms: int) -> list[AlertView]:
    found = [alert for alert in alerts if from_ms <= alert.raised_ms < to_ms]
    return sorted(found, key=lambda alert: alert.raised_ms, reverse=True)
