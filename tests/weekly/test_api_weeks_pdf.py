"""A week as a document through the API: for whom, under which name, on record, or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis

from dashboard.errors import SourceUnavailable
from dashboard.roles import GRANTS, Permission, Role
from dashboard.text import translator
from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.summary import Sealed
from data_sources import keys
from layouts.weekly import pdf as printing
from layouts.weekly import words
from tests.live_room import LiveRoom
from tests.weekly.documents import bare, read, texts
from tests.weekly.week_room import OVER, RUNNING, Town, process, put, seal_until, served

Room = tuple[LiveRoom, redis.Redis]
ROLES = ("duty", "operator", "manager", "executive", "admin")
WEEK = OVER[2].word


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, town: Town) -> Iterator[Room]:
    with served(Path(tmp_path_factory.mktemp("pdf"))) as (url, client):
        put(client, town)
        with process(url) as room:
            seal_until(room, len(OVER))
            yield room, client


def get(room: Room, week: str = WEEK, role: str = "executive", **query: Any) -> httpx.Response:
    return room[0].http(role).get(f"/api/v1/weeks/{week}.pdf", params=query)


def on_record(room: Room) -> list[dict[str, Any]]:
    told = [json.loads(fields[b"d"]) for _, fields in room[1].xrange(keys.AUDIT)]
    return [entry for entry in told if entry["what"] == "week_pdf"]


# -- the document --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_everybody_who_sees_the_week_gets_it_as_a_document(room: Room, role: str) -> None:
    answer = get(room, role=role, lang="en")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF-1.")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == f'attachment; filename="week-{WEEK}-en.pdf"'


def test_a_role_that_does_not_see_weeks_gets_none(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(GRANTS, Role.DUTY, GRANTS[Role.DUTY] - {Permission.WEEKLY_SEE})
    before = len(on_record(room))
    assert get(room, role="duty").status_code == 403 and len(on_record(room)) == before


def test_it_tells_what_was_sealed(room: Room) -> None:
    """Figure by figure, from what Redis keeps of the week."""
    t, pages = translator("en"), texts(read(get(room, lang="en").content))
    kept: Sealed = room[0].run(room[0].sources.weekly.find(OVER[2])).sealed
    assert kept.hash in "".join(pages[1:]) and kept.code in "".join(pages[1:])
    for row in kept.summary.rows:
        unit, name = BY_KEY[row.key].unit, bare(words.measure(t, row.key))
        at = pages[1].index(name)
        assert bare(words.figure(t, row.week, unit)) in pages[1][at : at + 120], row.key
        if BY_KEY[row.key].main:
            assert bare(words.figure(t, row.year, unit)) in pages[0], row.key


def test_it_speaks_the_language_that_is_asked_for(room: Room) -> None:
    for language in ("ko", "en"):
        page = texts(read(get(room, lang=language).content))[0]
        week = words.week_name(translator(language), WEEK)
        assert page.startswith(bare(translator(language)("weekly_page.title", week=week)))
    assert "-ko.pdf" in get(room).headers["content-disposition"]  # as whoever asks reads


def test_a_running_week_says_that_it_is_provisional_also_in_its_name(room: Room) -> None:
    answer = get(room, RUNNING.word, lang="en")
    assert f"week-{RUNNING.word}-en-provisional.pdf" in answer.headers["content-disposition"]
    assert all(page.startswith("Provisional") for page in texts(read(answer.content)))


def test_a_decision_is_on_the_first_page_of_the_next_document(room: Room) -> None:
    asked = "\ubdc1 \uc4d0: #strong[paint] the wall"
    path = f"/api/v1/weeks/{WEEK}/decisions"
    assert room[0].http("manager").post(path, json={"text": asked}).status_code == 200
    assert bare(asked) in texts(read(get(room).content))[0]


# -- on record -----------------------------------------------------------------------------------


def test_who_took_which_is_on_record(room: Room) -> None:
    get(room, role="manager", lang="ko", revision=1)
    get(room, RUNNING.word, role="admin", lang="en")
    sealed, running = on_record(room)[-2:]
    assert (sealed["user"], sealed["week"], sealed["revision"], sealed["lang"]) == (
        "manager-tool", WEEK, 1, "ko",
    )  # fmt: skip
    assert (running["user"], running["revision"], running["lang"]) == ("admin-tool", 0, "en")
    assert sealed["address"]


def test_without_a_record_there_is_no_document(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: Any, **__: Any) -> None:
        raise SourceUnavailable("audit")

    monkeypatch.setattr(room[0].sources.audit, "write", refuse)
    answer = get(room)
    assert answer.status_code == 503 and b"%PDF" not in answer.content


# -- what there is not ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("week", "query", "status"),
    [
        ("2026-W99", {}, 422),
        ("week", {}, 422),
        (WEEK, {"lang": "fr"}, 422),
        (WEEK, {"revision": -1}, 422),
        (WEEK, {"revision": 9}, 404),
        (RUNNING.plus(1).word, {}, 404),
        (OVER[0].plus(-1).word, {}, 404),
    ],
)
def test_what_there_is_not_is_told_in_words(
    room: Room, week: str, query: dict[str, Any], status: int
) -> None:
    answer = get(room, week, **query)
    assert answer.status_code == status
    assert answer.json()["error"] and b"%PDF" not in answer.content


def test_what_cannot_be_printed_is_an_error_in_words_and_on_no_record(
    room: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "week.typ"
    broken.write_text("#panic(sys.inputs.week)")
    printing.compiled.cache_clear()
    monkeypatch.setattr(printing, "TEMPLATE", broken)
    before = len(on_record(room))
    answer = get(room)
    assert answer.status_code == 500 and answer.json()["error"] == "not_printed"
    assert answer.json()["detail"] == translator("ko")("weekly_pdf.not_printed")
    assert len(on_record(room)) == before
