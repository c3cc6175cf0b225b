"""The life of an alert: every pair of state and action, races, latching, what came too early."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from dashboard.records import AlertState
from dashboard.stream.alerts import TRANSITIONS, AlertRecord
from tests.builders import START_MS, World, cleared, did, pressed, registered

ACTIONS = ("acknowledge", "assign", "release", "note", "close")
EXTRA: dict[str, dict[str, Any]] = {"close": {"verdict": "real"}, "assign": {"to": "operator"}}


def alert(world: World, alert_id: str = "A-1") -> AlertRecord:
    return world.picture.alerts[alert_id]


def in_state(state: str) -> World:
    world = World().hear(pressed(type_="fall"))
    if state == "returned":
        return world.hear(cleared(ts=5, type_="fall"))
    if state in ("acknowledged", "closed"):
        world.hear(did("acknowledge", 5))
    if state == "closed":
        world.hear(did("close", 6, version=2, verdict="real"))
    return world


@pytest.mark.parametrize(("state", "action"), [*itertools.product(AlertState, ACTIONS)])
def test_it_allows_exactly_the_transitions_of_the_table(state: str, action: str) -> None:
    world = in_state(state)
    world.hear(did(action, 9, actor="second", version=99, **EXTRA.get(action, {})))
    (outcome,) = world.last.outcomes
    assert outcome.ok == ((state, action) in TRANSITIONS)
    assert alert(world).state == TRANSITIONS.get((state, action), state)


def test_it_lets_the_first_of_two_officers_win_and_tells_the_other_who_it_was() -> None:
    world = World().hear(pressed())
    world.hear(did("acknowledge", 5, "kim"), did("acknowledge", 6, "lee"))
    won, lost = world.last.outcomes
    assert won.ok
    assert not lost.ok
    assert (lost.reason, lost.who_by, lost.who_action) == ("conflict", "kim", "acknowledge")
    assert lost.who_at_ms == START_MS + 5_000
    assert alert(world).owner == "kim"


def test_it_refuses_an_action_on_an_alert_that_changed_hands_unseen() -> None:
    world = World().hear(pressed()).hear(did("acknowledge", 5, "kim"))
    world.hear(did("close", 9, "lee", version=1, verdict="real"))
    assert world.last.outcomes[0].reason == "conflict"
    assert alert(world).state == "acknowledged"


def test_it_does_not_mind_a_note_written_meanwhile() -> None:
    world = World().hear(pressed()).hear(did("note", 4, "lee", note="on the phone"))
    world.hear(did("acknowledge", 5, "kim", version=1))
    assert alert(world).owner == "kim"


def test_it_gives_the_same_answer_to_the_same_action_twice() -> None:
    world = World().hear(pressed()).hear(did("acknowledge", 5))
    version = alert(world).version
    world.hear(did("acknowledge", 5))
    assert world.last.outcomes[0].ok
    assert alert(world).version == version
    assert world.picture.counts["actions"].duplicate == 1


@pytest.mark.parametrize("kind", ["bell", "sos_app", "scream"])
def test_it_never_lets_a_latching_alert_clear_by_itself(kind: str) -> None:
    world = World().hear(pressed(type_=kind)).hear(cleared(ts=5, type_=kind))
    assert alert(world).state == "unacknowledged"
    world.hear(did("acknowledge", 6, version=9))
    assert alert(world).state == "acknowledged"


def test_it_does_not_close_a_latching_alert_without_a_verdict() -> None:
    world = World().hear(pressed()).hear(did("close", 5))
    assert world.last.outcomes[0].reason == "verdict_required"
    assert alert(world).state == "unacknowledged"


def test_it_returns_when_cleared_before_anyone_took_it_and_closes_when_taken() -> None:
    world = World().hear(pressed(type_="fall")).hear(cleared(ts=5, type_="fall"))
    assert alert(world).state == "returned"
    world.hear(did("acknowledge", 8, version=9))
    assert alert(world).state == "closed"
    assert alert(world).closed_ms == START_MS + 8_000


def test_it_never_reopens_what_was_cleared_by_a_late_acknowledge() -> None:
    late = World().hear(pressed(type_="fall")).hear(cleared(ts=5, type_="fall"))
    late.hear(did("acknowledge", 4, version=9))
    early = World().hear(pressed(type_="fall")).hear(did("acknowledge", 4))
    early.hear(cleared(ts=5, type_="fall"))
    assert alert(late).state == alert(early).state == "closed"
    assert alert(late).closed_ms == alert(early).closed_ms == START_MS + 5_000


def test_it_keeps_what_came_before_the_alert_until_it_comes() -> None:
    world = World().hear(cleared(ts=9, type_="fall"), did("acknowledge", 5))
    assert world.picture.alerts == {}
    assert world.last.outcomes[0].reason == "unknown_alert"
    world.hear(pressed(type_="fall"))
    assert alert(world).state == "closed"
    assert world.picture.waiting == {}


def test_it_goes_back_to_the_queue_when_released() -> None:
    world = World().hear(pressed()).hear(did("acknowledge", 5)).hear(did("release", 6, version=2))
    assert (alert(world).state, alert(world).owner) == ("unacknowledged", "")
    assert alert(world).acknowledged_ms == START_MS + 5_000  # it was taken once: that stays true


def test_it_counts_an_alert_once_however_often_it_is_sent() -> None:
    world = World().hear(pressed(), pressed(), pressed()).hear(pressed())
    assert world.total("a:bell") == 1
    assert world.picture.counts["alerts"].duplicate == 3


def test_it_keeps_tests_and_exercises_out_of_every_figure() -> None:
    world = World().hear(pressed(cap_status="Test"), pressed("A-2", cap_status="Exercise"))
    world.hear(did("close", 5, verdict="test"))
    assert world.total("x:bell") == 2
    assert world.total("a:bell") == world.total("v:bell:test") == world.total("l:close:n") == 0


def test_it_moves_an_alert_to_its_devices_group_when_that_registers_later() -> None:
    world = World().hear(pressed())
    world.hear(registered("D-1", "bell", zone="4128554000", route_id="R-07", vendor="Lumen"))
    figures = {k[2]: n for k, n in world.figures().items() if k[0] == "h" and k[3] == "a:bell"}
    assert list(figures.values()) == [1]
    assert next(iter(figures))[:4] == ("bell", "4128554000", "R-07", "Lumen")
    assert alert(world).route_id == "R-07"


def test_it_makes_tampering_more_urgent_at_night() -> None:
    day, night = 12 * 3600, 3 * 3600  # 08:06 and 23:06 KST
    world = World().hear(pressed("A-1", day, "tamper"), pressed("A-2", night, "tamper"))
    assert (alert(world).priority, alert(world, "A-2").priority) == (3, 2)


def test_it_has_the_point_of_its_device_also_when_that_is_registered_later() -> None:
    late = World().hear(pressed()).hear(registered())
    early = World().hear(registered()).hear(pressed())
    points = [(w.picture.alerts["A-1"].lon, w.picture.alerts["A-1"].lat) for w in (late, early)]
    assert points == [(126.78, 37.66)] * 2
