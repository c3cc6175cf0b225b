"""The reading API on a real server: filters, pages, precision, figures that add up."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import pytest
import redis

from dashboard.deltas import StreamCount
from dashboard.records import Status
from data_sources import keys
from tests.live_room import (
    Hand,
    LiveRoom,
    a_device,
    a_feed,
    a_view,
    an_alert,
    now_ms,
    wait_until,
)


@pytest.fixture
def hand(redis_client: redis.Redis) -> Hand:
    hand = Hand(redis_client)
    hand.keep(
        registry=[
            a_device("B-1"), a_device("B-2", zone="Z2"), a_device("C-1", kind="cctv", route_id=""),
            a_device("G-1", retired=True),
        ],
        devices=[a_view("B-1", Status.FAULT, tamper=True, lamp_mode="sos_blink"), a_view("B-2")],
        alerts=[an_alert("A1", device_id="B-1"),
                an_alert("OLD", state="closed", raised_ms=1_000, closed_ms=2_000)],
    )  # fmt: skip
    hand.tell()
    return hand


@pytest.fixture
def room(hand: Hand, redis_url: str) -> Iterator[LiveRoom]:
    room = LiveRoom(redis_url).start()
    yield room
    room.stop()


def test_devices_are_found_by_kind_zone_route_and_status(room: LiveRoom) -> None:
    http = room.http("duty")

    def ids(query: str) -> list[str]:
        answer = http.get(f"/api/v1/devices{query}").raise_for_status().json()
        return sorted(item["device_id"] for item in answer["items"])

    assert ids("") == ["B-1", "B-2", "C-1"]
    assert ids("?kind=cctv") == ["C-1"]
    assert ids("?zone=Z2") == ["B-2"]
    assert ids("?route=R-01&status=fault") == ["B-1"]
    assert ids("?status=unknown") == ["C-1"]
    assert http.get("/api/v1/devices?kind=cow").status_code == 422


def test_pages_of_devices_join_without_gap_or_overlap(room: LiveRoom) -> None:
    http, found, next_page = room.http("duty"), [], ""
    while next_page is not None:
        page = http.get(f"/api/v1/devices?limit=1&next={next_page}").json()
        found += [item["device_id"] for item in page["items"]]
        next_page = page["next"]
    assert sorted(found) == ["B-1", "B-2", "C-1"]
    assert http.get("/api/v1/devices?next=x").status_code == 422


def test_one_device_has_times_in_utc_and_its_registry_fields(room: LiveRoom, hand: Hand) -> None:
    offline = a_view("B-1", Status.OFFLINE, since_ms=1_700_000_000_000)
    hand.keep(devices=[offline])
    hand.tell(devices=[offline])
    wait_until(lambda: room.sources.city.devices.shown[room.sources.city.devices.index["B-1"]] == 3)
    answer = room.http("duty").get("/api/v1/devices/B-1").json()
    assert answer["status"] == "offline" and answer["since"] == "2023-11-14T22:13:20Z"
    assert answer["kind"] == "bell" and answer["route_id"] == "R-01"
    assert room.http("duty").get("/api/v1/devices/nothing").status_code == 404


def test_plain_beats_are_read_when_somebody_looks(room: LiveRoom, hand: Hand) -> None:
    """They are not in the live stream: 10,000 devices say "still here" every minute."""
    hand.keep(devices=[a_view("B-1", Status.FAULT, last_seen_ms=1_700_000_060_000, battery=0.5)])
    for path in ("/api/v1/devices/B-1", "/live/device/B-1"):
        answer = room.http("duty").get(path).json()
        assert answer["last_seen"] == "2023-11-14T22:14:20Z" and answer["battery"] == 0.5


def test_a_device_tells_its_last_24_hours(room: LiveRoom, hand: Hand) -> None:
    now = now_ms()
    month = datetime.fromtimestamp(now / 1000 + 9 * 3600, UTC)
    went_through = ((now - 10**9, 0), (now - 5000, 4), (now - 1000, 0))
    packed = b"".join(struct.pack(">qB", *row) for row in went_through)
    hand.client.hset(keys.history(0, month.year * 100 + month.month), "B-1", packed)
    rows = room.http("duty").get("/live/device/B-1").json()["last_24_h"]
    assert [row["status"] for row in rows] == ["ok", "fault", "ok"]


def test_alerts_open_by_default_all_on_request_old_ones_too(room: LiveRoom) -> None:
    http = room.http("duty")

    def ids(query: str) -> list[str]:
        return [one["alert_id"] for one in http.get(f"/api/v1/alerts{query}").json()["items"]]

    assert ids("") == ["A1"]
    assert ids("?state=all") == ["A1"]
    assert ids("?state=all&since=1970-01-01T00:00:00Z") == ["A1", "OLD"]
    assert http.get("/api/v1/alerts/OLD").json()["state"] == "closed"
    assert http.get("/api/v1/alerts?since=yesterday").json()["problems"][0]["field"] == "since"
    assert http.get("/api/v1/alerts?since=2026-01-01T00:00:00").status_code == 422


def test_alerts_come_in_pages(room: LiveRoom, hand: Hand) -> None:
    hand.tell(alerts=[an_alert(f"M{number}", raised_ms=now_ms()) for number in range(5)])
    wait_until(lambda: "M4" in room.sources.city.alerts)
    for role in ("duty", "executive"):
        http, found, next_page = room.http(role), [], ""
        while next_page is not None:
            page = http.get("/api/v1/alerts", params={"limit": 2, "next": next_page}).json()
            found += [item["alert_id"] for item in page["items"]]
            next_page = page["next"]
        assert len(found) == len(set(found)) == 6


def test_coarse_roles_get_route_and_zone_only(room: LiveRoom) -> None:
    for role in ("manager", "executive"):
        http = room.http(role)
        (alert,) = http.get("/api/v1/alerts").json()["items"]
        text = json.dumps(alert)
        assert alert["route_id"] == "R-01" and alert["lon"] is None and alert["device_id"] is None
        assert "B-1" not in text and "A1" not in text and "kiosk" not in text
        assert http.get(f"/api/v1/alerts/{alert['alert_id']}").json()["state"] == "unacknowledged"
        assert http.get("/api/v1/alerts/A1").status_code == 404
        assert http.get(f"/live/alert/{alert['alert_id']}").json().get("around") is None
        device = http.get("/api/v1/devices/B-1").json()
        assert device["tamper"] is False and device["lamp"] is None
        assert http.get("/live/device/B-1").json()["around"]["alerts"] == []


def test_looking_at_an_exact_alert_is_on_record(room: LiveRoom, hand: Hand) -> None:
    room.http("duty").get("/api/v1/alerts/A1").raise_for_status()
    assert b"exact_view" in str(hand.client.xrange(keys.AUDIT)).encode()


def test_feeds_add_up(room: LiveRoom, hand: Hand) -> None:
    for _ in range(5):
        hand.client.xadd(keys.stream(0, "status"), {"d": "{}"})
    count = StreamCount(accepted=10, duplicate=2, rejected={"not_json": 1}, last_arrival_ms=0)
    hand.client.hset(keys.state(0, "counters"), mapping={
        "status": msgspec.msgpack.encode(count), "trimmed:status": 9})  # fmt: skip
    first = hand.client.xrange(keys.stream(0, "status"))[3][0]
    hand.client.hset(keys.state(0, "positions"), "status", first)
    hand.client.hset(keys.state(0, "meta"), "feed", msgspec.msgpack.encode(a_feed()))
    (partition,) = room.http("manager").get("/api/v1/feeds").json()["items"]
    status = partition["streams"]["status"]
    assert status["written"] == 14 and status["lag"] == 1 and status["lag_s"] >= 0
    assert status["accepted"] + status["duplicate"] + status["rejected"] == 13
    assert status["rejected_by_reason"] == {"not_json": 1} and partition["stale"] is False
    assert "actions" in partition["streams"]


def test_metrics_speak_prometheus(room: LiveRoom) -> None:
    text = room.http("admin").get("/metrics").text
    assert 'control_room_devices{kind="bell",status="fault"} 1' in text
    assert 'control_room_open_alerts{priority="1"} 1' in text
    assert "control_room_browsers 0" in text


def test_health_needs_no_sign_in_and_openapi_does(room: LiveRoom) -> None:
    import httpx

    base = f"http://127.0.0.1:{room.port}"
    assert httpx.get(f"{base}/healthz").status_code == 200
    assert httpx.get(f"{base}/readyz").json()["ready"] is True
    for path in ("/metrics", "/api/v1/openapi.json", "/api/v1/devices", "/live/snapshot"):
        assert httpx.get(base + path).status_code == 401
    paths = room.http("duty").get("/api/v1/openapi.json").json()["paths"]
    assert "/api/v1/alerts/{alert_id}/actions" in paths


def test_the_page_has_its_base_map_hour_and_trend(room: LiveRoom) -> None:
    duty = room.http("duty")
    assert len(duty.get("/live/base").json()["zones"]) == 44
    assert len(duty.get("/live/hour").json()["alerts"]) == 60
    assert duty.get("/live/incidents?days=7").json()["total"] == 0
    assert duty.get("/live/incidents?days=9").status_code == 422
    names = duty.get("/live/names").json()
    assert len(names["ids"]) == len(names["names"]) == 4
    assert duty.get("/live/names?city=gone").status_code == 409
