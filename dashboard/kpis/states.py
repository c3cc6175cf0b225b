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
) -> list[Span]:
    """Cut to [from_ms, to_ms), equal neighbours joined, what nobody knows filled in as UNTOLD.

    transitions: (at_ms, Status) in order; of two at one moment the later one holds. end_ms:
    where knowledge ends.
    """
    end_ms = max(from_ms, end_ms)
    told = [(max(at_ms, from_ms), status) for at_ms, status in transitions if at_ms < end_ms]
    starts = [(from_ms, UNTOLD), *told, (end_ms, UNTOLD)]
    ends = [*(at_ms for at_ms, _ in starts[1:]), to_ms]
    spans: list[Span] = []
    for (start_ms, status), until_ms in zip(starts, ends, strict=True):
        if until_ms == start_ms:
            continue
        if spans and spans[-1].status == status:
            start_ms = spans.pop().from_ms
        spans.append(Span(start_ms, until_ms, status))
    return spans


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
