"""A control room with work to do, and visits to its work orders page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests import visitor
from tests.conftest import ControlRoom, launch
from tests.field import Field, now
from tests.live_room import wait_until
from tests.orders.visits import Open
from tests.test_api_orders import say_broken


@pytest.fixture(scope="package")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlRoom]:
    """Seven lights and a bell that are work; tests take them by name."""
    room = launch(tmp_path_factory.mktemp("orders"))
    try:
        room.wait_until_ready()
        field = Field(room.redis())
        for n in range(7):
            say_broken(field, f"L-{n}", vendor="Maru", name=f"light {n}")
        say_broken(field, "B-1", kind="bell", vendor="Gaon")
        field.say("status", device_id="D-9", ts=now(0), state="ok")
        with visitor.signed_in(room.base_url, "admin", room.password) as http:
            wait_until(lambda: len(http.get("/api/v1/orders").json()["items"]) == 8)
        yield room
    finally:
        room.stop()


@pytest.fixture
def api(room: ControlRoom) -> Iterator[httpx.Client]:
    """An operator who works with a tool of his own."""
    with visitor.signed_in(room.base_url, "operator", room.password) as http:
        yield http


@pytest.fixture
def visit(room: ControlRoom, signed_in: Open) -> Open:
    """visit("manager", "/orders?…") is the page in English, its list filled."""

    def come(role: str, path: str = "/orders", language: str = "en") -> Any:
        page = signed_in(role, "/", room.base_url)
        cookie = {"name": "language", "value": language, "url": room.base_url}
        page.context.add_cookies([cookie])
        page.goto(room.base_url + path)
        page.locator("[data-orders=empty]").wait_for(state="attached")  # absent is hidden, too
        page.locator("[data-orders=empty]").wait_for(state="hidden")
        return page

    return come
