"""Files that leave the house: read back as a spreadsheet would, recorded, and never too much."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import httpx
import openpyxl
import pytest
import redis

from dashboard.errors import SourceUnavailable
from dashboard.kpis.choice import choice_of
from dashboard.roles import GRANTS, Permission, Role
from data_sources import keys
from tests.facts.kpi_room import ZONE, kpi_room
from tests.live_room import LiveRoom

WHY = "monthly report to the city"
LISTS = ("devices", "orders", "repairs")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveRoom, redis.Redis]]:
    with kpi_room(tmp_path_factory.mktemp("export")) as (room, client):
        yield room, client


@pytest.fixture
def room(town: tuple[LiveRoom, redis.Redis]) -> LiveRoom:
    return town[0]


def export(room: LiveRoom, kind: str = "table", role: str = "operator", **asked: Any) -> Any:
    body = {"query": "period=week", "kind": kind, "format": "csv", "reason": WHY, **asked}
    return room.http(role).post("/kpis/export", json=body)


def csv_rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    table = answer.content.decode("utf-8-sig").split("\r\n\r\n", 1)[1]
    return list(csv.DictReader(io.StringIO(table)))


def workbook(answer: httpx.Response) -> openpyxl.Workbook:
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def on_record(client: redis.Redis) -> list[dict[str, Any]]:
    entries = [json.loads(fields[b"d"]) for _, fields in client.xrange(keys.AUDIT)]
    return [entry for entry in entries if entry["what"] == "export"]


# -- what is in a file ------------------------------------------------------------------------


def test_a_table_holds_every_figure_as_a_number_with_its_interval(room: LiveRoom) -> None:
    rows = csv_rows(export(room))
    first = list(rows[0].values())
    assert len(rows) == 26 and first[2] == "%"
    value, low, high = float(first[1]), float(first[3]), float(first[4])
    assert 0 < low <= value <= high <= 100


@pytest.mark.parametrize(
    ("kind", "query", "column", "told"),
    [
        ("breakdown", "kpi=availability&by=kind", 1, "breakdown"),
        ("breakdown", "kpi=mttr", 1, "breakdown"),
        ("devices", "", 0, "worst"),
        ("devices", f"kind=bell&zone={ZONE}", 0, "worst"),
        ("orders", "kpi=backlog", 0, "members"),
        ("orders", f"kpi=mttr&zone={ZONE}", 0, "members"),
        ("vendors", "", 0, "vendors"),
        ("repairs", "", 1, "repairs"),
    ],
)  # fmt: skip
def test_what_a_page_shows_can_be_taken_away(
    room: LiveRoom, kind: str, query: str, column: int, told: str
) -> None:
    rows = csv_rows(export(room, kind, query=f"period=month&{query}"))
    found = [row[list(row)[column]] for row in rows]
    assert found == shown(room, told, dict(parse_qsl(query))) and found


def shown(room: LiveRoom, told: str, asked: dict[str, str]) -> list[str]:
    """What the page would show, in its order."""
    desk, key = room.sources.kpis, asked.pop("kpi", "")
    by = asked.pop("by", "kind")
    choice = choice_of({"period": "month", **asked}, desk.now_ms(), desk.known())
    if told == "breakdown":
        return [part.word for part in room.run(desk.breakdown(choice, key, by, False)).parts]
    if told == "worst":
        return [one.device_id for one in room.run(desk.worst(choice))]
    if told == "members":
        return [one.id for one in room.run(desk.members(choice, key, 1_000, False)).rows]
    if told == "vendors":
        return [one.vendor for one in room.run(desk.vendors(choice))]
    return [one.order_id for one in room.run(desk.repairs(choice))]


@pytest.mark.parametrize(
    ("query", "some", "none"),
    [
        ("", {"W-L-2-a"}, {"W-L-2-b"}),
        ("state=all&sort=age", {"W-L-2-a", "W-L-2-b"}, set()),
        ("state=all&vendor=Maru", set(), {"W-L-2-a", "W-L-2-b"}),
        ("state=all&q=w-l-2-b", {"W-L-2-b"}, {"W-L-2-a"}),
    ],
)  # fmt: skip
def test_the_page_of_orders_gives_all_that_its_address_lists(
    room: LiveRoom, query: str, some: set[str], none: set[str]
) -> None:
    found = {next(iter(row.values())) for row in csv_rows(export(room, "orders", query=query))}
    assert some <= found and not none & found


def test_orders_carry_their_moments_in_korean_time(room: LiveRoom) -> None:
    book = workbook(export(room, "orders", query="period=month&kpi=backlog", format="xlsx"))
    _, sheet = book.worksheets
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    row = next(row for row in rows if row[0] == "W-L-2-a")
    moments = [value for value in row if isinstance(value, datetime)]
    assert len(moments) == 3  # down, opened, due
    age_h = (datetime.now(UTC).replace(tzinfo=None) - moments[0]).total_seconds() / 3600
    assert 26 - 9 <= age_h <= 26 - 9 + 0.2


def test_the_first_sheet_says_what_of_when_who_and_why(room: LiveRoom) -> None:
    answer = export(room, "table", query=f"period=week&kind=bell&zone={ZONE}", format="xlsx")
    book = workbook(answer)
    told = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows(min_row=2)}
    values = [str(value) for value in told.values()]
    assert WHY in values and any("operator-tool" in value for value in values)
    assert any(" – " in value for value in values), "the period"
    assert any(isinstance(value, datetime) for value in told.values())
    assert book.worksheets[1].max_row - 1 in told.values()
    starts = [value for value in told.values() if isinstance(value, datetime)]
    assert len(starts) == 3  # known from, known to, made at
    assert starts[0] < starts[1] <= starts[2]
    assert any("92" in value for value in values), "how a week in progress is compared"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''table_")
    assert answer.headers["cache-control"] == "no-store"


def test_a_device_with_an_evil_name_leaves_as_text(
    town: tuple[LiveRoom, redis.Redis],
) -> None:
    room, _ = town
    city = room.sources.city
    at = city.devices.index["L-2"]
    record = city.devices.registrations[at]
    evil = type(record)(**{f: getattr(record, f) for f in record.__struct_fields__} | {
        "name": '=HYPERLINK("http://evil")'})  # fmt: skip
    city.devices.registrations[at] = evil
    try:
        text = export(room, "repairs").content.decode("utf-8-sig")
        assert "'=HYPERLINK" in text and '"=HYPERLINK' not in text
    finally:
        city.devices.registrations[at] = record


# -- who may, and what is on record -------------------------------------------------------------


@pytest.mark.parametrize("kind", ["table", *LISTS])
@pytest.mark.parametrize("role", ["duty", "operator", "manager", "executive", "admin"])
def test_every_role_at_the_door(room: LiveRoom, role: str, kind: str) -> None:
    expected = 403 if role == "executive" else 200
    assert export(room, kind, role, query="kpi=backlog").status_code == expected


@pytest.mark.parametrize("kind", LISTS)
def test_who_may_export_may_still_not_take_what_the_role_does_not_see(
    room: LiveRoom, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = GRANTS[Role.EXECUTIVE] | {Permission.EXPORTS_MAKE}
    monkeypatch.setitem(GRANTS, Role.EXECUTIVE, more)
    assert export(room, "table", "executive").status_code == 200
    assert export(room, kind, "executive", query="kpi=backlog").status_code == 403


def test_a_stranger_and_a_page_without_its_token_get_nothing(room: LiveRoom) -> None:
    body = {"query": "", "kind": "table", "format": "csv", "reason": WHY}
    url = f"http://127.0.0.1:{room.port}/kpis/export"
    assert httpx.post(url, json=body).status_code == 401
    headers, _ = room.session("operator")
    assert httpx.post(url, json=body, headers=headers).status_code == 200
    assert httpx.post(url, json=body, headers=headers | {"X-CSRFToken": "x"}).status_code == 403


def test_under_five_does_not_leave_for_a_coarse_role(room: LiveRoom) -> None:
    query = "period=month&kpi=false_alarms&by=zone"
    exact = csv_rows(export(room, "breakdown", "duty", query=query))
    coarse = csv_rows(export(room, "breakdown", "manager", query=query))
    value, n = list(exact[0])[2], list(exact[0])[6]
    assert "3" in [row[n] for row in exact] and {row[value] for row in coarse} == {""}
    assert not {"1", "2", "3", "4"} & {row[n] for row in coarse}
    assert "SECRET" not in export(room, "table", "manager", query="period=month").text
    rows = csv_rows(export(room, "table", "manager", query="period=month"))
    names = [next(iter(row.values())) for row in rows]
    hidden = [row for row in rows if row[list(row)[1]] == ""]
    assert len(names) == 26 and len(hidden) >= 6


def test_each_file_is_on_record_with_its_reason(town: tuple[LiveRoom, redis.Redis]) -> None:
    room, client = town
    before = len(on_record(client))
    export(room, "devices", query="period=week&kind=bell", format="xlsx")
    entry = on_record(client)[-1]
    assert len(on_record(client)) == before + 1
    assert entry["user"] == "operator-tool" and entry["reason"] == WHY and entry["rows"] == 1
    assert (entry["kind"], entry["format"]) == ("devices", "xlsx")
    assert entry["filter"] == "period=week&kind=bell"


def test_without_a_record_there_is_no_file(room: LiveRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: Any, **__: Any) -> None:
        raise SourceUnavailable("audit")

    monkeypatch.setattr(room.sources.audit, "write", refuse)
    answer = export(room)
    assert answer.status_code == 503 and b"\xef\xbb\xbf" not in answer.content


def test_what_is_refused_is_not_on_record(town: tuple[LiveRoom, redis.Redis]) -> None:
    room, client = town
    before = len(on_record(client))
    export(room, "devices", "executive")
    export(room, reason="")
    assert len(on_record(client)) == before
