"""Work orders through the API, with a real worker behind it: who may, who was first, what not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest
import redis

from dashboard.config import Settings
from dashboard.records import OrderView, Round
from data_sources import keys
from data_sources.connect import open_client
from data_sources.worker import BLOCK_MS, Worker
from tests.builders import SITE
from tests.field import Field, now
from tests.live_room import LiveRoom, now_ms, wait_until

HOUR_S = 3600


def say_broken(field: Field, device_id: str, **more: Any) -> None:
    """Well three hours ago, broken for two: work since an hour and a half."""
    place = {"lon": 126.78, "lat": 37.66, "heartbeat_s": 60, "vendor": "Gaon"} | more
    kind = place.pop("kind", "light")
    field.say("registry", device_id=device_id, ts=now(4 * HOUR_S), kind=kind, **place)
    field.say("status", device_id=device_id, ts=now(3 * HOUR_S), state="ok", until=now(7300))
    field.say("status", device_id=device_id, ts=now(2 * HOUR_S), state="fault", until=now(0),
              faults=["lamp_out"])  # fmt: skip


@pytest.fixture
def field(redis_client: redis.Redis) -> Field:
    field = Field(redis_client)
    say_broken(field, "L-1")
    say_broken(field, "B-1", kind="bell", route_id="R-02", vendor="Maru")
    say_broken(field, "L-2", vendor="Nobody")
    field.say("status", device_id="D-9", ts=now(0), state="ok")
    return field


@pytest.fixture
def room(field: Field, redis_url: str) -> Iterator[LiveRoom]:
    settings = Settings(redis_url=redis_url, simulator=False)
    worker = Worker(open_client(redis_url, block_ms=BLOCK_MS), settings, SITE)
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    room = LiveRoom(redis_url).start()
    wait_until(lambda: len(room.sources.orders.open()) == 3)
    yield room
    room.stop()
    worker.stopping = True
    thread.join(10)


def order_of(http: httpx.Client, device_id: str) -> dict[str, Any]:
    found = http.get("/api/v1/orders").json()["items"]
    return next(one for one in found if one["device_id"] == device_id)


def act(http: httpx.Client, order: dict[str, Any], action: str, **more: Any) -> httpx.Response:
    body = {"action": action, "version": order["version"], "action_id": f"{action}-1"} | more
    return http.post(f"/api/v1/orders/{order['order_id']}/actions", json=body)


def ago(hours: float) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat()


# -- reading -----------------------------------------------------------------------------------


def test_a_list_is_newest_first_and_names_what_is_known(room: LiveRoom) -> None:
    answer = room.http("manager").get("/api/v1/orders").json()
    assert answer["next"] is None
    opened = [one["opened_at"] for one in answer["items"]]
    assert opened == sorted(opened, reverse=True) and len(opened) == 3
    order = order_of(room.http("manager"), "L-1")
    assert (order["cause"], order["state"], order["assignee"]) == ("fault", "assigned", "Gaon")
    assert order["rounds"][0]["faults"] == ["lamp_out"] and order["due_at"]
    assert room.http("duty").get(f"/api/v1/orders/{order['order_id']}").json() == order


def test_a_list_can_be_cut_and_paged(room: LiveRoom) -> None:
    http = room.http("admin")
    for query, found in (
        ("kind=bell", ["B-1"]), ("vendor=Gaon", ["L-1"]), ("route=R-02", ["B-1"]),
        ("zone=nowhere", []), ("state=all&kind=light&vendor=Gaon", ["L-1"]),
        (f"since={ago(-1)}".replace("+", "%2B"), []),
    ):  # fmt: skip
        items = http.get(f"/api/v1/orders?{query}").json()["items"]
        assert [one["device_id"] for one in items] == found, query
    seen, cursor = [], ""
    for _ in range(3):
        page = http.get(f"/api/v1/orders?limit=1&next={cursor}").json()
        seen += [one["order_id"] for one in page["items"]]
        cursor = page["next"] or ""
    assert len(set(seen)) == 3 and not cursor
    for nonsense in ("state=some", "limit=0", "next=x", "since=yesterday"):
        assert http.get(f"/api/v1/orders?{nonsense}").status_code == 422, nonsense


def test_what_was_closed_long_ago_is_read_but_not_changed(
    room: LiveRoom, redis_client: redis.Redis
) -> None:
    day = 86_400_000
    closed = now_ms() - 100 * day
    old = OrderView("W-L-7-a", "fault", "L-7", "verified", closed - day, kind="light",
                    rounds=[Round(closed - day, closed - day, restored_ms=closed)],
                    closed_ms=closed)  # fmt: skip
    redis_client.hset(keys.state(0, "orders"), old.order_id, msgspec.msgpack.encode(old))
    http = room.http("manager")
    items = http.get("/api/v1/orders?state=all").json()["items"]
    assert "L-7" in {one["device_id"] for one in items}
    order = http.get("/api/v1/orders/W-L-7-a").json()
    answer = act(http, order, "exclude", reason="storm")
    assert answer.status_code == 409 and answer.json()["error"] == "too_late"


# -- acting ------------------------------------------------------------------------------------


def test_each_action_answers_with_the_new_order(room: LiveRoom) -> None:
    http = room.http("manager")
    order = order_of(http, "L-1")
    for action, more, state in (
        ("assign", {"to": "Maru"}, "assigned"), ("parts", {"note": "lamp ordered"}, "parts"),
        ("note", {"note": "key at the kiosk"}, "parts"),
        ("exclude", {"reason": "struck by a lorry"}, "parts"), ("include", {}, "parts"),
        ("repaired", {"done_at": ago(0.5)}, "repaired"),
        ("cancel", {"reason": "to be replaced"}, "cancelled"),
    ):  # fmt: skip
        answer = act(http, order, action, **more)
        assert answer.status_code == 200, answer.text
        assert answer.json()["version"] == order["version"] + 1
        order = answer.json()
        assert order["state"] == state and order["history"][-1]["by"] == "manager-tool"
    assert order["rounds"][0]["repaired_at"] < order["closed_at"]
    assert "L-1" not in {one["device_id"] for one in http.get("/api/v1/orders").json()["items"]}


def test_the_second_is_told_who_was_first(room: LiveRoom) -> None:
    order = order_of(room.http("operator"), "L-1")
    assert act(room.http("operator"), order, "assign", to="Maru").status_code == 200
    answer = act(room.http("manager"), order, "repaired")
    assert answer.status_code == 409
    body = answer.json()
    assert (body["error"], body["by"], body["action"]) == ("conflict", "operator-tool", "assign")
    assert body["order"]["assignee"] == "Maru" and body["at"]


def test_the_same_action_id_gives_the_same_answer(room: LiveRoom) -> None:
    http = room.http("operator")
    order = order_of(http, "L-1")
    first, again = act(http, order, "parts"), act(http, order, "parts")
    assert first.json() == again.json() and len(again.json()["history"]) == 1
    other = act(http, order_of(http, "B-1"), "parts")
    assert other.status_code == 422 and other.json()["problems"][0]["field"] == "action_id"


def test_no_answer_is_never_shown_as_done(field: Field, redis_url: str) -> None:
    order = OrderView("W-L-1-a", "fault", "L-1", "open", 1, rounds=[Round(1, 1)])
    packed = msgspec.msgpack.encode(order)
    field.client.hset(keys.state(0, "orders"), order.order_id, packed)
    room = LiveRoom(redis_url).start()
    try:
        room.sources.actions._patience_s = 0.2
        answer = act(room.http("manager"), {"order_id": "W-L-1-a", "version": 1}, "repaired")
        assert answer.status_code == 504 and answer.json() == {"error": "not_confirmed"}
    finally:
        room.stop()


NONSENSE = (
    ({"action": "acknowledge"}, "action"),
    ({"version": 0}, "version"),
    ({"action_id": "no spaces"}, "action_id"),
    ({"note": "x" * 201}, "note"),
    ({"action": "assign"}, ""),
    ({"action": "assign", "to": "Nobody"}, "to"),
    ({"action": "cancel"}, ""),
    ({"action": "exclude", "reason": ""}, ""),
    ({"action": "cancel", "reason": " \t"}, ""),
    ({"action": "note"}, ""),
    ({"action": "parts", "done_at": ago(1)}, ""),
    ({"action": "repaired", "done_at": "noon"}, "done_at"),
    ({"action": "repaired", "done_at": ago(-1)}, "done_at"),
    ({"action": "repaired", "done_at": "0001-01-01T00:00:00+14:00"}, "done_at"),
    ({"actor": "somebody else"}, "actor"),
)


def test_nonsense_is_refused_by_field(room: LiveRoom) -> None:
    http = room.http("manager")
    order = order_of(http, "L-1")
    for fields, field in NONSENSE:
        answer = act(http, order, **{"action": "parts", **fields})
        assert answer.status_code == 422, fields
        assert answer.json()["problems"][0]["field"] == field, fields
    early = act(http, order, "repaired", done_at=ago(2.5))  # it was not broken then
    assert (early.status_code, early.json()) == (422, {"error": "done_before_trouble"})
    assert order_of(http, "L-1") == order


def test_who_may_what(room: LiveRoom, redis_client: redis.Redis) -> None:
    order = order_of(room.http("manager"), "L-1")
    path = f"/api/v1/orders/{order['order_id']}"
    executive = room.http("executive")
    assert {executive.get(p).status_code for p in (path, "/api/v1/orders")} == {403}
    for role in ("duty", "admin", "executive"):
        assert act(room.http(role), order, "repaired").status_code == 403
    for action in ("cancel", "exclude", "include"):
        assert act(room.http("operator"), order, action, reason="x").status_code == 403
    assert redis_client.xlen(keys.stream(0, "actions")) == 0
    stranger = httpx.get(f"http://127.0.0.1:{room.port}{path}")
    assert stranger.status_code == 401
    nothing = room.http("manager").get("/api/v1/orders/W-none")
    assert (nothing.status_code, nothing.json()["error"]) == (404, "unknown_order")


def test_openapi_describes_it(room: LiveRoom) -> None:
    paths = room.http("manager").get("/api/v1/openapi.json").json()["paths"]
    body = paths["/api/v1/orders/{order_id}/actions"]["post"]["requestBody"]
    assert "done_at" in body["content"]["application/json"]["schema"]["properties"]
    assert "get" in paths["/api/v1/orders"] and "get" in paths["/api/v1/orders/{order_id}"]
