"""What a control room leaves in Redis, and a web process that works out weeks from it alone."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import NamedTuple

from dashboard.city import City
from dashboard.deltas import Delta
from dashboard.kpis.choice import Choice
from dashboard.kpis.gather import Gathered, Known, plan_of
from dashboard.records import AlertView, IncidentView, OrderView, Registration
from dashboard.site import Site
from dashboard.weekly.summarise import Asked
from dashboard.weekly.week import Week, spans_of
from data_sources.facts.book import Book
from data_sources.facts.reader import Sums


class Kept(NamedTuple):
    """What a room leaves in Redis, for a process that knows nothing else."""

    frontier_ms: int
    registrations: list[Registration]
    sums: Sums
    records: list[AlertView | IncidentView | OrderView]


def book_of(kept: Kept, site: Site, random: Random | None = None) -> Book:
    """random: records come in any order, days as well."""
    records, days = list(kept.records), list(kept.sums.days.items())
    if random is not None:
        random.shuffle(records)
        random.shuffle(days)
    city = City("town")
    now_ms = kept.frontier_ms
    city.apply(Delta(0, now_ms, now_ms, kept.registrations), now_ms)
    book = Book(city, site)
    half = len(records) // 2
    book.take_records(records[:half])
    book.take_sums(replace(kept.sums, days=dict(days)))
    book.take_records(records[half:])
    return book


def asked(book: Book, week: Week, now_ms: int, site: Site) -> tuple[Asked, Gathered]:
    """As data_sources/weekly/desk.py has it. now_ms: the frontier."""
    plan = plan_of(Choice(week.period), spans_of(week).periods, Known(now_ms, book.cube.first, 0))
    found = book.gather(plan, book.recent_hours(plan.hours))
    return Asked(week, site, simulated=False), found
