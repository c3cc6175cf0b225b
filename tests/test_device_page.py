"""One device's year in a real browser, on a control room whose history we wrote."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from dashboard.kpis.choice import day_of_ms
from dashboard.text import translator
from data_sources.sources import now_ms
from tests import visitor
from tests.conftest import ControlRoom, launch
from tests.field import Field, now
from tests.live_page import until, until_live, violations

SignIn = Callable[..., Page]
HOUR = 3_600
said = translator("ko")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlRoom]:
    """L-1 was well for three hours, faulty for one, well again; it was tampered with. N-1 is
    registered and never spoke; G-1 was taken down."""
    room = launch(tmp_path_factory.mktemp("devices"))
    try:
        room.wait_until_ready()
        field = Field(room.redis())
        for device_id, kind in (("L-1", "light"), ("N-1", "bell"), ("G-1", "bell")):
            field.say("registry", device_id=device_id, ts=now(6 * HOUR), kind=kind, lon=126.786,
                      lat=37.672, name=f"name of {device_id}", vendor="Gaon")  # fmt: skip
        runs = ((5, 2, "ok"), (2, 1, "fault"), (1, 0, "ok"))
        for begun, ended, state in runs:
            faults = {"faults": ["lamp_out"]} if state == "fault" else {}
            field.say("status", device_id="L-1", ts=now(begun * HOUR), until=now(ended * HOUR + 1),
                      state=state, **faults)  # fmt: skip
        field.raise_alert("tamper", "L-1")
        field.say("registry", device_id="G-1", ts=now(), kind="bell", lon=126.786, lat=37.672,
                  retired=True)  # fmt: skip
        _until_counted(room)
        yield room
    finally:
        room.stop()


def _until_counted(room: ControlRoom) -> None:
    """Until web processes know the history: it settles a minute behind the feed."""
    field = Field(room.redis())
    deadline = time.monotonic() + 60
    while not room.redis().keys("hist:*"):
        assert time.monotonic() < deadline
        field.tell("L-1", "ok")
        time.sleep(0.2)


@pytest.fixture
def open_year(room: ControlRoom, signed_in: SignIn) -> Callable[[str, str], Page]:
    def go(role: str, asked: str) -> Page:
        return signed_in(role, f"/device?{asked}", base_url=room.base_url)

    return go


def audited(room: ControlRoom) -> list[dict[str, object]]:
    entries = [json.loads(fields[b"d"]) for _, fields in room.redis().xrange("audit")]
    return [entry for entry in entries if entry["what"] == "exact_view"]


def test_a_manager_reads_the_year_of_a_device(open_year: Callable[..., Page]) -> None:
    page = open_year("manager", "id=L-1")
    expect(page.get_by_role("heading", level=1)).to_have_text("name of L-1")
    assert page.title().startswith("name of L-1")
    failure = page.locator(".devices__section--failures tbody tr")
    deadline = time.monotonic() + 20  # the page is a picture of its moment: orders follow the feed
    while "lamp_out" not in page.inner_text(".devices__section--failures"):
        assert time.monotonic() < deadline
        page.reload()
        failure.first.wait_for()
    expect(failure).to_have_count(1)
    expect(failure).to_contain_text("lamp_out")
    assert page.locator(".devices__year tbody tr").count() == 12
    assert page.locator(".devices__year .devices__state--fault").count() >= 1
    expect(page.locator(".devices__section--alerts")).to_contain_text(said("devices.alerts_hidden"))
    message = page.locator(".devices__message").first
    message.locator("summary").press("Enter")
    expect(message.locator("pre")).to_contain_text('"device_id": "L-1"')
    assert violations(page) == []


def test_it_fits_a_phone_in_english_and_dark(open_year: Callable[..., Page]) -> None:
    page = open_year("operator", "id=L-1")
    page.locator(".devices__year").wait_for()
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator(".shell__who").click()
    page.locator("[data-choose-language=en]").click()
    expect(page.locator("h2", has_text="Faults and silence")).to_be_visible()
    assert violations(page) == []


def test_who_sees_alerts_of_a_device_is_on_record(
    room: ControlRoom, open_year: Callable[..., Page]
) -> None:
    before = len(audited(room))
    open_year("manager", "id=L-1").locator(".devices__year").wait_for()
    assert len(audited(room)) == before
    page = open_year("duty", "id=L-1")
    expect(page.locator(".devices__section--alerts tbody tr")).to_have_count(1)
    logged = audited(room)[before:]
    assert logged and {(one["user"], one["device"]) for one in logged} == {("duty", "L-1")}


def test_what_cannot_be_shown_is_said_in_words(open_year: Callable[..., Page]) -> None:
    page = open_year("operator", "id=NOBODY")
    told = page.locator(".devices__refusal")
    expect(told).to_contain_text("NOBODY")
    for asked, why in (
        ("", said("devices.no_id")),
        ("id=L-1&year=x", said("devices.bad_year", value="x")),
        ("id=L-1&year=2999", said("choice.future", today=str(day_of_ms(now_ms())))),
        ("id=%3Cb%3E", said("choice.unknown_device", value="<b>")),
    ):
        page.goto(page.url.partition("?")[0] + f"?{asked}")
        expect(told).to_have_text(why)
    assert violations(page) == []


def test_a_device_that_never_spoke_and_one_taken_down_have_a_page(
    open_year: Callable[..., Page],
) -> None:
    page = open_year("operator", "id=N-1")
    expect(page.locator(".devices__now")).to_contain_text(said("devices.never_heard"))
    page.goto(page.url.replace("N-1", "G-1"))
    day = str(day_of_ms(now_ms()))
    expect(page.locator(".devices__now")).to_have_text(said("devices.retired", day=day))
    assert page.locator(".devices__links a").count() == 1, "there is nothing on the map"


def test_it_is_not_for_executives(room: ControlRoom, signed_in: SignIn) -> None:
    page = signed_in("executive", "/device?id=L-1", base_url=room.base_url)
    expect(page.get_by_role("heading", level=1)).to_have_text(said("errors.page_403"))
    asked = {
        "output": "devices-content.data-page",
        "outputs": {"id": "devices-content", "property": "data-page"},
        "inputs": [
            {"id": "shell-location", "property": "search", "value": "?id=L-1"},
            {"id": "devices-content", "property": "data-asked"},
        ],
        "state": [{"id": "shell-location", "property": "pathname", "value": "/device"}],
        "changedPropIds": ["shell-location.search"],
    }
    for role, status in (("executive", 403), ("manager", 200)):
        with visitor.signed_in(room.base_url, role, room.password) as someone:
            assert someone.post(visitor.UPDATE, json=asked).status_code == status


def test_the_live_map_leads_there_and_back(room: ControlRoom, signed_in: SignIn) -> None:
    page = signed_in("operator", "/?sel=device:L-1", base_url=room.base_url)
    until_live(page)
    link = page.locator(".detail__links a")
    expect(link).to_have_attribute("href", "/device?id=L-1")
    link.click()
    page.locator(".devices__links a").first.click()
    page.wait_for_url(re.compile(r"sel=device(:|%3A)L-1"))
    until(page, "document.querySelector('#live-map-detail h2')?.textContent === 'name of L-1'")
    elsewhere = signed_in("executive", "/?sel=device:L-1", base_url=room.base_url)
    until_live(elsewhere)
    expect(elsewhere.locator("[data-go]")).to_have_count(1)
    assert elsewhere.locator(".detail__links a").count() == 0
