"""What people and tools without the right must not get: tried on a running control room."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest
import websockets

from conftest import ROOT, ControlRoom, clean_env
from visitor import callback, cookie_header, sign_in, signed_in

Client = httpx.Client
PROTECTED = (
    "/", "/system", "/_dash-layout", "/_dash-dependencies", "/_reload-hash", "/_favicon.ico",
    "/assets/css/shell.css", "/assets/js/shell.js", "/api/v1/feeds", "/api/v1/devices",
    "/api/v1/alerts", "/api/v1/openapi.json", "/metrics", "/live/snapshot", "/live/base",
    "/docs", "/redoc", "/openapi.json", "/no-such-page",
    "/_dash-component-suites/dash/deps/react@18.3.1.min.js",
)  # fmt: skip


@pytest.fixture
def enter(control_room: ControlRoom) -> Iterator[Callable[[str], Client]]:
    """enter("duty") is a signed-in client; "" is a stranger."""
    clients: list[Client] = []

    def come_in(role: str) -> Client:
        if role:
            clients.append(sign_in(control_room.base_url, role, control_room.password))
        else:
            clients.append(Client(base_url=control_room.base_url, timeout=10))
        return clients[-1]

    yield come_in
    for client in clients:
        client.close()


def resend(entry: object) -> dict[str, object]:
    return {
        **callback("..system-notice.children...system-notice.data-resent..", {}),
        "outputs": [
            {"id": "system-notice", "property": "children"},
            {"id": "system-notice", "property": "data-resent"},
        ],
        "inputs": [{"id": "system-resend", "property": "data", "value": {"entry": entry}}],
        "changedPropIds": ["system-resend.data"],
    }


def page_of(path: object) -> dict[str, object]:
    return {
        **callback("..shell-page.children...shell-title.children..", {}),
        "outputs": [
            {"id": "shell-page", "property": "children"},
            {"id": "shell-title", "property": "children"},
        ],
        "inputs": [{"id": "shell-location", "property": "pathname", "value": path}],
        "changedPropIds": ["shell-location.pathname"],
    }


UPDATE = "/_dash-update-component"

# -- strangers -------------------------------------------------------------------------------


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


# -- roles -----------------------------------------------------------------------------------


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


# -- forged requests -------------------------------------------------------------------------


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
    said = raw(control_room, f"GET /login HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
    assert said.split()[1] in ("400", "421")


# -- websockets ------------------------------------------------------------------------------


def handshake(control_room: ControlRoom, **headers: str) -> int:
    """HTTP status of a handshake on /live; 101 = let in."""

    async def knock() -> int:
        url = control_room.base_url.replace("http", "ws") + "/live"
        origin = headers.pop("Origin", None)
        try:
            async with websockets.connect(url, origin=origin, additional_headers=headers):
                return 101
        except websockets.InvalidStatus as refused:
            return refused.response.status_code

    return asyncio.run(knock())


def test_a_socket_needs_a_session_and_our_own_origin(enter, control_room: ControlRoom) -> None:
    cookie, ours = cookie_header(enter("duty")), control_room.base_url
    assert handshake(control_room, Origin=ours) == 401
    assert handshake(control_room, Origin=ours, Cookie="sid=forged") == 401
    assert handshake(control_room, Origin="https://evil.example", Cookie=cookie) == 403
    assert handshake(control_room, Origin="null", Cookie=cookie) == 403
    assert handshake(control_room, Cookie=cookie) == 403
    assert handshake(control_room, Origin=ours, Cookie=cookie) == 101


def test_dash_s_own_socket_does_not_exist(enter, control_room: ControlRoom) -> None:
    async def knock() -> int:
        url = control_room.base_url.replace("http", "ws") + "/_dash-ws-callback"
        headers = {"Cookie": cookie_header(enter("duty"))}
        try:
            async with websockets.connect(
                url, origin=control_room.base_url, additional_headers=headers
            ):
                return 101
        except websockets.InvalidStatus as refused:
            return refused.response.status_code

    assert asyncio.run(knock()) in (403, 404)


# -- sessions --------------------------------------------------------------------------------


def test_an_old_cookie_is_worthless_after_sign_out(enter, control_room: ControlRoom) -> None:
    duty = enter("duty")
    kept, csrf = cookie_header(duty), duty.headers["X-CSRFToken"]
    assert duty.post("/logout").status_code == 204
    thief = enter("")
    thief.headers.update({"Cookie": kept, "X-CSRFToken": csrf})
    assert thief.get("/api/v1/alerts").status_code == 401
    assert thief.post(UPDATE, json=page_of("/")).status_code == 401
    assert handshake(control_room, Origin=control_room.base_url, Cookie=kept) == 401


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


# -- passwords -------------------------------------------------------------------------------


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


# -- tokens ----------------------------------------------------------------------------------


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


# -- files, sizes, shapes --------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../config.py", "/assets/..%2fconfig.py", "/assets/%2e%2e/config.py",
        "/assets/css/..%2f..%2f..%2fapp.py", "/assets//etc/passwd", "/assets/%2fetc%2fpasswd",
        "/assets/..%5cconfig.py", "/assets/css", "/assets/", "/assets/%00",
        "/_dash-component-suites/dash/..%2f..%2f..%2fetc%2fpasswd",
        "/_dash-component-suites/os/path.py", "/_dash-component-suites/dash/dash.py",
        "/no-such-page", "/assets/none.css",
    ],
)  # fmt: skip
def test_paths_outside_are_not_served(enter, control_room: ControlRoom, path: str) -> None:
    cookie = cookie_header(enter("duty"))
    said = raw(
        control_room,
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n",
    )
    assert said.split()[1] in ("400", "404"), said[:80]


def test_public_files_open_no_way_to_others(control_room: ControlRoom) -> None:
    fonts = "/assets/vendor/pretendard/"
    for path in (f"{fonts}../../js/shell.js", f"{fonts}..%2f..%2fjs/shell.js", "//login"):
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        assert raw(control_room, head).split()[1] == "401", path


def test_bodies_are_bounded_in_size_and_depth(enter) -> None:
    operator = enter("operator")
    big = operator.post(UPDATE, content=b"[" + b"0," * 400_000 + b"0]")
    assert big.status_code == 413

    def in_pieces() -> Iterator[bytes]:
        for _ in range(50):
            yield b"x" * 16_384

    assert operator.post(UPDATE, content=in_pieces()).status_code == 413
    for bomb in (
        "[" * 100_000,
        "[" * 5_000 + "]" * 5_000,
        '{"a":' * 60 + "1" + "}" * 60,
        "{",
        "\xff",
    ):
        kind = {"Content-Type": "application/json"}
        answer = operator.post(UPDATE, content=bomb.encode("latin-1"), headers=kind)
        assert answer.status_code == 400, bomb[:10]
        answer = operator.post(
            "/api/v1/alerts/x/actions", content=bomb.encode("latin-1"), headers=kind
        )
        assert answer.status_code == 400, bomb[:10]
    # without a type that says JSON, nothing may be parsed as such either
    assert operator.post(UPDATE, content=b"[" * 100_000).status_code == 400


def test_unknown_methods_are_refused(enter) -> None:
    duty = enter("duty")
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert duty.request(method, "/api/v1/alerts").status_code == 405


def test_every_answer_carries_the_strict_headers(enter) -> None:
    stranger, duty = enter(""), enter("duty")
    for answer in (
        stranger.get("/login"), stranger.get("/"), duty.get("/_dash-layout"),
        duty.get("/nope"), duty.get("/assets/css/shell.css"),
    ):  # fmt: skip
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        script = policy.split("script-src ")[1].split(";")[0]
        assert "unsafe" not in script and "*" not in policy and "http" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "cache-control" in answer.headers and "server" not in answer.headers


def test_text_typed_at_sign_in_is_never_run(enter) -> None:
    evil = '"><script>alert(1)</script>'
    answer = enter("").post("/login", data={"username": evil, "password": "x", "next": evil})
    assert "<script" not in answer.text


# -- what is kept ----------------------------------------------------------------------------


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


def raw(control_room: ControlRoom, request: str) -> str:
    """Sends exactly this; a client library would tidy the path up first."""
    address = urlsplit(control_room.base_url)
    with socket.create_connection((address.hostname, address.port), timeout=5) as line:
        line.sendall(request.encode())
        said = b""
        while piece := line.recv(65_536):
            said += piece
    return said.decode("utf-8", "replace")
