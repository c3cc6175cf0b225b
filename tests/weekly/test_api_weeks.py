"""Weeks through the reading API: sealed, provisional, nonsense, and decisions asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis

from dashboard.weekly import seal
from dashboard.weekly.measures import MEASURES
from data_sources import keys
from tests.live_room import LiveRoom
from tests.weekly.week_room import (
    OVER,
    RUNNING,
    Town,
    process,
    put,
    seal_until,
    served,
)

PATH = "/api/v1/weeks"
ROLES = ("duty", "operator", "manager", "executive", "admin")
Room = tuple[LiveRoom, redis.Redis]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, town: Town) -> Iterator[Room]:
    with served(Path(tmp_path_factory.mktemp("api"))) as (url, client):
        put(client, town)
        with process(url) as room:
            seal_until(room, len(OVER))
            yield room, client


@pytest.fixture
def asked(room: Room) -> Iterator[Room]:
    """Nothing is asked for yet, nothing on record."""
    for week in (*OVER, RUNNING):
        room[1].delete(keys.week_decisions(week.word))
    room[1].delete(keys.AUDIT)
    yield room


def get(room: Room, path: str = "", role: str = "executive", **query: Any) -> httpx.Response:
    return room[0].http(role).get(PATH + path, params=query)


def post(room: Room, word: str, role: str = "manager", **body: Any) -> httpx.Response:
    return room[0].http(role).post(f"{PATH}/{word}/decisions", json=body)


# -- reading -------------------------------------------------------------------------------------


def test_the_archive_has_every_week_the_newest_first_page_by_page(room: Room) -> None:
    told = get(room).json()
    assert [one["week"] for one in told["items"]] == [
        RUNNING.word, *(week.word for week in reversed(OVER))
    ]  # fmt: skip
    assert told["next"] is None
    running, sealed = told["items"][:2]
    assert running["provisional"] and running["revision"] is None and running["hash"] is None
    assert (sealed["provisional"], sealed["revision"], sealed["complete"]) == (False, 1, True)
    at = [datetime.fromisoformat(sealed[name]) for name in ("from", "to")]
    assert [round(one.timestamp() * 1000) for one in at] == [OVER[2].from_ms, OVER[2].to_ms]
    first = get(room, limit=3).json()
    rest = get(room, limit=3, next=first["next"]).json()
    assert first["items"] + rest["items"] == told["items"] and rest["next"] is None


def test_a_sealed_week_is_told_with_its_seal(room: Room) -> None:
    told = get(room, f"/{OVER[2].word}").json()
    kept = json.loads(room[1].hget(keys.week(OVER[2].word), "1"))
    letters = json.dumps(kept["summary"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert told["hash"] == hashlib.sha256(letters.encode()).hexdigest()
    assert (told["revision"], told["revisions"], told["provisional"]) == (1, 1, False)
    assert told["code"] == seal.code_version() and told["changed"] == []
    assert told["sealed_at"].endswith("Z") and told["seen_to"].endswith("Z")
    assert told["complete"] and told["known_to"] == told["to"] and len(told["said"]) == 3
    assert told == get(room, f"/{OVER[2].word}", revision=1).json()


def test_every_figure_has_its_name_definition_and_source_in_either_language(room: Room) -> None:
    in_korean = get(room, f"/{OVER[1].word}", lang="ko").json()
    in_english = get(room, f"/{OVER[1].word}", lang="en").json()
    assert [row["key"] for row in in_english["rows"]] == [one.key for one in MEASURES]
    for told, other in zip(in_english["rows"], in_korean["rows"], strict=True):
        for name in ("name", "definition", "source"):
            assert told[name] and told[name] != other[name]
        assert {**told, **{n: "" for n in ("name", "definition", "source")}} == {
            **other, **{n: "" for n in ("name", "definition", "source")}
        }  # fmt: skip
    assert all(one["text"] and "{" not in one["text"] for one in in_english["said"])
    rows = {row["key"]: row for row in in_english["rows"]}
    assert rows["incidents"]["week"]["value"] == 28 and rows["incidents"]["unit"] == "count"
    assert rows["bell_presses"]["week"]["parts"] == {"real": 3, "false": 3, "unjudged": 3}
    assert rows["acknowledged"]["week"]["value"] % 1000 == 0  # ms, to the second
    assert rows["incidents"]["usual"] is None and len(rows["incidents"]["weeks_52"]) == 52
    assert rows["backlog"]["days_28"] == {
        "value": None, "n": None, "interval": None, "coverage": None, "at_least": False,
        "parts": {}, "known_from": None, "why": "not_summed",
    }  # fmt: skip
    first = get(room, f"/{OVER[0].word}").json()
    since = next(r for r in first["rows"] if r["key"] == "sla")["week"]["known_from"]
    assert since == first["inputs"]["counted_from"]


def test_a_week_in_progress_is_provisional(room: Room) -> None:
    told = get(room, f"/{RUNNING.word}").json()
    assert told["provisional"] and not told["complete"] and told["known_to"] < told["to"]
    none = ("revision", "sealed_at", "seen_to", "hash", "code")
    assert [told[name] for name in none] == [None] * len(none) and told["revisions"] == 0


@pytest.mark.parametrize(
    ("path", "query", "status", "error"),
    [
        (f"/{OVER[0].plus(-1).word}", {}, 404, "unknown_week"),
        ("/1970-W01", {}, 404, "unknown_week"),
        (f"/{RUNNING.plus(1).word}", {}, 404, "to_come"),
        ("/9998-W52", {}, 404, "to_come"), ("/9999-W01", {}, 422, "bad_request"),
        (f"/{OVER[0].word}", {"revision": 2}, 404, "unknown_revision"),
        (f"/{RUNNING.word}", {"revision": 1}, 404, "unknown_revision"),
        ("/2026-W54", {}, 422, "bad_request"), ("/2026-W00", {}, 422, "bad_request"),
        ("/2026-11-16", {}, 422, "bad_request"), ("/0000-W01", {}, 422, "bad_request"),
        ("/" + "9" * 5_000, {}, 422, "bad_request"), ("/2026-W1%00", {}, 422, "bad_request"),
        (f"/{OVER[0].word}", {"revision": -1}, 422, None),
        (f"/{OVER[0].word}", {"revision": "one"}, 422, None),
        (f"/{OVER[0].word}", {"lang": "de"}, 422, None),
        (f"/{OVER[0].word}", {"of": "all"}, 422, None),
        ("", {"limit": 0}, 422, None), ("", {"next": "x"}, 422, None),
    ],
)  # fmt: skip
def test_what_there_is_not_is_404_and_nonsense_is_422(
    room: Room, path: str, query: dict[str, Any], status: int, error: str | None
) -> None:
    answer = get(room, path, **query)
    assert answer.status_code == status
    assert error is None or answer.json()["error"] == error
    assert error is None or answer.json()["detail"]


def test_a_week_leaves_paths_with_an_ending_to_others(room: Room) -> None:
    """2026-W47.pdf is no week: it is another route, or none."""
    answer = get(room, f"/{OVER[0].word}.json")
    assert (answer.status_code, answer.json()) == (404, {"error": "not_found"})


def test_a_broken_seal_is_told_as_that_and_no_figure_with_it(room: Room) -> None:
    key = keys.week(OVER[0].word)
    whole = room[1].hget(key, "1")
    room[1].hset(key, "1", whole.replace(b'"incidents":19', b'"incidents":20'))
    try:
        answer = get(room, f"/{OVER[0].word}")
        assert answer.status_code == 500 and answer.json()["error"] == "broken_seal"
        assert set(answer.json()) == {"error", "detail"} and OVER[0].word in answer.text
        assert get(room, f"/{OVER[1].word}").status_code == 200
    finally:
        room[1].hset(key, "1", whole)


# -- who may -------------------------------------------------------------------------------------


def test_everyone_reads_the_same_and_strangers_nothing(room: Room) -> None:
    path = f"/{OVER[2].word}"
    answers = [get(room, path, role, lang="ko") for role in ROLES]
    assert [one.status_code for one in answers] == [200] * len(ROLES)
    assert len({one.content for one in answers}) == 1
    stranger = httpx.Client(base_url=f"http://127.0.0.1:{room[0].port}")
    for at in ("", path):
        assert stranger.get(PATH + at).status_code == 401
    assert "SECRET" not in answers[0].text and "W-2" not in answers[0].text  # no alert, no device


def test_only_managers_ask_for_decisions(asked: Room) -> None:
    for role in ROLES:
        answer = post(asked, OVER[2].word, role, text="More lamps?")
        assert answer.status_code == (200 if role == "manager" else 403)
    assert len(get(asked, f"/{OVER[2].word}").json()["decisions"]) == 1


# -- decisions -----------------------------------------------------------------------------------


def test_a_decision_is_asked_for_told_to_all_and_withdrawn(asked: Room) -> None:
    word = OVER[2].word
    made = post(asked, word, text="  Four more lamps on R-07? ").json()
    assert (made["text"], made["by"]) == ("Four more lamps on R-07?", "manager-tool")
    assert made["at"].endswith("Z") and made["withdrawn_by"] is None
    before = get(asked, f"/{word}").json()
    assert before["decisions"] == [made] and before["hash"]  # the seal knows nothing of it
    gone = post(asked, word, id=made["id"], withdrawn=True).json()
    assert gone["withdrawn_by"] == "manager-tool" and gone["withdrawn_at"]
    assert get(asked, f"/{word}").json() == {**before, "decisions": [gone]}
    again = post(asked, word, id=made["id"], withdrawn=True)
    assert (again.status_code, again.json()["by"]) == (409, "manager-tool")
    log = [json.loads(one[b"d"]) for _, one in asked[1].xrange(keys.AUDIT)]
    assert [(one["what"], one["week"], one["decision"]) for one in log] == [
        ("decision_asked", word, made["id"]), ("decision_withdrawn", word, made["id"]),
    ]  # fmt: skip
    assert "lamps" not in json.dumps(log) and log[0]["address"] == "127.0.0.1"


def test_of_a_week_in_progress_one_can_be_asked_for_and_of_one_to_come_none(asked: Room) -> None:
    assert post(asked, RUNNING.word, text="Now?").status_code == 200
    assert len(get(asked, f"/{RUNNING.word}").json()["decisions"]) == 1
    assert post(asked, RUNNING.plus(1).word, text="Later?").status_code == 404
    assert post(asked, OVER[0].plus(-1).word, text="Once?").status_code == 404
    assert post(asked, "2026-W60", text="When?").status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {}, {"text": ""}, {"text": " \n "}, {"text": "x" * 301}, {"text": "x" * 3_000},
        {"text": "a\x00b"}, {"text": 5}, {"id": "1"}, {"withdrawn": True},
        {"id": "1", "withdrawn": False}, {"id": "1", "withdrawn": True, "text": "x"},
        {"text": "x", "by": "somebody else"}, {"text": "x", "withdrawn": True},
        {"id": "1" * 65, "withdrawn": True},
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_refused_in_words(asked: Room, body: dict[str, Any]) -> None:
    answer = post(asked, OVER[2].word, **body)
    assert answer.status_code == 422 and answer.json()["problems"]
    assert get(asked, f"/{OVER[2].word}").json()["decisions"] == []


def test_a_decision_nobody_knows_cannot_be_withdrawn(asked: Room) -> None:
    answer = post(asked, OVER[2].word, id="ffffffff", withdrawn=True)
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_decision")


def test_a_ninth_decision_is_one_too_many(asked: Room) -> None:
    answers = [post(asked, OVER[1].word, text=f"n {n}?") for n in range(9)]
    assert [one.status_code for one in answers] == [200] * 8 + [422]
    assert "8" in answers[8].json()["detail"]
