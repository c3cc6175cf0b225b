"""Acting through the API, with a stand-in for the worker: who was first, who may, what not."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis

from dashboard.records import ActionOutcome, AlertEvent, Status
from data_sources import keys
from data_sources.connect import open_client
from tests.live_room import Hand, LiveRoom, a_device, a_view, an_alert, now_ms

ACT = "/api/v1/alerts/A1/actions"


@pytest.fixture
def hand(redis_client: redis.Redis) -> Hand:
    hand = Hand(redis_client)
    hand.keep(
        registry=[a_device("B-1")],
        devices=[a_view("B-1")],
        alerts=[an_alert("A1", device_id="B-1")],
    )
    hand.tell()
    return hand


@pytest.fixture
def room(hand: Hand, redis_url: str) -> Iterator[LiveRoom]:
    room = LiveRoom(redis_url).start()
    yield room
    room.stop()


@pytest.fixture
def answering(hand: Hand, redis_url: str) -> Iterator[Callable[..., list[dict[str, Any]]]]:
    """answering(outcome_of) starts a stand-in for the worker; returns the actions it got."""
    client, ended, got = open_client(redis_url, block_ms=100), threading.Event(), []

    def start(outcome_of: Callable[[dict[str, Any]], dict[str, Any]]) -> list[dict[str, Any]]:
        def work() -> None:
            last = b"0"
            while not ended.is_set():
                for _, entries in client.xread({keys.stream(0, "actions"): last}, block=50):
                    for entry, fields in entries:
                        last = entry
                        got.append(json.loads(fields[b"d"]))
                        hand.tell(**outcome_of(got[-1]))

        threading.Thread(target=work, daemon=True).start()
        return got

    yield start
    ended.set()


def yes(action: dict[str, Any]) -> dict[str, Any]:
    """What the worker says of an acknowledge that was the first."""
    taken = an_alert(
        "A1", state="acknowledged", version=2, owner=action["actor"],
        acknowledged_by=action["actor"], acknowledged_ms=now_ms(),
        history=[AlertEvent(now_ms(), "acknowledge", action["actor"])],
    )  # fmt: skip
    outcome = ActionOutcome(action["action_id"], True, "A1", version=2)
    return {"alerts": [taken], "outcomes": [outcome]}


def no(action: dict[str, Any]) -> dict[str, Any]:
    outcome = ActionOutcome(
        action["action_id"], False, "A1", "conflict", "kim", "acknowledge", 1_700_000_000_000, 2
    )
    return {"outcomes": [outcome]}


def an_action(**fields: Any) -> dict[str, Any]:
    return {"action": "acknowledge", "version": 1, "action_id": "a-1"} | fields


def test_the_first_to_acknowledge_gets_the_new_alert(room: LiveRoom, answering) -> None:
    got = answering(yes)
    http = room.http("duty")
    answer = http.post(ACT, json=an_action())
    assert answer.status_code == 200 and answer.json()["state"] == "acknowledged"
    assert got[0]["actor"] == "duty-tool" and got[0]["role"] == "duty" and got[0]["v"] == 1
    again = http.post(ACT, json=an_action())
    assert again.json() == answer.json() and len(got) == 1


def test_the_second_is_told_who_was_first(room: LiveRoom, answering) -> None:
    answering(no)
    answer = room.http("duty").post(ACT, json=an_action())
    assert answer.status_code == 409
    body = answer.json()
    assert (body["error"], body["by"], body["action"]) == ("conflict", "kim", "acknowledge")
    assert body["at"] == "2023-11-14T22:13:20Z" and body["alert"]["alert_id"] == "A1"


def test_no_answer_is_never_shown_as_done(room: LiveRoom) -> None:
    room.sources.actions._patience_s = 0.2
    answer = room.http("duty").post(ACT, json=an_action())
    assert answer.status_code == 504 and answer.json() == {"error": "not_confirmed"}


NONSENSE = (
    ({"action": "explode"}, "action"),
    ({"version": 0}, "version"),
    ({"action_id": "no spaces"}, "action_id"),
    ({"note": "x" * 201}, "note"),
    ({"action": "assign"}, ""),
    ({"action": "assign", "to": "nobody"}, "to"),
    ({"action": "close"}, "verdict"),
    ({"action": "close", "verdict": "perhaps"}, "verdict"),
    ({"actor": "somebody else"}, "actor"),
    ({"version": 10**12}, "version"),
)


def test_nonsense_is_refused_by_field(room: LiveRoom) -> None:
    http = room.http("duty")
    for fields, field in NONSENSE:
        answer = http.post(ACT, json=an_action(**fields))
        assert answer.status_code == 422, fields
        (problem,) = answer.json()["problems"]
        assert problem["field"] == field and problem["message"]


def test_who_may_not_is_refused(room: LiveRoom, hand: Hand) -> None:
    for role in ("manager", "executive", "admin"):
        assert room.http(role).post(ACT, json=an_action()).status_code == 403
    assert room.http("duty").post("/api/v1/devices/B-1/actions", json={}).status_code == 403
    assert room.http("executive").get("/api/v1/feeds").status_code == 403
    assert (
        room.http("duty").post("/api/v1/alerts/none/actions", json=an_action()).status_code == 404
    )
    assert hand.client.xlen(keys.stream(0, "actions")) == 0


def test_an_operator_takes_a_device_out_of_service(room: LiveRoom, answering) -> None:
    def out(action: dict[str, Any]) -> dict[str, Any]:
        assert action["until"] == "2026-12-01T00:00:00Z"
        return {"devices": [a_view("B-1", Status.OUT_OF_SERVICE, out_of_service_by="x")],
                "outcomes": [ActionOutcome(action["action_id"], True, "B-1")]}  # fmt: skip

    answering(out)
    action = {"action": "out_of_service", "action_id": "d-1", "reason": "works",
              "until": "2026-12-01T09:00:00+09:00"}  # fmt: skip
    answer = room.http("operator").post("/api/v1/devices/B-1/actions", json=action)
    assert answer.status_code == 200 and answer.json()["status"] == "out_of_service"
    bare = {"action": "out_of_service", "action_id": "d-2"}
    never = {**action, "until": "9999-12-31T23:00:00-14:00"}  # no such moment in UTC
    for wrong in (bare, {**bare, "reason": "  "}, never):
        answer = room.http("operator").post("/api/v1/devices/B-1/actions", json=wrong)
        assert answer.status_code == 422
