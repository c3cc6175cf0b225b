"""What is shown of a device, and since when."""

from __future__ import annotations

import pytest

from dashboard.records import Status
from tests.builders import START_MS, World, at, beat, did, pressed, registered


def test_it_is_unknown_until_first_heard() -> None:
    assert World().hear(registered()).status() == "unknown"


def test_it_shows_what_the_newest_status_says_whatever_came_last() -> None:
    world = World().hear(registered(), beat(ts=20, state="fault"), beat(ts=10))
    assert world.status() == "fault"
    assert world.picture.counts["status"].duplicate == 1


def test_it_lets_the_higher_seq_win_between_equal_times() -> None:
    world = World().hear(registered(), beat(ts=5, seq=2, state="fault"), beat(ts=5, seq=1))
    assert world.status() == "fault"


def test_it_counts_an_exact_repeat_as_duplicate() -> None:
    world = World().hear(registered(), beat(ts=5), beat(ts=5))
    counts = world.picture.counts["status"]
    assert (counts.accepted, counts.duplicate) == (1, 1)


def test_it_is_offline_after_three_missed_beats_dated_back_to_the_first() -> None:
    world = World().hear(registered(), registered("D-2"), beat(ts=0), beat("D-2", ts=180))
    assert world.status() == "ok"
    world.hear(beat("D-2", ts=181))
    assert world.status() == "offline"
    assert world.picture.devices["D-1"].since_ms == START_MS + 60_000


def test_it_is_never_offline_before_a_minute_of_silence() -> None:
    world = World().hear(registered(heartbeat_s=1), registered("D-2"), beat(), beat("D-2", ts=60))
    assert world.status() == "ok"
    assert world.hear(beat("D-2", ts=60.001)).status() == "offline"


def test_it_comes_back_from_offline_with_the_next_beat() -> None:
    world = World().hear(registered(), registered("D-2"), beat(), beat("D-2", ts=500))
    assert world.status() == "offline"
    world.hear(beat(ts=501))
    assert world.status() == "ok"
    assert world.picture.devices["D-1"].since_ms == START_MS + 501_000


def test_it_takes_a_run_as_life_until_its_end() -> None:
    world = World().hear(registered(), registered("D-2"), beat(until=beat(ts=3600)[1]["ts"]))
    assert world.hear(beat("D-2", ts=3780)).status() == "ok"
    assert world.hear(beat("D-2", ts=3781)).status() == "offline"


def test_it_lets_alerts_move_feed_time_only_when_nothing_else_waits() -> None:
    world = World().hear(registered(), beat(), pressed(ts=500), drained=False)
    assert world.status() == "ok"
    assert world.hear(drained=True).status() == "offline"


def test_it_never_moves_feed_time_ahead_of_the_wall_clock() -> None:
    world = World().hear(registered(), registered("D-2"), beat(), now_s=100)
    world.hear(beat("D-2", ts=340), now_s=100)  # a clock four minutes fast
    assert world.picture.clock.watermark_ms == START_MS + 100_000
    assert world.status() == "ok"


def test_it_is_out_of_service_while_an_operator_says_so() -> None:
    world = World().hear(registered(), beat())
    world.hear(did("out_of_service", ts=10, device_id="D-1"))
    assert world.status() == "out_of_service"
    world.hear(beat(ts=30, state="fault"))
    assert world.status() == "out_of_service"
    world.hear(did("return_to_service", ts=40, device_id="D-1"))
    assert world.status() == "fault"


def test_it_returns_to_service_at_the_time_the_operator_named() -> None:
    world = World().hear(registered(), beat())
    world.hear(did("out_of_service", ts=10, device_id="D-1", until=at(40)))
    assert world.hear(beat(ts=39)).status() == "out_of_service"
    assert world.hear(beat(ts=41)).status() == "ok"
    device = world.picture.devices["D-1"]
    assert (device.out_of_service_until_ms, device.out_of_service_by) == (None, "")
    world.hear(beat(ts=200))
    assert world.picture.devices["D-1"].settled.out_ms is None


def test_it_takes_another_end_while_out_of_service() -> None:
    world = World().hear(registered(), beat())
    world.hear(did("out_of_service", ts=10, device_id="D-1", until=at(40)))
    world.hear(did("out_of_service", ts=20, device_id="D-1", until=at(90), actor="operator"))
    assert world.hear(beat(ts=60)).status() == "out_of_service"
    assert world.picture.devices["D-1"].out_of_service_until_ms == START_MS + 90_000
    assert world.hear(beat(ts=91)).status() == "ok"


def gateway_world(children: int = 40) -> World:
    world = World().hear(registered("GW-12", "gateway", heartbeat_s=30), registered("D-2"))
    names = [f"C-{n}" for n in range(children)]
    world.hear(*(registered(name, gateway_id="GW-12") for name in names))
    for second in (0, 30, 60):
        world.hear(beat("GW-12", ts=second), *(beat(n, ts=second) for n in names))
    return world


def test_it_shows_children_of_a_dead_gateway_as_unknown_with_one_alarm() -> None:
    world = gateway_world()
    for second in range(70, 500, 10):
        world.hear(beat("D-2", ts=second))
    assert world.status("GW-12") == "offline"
    statuses = {world.status(f"C-{n}") for n in range(40)}
    assert statuses == {"unknown"}
    assert {world.picture.devices[f"C-{n}"].behind for n in range(40)} == {"GW-12"}
    assert [a.type for a in world.picture.alerts.values()] == ["gateway_down"]
    assert next(iter(world.picture.alerts.values())).children == 40


def test_it_never_shows_a_child_offline_on_the_way_into_a_gateway_outage() -> None:
    world = gateway_world(3)
    for second in range(61, 500):
        world.hear(beat("D-2", ts=second))
        assert world.status("C-1") != "offline", second


def test_it_gives_children_time_to_speak_after_their_gateway_came_back() -> None:
    world = gateway_world(3)
    world.hear(*(beat("D-2", ts=s) for s in range(61, 600, 20)))
    world.hear(beat("GW-12", ts=600))
    (alert,) = world.picture.alerts.values()
    assert alert.state == "returned"
    assert world.status("C-0") == "unknown"
    world.hear(beat("C-0", ts=610))
    assert world.status("C-0") == "ok"
    world.hear(*(beat("GW-12", ts=s) for s in range(610, 800, 30)), beat("D-2", ts=800))
    assert world.status("C-1") == "offline"


def test_it_keeps_a_child_that_speaks_another_way_as_it_says() -> None:
    world = gateway_world(2)
    for second in range(70, 500, 10):
        world.hear(beat("D-2", ts=second), beat("C-1", ts=second))
    assert world.status("C-1") == "ok"
    assert world.status("C-0") == "unknown"


def test_it_makes_a_cut_feed_unknown_not_offline_when_it_comes_back() -> None:
    world = World().hear(*(registered(f"D-{n}", heartbeat_s=10) for n in range(50)))
    world.hear(*(beat(f"D-{n}", ts=0) for n in range(50)))
    world.arrived += 600_000  # ten minutes without a message
    world.hear(beat("D-0", ts=600))
    assert world.status("D-0") == "ok"
    assert {world.status(f"D-{n}") for n in range(1, 50)} == {"unknown"}
    world.hear(*(beat("D-0", ts=600 + s) for s in (10, 20, 30, 40, 50, 61)))
    assert world.status("D-7") == "offline"


def test_it_settles_a_cut_of_the_feed_as_unknown_time() -> None:
    world = World().hear(*(registered(f"D-{n}", heartbeat_s=10) for n in range(5)))
    world.hear(*(beat(f"D-{n}", ts=0) for n in range(5)))
    world.arrived += 600_000
    world.hear(*(beat(f"D-{n}", ts=600) for n in range(5)))
    world.hear(*(beat(f"D-{n}", ts=660) for n in range(5)))
    world.hear(beat("D-0", ts=700))  # frontier 640
    counts = [sum(c) for c in zip(*world.picture.ledger.now_counts.values(), strict=True)]
    assert counts[Status.OK] == 5
    assert world.total("fail") == 0
    hour_end = (START_MS // 3_600_000 + 1) * 3_600_000
    projected_ok = 5 * (hour_end - START_MS - 600_000)
    assert world.total("s0") == pytest.approx(projected_ok, abs=5)


def test_it_says_behind_which_gateway_only_while_that_is_the_reason() -> None:
    world = gateway_world(2)
    for second in range(70, 500, 10):
        world.hear(beat("D-2", ts=second))
    child = world.picture.devices["C-0"]
    assert (world.status("C-0"), child.behind) == ("unknown", "GW-12")
    world.hear(beat("GW-12", ts=500))
    assert (world.status("C-0"), child.behind) == ("unknown", "")  # waits to be heard itself
    assert "C-0" in world.last.seen


def test_it_says_so_of_a_child_first_heard_of_behind_a_dead_gateway() -> None:
    world = gateway_world(0)
    for second in range(70, 500, 10):
        world.hear(beat("D-2", ts=second))
    world.hear(registered("C-9", gateway_id="GW-12"), beat("C-9", ts=50))
    child = world.picture.devices["C-9"]
    assert (world.status("C-9"), child.behind) == ("unknown", "GW-12")
    assert child.since_ms is not None


def settled_hours(world: World) -> dict[str, float]:
    """Of everything counted up to the last message, an hour after the last that matters."""
    for _ in range(3):
        world.hear()
    return {name: world.total(name) / 3_600_000 for name in ("s0", "s1", "s2", "s3")}


def test_it_takes_a_gateway_to_be_back_when_it_speaks_not_when_its_run_ends() -> None:
    """What was buffered comes as runs, and none of them ends where another does."""
    hour, world = 3_600, World()
    gateway, child = ("GW-1", "gateway", 0), ("C-1", "bell", 0)
    world.hear(registered(*gateway, heartbeat_s=60), registered(*child, gateway_id="GW-1"))
    world.hear(*(beat(name, 0, until=at(2 * hour)) for name in ("GW-1", "C-1")))
    world.hear(beat("GW-1", 3 * hour, until=at(50 * hour)))
    world.hear(beat("C-1", 3 * hour, until=at(20 * hour)))
    world.hear(beat("C-1", 20 * hour, until=at(60 * hour)))
    world.hear(beat("GW-1", 50 * hour, until=at(60 * hour)))
    found = settled_hours(world)
    assert found["s2"] == found["s3"] == pytest.approx(1 - 1 / 60)


def test_it_keeps_planned_time_planned_when_the_device_is_dead_afterwards() -> None:
    """It was switched off for the works: silence counts from the end of the works."""
    hour, world = 3_600, World()
    world.hear(registered(), registered("D-2"))
    world.hear(beat(ts=0, until=at(2 * hour)), beat("D-2", 0, until=at(9 * hour)))
    world.hear(did("out_of_service", hour, device_id="D-1", reason="works", until=at(5 * hour)))
    world.hear(beat("D-2", 9 * hour))
    found = settled_hours(world)
    assert found["s1"] == pytest.approx(4.0)
    assert world.picture.devices["D-1"].settled.since_ms == START_MS + 5 * hour * 1000
