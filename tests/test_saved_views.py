"""Saved views: a person's own, of one page, small in number, and only what the page itself says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import redis

from dashboard.saved import PAGES, VIEWS, BadView, checked_name, checked_query
from data_sources import keys
from tests.live_room import Hand, LiveRoom


@pytest.fixture
def room(redis_client: redis.Redis, redis_url: str) -> Iterator[LiveRoom]:
    Hand(redis_client).tell()
    room = LiveRoom(redis_url).start()
    yield room
    room.stop()


def change(client: httpx.Client, name: str, query: str | None, page: str = "kpis") -> Any:
    return client.post("/api/v1/views", json={"page": page, "name": name, "query": query})


def names(client: httpx.Client, page: str = "kpis") -> list[str]:
    answer = client.get(f"/api/v1/views?page={page}").raise_for_status().json()
    return [item["name"] for item in answer["items"]]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("period=2026-10&zone=41285", "period=2026-10&zone=41285"),
        ("?zone=41285&period=28d&view=vendors", "view=vendors&period=28d&zone=41285"),
        ("", ""), ("?", ""), ("kind=", ""),
        ("vendor=%EA%B0%80%EC%98%A8", "vendor=%EA%B0%80%EC%98%A8"),
    ],
)  # fmt: skip
def test_an_address_is_kept_as_the_page_writes_it(given: str, kept: str) -> None:
    assert checked_query("kpis", given) == kept


@pytest.mark.parametrize(
    "query",
    ["order=W-1", "next=//evil", "zone=1&zone=2", "zone=" + "x" * 65, "zone", "a" * 1_001,
     "zone=%00", "javascript:alert(1)"],
)  # fmt: skip
def test_what_the_page_would_not_say_is_refused(query: str) -> None:
    with pytest.raises(BadView):
        checked_query("kpis", query)


def test_a_page_knows_its_own_parameters() -> None:
    assert checked_query("orders", "sort=age&state=all") == "state=all&sort=age"
    for page, query in (("kpis", "sort=age"), ("orders", "period=28d"), ("system", "")):
        with pytest.raises(BadView):
            checked_query(page, query)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\nb", "a\x00"])
def test_a_name_is_short_and_printable(name: str) -> None:
    with pytest.raises(BadView):
        checked_name(name)


def test_a_name_may_be_korean_and_have_spaces() -> None:
    name = "\ud3c9\uc77c \uc57c\uac04 / 1"
    assert checked_name(f" {name} ") == name


def test_a_view_is_kept_replaced_and_deleted(room: LiveRoom) -> None:
    client = room.http("manager")
    assert change(client, "b/ells", "kind=bell").status_code == 200
    change(client, "a", "zone=1")
    answer = change(client, "b/ells", "kind=cctv").json()
    assert answer["items"] == [{"name": "a", "query": "zone=1"},
                               {"name": "b/ells", "query": "kind=cctv"}]  # fmt: skip
    assert names(client) == ["a", "b/ells"] and names(client, "orders") == []
    assert change(client, "b/ells", None).json()["items"] == [{"name": "a", "query": "zone=1"}]
    assert change(client, "never", None).status_code == 200


def test_views_are_a_person_s_own(room: LiveRoom) -> None:
    change(room.http("manager"), "mine", "kind=bell")
    assert names(room.http("operator")) == []
    assert names(room.http("manager")) == ["mine"]


def test_there_are_only_so_many(room: LiveRoom, redis_client: redis.Redis) -> None:
    client = room.http("manager")
    full = {f"kpis/{n}": "kind=bell" for n in range(VIEWS)}
    redis_client.hset(keys.saved_views("manager-tool"), mapping=full)
    refused = change(client, "one more", "kind=bell")
    assert refused.status_code == 422 and str(VIEWS) in refused.json()["detail"]
    assert change(client, "7", "kind=cctv").status_code == 200  # in the place of one
    assert change(client, "other page", "state=all", "orders").status_code == 200


@pytest.mark.parametrize(
    ("role", "kpis", "orders"),
    [("duty", 200, 200), ("operator", 200, 200), ("manager", 200, 200), ("executive", 200, 403),
     ("admin", 200, 200)],
)  # fmt: skip
def test_every_role_at_the_door(room: LiveRoom, role: str, kpis: int, orders: int) -> None:
    client = room.http(role)
    for page, status in (("kpis", kpis), ("orders", orders)):
        assert change(client, "x", "", page).status_code == status
        assert client.get(f"/api/v1/views?page={page}").status_code == status


def test_a_stranger_gets_nothing(room: LiveRoom) -> None:
    base = f"http://127.0.0.1:{room.port}/api/v1/views"
    assert httpx.get(f"{base}?page=kpis").status_code == 401
    body = {"page": "kpis", "name": "x", "query": ""}
    assert httpx.post(base, json=body).status_code == 401
    headers, _ = room.session("manager")
    assert httpx.post(base, json=body, headers=headers | {"X-CSRFToken": "no"}).status_code == 403


@pytest.mark.parametrize(
    "body",
    [{}, {"page": "kpis", "name": "x"}, {"page": "system", "name": "x", "query": ""},
     {"page": "kpis", "name": "x", "query": "order=1"}, {"page": "kpis", "name": 5, "query": ""},
     {"page": "kpis", "name": "x", "query": "", "user": "duty"}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_words(room: LiveRoom, body: dict[str, Any]) -> None:
    answer = room.http("manager").post("/api/v1/views", json=body)
    assert answer.status_code == 422 and answer.json()["problems"][0]["message"]


def test_every_page_with_views_names_its_parameters_once() -> None:
    for page in PAGES.values():
        assert len(set(page.parameters)) == len(page.parameters)
