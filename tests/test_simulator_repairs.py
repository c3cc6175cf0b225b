"""Inspections, vendors who report their repairs, and sensors that die for good."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import date, datetime
from statistics import median
from typing import Any

import pytest

from data_sources.simulator import life
from data_sources.simulator.city import City, Device, build_city
from data_sources.simulator.entry import DAY, HOUR, KST, MINUTE, Entry, day_of, day_start
from data_sources.simulator.field import Field, registry
from data_sources.simulator.inspections import Inspections
from data_sources.simulator.life import Dying, Life, spans, state_at
from data_sources.simulator.vendors import HABITS, repair_day
from data_sources.sites import load_site
from tests.contract_checker import problems

SITE = load_site("goyang")
SEED = 20261122
DAYS = range(20_724, 20_780)  # eight weeks
NOW = day_start(DAYS.stop) + 8 * HOUR  # a Monday


@pytest.fixture(scope="module")
def city() -> City:
    return build_city(SITE, 10_000, SEED)


@pytest.fixture(scope="module")
def small() -> City:
    return build_city(SITE, 400, seed=3)


@pytest.fixture(scope="module")
def reports(city: City) -> list[Entry]:
    write = repair_day(Life(city, SEED), SEED)
    return [entry for day in DAYS for entry in write(day)]


def at_ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def said(entries: list[Entry], stream: str) -> list[dict[str, Any]]:
    return [json.loads(e.body) for e in entries if e.stream == stream]


def repairs(entries: list[Entry]) -> list[dict[str, Any]]:
    return [m for m in said(entries, "actions") if m["action"] in ("parts", "repaired")]


# -- inspections -----------------------------------------------------------------------------


def test_it_is_late_with_a_few_inspections_at_any_time(city: City) -> None:
    last = Inspections(city, SEED).last
    asked = [d for d in city.devices if d.kind in SITE.inspection_days]
    for day in range(DAYS.start, DAYS.stop, 11):
        dates = [(d, last(d, day_start(day))) for d in asked]
        known = [(d, date.fromisoformat(text)) for d, text in dates if text]
        overdue = [d for d, on in known if _days(on) + SITE.inspection_days[d.kind] <= day]
        assert 0.005 <= 1 - len(known) / len(asked) <= 0.03
        assert 0.03 <= len(overdue) / len(known) <= 0.05
    assert not any(last(d, NOW) for d in city.devices if d.kind not in SITE.inspection_days)


def _days(on: date) -> int:
    return (on - date(1970, 1, 1)).days


def test_it_inspects_a_few_devices_every_working_day(city: City) -> None:
    write = Inspections(city, SEED).writer(lambda device, _at, on: f"{device.id} {on}")
    done = Counter({day: len(write(day)) for day in DAYS})
    assert 10 <= sum(done.values()) / len(DAYS) <= 40
    assert all((day + 3) % 7 < 5 for day, n in done.items() if n)
    for entry in (entry for day in DAYS for entry in write(day)):
        assert 9 <= (entry.at_ms + KST) // HOUR % 24 < 17
        assert day_of(entry.at_ms) == _days(date.fromisoformat(entry.body.split()[1]))


def test_it_tells_of_each_inspection_what_whoever_starts_later_finds(small: City) -> None:
    inspections, start = Inspections(small, 3), NOW - 40 * DAY
    known = {m["device_id"]: m for m in said(registered(small, start), "registry")}
    told = [e for chunk in Field(small, 3).past(start, NOW) for e in chunk]
    changes = said(told, "registry")
    assert changes and all(not problems("registry", e.body) for e in told if e.stream == "registry")
    for m in changes:
        before = known[m["device_id"]]
        assert m["inspected_on"] > before["inspected_on"] and m["ts"][:10] == m["inspected_on"]
        differs = {name for name in m if m[name] != before.get(name)}
        assert differs == {"ts", "inspected_on"}
        known[m["device_id"]] = m
    later = {m["device_id"]: m for m in said(registered(small, NOW), "registry")}
    for device in small.devices:
        last = inspections.last(device, NOW)
        assert known[device.id].get("inspected_on", "") == last
        assert later[device.id].get("inspected_on", "") == last


def registered(city: City, at: int) -> list[Entry]:
    return registry(city.devices, at, inspected=Inspections(city, 3).last)


# -- vendors ---------------------------------------------------------------------------------


def test_it_reports_four_fifths_of_what_became_work(city: City, reports: list[Entry]) -> None:
    """Faults of half an hour, silences of four hours."""
    life = Life(city, SEED)
    behind = {d.index for d in city.devices if d.gateway}
    work = [
        outage
        for day in DAYS
        for index, outage in life.starting_on(day)
        if outage.to_ms - outage.from_ms > (HOUR / 2 if outage.code else 4 * HOUR)
        and not (index in behind and (_gateway(city, index), outage) in life.starting_on(day))
    ]
    repaired = [m for m in repairs(reports) if m["action"] == "repaired"]
    assert 0.7 <= len(repaired) / len(work) <= 0.88
    assert all(not problems("actions", entry.body) for entry in reports)


def _gateway(city: City, index: int) -> int:
    gateway = city.devices[index].gateway
    return next(d.index for d in city.devices if d.id == gateway)


def test_it_reports_a_repair_shortly_before_the_device_comes_back(
    city: City, reports: list[Entry]
) -> None:
    life, by_id = Life(city, SEED), {d.id: d for d in city.devices}
    for m in repairs(reports)[::150]:
        index, told = by_id[m["device_id"]].index, at_ms(m["ts"])
        trouble = life.outages(told - 13 * DAY, told + 13 * DAY)[index]
        assert state_at(trouble, told) is not None
        if m["action"] == "repaired":
            assert state_at(trouble, told + 5 * MINUTE) is None
            assert told - 20 * MINUTE <= at_ms(m["done_at"]) <= told
            assert state_at(trouble, at_ms(m["done_at"])) is not None


def test_it_has_slower_vendors_and_some_who_say_less(city: City, reports: list[Entry]) -> None:
    life, length, told = Life(city, SEED), defaultdict(list), Counter()
    bells: dict[str, list[int]] = defaultdict(list)
    for day in DAYS:
        for index, outage in life.starting_on(day):
            if outage.code:
                vendor, kind = city.devices[index].traits.vendor, city.devices[index].kind
                length[vendor].append(outage.to_ms - outage.from_ms)
                if kind == "bell":
                    bells[vendor].append(length[vendor][-1])
    for m in repairs(reports):
        told[m["actor"].removeprefix("sim-")] += m["action"] == "repaired"
    assert median(bells["Byeol"]) > 1.5 * median(bells["Gaon"])
    assert set(length) == set(HABITS) == set(told)
    shares = {vendor: told[vendor] / len(length[vendor]) for vendor in HABITS}
    assert min(shares, key=lambda vendor: shares[vendor]) == "Byeol"


def test_it_tells_of_repairs_in_the_present_as_in_the_past(
    small: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    often = tuple(f._replace(per_day=6 * f.per_day) for f in life.FAILURES)
    monkeypatch.setattr(life, "FAILURES", often)  # enough of them in four days
    start, end = NOW - 3 * DAY, NOW + DAY
    whole = [e for chunk in Field(small, 3).past(start, end) for e in chunk]
    field = Field(small, 3)
    parted = [e for chunk in field.past(start, NOW) for e in chunk]
    field.go_live(NOW, vendors=True)
    parted += [e for at in range(NOW, end, HOUR) for e in field.live(at, at + HOUR)]
    assert len(repairs(whole)) >= 8
    assert sorted(repairs(parted), key=str) == sorted(repairs(whole), key=str)


def test_it_leaves_repairs_to_people_who_want_to_report_them(small: City) -> None:
    field = Field(small, 3)
    assert not [m for chunk in field.past(NOW - 9 * DAY, NOW, operators=False)
                for m in repairs(chunk)]  # fmt: skip
    field.go_live(NOW)
    assert not repairs(field.live(NOW, NOW + DAY // 4))


# -- dead sensors ----------------------------------------------------------------------------


def test_it_silences_a_share_of_the_sensors_for_good(small: City) -> None:
    died_ms = NOW - 2 * DAY
    before, after = _past(small), _past(small, Dying(0.2, died_ms))
    dead = _dead(small, 0.2)
    assert 0.13 <= len(dead) / len(small.devices) <= 0.27
    assert not any(d.kind == "gateway" for d in dead)
    gone = {d.id for d in dead}
    assert [e for e in before if e.at_ms < died_ms and _by(e) not in gone] == [
        e for e in after if e.at_ms < died_ms and _by(e) not in gone
    ]
    spoken = [m for m in said(after, "status") if m["device_id"] in gone]
    assert spoken and all(at_ms(m["until"]) <= died_ms for m in spoken)
    counted = [m for m in said(after, "traffic") if m["sensor_id"] in gone]
    assert all(at_ms(m["from"]) < died_ms for m in counted)
    living = [e for e in before if e.stream == "status" and _by(e) not in gone]
    assert living == [e for e in after if e.stream == "status" and _by(e) not in gone]


def _past(city: City, dying: Dying | None = None) -> list[Entry]:
    """Without what goes wrong on the way."""
    field = Field(city, 3, NOW, dying) if dying else Field(city, 3, NOW)
    field._on_the_way = lambda entries, _end: sorted(entries)
    return [e for chunk in field.past(NOW - 6 * DAY, NOW) for e in chunk]


def _by(entry: Entry) -> str:
    m = json.loads(entry.body)
    return m.get("device_id") or m.get("sensor_id") or ""


def _dead(city: City, share: float) -> list[Device]:
    outages = Life(city, 3, Dying(share, NOW)).outages(NOW, NOW + 400 * DAY)
    end = NOW + 400 * DAY
    ends = {i: spans(o, NOW, end)[-1] for i, o in outages.items()}
    return [city.devices[i] for i, last in ends.items() if last.code == "" and last.from_ms == NOW]


def test_it_silences_of_a_larger_share_all_of_a_smaller_one(small: City) -> None:
    few, many = _dead(small, 0.1), _dead(small, 0.3)
    assert {d.id for d in few} < {d.id for d in many}
    assert _dead(small, 0.0) == []


def test_it_hears_nothing_more_of_the_dead_in_the_present(small: City) -> None:
    field = Field(small, 3, 0, Dying(0.5, NOW + HOUR))
    field.go_live(NOW)
    spoken = field.live(NOW, NOW + 2 * HOUR)
    gone = {d.id for d in _dead(small, 0.5)}
    first = {_by(e) for e in spoken if e.at_ms < NOW + HOUR and e.stream == "status"}
    second = {_by(e) for e in spoken if e.at_ms > NOW + HOUR + MINUTE and e.stream == "status"}
    assert gone & first and not gone & second and second
