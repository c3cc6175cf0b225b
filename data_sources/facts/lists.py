"""Lists behind the figures: worst devices, what to repair first, days of the feeds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.kpis.choice import Choice, Period, period_of
from dashboard.kpis.figure import Kpi
from dashboard.kpis.gather import Gathered
from dashboard.kpis.members import Member, Members
from dashboard.kpis.ranked import RankedRepair, WorstDevice
from dashboard.kpis.repair_list import Passers, Repair, passers_of, repair_list
from dashboard.kpis.tables import ROUND_MARK
from dashboard.kpis.worst import DeviceLoss, worst_devices
from dashboard.records import Registration, Status
from dashboard.stream.rollups import DAY_MS, KST_MS, Group
from data_sources.facts.answers import Answers
from data_sources.facts.transitions import Transitions
from data_sources.facts.workroom import Workroom

DAYS_SHOWN = 100
PASSERS_DAYS = 28  # how many pass by is told by so many whole days up to now
PASSERS_MS = 600_000  # and changes little within ten minutes
Rows = NDArray[Any]
Losses = tuple[list[DeviceLoss], list[Registration], dict[int, Group]]


class Lists:
    def __init__(self, room: Workroom, transitions: Transitions, now_ms: Callable[[], int]) -> None:
        self._room = room
        self._transitions = transitions
        self._passers = Answers(1, PASSERS_MS, now_ms)

    async def worst(self, choice: Choice, limit: int) -> list[WorstDevice]:
        losses, records, groups = await self._losses(choice, False)
        return [
            WorstDevice(records[one.device].device_id, records[one.device].name,
                        groups[one.device], one)
            for one in losses[:limit]
        ]  # fmt: skip

    async def devices(self, choice: Choice, key: str, limit: int, named: bool) -> Members:
        """As members of a figure: by what it is about, time down, time unknown or failures."""
        losses, records, groups = await self._losses(choice, key == "unknown_share")
        if key == "mtbf":
            losses = sorted(losses, key=lambda one: -one.failures)
        end_ms = min(choice.period.to_ms, self._room.now_ms())
        rows = tuple(
            Member(
                "device", records[one.device].device_id if named else "", groups[one.device],
                choice.period.from_ms, end_ms, no=one.failures, value=float(one.down_ms),
            )
            for one in losses[:limit]
        )  # fmt: skip
        return Members("device", rows, len(losses))

    async def days(self, choice: Choice, kpi: Kpi, limit: int) -> Members:
        """The newest days of the period, those first that look worst."""
        days = _days(choice.period, self._room.now_ms())
        found = await self._room.gather(choice, days)
        rows = await self._room.work(_days_of, kpi, found)
        return Members("day", tuple(rows[:limit]), len(rows))

    async def repairs(self, choice: Choice, limit: int) -> list[RankedRepair]:
        """Of now, whatever the period. Who passes by is counted in the whole city, also when only
        a part is asked for."""
        passers = await self._passers.get(id(self._room.store.book), 0, self._count_passers)
        today = period_of({"period": "today"}, self._room.now_ms())
        found = await self._room.gathered(Choice(today, choice.wanted))
        records = self._room.store.book.city.devices.registrations
        ranked = await self._room.work(
            repair_list, found.facts.rounds, found.facts.groups, passers, found.facts.now_ms, limit
        )
        return [_named(one, found, records) for one in ranked]

    async def _count_passers(self) -> Passers:
        choice = Choice(_last_weeks(self._room.now_ms()))
        found = await self._room.gather(choice, [])
        return await self._room.work(passers_of, found.facts)

    async def _losses(self, choice: Choice, unknown: bool) -> Losses:
        """Of every device that was down (or unknown) at all, the worst first."""
        return await self._room.once(
            choice, f"losses {unknown}", lambda: self._read_losses(choice, unknown)
        )

    async def _read_losses(self, choice: Choice, unknown: bool) -> Losses:
        book, now_ms = self._room.store.book, self._room.now_ms()
        table = await self._transitions.table(book.city, now_ms)

        def find() -> Losses:
            tables, devices = book.look()
            wanted, numbers = tables.groups.mask(**choice.wanted), devices.numbers
            chosen = np.where((numbers >= 0) & wanted[numbers], numbers, -1)
            rows = table[: np.searchsorted(table["device"], len(chosen))]
            span = choice.period.from_ms, min(choice.period.to_ms, now_ms)
            rows = _as_down(rows) if unknown else rows
            found = worst_devices(rows, chosen, *span, limit=len(chosen))
            groups = {one.device: tables.groups.groups[numbers[one.device]] for one in found}
            return found, devices.registrations, groups

        return await self._room.work(find)


def _as_down(rows: Rows) -> Rows:
    """Time unknown in the place of time down, and nothing else."""
    turned = rows.copy()
    status = rows["status"]
    turned["status"] = np.where(status == Status.UNKNOWN, Status.OFFLINE, Status.OK)
    return turned


def _days(period: Period, now_ms: int) -> list[Period]:
    """Whole KST days, the newest if there are too many."""
    first = -(-(period.from_ms + KST_MS) // DAY_MS)
    after = (min(period.to_ms, now_ms) + KST_MS - 1) // DAY_MS + 1
    days = range(max(first, after - DAYS_SHOWN), after)
    return [Period(day * DAY_MS - KST_MS, (day + 1) * DAY_MS - KST_MS) for day in days]


def _days_of(kpi: Kpi, found: Gathered) -> list[Member]:
    rows = [
        Member("day", "", Group(), one.period.from_ms, one.period.to_ms,
               value=kpi.value(one).value)
        for one in found.pieces
    ]  # fmt: skip
    sign = 1 if kpi.better == "high" else -1
    known = [row for row in rows if row.value is not None]
    return sorted(known, key=lambda row: (sign * (row.value or 0.0), -row.from_ms))


def _last_weeks(now_ms: int) -> Period:
    today = (now_ms + KST_MS) // DAY_MS * DAY_MS - KST_MS
    return Period(today - PASSERS_DAYS * DAY_MS, today)


def _named(one: Repair, found: Gathered, records: list[Registration]) -> RankedRepair:
    rounds = found.facts.rounds[one.row]
    name = found.tables.round_ids[found.rows.rounds[one.row]]
    order_id, _, no = name.rpartition(ROUND_MARK)
    record = records[one.device] if one.device >= 0 else None
    due = int(rounds["due"])
    return RankedRepair(
        order_id, int(no), record.device_id if record else "", record.name if record else "",
        found.facts.groups.groups[one.group], int(rounds["down"]), int(rounds["opened"]),
        due if due >= 0 else None, one,
    )  # fmt: skip
