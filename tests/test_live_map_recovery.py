"""The live map goes on by itself when the server behind it dies, and misses nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.conftest import ControlRoom
from tests.field import Field
from tests.live_page import row, until, until_live
from tests.waiting import children, linux_only

StartRoom = Callable[..., ControlRoom]
SignIn = Callable[..., Page]


def web_process(room: ControlRoom) -> int:
    """The child of the supervisor that serves the pages."""
    for pid in children(room.process.pid):
        if b"--web" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return pid
    raise AssertionError("no web process")


@linux_only
def test_it_recovers_from_a_killed_web_process_and_a_restart(
    start_control_room: StartRoom, signed_in: SignIn, tmp_path: Path
) -> None:
    room = start_control_room(tmp_path / "room")
    field = Field(room.redis())
    field.register("B-0001")
    page = signed_in("duty", base_url=room.base_url)
    until_live(page)

    os.kill(web_process(room), signal.SIGKILL)
    expect(page.locator("[data-banner=disconnected]")).to_be_visible()
    meanwhile = field.raise_alert()  # nobody is there to show it
    expect(page.locator(row(meanwhile))).to_be_visible(timeout=30_000)
    expect(page.locator("[data-banner=disconnected]")).to_have_count(0)

    room.stop()
    expect(page.locator("[data-banner=disconnected]")).to_be_visible()
    port = room.base_url.rpartition(":")[2]
    again = start_control_room(tmp_path / "room", PORT=port)
    after = Field(again.redis()).raise_alert()
    expect(page.locator(row(after))).to_be_visible(timeout=30_000)
    expect(page.locator(row(meanwhile))).to_be_visible()
    until(page, "liveMap.inspect('B-0001') !== null")
