"""Every file says what it is before what it holds, whichever program opens it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import httpx
import openpyxl
import pytest

from dashboard.text import translator
from tests.facts.kpi_room import kpi_room
from tests.live_room import LiveRoom

WHY = "quarterly, report"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRoom]:
    with kpi_room(tmp_path_factory.mktemp("about")) as (room, _):
        yield room


def export(room: LiveRoom, kind: str) -> httpx.Response:
    body = {"query": "period=month&kind=bell", "kind": "table", "format": kind, "reason": WHY}
    answer = room.http("operator").post("/kpis/export", json=body)
    assert answer.status_code == 200, answer.text
    return answer


def lines(room: LiveRoom) -> list[list[str]]:
    return list(csv.reader(io.StringIO(export(room, "csv").content.decode("utf-8-sig"))))


def sheet(room: LiveRoom) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(export(room, "xlsx").content))
    return list(book.worksheets[0].iter_rows(min_row=2, values_only=True))


def test_a_csv_file_begins_with_what_a_workbook_says_on_its_first_sheet(room: LiveRoom) -> None:
    told = lines(room)
    head = told[: told.index([])]
    assert [name for name, _ in head] == [name for name, _ in sheet(room)]
    words = [word for _, word in head]
    assert WHY in words and any("operator" in word for word in words)
    assert len(told[told.index([]) + 1]) > 2


def test_a_file_of_simulated_data_says_so_first(
    room: LiveRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {translator(language)("shell.simulated") for language in ("ko", "en")}
    assert not said & {word for line in lines(room) for word in line}
    monkeypatch.setattr(room.sources.city, "progress", {"at": 1})
    assert lines(room)[0][1] in said and sheet(room)[0][1] in said
