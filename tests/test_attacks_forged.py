"""Requests made in somebody's name by a page elsewhere: refused, on http and websocket."""

from __future__ import annotations

import subprocess

import httpx
import pytest

from tests.conftest import ControlRoom
from tests.visitor import (
    UPDATE,
    cookie_header,
    handshake,
    page_of,
    raw,
)

Client = httpx.Client


def test_a_change_needs_the_session_s_own_csrf_token(enter) -> None:
    duty, other = enter("duty"), enter("operator")
    foreign = other.headers["X-CSRFToken"]
    for token in ("", "x", foreign, foreign[:-1]):
        answer = duty.post(UPDATE, json=page_of("/system"), headers={"X-CSRFToken": token})
        assert (answer.status_code, answer.json()["error"]) == (403, "csrf")
    del duty.headers["X-CSRFToken"]
    assert duty.post("/logout").json() == {"error": "csrf"}


def test_a_forged_csrf_cookie_does_not_help(enter) -> None:
    duty = enter("duty")
    duty.cookies.set("csrf", "forged")
    forged = duty.post("/logout", headers={"X-CSRFToken": "forged"})
    assert (forged.status_code, forged.json()["error"]) == (403, "csrf")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {
            "Sec-Fetch-Site": "cross-site",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Dest": "document",
        },
    ],
)
def test_a_post_from_elsewhere_is_refused(enter, control_room: ControlRoom, headers) -> None:
    assert enter("duty").post("/logout", headers=headers).status_code == 403
    form = {"username": "duty", "password": control_room.password}
    assert enter("").post("/login", data=form, headers=headers).status_code == 403


def test_a_cross_site_fetch_reads_nothing_but_a_link_may_be_followed(enter) -> None:
    duty = enter("duty")
    for mode, dest in (("cors", "empty"), ("no-cors", "script"), ("navigate", "iframe")):
        headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
        assert duty.get("/api/v1/alerts", headers=headers).status_code == 403
    link = {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
    }
    assert duty.get("/login", headers=link).status_code == 303


def test_a_tool_signs_in_without_an_origin(control_room: ControlRoom) -> None:
    command = ["curl", "-si", "-d", f"username=duty&password={control_room.password}"]
    try:
        said = subprocess.run(
            [*command, f"{control_room.base_url}/login"], capture_output=True, text=True, check=True
        ).stdout
    except FileNotFoundError:
        pytest.skip("no curl here")
    assert said.startswith("HTTP/1.1 303") and "HttpOnly" in said


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:8050", "", "a b", "x:y:z"]
)
def test_a_foreign_host_name_is_not_answered(control_room: ControlRoom, host: str) -> None:
    said = raw(
        control_room.base_url, f"GET /login HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    assert said.split()[1] in ("400", "421")


def test_a_socket_needs_a_session_and_our_own_origin(enter, control_room: ControlRoom) -> None:
    cookie, ours = cookie_header(enter("duty")), control_room.base_url
    assert handshake(ours, Origin=ours) == 401
    assert handshake(ours, Origin=ours, Cookie="sid=forged") == 401
    assert handshake(ours, Origin="https://evil.example", Cookie=cookie) == 403
    assert handshake(ours, Origin="null", Cookie=cookie) == 403
    assert handshake(ours, Cookie=cookie) == 403
    assert handshake(ours, Origin=ours, Cookie=cookie) == 101


def test_dash_s_own_socket_does_not_exist(enter, control_room: ControlRoom) -> None:
    ours, cookie = control_room.base_url, cookie_header(enter("duty"))
    assert handshake(ours, "/_dash-ws-callback", Origin=ours, Cookie=cookie) in (403, 404)
