"""Is it believable? Rates and shares against what is known of such cities. Seeded, generous."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from statistics import median

import pytest

from data_sources.simulator.city import City, build_city
from data_sources.simulator.entry import DAY, HOUR, KST, Entry
from data_sources.simulator.incidents import incident_day
from data_sources.simulator.life import Life, spans
from data_sources.simulator.operators import plan_for
from data_sources.simulator.stories import Story, stories_of
from data_sources.simulator.traffic import traffic_day
from data_sources.sites import load_site

DAYS = range(20_724, 20_780)  # eight weeks
START, END = DAYS.start * DAY - KST, DAYS.stop * DAY - KST


@pytest.fixture(scope="module")
def city() -> City:
    return build_city(load_site("goyang"), 10_000, seed=20261122)


@pytest.fixture(scope="module")
def stories(city: City) -> list[Story]:
    tell = stories_of(city, Life(city, 20261122), 20261122)
    return [story for day in DAYS for story in tell(day)]


def test_it_is_available_more_than_99_percent_of_the_time(city: City) -> None:
    down, fault = defaultdict(int), 0
    for day in range(DAYS.start, DAYS.start + 14):
        start = day * DAY - KST
        for index, outages in Life(city, 20261122).outages(start, start + DAY).items():
            for span in spans(outages, start, start + DAY):
                if span.code is not None:
                    down[city.devices[index].traits.vendor] += span.to_ms - span.from_ms
                    fault += (span.to_ms - span.from_ms) if span.code else 0
    share = sum(down.values()) / (14 * DAY * len(city.devices))
    assert 0.003 <= share <= 0.008
    assert 0.2 <= fault / sum(down.values()) <= 0.6
    by_vendor = Counter(device.traits.vendor for device in city.devices)
    rate = {vendor: down[vendor] / by_vendor[vendor] for vendor in by_vendor}
    assert rate["Byeol"] > 1.5 * rate["Gaon"]  # makers differ, and figures can show it


def test_few_of_its_failures_are_work_and_few_of_those_repeat(city: City) -> None:
    """As work orders count: within 30 days of the last one. A few devices fail for ever."""
    life = Life(city, 20261122)
    ended: dict[int, int] = {}
    work, again = Counter[int](), Counter[int]()
    for day in DAYS:
        for index, outage in sorted(life.starting_on(day)):
            least_ms = HOUR // 2 if outage.code else 4 * HOUR
            if outage.to_ms - outage.from_ms < least_ms:
                continue
            work[index] += 1
            again[index] += outage.from_ms - ended.get(index, 0) < 30 * DAY
            ended[index] = outage.to_ms
    month = sum(work.values()) * 30 / len(DAYS)
    assert 600 <= month <= 1_400  # of 10,000 devices
    assert 0.08 <= sum(again.values()) / sum(work.values()) <= 0.16
    chronic = [d.index for d in city.devices if d.traits.wear > 5]
    assert 0.002 <= len(chronic) / len(city.devices) <= 0.007
    most = {index for index, _ in work.most_common(20)}
    assert len(most & set(chronic)) >= 10


def test_it_loses_a_gateway_a_few_times_a_week(city: City) -> None:
    life = Life(city, 20261122)
    dark = [o for day in DAYS for i, o in life.starting_on(day)
            if city.devices[i].kind == "gateway" and o.code == ""]  # fmt: skip
    assert 1.5 <= len(dark) / 8 <= 7
    assert 10 <= median((o.to_ms - o.from_ms) / 60_000 for o in dark) <= 60


def test_it_presses_sixteen_bells_a_day(stories: list[Story]) -> None:
    real = [s for s in stories if s.type == "bell" and s.cap_status == "Actual"]
    assert 13 <= len(real) / len(DAYS) <= 19
    verdicts = Counter(plan_for(s.alert_id, s.type).verdict for s in real)
    assert 0.31 <= (verdicts["mistaken"] + verdicts["malfunction"]) / len(real) <= 0.43
    nights = sum(1 for s in real if (s.at_ms + KST) // HOUR % 24 in (20, 21, 22, 23, 0, 1))
    assert nights / len(real) > 0.35


def test_it_tests_the_bells_of_every_route_once_a_month(stories: list[Story]) -> None:
    tests = [s for s in stories if s.cap_status == "Test"]
    assert all(s.type == "bell" for s in tests)
    rounds = Counter((s.device.route, (s.at_ms + KST) // DAY) for s in tests if s.device)
    per_route = Counter(route for route, _ in rounds)
    assert len(per_route) == 29
    assert all(1 <= n <= 4 for n in per_route.values())
    assert all(plan_for(s.alert_id, s.type, s.cap_status).verdict == "test" for s in tests)


def test_it_sees_25_things_a_day_most_of_which_pass(stories: list[Story]) -> None:
    seen = [s for s in stories if s.confidence is not None]
    assert 20 <= len(seen) / len(DAYS) <= 30
    assert all(0.5 < (s.confidence or 0) < 1 for s in seen)
    latching = [s for s in stories if s.type in ("bell", "sos_app", "scream")]
    assert all(s.cleared_ms is None for s in latching)
    others = [s for s in seen if s.type != "scream"]
    assert 0.7 <= sum(1 for s in others if s.cleared_ms) / len(others) <= 0.95


def test_it_takes_urgent_alerts_within_a_minute(stories: list[Story]) -> None:
    waits = defaultdict(list)
    for s in stories:
        if s.cap_status == "Actual":
            waits[s.type].append(plan_for(s.alert_id, s.type).take_after_ms / 1000)
    assert 33 <= median(waits["bell"]) <= 48
    assert median(waits["loitering"]) > 1.5 * median(waits["bell"])
    assert median(waits["crowding"]) > 2 * median(waits["loitering"])


def test_it_has_27_incidents_a_week_each_a_story_told_in_revisions(
    city: City, stories: list[Story]
) -> None:
    by_day = defaultdict(list)
    for s in stories:
        by_day[(s.at_ms + KST) // DAY].append(s)
    write = incident_day(city, 20261122, lambda day: by_day[day])
    revisions: dict[str, list[dict[str, object]]] = defaultdict(list)
    for day in DAYS:
        for entry in sorted(write(day)):
            m = json.loads(entry.body)
            revisions[m["incident_id"]].append(m)
    assert 22 <= len(revisions) / 8 <= 32
    assert all([m["rev"] for m in r] == sorted({m["rev"] for m in r}) for r in revisions.values())
    last = [r[-1] for r in revisions.values()]
    assert len({m["category"] for m in last}) == 10
    linked = [m for m in last if "alert_id" in m]
    assert {m["alert_id"] for m in linked} <= {s.alert_id for s in stories}
    assert 8 <= len(linked) <= 60
    codes = Counter(m["code112"] for m in last)
    assert codes[4] > 0 and all("arrived_at" not in m for m in last if m["code112"] == 4)


def test_it_has_busy_hours_and_quiet_ones(city: City) -> None:
    def people(entries: list[Entry], hour: int, route_of: set[str]) -> int:
        found = [json.loads(e.body) for e in entries]
        return sum(m["in"] + m["out"] for m in found
                   if m["sensor_id"] in route_of and m["from"][11:13] == f"{hour:02}")  # fmt: skip

    write = traffic_day(city, Life(city, 1), 1, END)
    monday, sunday = write(20_780 - 7), write(20_780 - 8)
    characters = {route.id: route.character for route in city.site.routes}
    station = {c.id for c in city.of_kind("counter") if characters.get(c.route) == "station"}
    park = {c.id for c in city.of_kind("counter") if characters.get(c.route) == "park"}
    assert station and park
    assert people(monday, 8, station) > 2 * people(monday, 11, station)
    assert people(monday, 3, station) < people(monday, 8, station) / 20
    assert people(sunday, 8, station) < people(monday, 8, station) / 2
    assert people(sunday, 14, park) > people(monday, 14, park)
    assert len(monday) > 0.9 * 24 * 240
