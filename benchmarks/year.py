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

from dashboard.kpis.tables import group_of
from dashboard.records import DeviceView, Registration, Status
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


def put(client: redis.Redis, part: str, records: dict[str, Any]) -> None:
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
    put(client, "registry", {r.device_id: r for r in year.registrations})
    put(client, "devices", views)
    put(client, "groups", {str(n): tuple(group) for n, group in enumerate(year.groups)})
    counts = np.zeros((len(year.groups), 6), int)
    np.add.at(counts, (year.group_of_device[device[last]], status[last]), 1)
    put(client, "groups_now", {str(n): row for n, row in enumerate(counts.tolist())})
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
