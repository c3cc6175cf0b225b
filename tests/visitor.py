"""People and tools that talk to a running control room, for tests."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import websockets

UPDATE = "/_dash-update-component"


@contextmanager
def signed_in(base_url: str, role: str, password: str) -> Iterator[httpx.Client]:
    client = sign_in(base_url, role, password)
    try:
        yield client
    finally:
        client.close()


def sign_in(base_url: str, role: str, password: str) -> httpx.Client:
    """As a browser would after sign-in: cookies kept, CSRF token copied into the header."""
    client = httpx.Client(base_url=base_url, timeout=10)
    answer = client.post("/login", data={"username": role, "password": password})
    assert answer.status_code == 303, answer.status_code
    client.headers["X-CSRFToken"] = client.cookies["csrf"]
    return client


def cookie_header(client: httpx.Client) -> str:
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)


def callback(outputs: list[str], input_: str, value: object) -> dict[str, object]:
    """The body the renderer posts for a callback with several outputs and one input."""
    component, _, prop = input_.rpartition(".")
    return {
        "output": f"..{'...'.join(outputs)}..",
        "outputs": [_dependency(name) for name in outputs],
        "inputs": [{"id": component, "property": prop, "value": value}],
        "changedPropIds": [input_],
    }


def _dependency(name: str) -> dict[str, str]:
    component, _, prop = name.rpartition(".")
    return {"id": component, "property": prop}


def resend(entry: object) -> dict[str, object]:
    outputs = ["system-notice.children", "system-notice.data-resent"]
    return callback(outputs, "system-resend.data", {"entry": entry})


def page_of(path: object) -> dict[str, object]:
    outputs = ["shell-page.children", "shell-title.children"]
    return callback(outputs, "shell-location.pathname", path)


def raw(base_url: str, request: str) -> str:
    """Sends exactly this; a client library would tidy the path up first."""
    address = urlsplit(base_url)
    with socket.create_connection((address.hostname, address.port), timeout=5) as line:
        line.sendall(request.encode())
        said = b""
        while piece := line.recv(65_536):
            said += piece
    return said.decode("utf-8", "replace")


def handshake(base_url: str, path: str = "/live", **headers: str) -> int:
    """HTTP status of a WebSocket handshake; 101 = let in."""

    async def knock() -> int:
        url = base_url.replace("http", "ws") + path
        origin = headers.pop("Origin", None)
        try:
            async with websockets.connect(url, origin=origin, additional_headers=headers):
                return 101
        except websockets.InvalidStatus as refused:
            return refused.response.status_code

    return asyncio.run(knock())
