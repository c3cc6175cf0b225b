"""Who gets the week by mail: chosen by few, told to few, named by ids everywhere else."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import redis

from callbacks.weekly import document
from dashboard.errors import SourceUnavailable
from dashboard.weekly.mailing import Dispatch
from data_sources import keys
from tests.live_room import Hand, LiveRoom, wait_until
from tests.weekly import post_room
from tests.weekly.post_room import HOUR_MS, NINE_MS, PDF, WEEK, Clock

READERS = "/api/v1/weekly/readers"
DRY_RUN = "/api/v1/weekly/dry-run"
KIM = "Kim.M@example.kr"
ROLES = ("duty", "operator", "manager", "executive", "admin")
MAY = ("manager", "admin")


@pytest.fixture
def clock() -> Clock:
    return Clock(NINE_MS)


@pytest.fixture
def room(redis_client: redis.Redis, redis_url: str, clock: Clock) -> Iterator[LiveRoom]:
    Hand(redis_client).tell()
    room = LiveRoom(redis_url).start()
    wait_until(room.sources.kpis.ready.is_set)
    mail = room.sources.week_mail
    mail.now_ms = mail.ledger._now_ms = mail.readers._now_ms = clock
    yield room
    room.stop()


def add(client: httpx.Client, address: str = KIM, **more: Any) -> httpx.Response:
    return client.post(READERS, json={"address": address, "language": "ko", **more})


def recorded(client: redis.Redis) -> list[dict[str, Any]]:
    entries = [json.loads(fields[b"d"]) for _, fields in client.xrange(keys.AUDIT)]
    return [one for one in entries if one["what"].startswith("weekly_")]


def put(room: LiveRoom, reader_id: str, state: Any, **more: Any) -> None:
    one = Dispatch(state, NINE_MS, first_ms=NINE_MS, **more)
    room.run(room.sources.week_mail.ledger.change(WEEK.word, reader_id, b"", one))


def test_one_is_added_listed_and_removed_on_record_by_his_id(
    room: LiveRoom, redis_client: redis.Redis
) -> None:
    manager = room.http("manager")
    assert manager.get(READERS).json()["items"] == []
    made = add(manager, language="en").raise_for_status().json()
    assert (made["address"], made["language"], made["added_by"]) == (KIM, "en", "manager-tool")
    assert [one["id"] for one in room.http("admin").get(READERS).json()["items"]] == [made["id"]]
    assert manager.post(f"{READERS}/{made['id']}/remove").status_code == 200
    assert manager.get(READERS).json()["items"] == []
    log = recorded(redis_client)
    assert [(e["what"], e["user"], e["reader"]) for e in log] == [
        ("weekly_reader_added", "manager-tool", made["id"]),
        ("weekly_reader_removed", "manager-tool", made["id"]),
    ]
    assert "@" not in json.dumps(log) and "kim" not in made["id"].lower()


def test_only_managers_and_admins_come_near_an_address(room: LiveRoom) -> None:
    [kim] = [add(room.http("manager")).json()["id"]]
    for role in ROLES:
        client, status = room.http(role), 200 if role in MAY else 403
        assert client.get(READERS).status_code == status
        assert add(client, f"{role}@example.kr").status_code == status
        if role not in MAY:
            assert client.get(DRY_RUN).status_code == 403
            for what in ("remove", "again"):
                answer = client.post(f"{READERS}/{kim}/{what}", json={"week": WEEK.word})
                assert answer.status_code == 403
    stranger = httpx.Client(base_url=f"http://127.0.0.1:{room.port}")
    assert stranger.get(READERS).status_code == 401


def test_the_same_address_is_one_reader_however_it_is_written(room: LiveRoom) -> None:
    manager = room.http("manager")
    first = add(manager).json()["id"]
    again = add(manager, KIM.upper())
    assert again.status_code == 422 and "@" not in again.text
    manager.post(f"{READERS}/{first}/remove")
    assert add(manager, KIM.lower()).json()["id"] == first  # and no week goes to him twice


def test_of_many_at_once_one_is_added(room: LiveRoom, redis_client: redis.Redis) -> None:
    clients = [room.http("manager") for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        statuses = [answer.status_code for answer in pool.map(add, clients)]
    assert sorted(statuses) == [200] + [422] * 5 and len(recorded(redis_client)) == 1


@pytest.mark.parametrize(
    "body",
    [{"address": "kim@example.kr\r\nBcc: all@example.kr"}, {"address": "a@x.kr,b@x.kr"},
     {"address": 7}, {}, {"address": KIM, "language": "fr"}, {"address": KIM, "admin": True},
     {"address": "k@" + "x" * 400}],
)  # fmt: skip
def test_what_is_no_reader_is_refused_without_being_repeated(
    room: LiveRoom, body: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "callbacks"):
        answer = room.http("manager").post(READERS, json=body)
    assert answer.status_code == 422 and answer.json()["problems"]
    assert "example.kr" not in answer.text.replace("name@example.kr", "") and "@" not in caplog.text


def test_there_are_not_more_readers_than_a_server_bears(
    room: LiveRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data_sources.weekly.readers.MOST", 2)
    manager = room.http("manager")
    statuses = [add(manager, f"r{n}@example.kr").status_code for n in range(3)]
    assert statuses == [200, 200, 422]


def test_nobody_knows_an_unknown_reader(room: LiveRoom) -> None:
    manager = room.http("manager")
    for path in (f"{READERS}/nobody/remove", f"{READERS}/*/remove", f"{READERS}/*/again"):
        assert manager.post(path, json={"week": WEEK.word}).status_code == 422


# -- send again ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["unknown", "refused", "failed"])
def test_a_mail_that_is_over_goes_again_by_hand(
    room: LiveRoom, state: str, redis_client: redis.Redis
) -> None:
    manager = room.http("manager")
    kim = add(manager).json()["id"]
    put(room, kim, state, tries=9, code=550)
    assert manager.get(READERS).json()["items"][0]["may_go_again"] is True
    answer = manager.post(f"{READERS}/{kim}/again", json={"week": WEEK.word})
    assert (answer.json()["state"], answer.json()["tries"]) == ("waiting", 0)
    assert recorded(redis_client)[-1]["what"] == "weekly_mail_again"
    twice = manager.post(f"{READERS}/{kim}/again", json={"week": WEEK.word})
    assert twice.status_code == 422


@pytest.mark.parametrize("state", ["sent", "sending", "waiting"])
def test_a_mail_that_is_sent_or_under_way_does_not(room: LiveRoom, state: str) -> None:
    manager = room.http("manager")
    kim = add(manager).json()["id"]
    put(room, kim, state)
    answer = manager.post(f"{READERS}/{kim}/again", json={"week": WEEK.word})
    assert answer.status_code == 422
    assert manager.get(READERS).json()["items"][0]["state"] == state


def test_nor_does_one_of_another_week_or_after_wednesday(room: LiveRoom, clock: Clock) -> None:
    manager = room.http("manager")
    kim = add(manager).json()["id"]
    put(room, kim, "refused")
    for word in ("2026-W46", "", "x" * 64):
        assert manager.post(f"{READERS}/{kim}/again", json={"week": word}).status_code == 422
    clock.ms += 72 * HOUR_MS
    assert manager.post(f"{READERS}/{kim}/again", json={"week": WEEK.word}).status_code == 422


# -- dry run -------------------------------------------------------------------------------------


def test_a_dry_run_shows_the_mail_and_sends_nothing(
    room: LiveRoom, monkeypatch: pytest.MonkeyPatch, redis_client: redis.Redis
) -> None:
    monkeypatch.setattr(document, "pdf", lambda _paper: PDF)
    room.run(post_room.sealed(room.sources))
    manager = room.http("manager")
    kim = add(manager).json()["id"]
    for language, subject in (("ko", "2026"), ("en", "Safe streets, Week 47, 2026")):
        told = manager.get(DRY_RUN, params={"lang": language}).raise_for_status().json()
        assert told["week"] == WEEK.word and subject in told["subject"]
        assert told["headers"]["To"] == "***" and told["headers"]["Auto-Submitted"]
        assert told["pdf_bytes"] == len(PDF) and told["held"] is None
        assert told["html"].startswith("<!DOCTYPE html>") and WEEK.word not in told["text"]
        assert kim not in json.dumps(told) and KIM not in json.dumps(told)
    assert not redis_client.exists(keys.week_sent(WEEK.word))


def test_a_dry_run_says_why_it_would_not_go(
    room: LiveRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_paper: Any) -> bytes:
        raise RuntimeError("no type")

    room.run(post_room.sealed(room.sources, coverage=0.5))
    manager = room.http("manager")
    monkeypatch.setattr(document, "pdf", lambda _paper: PDF)
    told = manager.get(DRY_RUN).json()
    assert told["held"] == "coverage" and "50" in told["problem"]
    monkeypatch.setattr(document, "pdf", broken)
    told = manager.get(DRY_RUN).json()
    assert (told["held"], told["pdf_bytes"]) == ("not_made", None) and told["text"]
    assert manager.get(DRY_RUN, params={"week": "2026-W99"}).status_code == 422


def test_without_redis_nothing_is_lost_and_no_address_told(room: LiveRoom) -> None:
    async def away(*_: Any) -> Any:
        raise redis.ConnectionError(f"away with {KIM}")

    readers = room.sources.week_mail.readers
    readers._redis = type("Away", (), {"hkeys": staticmethod(away), "hdel": staticmethod(away)})()
    with pytest.raises(SourceUnavailable) as error:
        asyncio.run(readers.add(KIM, "ko", "manager", ""))
    assert "@" not in str(error.value)
