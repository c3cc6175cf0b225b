"""A year of a city in Redis, in the shape the worker writes, in seconds instead of hours.

Outages are those of the simulator's Life; from them come the transitions, the sums of each day,
alerts, work orders and incidents. What is not asked for by KPIs (hours, waiting beats) is left
out. The same seed gives the same year.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import redis

from dashboard.contracts import contract_for, due_ms
from dashboard.kpis.tables import group_of
from dashboard.records import (
    AlertView,
    DeviceView,
    IncidentView,
    OrderCause,
    OrderState,
    OrderView,
    Registration,
    Round,
    Status,
)
from dashboard.site import Site
from dashboard.stream.rollups import Group, day_of, hour_of
from dashboard.sun import night_of
from data_sources import keys
from data_sources.simulator.city import City, build_city, installed_on
from data_sources.simulator.entry import DAY, HOUR, MINUTE, day_start
from data_sources.simulator.life import Life

P = 0
encode = msgspec.msgpack.encode
Array = np.ndarray[Any, Any]
CATEGORIES = ("theft", "violence", "disorder", "suspicious", "traffic", "other")


@dataclass(slots=True)
class Year:
    """transitions: columns device, at, status, sorted by both. entries: of the day cells."""

    site: Site
    registrations: list[Registration]
    groups: list[Group]
    group_of_device: Array
    from_ms: int
    to_ms: int
    transitions: tuple[Array, Array, Array]
    alerts: int = 0
    orders: int = 0
    entries: int = 0


def write(client: redis.Redis, site: Site, devices: int, days: int, until_ms: int) -> Year:
    city = build_city(site, devices, 20261122)
    year = _year(city, days, until_ms)
    _write_days(client, year)
    _write_state(client, year)
    _write_history(client, year)
    rng = np.random.default_rng(7)
    _write_alerts(client, year, rng)
    _write_orders(client, year)
    _write_incidents(client, year, rng)
    return year


def _year(city: City, days: int, until_ms: int) -> Year:
    to_ms = until_ms // MINUTE * MINUTE
    from_ms = day_start(day_of(to_ms) - days)
    registrations = [_registration(city, device, from_ms) for device in city.devices]
    groups: dict[Group, int] = {}
    numbers = [groups.setdefault(group_of(r), len(groups)) for r in registrations]
    transitions = _transitions(Life(city, 1), from_ms, to_ms, len(registrations))
    return Year(city.site, registrations, list(groups), np.array(numbers), from_ms, to_ms,
                transitions)  # fmt: skip


def _registration(city: City, device: Any, at_ms: int) -> Registration:
    traits = device.traits
    inspected = "2026-05-01" if device.index % 3 else "2026-10-20"
    return Registration(
        device.id, at_ms, device.kind, device.lon, device.lat, device.name, device.zone, "",
        device.route, device.gateway, traits.owner, traits.vendor, traits.model,
        installed_on(device), traits.heartbeat_s, traits.pilot,
        inspected_on=inspected if device.kind in city.site.inspection_days else "",
    )  # fmt: skip


def _transitions(life: Life, from_ms: int, to_ms: int, devices: int) -> tuple[Array, Array, Array]:
    """Well from the first moment on; overlapping outages are one."""
    rows: list[tuple[int, int, int]] = [(d, from_ms, int(Status.OK)) for d in range(devices)]
    busy: dict[int, int] = defaultdict(int)
    outages = [
        (outage.from_ms, device, outage.to_ms, outage.code)
        for day in range(day_of(from_ms), day_of(to_ms) + 1)
        for device, outage in life.starting_on(day)
    ]
    for start, device, end, code in sorted(outages):
        if start <= busy[device] or start >= to_ms or start <= from_ms:
            continue
        rows.append((device, start, int(Status.FAULT if code else Status.OFFLINE)))
        if end < to_ms:
            rows.append((device, end, int(Status.OK)))
        busy[device] = end
    device, at, status = np.array(rows, np.int64).T
    order = np.lexsort((at, device))
    return device[order], at[order], status[order]


# -- what the worker keeps -------------------------------------------------------------------


def _put(client: redis.Redis, part: str, records: dict[str, Any]) -> None:
    pipe = client.pipeline(transaction=False)
    for at, (name, record) in enumerate(records.items(), 1):
        pipe.hset(keys.state(P, part), name, encode(record))
        if at % 2_000 == 0:
            pipe.execute()
    pipe.execute()


def _write_state(client: redis.Redis, year: Year) -> None:
    device, at, status = year.transitions
    last = np.flatnonzero(np.append(device[1:] != device[:-1], True))
    views = {
        year.registrations[d].device_id: DeviceView(
            year.registrations[d].device_id, int(status[k]), int(at[k]), year.to_ms
        )
        for d, k in zip(device[last].tolist(), last.tolist(), strict=True)
    }
    _put(client, "registry", {r.device_id: r for r in year.registrations})
    _put(client, "devices", views)
    _put(client, "groups", {str(n): tuple(group) for n, group in enumerate(year.groups)})
    counts = np.zeros((len(year.groups), 6), int)
    np.add.at(counts, (year.group_of_device[device[last]], status[last]), 1)
    _put(client, "groups_now", {str(n): row for n, row in enumerate(counts.tolist())})
    client.hset(keys.state(P, "meta"), mapping={"frontier": year.to_ms, "watermark": year.to_ms})


def _write_history(client: redis.Redis, year: Year) -> None:
    by_month: dict[tuple[int, int], bytearray] = defaultdict(bytearray)
    for device, at, status in zip(*(column.tolist() for column in year.transitions), strict=True):
        packed = at.to_bytes(8, "big", signed=True) + bytes((status,))
        by_month[_month_of(at), device] += packed
    pipe = client.pipeline(transaction=False)
    for at, ((month, device), packed) in enumerate(by_month.items(), 1):
        name = year.registrations[device].device_id
        pipe.hset(keys.history(P, month), name, bytes(packed))
        if at % 5_000 == 0:
            pipe.execute()
    pipe.execute()


def _month_of(at_ms: int) -> int:
    day = np.datetime64(day_of(at_ms), "D").item()
    return int(day.year * 100 + day.month)


# -- sums of days ------------------------------------------------------------------------------


def _write_days(client: redis.Redis, year: Year) -> None:
    first, last = day_of(year.from_ms), day_of(year.to_ms)
    sums = _state_sums(year, first, last)
    _add_nights(year, sums, first)
    _add_traffic(year, sums)
    names = list(sums)
    pipe = client.pipeline(transaction=False)
    for day in range(first, last + 1):
        zones: dict[str, dict[int, dict[str, int]]] = defaultdict(dict)
        for name in names:
            column = sums[name][day - first]
            for group in np.flatnonzero(column).tolist():
                zone = zones[year.groups[group].zone]
                zone.setdefault(group, {})[name] = int(column[group])
                year.entries += 1
        for zone, cell in zones.items():
            pipe.hset(keys.daily(P, day), zone, encode(cell))
        pipe.execute()


def _state_sums(year: Year, first: int, last: int) -> dict[str, Array]:
    """Measure -> (days, groups). Each stretch is cut at midnight; the hour in progress is
    projected to its end, as the worker does."""
    device, at, status = year.transitions
    end = np.append(at[1:], 0)
    is_last = np.append(device[1:] != device[:-1], True)
    end[is_last] = (hour_of(year.to_ms) + 1) * HOUR
    group = year.group_of_device[device]
    shape = last - first + 1, len(year.groups)
    sums = {f"s{s}": np.zeros(shape, np.int64) for s in (0, 3, 4)}
    for day in range(first, last + 1):
        start, stop = day_start(day), day_start(day + 1)
        within = np.flatnonzero((at < stop) & (end > start))
        ms = np.minimum(end[within], stop) - np.maximum(at[within], start)
        for s in (0, 3, 4):
            mine = status[within] == s
            np.add.at(sums[f"s{s}"][day - first], group[within[mine]], ms[mine])
    days = (at + 9 * HOUR) // DAY - first
    down, back = status > 2, (status == 0) & (at > year.from_ms)
    for name, rows, n in (
        ("fail", down, np.ones(len(at), np.int64)),
        ("back", back, np.ones(len(at), np.int64)),
        ("back_ms", back, at - np.append(0, at[:-1])),
    ):
        sums[name] = np.zeros(shape, np.int64)
        np.add.at(sums[name], (days[rows], group[rows]), n[rows])
    return sums


def _add_nights(year: Year, sums: dict[str, Array], first: int) -> None:
    lights = np.array([group.kind == "light" for group in year.groups])
    night = night_of(year.site)
    shares = np.array([
        night(day_start(first + n), day_start(first + n + 1)) / DAY for n in range(len(sums["s0"]))
    ])  # fmt: skip
    for s in (0, 3, 4):
        sums[f"q{s}"] = (sums[f"s{s}"] * lights * shares[:, None]).astype(np.int64)
    sums["dark"] = sums["q0"] // 200


def _add_traffic(year: Year, sums: dict[str, Array]) -> None:
    rng = np.random.default_rng(5)
    counters = np.array([group.kind == "counter" for group in year.groups])
    covered = sums["s0"] * counters
    people = rng.poisson(covered / DAY * 3_000)
    sums["t_ms"] = covered
    sums["t_in"], sums["t_out"] = people // 2, people - people // 2
    sums["t_night"] = people // 5
    whole = np.zeros_like(covered)
    if Group() not in year.groups:
        year.groups.append(Group())
        for name, column in sums.items():
            sums[name] = np.hstack([column, np.zeros((len(column), 1), np.int64)])
        whole = np.zeros_like(sums["s0"])
    whole[:, -1] = 1
    for name, n in (("pause_ms", 20_000), ("m_ok", 14_000_000), ("m_dup", 90_000),
                    ("m_bad", 400), ("g3", 800_000), ("g6", 40_000), ("g8", 900),
                    ("ahead", 300)):  # fmt: skip
        sums[name] = whole * n


# -- records -----------------------------------------------------------------------------------


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
    _put(client, "alerts", alerts)
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
    _put(client, "orders", orders)
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
    _put(client, "incidents", incidents)
