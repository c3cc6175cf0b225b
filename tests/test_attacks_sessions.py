"""Stolen, planted and guessed: sessions and passwords under attack."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid

import httpx

from tests.conftest import ROOT, ControlRoom, clean_env
from tests.visitor import (
    UPDATE,
    cookie_header,
    handshake,
    page_of,
    signed_in,
)

Client = httpx.Client


def test_an_old_cookie_is_worthless_after_sign_out(enter, control_room: ControlRoom) -> None:
    duty = enter("duty")
    kept, csrf = cookie_header(duty), duty.headers["X-CSRFToken"]
    assert duty.post("/logout").status_code == 204
    thief = enter("")
    thief.headers.update({"Cookie": kept, "X-CSRFToken": csrf})
    assert thief.get("/api/v1/alerts").status_code == 401
    assert thief.post(UPDATE, json=page_of("/")).status_code == 401
    assert handshake(control_room.base_url, Origin=control_room.base_url, Cookie=kept) == 401


def test_an_id_set_before_sign_in_is_not_adopted(control_room: ControlRoom) -> None:
    planted = "planted-session-id"
    with Client(base_url=control_room.base_url, cookies={"sid": planted}) as client:
        form = {"username": "duty", "password": control_room.password}
        answer = client.post("/login", data=form)
        assert answer.cookies["sid"] != planted
    with Client(base_url=control_room.base_url, cookies={"sid": planted}) as attacker:
        assert attacker.get("/api/v1/alerts").status_code == 401


def test_signing_in_again_ends_the_session_of_that_browser(control_room: ControlRoom) -> None:
    with signed_in(control_room.base_url, "duty", control_room.password) as client:
        old = cookie_header(client)
        form = {"username": "operator", "password": control_room.password}
        assert client.post("/login", data=form).status_code == 303
    with Client(base_url=control_room.base_url, headers={"Cookie": old}) as thief:
        assert thief.get("/api/v1/alerts").status_code == 401


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(control_room: ControlRoom) -> None:
    form = {"username": "duty", "password": control_room.password}
    answer = httpx.post(f"{control_room.base_url}/login", data=form)
    sid, csrf = answer.headers.get_list("set-cookie")
    assert sid.startswith("sid=") and "HttpOnly" in sid and "SameSite=lax" in sid
    assert csrf.startswith("csrf=") and "SameSite=lax" in csrf


def test_the_way_back_after_sign_in_never_leaves_the_house(control_room: ControlRoom) -> None:
    for path in (
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:1",
        "\t//x",
    ):
        form = {"username": "duty", "password": control_room.password, "next": path}
        answer = httpx.post(f"{control_room.base_url}/login", data=form)
        assert answer.headers["location"] == "/", path


def test_the_sixth_bad_password_waits_even_if_the_address_claims_to_change(
    control_room: ControlRoom,
) -> None:
    name = f"nobody-{uuid.uuid4().hex[:8]}"
    codes = []
    for n in range(6):
        answer = httpx.post(
            f"{control_room.base_url}/login",
            data={"username": name, "password": f"guess {n}"},
            headers={"X-Forwarded-For": f"10.9.8.{n}", "Forwarded": f"for=10.9.8.{n}"},
        )
        codes.append(answer.status_code)
    assert codes == [401] * 5 + [429]
    assert 0 < int(answer.headers["retry-after"]) <= 300


def test_even_the_right_password_waits_after_five_bad_ones(control_room: ControlRoom) -> None:
    users = [sys.executable, "-m", "data_sources.users"]
    env = clean_env(REDIS_URL=control_room.redis_url)
    name, password = f"u{uuid.uuid4().hex[:8]}", "quite a good password"
    subprocess.run(
        [*users, "add", name, "--role", "duty"], cwd=ROOT, env=env, input=password, text=True,
        check=True,
    )  # fmt: skip
    form = {"username": name, "password": password}
    url = f"{control_room.base_url}/login"
    assert httpx.post(url, data=form).status_code == 303
    for _ in range(5):
        assert httpx.post(url, data={**form, "password": "wrong"}).status_code == 401
    assert httpx.post(url, data=form).status_code == 429


def test_secrets_reach_no_log_and_sign_ins_are_audited(control_room: ControlRoom) -> None:
    wrong = f"typed-{uuid.uuid4().hex}"
    httpx.post(f"{control_room.base_url}/login", data={"username": wrong, "password": wrong})
    with signed_in(control_room.base_url, "duty", control_room.password) as duty:
        sid, csrf = duty.cookies["sid"], duty.cookies["csrf"]
        duty.get("/api/v1/alerts")
    redis = control_room.redis()
    entries = [json.loads(fields[b"d"]) for _, fields in redis.xrevrange("audit", count=20)]
    assert entries[0]["what"] == "signed_in" and entries[0]["user"] == "duty"
    assert any(e["what"] == "sign_in_refused" and e["user"] == "unknown" for e in entries)
    kept = control_room.log + json.dumps(entries)
    for secret in (control_room.password, wrong, sid, csrf):
        assert secret not in kept
