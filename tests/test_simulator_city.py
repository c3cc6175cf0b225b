"""The simulated city: enough of everything, everywhere, and the same for the same seed."""

from __future__ import annotations

from collections import Counter

import pytest

from dashboard.geo import point_to_line_m, zone_of
from data_sources.simulator.city import City, build_city
from data_sources.simulator.entry import day_of, stamp
from data_sources.simulator.field import registry
from data_sources.simulator.sky import sun_times
from data_sources.sites import load_site

SITE = load_site("goyang")


@pytest.fixture(scope="module")
def city() -> City:
    return build_city(SITE, 10_000, seed=1)


def test_it_has_ten_thousand_devices_of_all_kinds(city: City) -> None:
    kinds = Counter(device.kind for device in city.devices)
    assert len(city.devices) == 10_000 == len({device.id for device in city.devices})
    assert kinds["bell"] == 1_700 and kinds["counter"] == 240 and kinds["cctv"] == 3_000
    assert set(kinds) == set(SITE.kinds) and kinds["light"] > 4_000


def test_it_covers_every_dong_and_every_safe_route(city: City) -> None:
    for kind in ("bell", "cctv", "light"):
        assert {d.zone for d in city.devices if d.kind == kind} == set(SITE.zone_by_code)
    for route in SITE.routes:
        here = Counter(d.kind for d in city.devices if d.route == route.id)
        assert here["bell"] >= 4 and here["cctv"] >= 6 and here["light"] >= 15


def test_it_puts_devices_where_they_say_they_are(city: City) -> None:
    for device in city.devices:
        assert zone_of(SITE, device.lon, device.lat) == device.zone
        if device.route:
            line = SITE.route_by_id[device.route].line
            assert point_to_line_m(device.lon, device.lat, line) < 10


def test_it_puts_children_behind_a_gateway_of_their_own_zone_and_partition() -> None:
    city = build_city(SITE, 10_000, seed=1, partitions=4)
    gateways = {device.id: device for device in city.devices if device.kind == "gateway"}
    children = Counter(device.gateway for device in city.devices if device.gateway)
    assert set(children) == set(gateways)
    assert 35 <= sum(children.values()) / len(gateways) <= 40
    for device in city.devices:
        if device.gateway:
            parent = gateways[device.gateway]
            assert (parent.zone, parent.p) == (device.zone, device.p)
    assert {device.p for device in city.devices} == {0, 1, 2, 3}


def test_it_is_the_same_city_for_the_same_seed_only(city: City) -> None:
    assert build_city(SITE, 10_000, seed=1).devices == city.devices
    assert build_city(SITE, 10_000, seed=2).devices != city.devices


@pytest.mark.parametrize("number", [0, 1, 2, 7, 60, 1_000])
def test_it_scales_down_to_nothing(number: int) -> None:
    city = build_city(SITE, number, seed=1)
    assert len(city.devices) == number
    assert [device.index for device in city.devices] == list(range(number))
    assert len(registry(city.devices, 0)) == number


def test_it_beats_about_as_often_as_a_real_city(city: City) -> None:
    assert 120 <= sum(1000 / device.heartbeat_ms for device in city.devices) <= 200


@pytest.mark.parametrize(
    ("date", "rise", "set_"),
    [  # Seoul and Goyang, published tables, minutes of the day
        ("2026-06-21", 5 * 60 + 11, 19 * 60 + 57),
        ("2026-12-22", 7 * 60 + 44, 17 * 60 + 18),
        ("2026-03-20", 6 * 60 + 36, 18 * 60 + 44),
    ],
)
def test_it_knows_when_it_gets_dark(date: str, rise: int, set_: int) -> None:
    day = next(d for d in range(20_000, 22_000) if stamp(d * 86_400_000).startswith(date))
    minutes = [int(stamp(at)[11:13]) * 60 + int(stamp(at)[14:16]) for at in sun_times(day)]
    assert abs(minutes[0] - rise) <= 4 and abs(minutes[1] - set_) <= 4
    assert [day_of(at) for at in sun_times(day)] == [day, day]
