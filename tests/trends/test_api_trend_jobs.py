"""POST /trends/jobs on a real server: who may stop a calculation, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import redis

from dashboard.trends.near_repeat import Stopped
from data_sources.trends.jobs import Job
from tests.live_room import Hand, LiveRoom, wait_until

PATH = "/trends/jobs"


@pytest.fixture
def room(redis_client: redis.Redis, redis_url: str) -> Iterator[LiveRoom]:
    Hand(redis_client).tell()
    room = LiveRoom(redis_url).start()
    yield room
    room.stop()


def endless(progress: Callable[[float], None], stop: Callable[[], bool]) -> None:
    progress(0.3)
    while not stop():
        pass
    raise Stopped


def begun(room: LiveRoom, name: str = "knox-1") -> Job:
    assert room.sources is not None
    job: Job = room.sources.trends.jobs.ask(name, endless)
    wait_until(lambda: job.state == "running")
    return job


def post(room: LiveRoom, role: str = "duty", **body: Any) -> httpx.Response:
    return room.http(role).post(PATH, json={"job": "knox-1", "action": "cancel", **body})


def test_a_calculation_is_stopped_and_begins_again_when_somebody_wants_it(room: LiveRoom) -> None:
    job = begun(room)
    assert post(room).json() == {"done": True} and job.state == "cancelled"
    assert post(room).json() == {"done": False}
    assert post(room, action="again").json() == {"done": True}
    assert begun(room) is not job
    assert post(room, role="manager").json() == {"done": True}


def test_nothing_goes_on_when_the_process_ends(room: LiveRoom) -> None:
    job = begun(room)
    room.stop()
    assert job.state == "cancelled"


@pytest.mark.parametrize(
    "body", [{"action": "explode"}, {"job": 7}, {"job": "x" * 81}, {"job": None}, {"more": 1}]
)
def test_what_makes_no_sense_is_refused_in_words(room: LiveRoom, body: dict[str, Any]) -> None:
    answer = post(room, **body)
    assert answer.status_code == 422 and answer.json()["problems"]


def test_a_job_nobody_knows_is_not_there_to_stop(room: LiveRoom) -> None:
    assert post(room, job="knox-9").json() == {"done": False}
    assert post(room, job="<b>", action="again").json() == {"done": False}


def test_only_who_may_see_incidents_and_only_from_our_own_pages(room: LiveRoom) -> None:
    job = begun(room)
    address = f"http://127.0.0.1:{room.port}{PATH}"
    said = {"job": "knox-1", "action": "cancel"}
    assert httpx.post(address, json=said).status_code in (401, 403)
    ours, _ = room.session("duty")
    for forged in ({"X-CSRFToken": "x"}, {"Origin": "https://elsewhere.example"}):
        assert httpx.post(address, json=said, headers={**ours, **forged}).status_code == 403
    assert job.state == "running"
    assert httpx.post(address, json=said, headers=ours).json() == {"done": True}
