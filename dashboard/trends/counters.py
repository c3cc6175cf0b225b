"""Every counter by itself: how much it counted, its level in the last hour, its last seven days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.stream.rollups import DAY_MS, KST_MS
from dashboard.trends.levels import Floats, own_levels
from dashboard.trends.profile import Place, Street
from dashboard.trends.stuck import Fault
from dashboard.usual import MIN_COVERAGE

DAYS = 7


@dataclass(frozen=True, slots=True)
class Counter:
    """coverage: share of the last seven whole days counted well. people, usual: in the last full
    hour, scaled; None = not known. level: of levels.LEVELS. days: people of each of those days,
    scaled; None where less than half was counted. status: of records.Status, a word."""

    sensor: str
    name: str
    zone: str
    route: str
    status: str
    coverage: float
    people: float | None
    usual: float | None
    level: str
    days: tuple[float | None, ...]
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Counters:
    """Faulty ones first, the least likely to be chance before; then what is quiet or busy now,
    then the rest by name. hour_ms: start of the last full hour; None = no hours at all."""

    rows: tuple[Counter, ...]
    hour_ms: int | None
    days_from_ms: int


def counters(street: Street, place: Place, now_ms: int) -> Counters:
    hours = street.hours
    days_to_ms = (now_ms + KST_MS) // DAY_MS * DAY_MS - KST_MS
    days_from_ms = days_to_ms - DAYS * DAY_MS
    if not len(hours.start_ms):
        return Counters((), None, days_from_ms)
    last = len(hours.start_ms) - 1
    now = own_levels(hours, last, street.rule)
    words = now.words
    people, share = _by_day(street, days_from_ms)
    made_up = np.where(share >= MIN_COVERAGE, people / np.maximum(share, MIN_COVERAGE), np.nan)
    records, members = street.foot.counters.to_dict("records"), street.members(place)
    faults = {fault.sensor: fault for fault in street.stuck.faults}
    rows = [
        Counter(
            sensor, told["name"], told["zone"], told["route"], told["status"],
            float(share[:, at].mean()),
            _known(now.people[at]), _known(now.usual[at]), words[at],
            tuple(_known(n) for n in made_up[:, at]), faults.get(sensor),
        )
        for at, (sensor, told) in enumerate(zip(street.sensors, records, strict=True))
        if members[at]
    ]  # fmt: skip
    order = [fault.sensor for fault in street.stuck.faults]
    rows.sort(
        key=lambda row: (
            order.index(row.sensor) if row.fault else len(order),
            row.level not in ("quiet", "busy"), row.name or row.sensor,
        )
    )  # fmt: skip
    return Counters(tuple(rows), int(hours.start_ms[last]), days_from_ms)


def _by_day(street: Street, from_ms: int) -> tuple[Floats, Floats]:
    """(DAYS, counters): people and share of each day's hours that were counted."""
    hours = street.hours
    day = (hours.start_ms - from_ms) // DAY_MS
    people, share = (np.zeros((DAYS, hours.share.shape[1])) for _ in range(2))
    within = (day >= 0) & (day < DAYS)
    np.add.at(people, day[within], hours.people[within])
    np.add.at(share, day[within], hours.share[within] / 24)
    return people, share


def _known(x: float) -> float | None:
    return float(x) if np.isfinite(x) else None
