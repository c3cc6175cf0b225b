"""Exports that make no sense are refused in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.facts.kpi_room import kpi_room
from tests.live_room import LiveRoom
from tests.test_export import export


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRoom]:
    with kpi_room(tmp_path_factory.mktemp("refused")) as (room, _):
        yield room


@pytest.mark.parametrize(
    "asked",
    [
        {"reason": ""}, {"reason": "  x "}, {"reason": "x" * 201}, {"format": "pdf"},
        {"kind": "alerts"}, {"query": "period=2999"}, {"query": "zone=atlantis"},
        {"query": "x" * 3_000}, {"extra": 1}, {"kind": "breakdown"},
        {"kind": "breakdown", "query": "kpi=feed_lag"}, {"query": "kpi=happiness"},
        {"query": "from=2026-11-24&to=2026-11-01"}, {"kind": "orders", "query": "zone=atlantis"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_words(room: LiveRoom, asked: dict[str, Any]) -> None:
    answer = export(room, asked.pop("kind", "table"), **asked)
    assert answer.status_code == 422, answer.text
    assert answer.json()["problems"][0]["message"]


def test_it_must_be_json(room: LiveRoom) -> None:
    client = room.http("operator")
    assert client.post("/kpis/export", content=b"x", headers={"content-type": "application/json"}
                       ).status_code == 400  # fmt: skip
    assert client.get("/kpis/export").status_code == 405
