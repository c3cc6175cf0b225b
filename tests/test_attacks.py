"""What people and tools without the right must not get: strangers, roles, tokens."""

from __future__ import annotations

import subprocess
import sys
import uuid

import httpx
import pytest

from tests.conftest import ROOT, ControlRoom, clean_env
from tests.visitor import (
    UPDATE,
    page_of,
    resend,
)

Client = httpx.Client
PROTECTED = (
    "/", "/system", "/_dash-layout", "/_dash-dependencies", "/_reload-hash", "/_favicon.ico",
    "/assets/css/shell.css", "/assets/js/shell.js", "/api/v1/feeds", "/api/v1/devices",
    "/api/v1/alerts", "/api/v1/openapi.json", "/metrics", "/live/snapshot", "/live/base",
    "/docs", "/redoc", "/openapi.json", "/no-such-page",
    "/_dash-component-suites/dash/deps/react@18.3.1.min.js",
)  # fmt: skip


@pytest.mark.parametrize("path", PROTECTED)
def test_a_stranger_gets_nothing(enter, path: str) -> None:
    answer = enter("").get(path)
    assert answer.status_code == 401
    assert answer.json() == {"error": "not_signed_in"}


def test_a_stranger_s_browser_is_led_to_sign_in_and_back(enter) -> None:
    answer = enter("").get("/system?tab=1", headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fsystem%3Ftab%3D1"


def test_a_stranger_cannot_run_callbacks_or_actions(enter) -> None:
    stranger = enter("")
    assert stranger.post(UPDATE, json=page_of("/")).status_code == 401
    action = {"action": "acknowledge", "version": 1, "action_id": str(uuid.uuid4())}
    assert stranger.post("/api/v1/alerts/B-1/actions", json=action).status_code == 401
    assert stranger.post("/logout").status_code == 401


def test_only_the_sign_in_page_and_its_files_are_public(enter) -> None:
    stranger = enter("")
    page = stranger.get("/login")
    assert page.status_code == 200
    files = [part.split('"')[0] for part in page.text.split('href="/assets/')[1:]]
    assert len(files) >= 4
    for name in files:
        assert stranger.get(f"/assets/{name}").status_code == 200, name
    assert stranger.get("/healthz").status_code == 200
    assert stranger.get("/readyz").status_code == 200


def test_an_executive_cannot_act_by_hand(enter) -> None:
    executive = enter("executive")
    action = {"action": "acknowledge", "version": 1, "action_id": str(uuid.uuid4())}
    assert executive.post("/api/v1/alerts/B-1/actions", json=action).status_code == 403
    assert executive.post(UPDATE, json=resend("0/1700000000000-0")).status_code == 403


def test_pages_and_callbacks_of_other_roles_are_refused(enter) -> None:
    for role in ("duty", "manager", "executive"):
        client = enter(role)
        page = client.get("/system", headers={"Accept": "text/html"})
        assert page.status_code == 403 and "<html" in page.text
        assert client.post(UPDATE, json=page_of("/system")).status_code == 403
    operator = enter("operator")
    assert operator.get("/system").status_code == 200
    assert operator.post(UPDATE, json=page_of("/system")).status_code == 200


def test_an_executive_sees_no_exact_points(enter, control_room: ControlRoom) -> None:
    executive = enter("executive")
    for alert in executive.get("/api/v1/alerts?state=all").json()["items"]:
        hidden = {name: alert.get(name) for name in ("device_id", "device", "lon", "lat", "note")}
        assert not any(hidden.values()), hidden
    assert executive.get("/api/v1/feeds").status_code == 403
    assert executive.get("/metrics").status_code == 403


def test_hand_made_callback_bodies_are_refused_not_crashed_on(enter) -> None:
    operator = enter("operator")
    good = resend("0/1-0")
    bad = [
        [], "text", None, {}, {"output": "no-such.thing"}, {"output": ["x"]},
        {"output": "shell-title.data-title", "inputs": [], "state": []},  # runs in the browser
        {**good, "inputs": []}, {**good, "inputs": "x"}, {**good, "inputs": [7]},
        {**good, "inputs": [{"id": "other", "property": "value"}]},
        {**good, "changedPropIds": [{}]}, {**good, "outputs": 7},
    ]  # fmt: skip
    for body in bad:
        answer = operator.post(UPDATE, json=body)
        assert answer.status_code in (400, 422), (body, answer.status_code)
    for entry in (None, 7, {}, "0/1-0\n", "9/1-0", "../0", "0/*", "x" * 5000):
        answer = operator.post(UPDATE, json=resend(entry))
        assert answer.status_code == 200 and "data-resent" not in answer.text, entry
    for path in (None, 7, [], {"a": 1}, "//evil", "/nope"):
        assert operator.post(UPDATE, json=page_of(path)).status_code == 404, path


def token(control_room: ControlRoom, role: str) -> str:
    command = [sys.executable, "-m", "data_sources.users", "token", "--role", role]
    env = clean_env(REDIS_URL=control_room.redis_url)
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_token_reads_with_its_role_and_needs_no_csrf(control_room: ControlRoom) -> None:
    headers = {"Authorization": f"Bearer {token(control_room, 'duty')}"}
    with Client(base_url=control_room.base_url, headers=headers) as tool:
        assert tool.get("/api/v1/feeds").status_code == 200
        assert tool.get("/metrics").status_code == 200
        action = {"action": "acknowledge", "version": 1, "action_id": str(uuid.uuid4())}
        assert tool.post("/api/v1/alerts/none/actions", json=action).status_code == 404
        assert tool.get("/system").status_code == 403
    executive = {"Authorization": f"Bearer {token(control_room, 'executive')}"}
    with Client(base_url=control_room.base_url, headers=executive) as tool:
        assert tool.get("/api/v1/feeds").status_code == 403


def test_a_bad_token_is_not_saved_by_a_good_cookie(enter) -> None:
    duty = enter("duty")
    for value in ("Bearer x", "Bearer", "bearer crt_forged"):
        assert duty.get("/api/v1/alerts", headers={"Authorization": value}).status_code == 401
