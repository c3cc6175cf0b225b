"""The records of a year: alerts, work orders and incidents of the city that year.py wrote."""

from __future__ import annotations

import numpy as np
import redis

from benchmarks.year import Year, put
from dashboard.contracts import contract_for, due_ms
from dashboard.records import (
    AlertView,
    IncidentView,
    OrderCause,
    OrderState,
    OrderView,
    Round,
    Status,
)
from dashboard.stream.rollups import day_of
from data_sources.simulator.entry import DAY, HOUR, MINUTE

CATEGORIES = ("theft", "violence", "disorder", "suspicious", "traffic", "other")


def write(client: redis.Redis, year: Year) -> None:
    rng = np.random.default_rng(7)
    _write_alerts(client, year, rng)
    _write_orders(client, year)
    _write_incidents(client, year, rng)


def _write_alerts(client: redis.Redis, year: Year, rng: np.random.Generator) -> None:
    """About 50 a day in a city of ten thousand, as in the simulator."""
    raising = [r for r in year.registrations if r.kind in ("bell", "cctv")]
    number = len(raising) * (day_of(year.to_ms) - day_of(year.from_ms)) // 95
    verdicts = ("real", "mistaken", "malfunction", "test", "unknown", "")
    alerts = {}
    for n in range(number):
        device = raising[int(rng.integers(len(raising)))]
        raised = int(rng.integers(year.from_ms, year.to_ms - HOUR))
        acked = raised + int(rng.exponential(90_000)) + 5_000
        name = f"{device.device_id}-{n}"
        alerts[name] = AlertView(
            name, "bell" if device.kind == "bell" else "loitering", 1 + n % 3, "closed", raised,
            version=3, device_id=device.device_id, zone=device.zone, route_id=device.route_id,
            acknowledged_ms=acked, closed_ms=acked + int(rng.exponential(900_000)),
            verdict=verdicts[min(5, int(rng.exponential(1.4)))], arrived_ms=raised + 700,
        )  # fmt: skip
    put(client, "alerts", alerts)
    year.alerts = number


def _write_orders(client: redis.Redis, year: Year) -> None:
    """Of every trouble that lasted longer than four hours."""
    device, at, status = (column.tolist() for column in year.transitions)
    orders: dict[str, OrderView] = {}
    newest: dict[int, OrderView] = {}
    for k in range(len(device)):
        over = at[k + 1] if k + 1 < len(device) and device[k + 1] == device[k] else None
        if status[k] < 3 or (over or year.to_ms) - at[k] < 4 * HOUR:
            continue
        one = _round(year, device[k], at[k], over)
        last = newest.get(device[k])
        if last is not None and one.down_ms - last.rounds[-1].down_ms < 30 * DAY:
            last.rounds.append(one)
            last.reopened += 1
        else:
            last = newest[device[k]] = _order(year, device[k], status[k], one)
            orders[last.order_id] = last
    put(client, "orders", orders)
    year.orders = len(orders)


def _round(year: Year, device: int, down_ms: int, over_ms: int | None) -> Round:
    r, opened = year.registrations[device], down_ms + 4 * HOUR
    contract = contract_for(year.site, r.vendor, r.kind)
    due = None if contract is None else due_ms(opened, contract, year.site.calendar)
    told = None if over_ms is None or device % 3 == 0 else over_ms - 10 * MINUTE
    proved = None if over_ms is None else over_ms + 30 * MINUTE
    return Round(down_ms, opened, due, None, told, over_ms, proved)


def _order(year: Year, device: int, status: int, one: Round) -> OrderView:
    r = year.registrations[device]
    cause = OrderCause.FAULT if status == Status.FAULT else OrderCause.OUTAGE
    state = OrderState.OPEN if one.verified_ms is None else OrderState.VERIFIED
    return OrderView(
        f"W-{r.device_id}-{one.opened_ms:x}", cause, r.device_id, state, one.opened_ms,
        kind=r.kind, zone=r.zone, route_id=r.route_id, vendor=r.vendor, owner=r.owner,
        pilot_id=r.pilot_id, rounds=[one], closed_ms=one.verified_ms,
    )  # fmt: skip


def _write_incidents(client: redis.Redis, year: Year, rng: np.random.Generator) -> None:
    incidents = {}
    for n in range(4 * (day_of(year.to_ms) - day_of(year.from_ms))):
        place = year.registrations[int(rng.integers(len(year.registrations)))]
        at = int(rng.integers(year.from_ms, year.to_ms - HOUR))
        sent = at + int(rng.exponential(120_000))
        name = f"I-{n}"
        incidents[name] = IncidentView(
            name, 1, CATEGORIES[n % len(CATEGORIES)], at, code112=n % 5, dispatched_ms=sent,
            arrived_ms=sent + int(rng.exponential(300_000)), closed_ms=sent + 2 * HOUR,
            zone=place.zone, route_id=place.route_id,
        )  # fmt: skip
    put(client, "incidents", incidents)
