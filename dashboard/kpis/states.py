"""The states of one device over time: spans without gaps, and what they come to per KST day.

Korea knows no summer time: each of its days has 24 hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from dashboard.kpis.choice import day_of_ms
from dashboard.records import Status
from dashboard.stream.rollups import DAY_MS

UNTOLD = len(Status)  # before the first report, after the last known moment, after retirement
Times = tuple[int, ...]  # ms in each Status, then UNTOLD


class Span(NamedTuple):
    from_ms: int
    to_ms: int
    status: int  # a Status or UNTOLD


class Day(NamedTuple):
    day: date
    times: Times  # together DAY_MS


def spans_of(
    transitions: Sequence[tuple[int, int]], from_ms: int, end_ms: int, to_ms: int
) -> Iterator[Span]:
    """Cut to [from_ms, to_ms), equal neighbours joined, what nobody knows filled in as UNTOLD.

    transitions: (at_ms, Status) in order. end_ms: where knowledge ends.
    """
    end_ms = max(from_ms, end_ms)
    at_ms, status = from_ms, UNTOLD
    for since_ms, new in [*transitions, (end_ms, UNTOLD)]:
        since_ms = min(max(since_ms, from_ms), end_ms)
        if new == status:
            continue
        if since_ms > at_ms:
            yield Span(at_ms, since_ms, status)
            at_ms = since_ms
        status = new
    if to_ms > at_ms:
        yield Span(at_ms, to_ms, status)


def days_of(spans: Iterable[Span]) -> Iterator[Day]:
    """spans follow each other without gaps and begin at a KST midnight."""
    times, left_ms = [0] * (UNTOLD + 1), DAY_MS
    for from_ms, to_ms, status in spans:
        while from_ms < to_ms:
            ms = min(left_ms, to_ms - from_ms)
            times[status] += ms
            from_ms, left_ms = from_ms + ms, left_ms - ms
            if not left_ms:
                yield Day(day_of_ms(from_ms - 1), tuple(times))
                times, left_ms = [0] * (UNTOLD + 1), DAY_MS


def sum_of(times: Iterable[Times]) -> Times:
    return tuple(map(sum, zip(*times, strict=True)))


def availability(times: Times) -> float | None:
    """As the KPI: OK against OK, silent and faulty; None where it was in none of them."""
    counted = times[Status.OK] + times[Status.OFFLINE] + times[Status.FAULT]
    return times[Status.OK] / counted if counted else None


def coverage(times: Times) -> float | None:
    """Share of the time in service in which the device was heard."""
    heard = times[Status.OK] + times[Status.FAULT]
    scheduled = heard + times[Status.UNKNOWN] + times[Status.OFFLINE]
    return heard / scheduled if scheduled else None
