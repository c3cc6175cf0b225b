"""Paths, bodies and headers out of shape: bounded, refused, never served."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import ControlRoom
from tests.visitor import (
    UPDATE,
    cookie_header,
    raw,
)

Client = httpx.Client


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
        control_room.base_url,
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n",
    )
    assert said.split()[1] in ("400", "404"), said[:80]


def test_public_files_open_no_way_to_others(control_room: ControlRoom) -> None:
    fonts = "/assets/vendor/pretendard/"
    for path in (f"{fonts}../../js/shell.js", f"{fonts}..%2f..%2fjs/shell.js", "//login"):
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        assert raw(control_room.base_url, head).split()[1] == "401", path


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
