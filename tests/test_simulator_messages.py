"""Every message by the contract; the same whenever and however it is asked for."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict

import pytest

from dashboard.records import AlertView
from data_sources.simulator.beats import natural_rate
from data_sources.simulator.city import City, build_city
from data_sources.simulator.entry import DAY, HOUR, MINUTE, Entry, stamp
from data_sources.simulator.field import Field, full_hour, lights_near, registry
from data_sources.simulator.life import Life, spans, state_at
from data_sources.simulator.mischief import mischief
from data_sources.simulator.rota import Rota
from data_sources.simulator.runs import runs
from data_sources.simulator.speech import lamp_is_on
from data_sources.simulator.stories import stories_of
from data_sources.sites import load_site
from tests.contract_checker import moment, problems

SITE = load_site("goyang")
NOW = 1_795_390_000_000  # 2026-11-23 08:26 KST, a Monday
PAST = NOW - 9 * DAY


@pytest.fixture(scope="module")
def city() -> City:
    return build_city(SITE, 800, seed=3)


@pytest.fixture(scope="module")
def past(city: City) -> list[Entry]:
    field = Field(city, 3, full_hour(NOW))
    return [entry for chunk in field.past(PAST, NOW) for entry in chunk]


@pytest.fixture(scope="module")
def present(city: City) -> list[Entry]:
    field = Field(city, 3, full_hour(NOW))
    field.go_live(NOW)
    return field.live(NOW, NOW + 2 * HOUR)


def at_ms(text: str) -> int:
    at = moment(text)
    assert at is not None
    return round(at.timestamp() * 1000)


def test_it_keeps_the_contract(city: City, past: list[Entry], present: list[Entry]) -> None:
    everything = registry(city.devices, PAST) + past + present
    wrong = [(e.stream, found) for e in everything if (found := problems(e.stream, e.body))]
    assert len(wrong) < 0.001 * len(everything)
    assert {e.stream for e in past} == {
        "registry", "status", "alerts", "traffic", "incidents", "actions"
    }  # fmt: skip
    clean = Field(city, 3, full_hour(NOW))
    clean._on_the_way = lambda entries, _end: entries
    for chunk in clean.past(PAST, NOW):
        assert [(e.body, f) for e in chunk if (f := problems(e.stream, e.body))] == []


def test_it_writes_a_history_in_order_of_time(past: list[Entry]) -> None:
    assert [e.at_ms for e in past] == sorted(e.at_ms for e in past)
    assert PAST <= past[0].at_ms and past[-1].at_ms < NOW


def test_it_says_the_same_for_the_same_seed(city: City, past: list[Entry]) -> None:
    again = [e for chunk in Field(city, 3, full_hour(NOW)).past(PAST, NOW) for e in chunk]
    assert again == past
    other = Field(city, 4, full_hour(NOW)).past(PAST, NOW)
    assert [e for chunk in other for e in chunk] != past


def test_it_does_not_matter_how_time_is_cut(city: City, present: list[Entry]) -> None:
    rng, at, told = random.Random(5), NOW, []
    field = Field(city, 3, full_hour(NOW))
    field.go_live(NOW)
    while at < NOW + 2 * HOUR:
        until = min(NOW + 2 * HOUR, at + rng.choice((1, 50, 997, 10_000, 400_000)))
        told += field.live(at, until)
        at = until
    assert sorted(told) == sorted(present)


def test_it_covers_all_the_time_a_device_lives(city: City) -> None:
    life = Life(city, 3)
    told = defaultdict(list)
    for chunk in runs(city, life, PAST, NOW):
        for entry in chunk:
            m = json.loads(entry.body)
            code = m["faults"][0] if m["state"] == "fault" else None
            told[m["device_id"]].append((at_ms(m["ts"]), at_ms(m["until"]), code))
    outages = life.outages(PAST, NOW)
    for device in city.devices:
        expected = [s for s in spans(outages.get(device.index, []), PAST, NOW) if s.code != ""]
        assert joined(told[device.id]) == [tuple(span) for span in expected]


def joined(stretches: list[tuple[int, int, str | None]]) -> list[tuple[int, int, str | None]]:
    result: list[tuple[int, int, str | None]] = []
    for start, end, code in sorted(stretches):
        if result and result[-1][1:] == (start, code):
            result[-1] = (result[-1][0], end, code)
        else:
            result.append((start, end, code))
    return result


def test_it_goes_on_in_the_present_as_the_past_ended(city: City, present: list[Entry]) -> None:
    life, heard = Life(city, 3), defaultdict(list)
    for entry in present:
        if entry.stream == "status" and not problems("status", entry.body):
            m = json.loads(entry.body)
            heard[m["device_id"]].append((at_ms(m["ts"]), m["state"]))
    outages = life.outages(NOW, NOW + 2 * HOUR)
    for device in city.devices:
        mine, beats = outages.get(device.index, []), heard[device.id]
        for at, state in beats:
            assert (state == "fault") == (state_at(mine, at) is not None)
        if device.heartbeat_ms <= HOUR and not mine:
            assert len(beats) >= 2 * HOUR // device.heartbeat_ms


def test_it_switches_lamps_at_dusk(city: City) -> None:
    dusk = full_hour(NOW) + 9 * HOUR  # 17:00 KST, the sun sets at 17:18
    field = Field(city, 3, full_hour(NOW))
    field.go_live(dusk)
    lamps = [json.loads(e.body) for e in field.live(dusk, dusk + HOUR) if '"lamp"' in e.body]
    on = [m["lamp"]["on"] for m in lamps if at_ms(m["ts"]) < dusk + 10 * MINUTE]
    assert not any(on)
    assert all(m["lamp"]["on"] for m in lamps if at_ms(m["ts"]) > dusk + 40 * MINUTE)
    light = city.of_kind("light")[0]
    assert lamp_is_on(light, dusk + 8 * HOUR) and not lamp_is_on(light, dusk - 3 * HOUR)


def test_it_blinks_the_street_lights_near_a_call_for_help() -> None:
    city = build_city(SITE, 4_000, seed=3)
    tell = stories_of(city, Life(city, 3), 3)
    calls = [s for s in tell(20_780) if s.type == "bell" and lights_near(city, s.lon, s.lat)]
    call = calls[0].at_ms
    field = Field(city, 3, 0)
    field.go_live(call - MINUTE)
    told = field.live(call - MINUTE, call + 15 * MINUTE)
    blinking = [e.at_ms for e in told if "sos_blink" in e.body]
    assert blinking and min(blinking) == call + 1_000
    assert max(blinking) < call + 3 * MINUTE
    light = next(json.loads(e.body)["device_id"] for e in told if "sos_blink" in e.body)
    last = [e.body for e in told if f'"{light}"' in e.body][-1]
    assert '"mode":"schedule"' in last


def test_it_counts_people_by_the_hour_in_the_past_and_the_quarter_now(past: list[Entry]) -> None:
    seen = Counter()
    for entry in past:
        if entry.stream == "traffic" and not problems("traffic", entry.body):
            m = json.loads(entry.body)
            seen[m["sensor_id"], m["from"]] += 1
            hours = at_ms(m["to"]) <= full_hour(NOW)
            assert at_ms(m["to"]) - at_ms(m["from"]) == (HOUR if hours else 15 * MINUTE)
    assert sum(1 for n in seen.values() if n > 1) < 10  # duplicates on purpose


def test_it_is_a_little_wrong_now_and_then() -> None:
    body = '{{"v":1,"device_id":"C-{n}","ts":"2026-11-23T08:26:40+09:00","state":"ok"}}'
    plain = [Entry(NOW + n, 0, "status", body.format(n=n)) for n in range(100_000)]
    sent = list(mischief(plain, seed=1))
    broken = [e for e in sent if problems("status", e.body)]
    twice = len(sent) - len(broken) - len(plain)
    assert 4 <= len(broken) <= 40 and 5 <= twice <= 45
    assert {e.body for e in plain} <= {e.body for e in sent}  # nothing is lost
    order = {e.body: e.at_ms for e in plain}
    late = [e.at_ms - order[e.body] for e in sent if e.at_ms > order.get(e.body, e.at_ms)]
    assert 10 <= len(late) <= 80 and max(late) < MINUTE


@pytest.mark.parametrize("rate", [300.0, 2_000.0])
def test_it_is_a_load_generator(city: City, rate: float) -> None:
    field = Field(city, 3, 0)
    field.go_live(NOW, rate)
    entries = field.live(NOW, NOW + 10_000)
    assert len(entries) == pytest.approx(10 * rate, rel=0.1)
    states = [json.loads(e.body)["state"] for e in entries if e.body.startswith('{"v":1,"device')
              and not problems("status", e.body)]  # fmt: skip
    changes = len(entries) - 10 * natural_rate(city)
    assert Counter(states)["fault"] > 0.3 * changes
    assert stamp(NOW)[:10] in entries[0].body


def test_it_can_be_nobody() -> None:
    field = Field(build_city(SITE, 0, seed=1), 1, 0)
    assert [e for chunk in field.past(NOW - DAY, NOW) for e in chunk] == []
    field.go_live(NOW)
    assert field.live(NOW, NOW + HOUR) == []


def test_it_leaves_alerts_pressed_by_hand_to_people() -> None:
    mine = AlertView("sim-1", "bell", 1, "unacknowledged", 0)
    by_hand = AlertView("B-0117-20261122T211405", "bell", 1, "unacknowledged", 0)
    rota = Rota(lambda alert_id, _raised_ms: alert_id == "sim-1")
    rota.hear(0, [mine, by_hand])
    assert [json.loads(entry.body)["alert_id"] for entry in rota.due(3_600_000)] == ["sim-1"]
